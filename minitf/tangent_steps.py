"""Forward mode as frames: values and tangents move together, from one input to the result.

    spec = tf.inspect.graph(tape, loss)
    forward = forward_mode(spec, "x")       # the same graph; adjoints are now tangents ∂node/∂x

One pass answers for one input: a second input needs a second pass. The local derivatives are
those the tape's own rules gave; a tangent is their sum of products from left to right.
"""

from __future__ import annotations

from dataclasses import replace

from minitf.graph_spec import Edge, GraphSpec, Node, Step, number, short
from minitf.graph_steps import in_brackets, with_numbers

FORWARD = "forward"


def forward_mode(spec: GraphSpec, source: str) -> GraphSpec:
    """The graph with tangents in place of adjoints, and the frames that compute them.

    Args:
        spec: a finished graph of single numbers.
        source: name or id of the input or parameter that moves.

    Raises:
        ValueError: no such input, no path from it, or arrays in the graph.
    """
    leaf = _leaf(spec, source)
    if any(n.shape for n in spec.nodes):
        raise ValueError(
            "Forward mode is shown for graphs of single numbers; this one holds arrays. "
            "tf.autodiff.ForwardAccumulator computes tangents of arrays."
        )
    tangents, moved = _tangents(spec, leaf)
    nodes = tuple(_with_tangent(n, tangents) for n in spec.nodes)
    edges = tuple(_with_flow(e, tangents) for e in spec.edges)
    paths = tuple(p for p in spec.paths if p.source == leaf.id)
    name = spec.node(spec.target).name
    forward = replace(
        spec,
        title=f"{name}: forward from {leaf.name}",
        nodes=nodes,
        edges=edges,
        paths=tuple(replace(p, edges_visited=moved) for p in paths),
        mode=FORWARD,
        source=leaf.id,
    )
    return replace(forward, steps=_steps(forward), summary=_summary(forward))


def _leaf(spec: GraphSpec, source: str) -> Node:
    leaves = [n for n in spec.nodes if n.kind in ("input", "param")]
    for node in leaves:
        if source in (node.id, node.name):
            if node.adjoint is None:
                raise ValueError(f"There is no path from {source!r} to the result.")
            return node
    known = ", ".join(n.name for n in leaves)
    raise ValueError(f"{source!r} is no input of this graph. Inputs and parameters: {known}.")


def _tangents(spec: GraphSpec, leaf: Node) -> tuple[dict[str, float], int]:
    """Node id -> how much it moves when the leaf moves by 1; and the edges that took part."""
    tangents, moved = {leaf.id: 1.0}, 0
    for node in spec.nodes:
        for edge in spec.edges:
            if edge.dst == node.id and edge.active and edge.src in tangents:
                part = tangents[edge.src] * float(edge.partial or 0.0)
                tangents[node.id] = tangents.get(node.id, 0.0) + part
                moved += 1
    return tangents, moved


def _with_tangent(node: Node, tangents: dict[str, float]) -> Node:
    if node.id not in tangents:
        text = node.adjoint_text if node.kind == "const" else "none"
        return replace(node, adjoint=None, adjoint_text=text)
    value = tangents[node.id]
    return replace(node, adjoint=number(value), adjoint_text=short(value))


def _with_flow(edge: Edge, tangents: dict[str, float]) -> Edge:
    if not edge.active or edge.src not in tangents:
        return replace(edge, active=False, partial_text="", contribution=None, contribution_text="")
    flow = tangents[edge.src] * float(edge.partial or 0.0)
    return replace(edge, contribution=number(flow), contribution_text=short(flow))


def _steps(spec: GraphSpec) -> tuple[Step, ...]:
    leaf, target = spec.node(spec.source), spec.node(spec.target)
    values = {n.id: n.value_text for n in spec.nodes if not n.op}
    nodes = {n.id: n for n in spec.nodes}
    tangents: dict[str, str] = {}
    steps: list[Step] = []

    def add(phase: str, node: str, edges: tuple[str, ...], sentence: str) -> None:
        steps.append(Step(len(steps), phase, node, edges, sentence, dict(values), dict(tangents)))

    add("start", "", (), f"Forward mode asks: if {leaf.name} moves a little, how much does each "
        "value move? Nothing is computed yet.")  # fmt: skip
    tangents[leaf.id] = "1"
    add("seed", leaf.id, (), f"{leaf.name} moves by 1 (times a tiny step): its tangent is 1.")
    for node in spec.nodes:
        if node.op:
            into = [e for e in spec.edges if e.dst == node.id]
            values[node.id] = node.value_text
            told = (
                f"{node.name} = {node.text} = {with_numbers(node, into, nodes)} = {node.value_text}"
            )
            moving = [e for e in into if e.active]
            if moving:
                tangents[node.id] = node.adjoint_text
                told += f"; it moves by {_sum_of_products(spec, moving)} = {node.adjoint_text}"
            else:
                told += f"; it does not move with {leaf.name}"
            phase = "tangent" if moving else "forward"
            add(phase, node.id, tuple(e.id for e in moving or into), told + ".")
    inputs = sum(n.kind in ("input", "param") for n in spec.nodes)
    more = "" if inputs == 1 else f" The other {inputs - 1} need a pass each."
    add("done", "", (), f"Done, in one pass together with the values: ∂{target.name}/∂{leaf.name} "
        f"= {target.adjoint_text}.{more}")  # fmt: skip
    return tuple(steps)


def _sum_of_products(spec: GraphSpec, edges: list[Edge]) -> str:
    """ "1 × 3 + 1 × 2": tangent of each argument times the local derivative."""
    terms = [
        f"{in_brackets(spec.node(e.src).adjoint_text)} × {in_brackets(e.partial_text)}"
        for e in edges
    ]
    return " + ".join(terms)


def _summary(spec: GraphSpec) -> str:
    leaf, target = spec.node(spec.source), spec.node(spec.target)
    lines = [f"Forward mode from {leaf.name} to {target.name}: {len(spec.nodes)} values."]
    for node in spec.nodes:
        computed = f" = {node.text}" if node.op else ""
        tangent = f", tangent {node.adjoint_text}" if node.adjoint is not None else ""
        lines.append(f"{node.name}{computed} = {node.value_text}{tangent}")
    return "\n".join(lines)
