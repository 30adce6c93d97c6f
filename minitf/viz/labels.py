"""The words on nodes and edges, the same in every kind of picture.

clip("a_very_long_name", 12)        # "a_very_long…"
gradient_slot(node, step)           # "no gradient yet", "grad ?", "grad -1", "not watched"
edge_lines(edge)                    # ("∂mul/∂w", "= x = 2")
"""

from __future__ import annotations

from minitf.graph_spec import Edge, GraphSpec, Node, Step

NAME_LENGTH = 16
TEXT_LENGTH = 20
SYMBOL_LENGTH = 20
RULE_LENGTH = 10
SUM_LENGTH = 13

NO_GRADIENT_YET = "no gradient yet"
NOT_WATCHED = "not watched"
NO_PATH = "no path"


def clip(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def value_slot(node: Node, step: Step | None) -> str:
    """What the value line says; with no step the value is simply known."""
    if step is None:
        return f"value {node.value_text}"
    return f"value {step.values.get(node.id, '?')}"


def gradient_slot(node: Node, step: Step | None, mode: str = "reverse") -> str:
    """What the gradient line says. Before anything flows back it is not 0: there is none yet."""
    if node.adjoint_text == "–":
        return NOT_WATCHED
    if mode == "forward":
        return _tangent_slot(node, step)
    if step is None or step.phase in ("start", "forward"):
        return NO_GRADIENT_YET
    if node.id in step.adjoints:
        return _sum_so_far(node, step)
    return NO_PATH if node.adjoint_text == "none" else "grad ?"


def _tangent_slot(node: Node, step: Step | None) -> str:
    if step is None or step.phase == "start":
        return "no tangent yet"
    if node.id in step.adjoints:
        return f"tangent {step.adjoints[node.id]}"
    return NO_PATH if node.adjoint_text == "none" else "tangent ?"


def _sum_so_far(node: Node, step: Step) -> str:
    """ "grad 7"; where several uses contribute, with its terms: "Σ 1 + 3 + 3 = 7"."""
    total, terms = step.adjoints[node.id], step.addends.get(node.id, ())
    more = "" if total == node.adjoint_text else " …"  # contributions are still missing
    if len(terms) < 2:
        return f"grad {total}{more}"
    signed = " + ".join(f"({t})" if t.startswith("-") else t for t in terms)
    text = f"{signed} = {total}"
    if len(text) > SUM_LENGTH:
        return f"grad {total} (Σ of {len(terms)}){more}"
    return f"Σ {text}{more}"


def edge_lines(edge: Edge) -> tuple[str, str]:
    """The local derivative: its symbol, and what it equals."""
    if not edge.active:
        return "", ""
    rule = f"= {edge.rule}" if edge.rule and len(edge.rule) <= RULE_LENGTH else ""
    # "= 1 = 1" says nothing twice: a rule that is a number already is enough.
    number = "" if edge.rule == edge.partial_text else f"= {edge.partial_text}"
    if edge.partial is None:
        number = "" if rule else edge.partial_text
    return clip(edge.symbol, SYMBOL_LENGTH), " ".join(part for part in (rule, number) if part)


def derivative_name(spec: GraphSpec, node: Node) -> str:
    """ "∂loss/∂w"; in forward mode "∂mul/∂x"."""
    if spec.mode == "forward":
        return f"∂{node.name}/∂{spec.node(spec.source).name}"
    return f"∂{spec.node(spec.target).name}/∂{node.name}"


def describe(spec: GraphSpec) -> str:
    """The whole picture in words, without addresses: for screen readers and stored notebooks."""
    if spec.summary:
        return spec.summary
    values = ", ".join(f"{n.name} = {n.value_text}" for n in spec.nodes)
    known = [n for n in spec.nodes if n.kind in ("input", "param") and n.adjoint is not None]
    gradients = ", ".join(f"{derivative_name(spec, n)} = {n.adjoint_text}" for n in known)
    return f"{spec.title}. Values: {values}. Gradients: {gradients or 'none'}."


def text_table(spec: GraphSpec, step: Step | None) -> str:
    """The picture as lines of text, for when nothing can draw it."""
    rows = [("name", "computed as", "value", "gradient")]
    for node in spec.nodes:
        value = value_slot(node, step).removeprefix("value ")
        gradient = gradient_slot(node, step, spec.mode).removeprefix("grad ")
        rows.append((node.name, node.text or node.kind, value, gradient))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines)
