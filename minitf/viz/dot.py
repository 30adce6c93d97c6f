"""A graph as DOT text, the language of Graphviz. Text only: nothing is run here.

    print(to_dot(spec))             # names and values
    print(to_dot(spec, step=9))     # frame 9: what is known so far, edges in use dashed
    print(to_dot(spec, step=-1))    # the last frame

The text avoids whatever Graphviz versions disagree about: no HTML labels, no records, one font,
ids of letters and digits, nodes of fixed size. So every engine draws the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping

from minitf.graph_spec import Edge, GraphSpec, Node, Step
from minitf.viz import theme
from minitf.viz.folding import groups_of
from minitf.viz.labels import (
    NAME_LENGTH,
    TEXT_LENGTH,
    clip,
    edge_lines,
    gradient_slot,
    value_slot,
)

# Phases in which gradients or tangents flow along edges.
MOVING = ("reverse", "tangent")
_INVISIBLE = "#00000000"
_LARGEST = "24,16"  # inches; larger pictures are scaled down


def to_dot(spec: GraphSpec, step: int | None = None, direction: str = "LR") -> str:
    """The graph as DOT.

    Args:
        spec: what to draw.
        step: index of the frame (negative counts from the end), or None for the graph alone.
        direction: "LR" from left to right, "TB" from top to bottom.

    Raises:
        IndexError: there is no such frame.
    """
    lines = ["digraph minitf {", *graph_defaults(direction)]
    lines += [*body(spec, frame(spec, step)), *_group_frames(spec)]
    return "\n".join([*lines, "}"]) + "\n"


def frame(spec: GraphSpec, step: int | None) -> Step | None:
    """The frame with that index.

    Raises:
        IndexError: there is no such frame.
    """
    if step is None:
        return None
    if not -len(spec.steps) <= step < len(spec.steps):
        raise IndexError(
            f"step {step} does not exist: this picture has {len(spec.steps)} steps, "
            f"0 to {len(spec.steps) - 1} (-1 is the last)."
        )
    return spec.steps[step]


def graph_defaults(direction: str = "LR") -> list[str]:
    """The opening lines that all our DOT texts share."""
    return [
        f'  graph [rankdir={direction}, bgcolor="{theme.PAPER}", nodesep=0.28, ranksep=0.33, '
        f'pad=0.1, size="{_LARGEST}"]',
        f'  node [fontname="{theme.FONT}", fontsize=13, fixedsize=true]',
        f'  edge [fontname="{theme.FONT}", fontsize=12, arrowsize=0.7]',
    ]


def body(
    spec: GraphSpec,
    step: Step | None,
    prefix: str = "",
    node_places: Mapping[str, str] | None = None,
    edge_places: Mapping[str, str] | None = None,
) -> list[str]:
    """One line per node and edge.

    Args:
        prefix: put before every id, so that several frames fit into one DOT text.
        node_places, edge_places: extra attributes by id, such as fixed positions.
    """
    node_places, edge_places = node_places or {}, edge_places or {}
    used = used_edges(spec, step)
    lines = []
    for node in spec.nodes:
        attributes = _node_attributes(node, step, spec.mode) + node_places.get(node.id, "")
        lines.append(f"  {prefix}{node.id} [{attributes}]")
    for edge in spec.edges:
        attributes = _edge_attributes(edge, step, edge.id in used, spec.mode) + edge_places.get(
            edge.id, ""
        )
        lines.append(f"  {prefix}{edge.src} -> {prefix}{edge.dst} [{attributes}]")
    return lines


def quote(text: str) -> str:
    """The text as a DOT string; line breaks become DOT's."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n") + '"'


def used_edges(spec: GraphSpec, step: Step | None) -> set[str]:
    """Edges a gradient or tangent has flowed along, up to and including this frame."""
    if step is None:
        return set()
    frames = spec.steps[: step.index + 1]
    return {edge for f in frames if f.phase in MOVING for edge in f.edges}


def _group_frames(spec: GraphSpec) -> list[str]:
    """Frames round the groups that are not folded."""
    lines = []
    for k, (name, members) in enumerate(groups_of(spec).items()):
        look = f'fontname="{theme.FONT}"; fontsize=13; color="{theme.MUTED}"; style=dashed'
        names = f"id={quote(name)}; label={quote(name)}; labeljust=l"
        lines.append(f"  subgraph cluster_{k} {{ {names}; {look}; {'; '.join(members)} }}")
    return lines


def _node_attributes(node: Node, step: Step | None, mode: str) -> str:
    width, height = theme.size_of(node)
    lines = [clip(node.name, NAME_LENGTH)]
    if node.text:
        lines.append(clip(node.text, TEXT_LENGTH))
    lines += [value_slot(node, step), gradient_slot(node, step, mode)]
    current = step is not None and step.node == node.id
    parts = [
        f"id={quote(node.id)}",
        f"label={quote(chr(10).join(lines))}",
        f"shape={theme.shape_of(node)}",
        f"width={width:.2f}, height={height:.2f}",
        _fill(node),
        f'color="{_border(node, step)}"',
        f'fontcolor="{theme.INK}"',
        f"penwidth={3 if current else 1.5}",
    ]
    if node.kind in ("loss", "group"):
        parts.append("peripheries=2")
    return ", ".join(parts)


def _fill(node: Node) -> str:
    if node.kind == "param":
        # a thick bar on the left: this box can be trained
        return f'style=striped, fillcolor="{theme.INK};0.05:{theme.PAPER};0.95"'
    style = {"input": "rounded,filled", "group": "bold,filled", "const": "dotted,filled"}.get(
        node.kind, "filled"
    )
    return f'style="{style}", fillcolor="{theme.PAPER}"'


def _border(node: Node, step: Step | None) -> str:
    if step is None:
        return theme.INK
    if node.id in step.adjoints:
        return theme.REVERSE
    return theme.FORWARD if node.id in step.values else theme.MUTED


def _edge_attributes(edge: Edge, step: Step | None, used: bool, mode: str) -> str:
    symbol, number = edge_lines(edge)
    ink = theme.INK if used else _INVISIBLE  # invisible, but keeps its room
    parts = [f"id={quote(edge.id)}"]
    if symbol:
        parts += [f"label={quote(symbol + chr(10) + (number or ' '))}", f'fontcolor="{ink}"']
    if used:
        parts += [f'color="{theme.REVERSE}", style=dashed']
        if mode == "reverse":
            parts.append("dir=back")
    else:
        known = step is not None and edge.dst in step.values
        parts.append(f'color="{theme.FORWARD if known else theme.MUTED}"')
    current = step is not None and edge.id in step.edges
    parts.append(f"penwidth={2.5 if current else 1.3}")
    return ", ".join(parts)
