"""The graph of a traced function as a small picture: one box per operation, marked by its part.

    boxes = boxes_of(graph)             # what is drawn, as plain data
    svg, svg_after = pass_svgs(boxes, boxes_of(stage.graph_after))

Values run from top to bottom. A box of the forward part is solid, of the backward part dashed;
what is done with the gradients afterwards is called update.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

from minitf.graph import Graph
from minitf.graph import Node as GraphNode
from minitf.symbolic import SymbolicTensor
from minitf.variable import Variable
from minitf.viz.dot import quote
from minitf.viz.labels import clip
from minitf.viz.layout import Box, Curve, Layout, layout_of_dot

MOST_BOXES = 150  # more cannot be read in a picture
_NAME_LENGTH = 16
_MARGIN = 8.0


@dataclass(frozen=True)
class OpBox:
    """One operation of a graph, or one of its inputs.

    Attributes:
        id: the same in all graphs that the passes make.
        label: what stands in the box.
        text: the whole line, "Mul_1: float32[3, 1] = Mul(constant(3, 1), Sub)"; "" for inputs.
        part: "input", "forward", "backward" or "update".
        after: ids of the boxes it uses.
        same_as: equal for boxes that no pass has changed.
    """

    id: str
    label: str
    text: str
    part: str
    after: tuple[str, ...]
    same_as: str


def boxes_of(graph: Graph) -> list[OpBox]:
    """Inputs and variables that are used, then the operations in order."""
    parts = _parts(graph)
    names: dict[int, str] = {}  # id of a value -> id of the box that makes it
    found: list[OpBox] = []
    effects: dict[str, int] = {}
    inputs: list[str] = []
    for node in graph.nodes:
        name = node.name
        if not node.outputs:
            effects[name] = effects.get(name, 0) + 1
            name = f"{name} {effects[name]}"
        for x in node.inputs:
            if x.id not in names and isinstance(x, SymbolicTensor | Variable):
                label = _input_label(x, inputs)
                inputs.append(label)
                names[x.id] = f"in {label}"
                found.append(OpBox(names[x.id], label, "", "input", (), label))
        after = tuple(dict.fromkeys(names[x.id] for x in node.inputs if x.id in names))
        label = f"read {after[0][3:]}" if node.op.name == "ReadVariableOp" else _label(node)
        found.append(OpBox(name, label, repr(node), parts[id(node)], after, repr(node)))
        names.update({x.id: name for x in node.outputs})
    return found


def operations(boxes: list[OpBox]) -> list[OpBox]:
    """The boxes without the inputs."""
    return [box for box in boxes if box.part != "input"]


def pass_svgs(before: list[OpBox], after: list[OpBox]) -> tuple[str, str]:
    """Both graphs as SVG, with boxes at the same places; gone and new ones are marked.

    Raises:
        NoEngineError: there is nothing to lay them out with.
    """
    old, new = {box.id for box in before}, {box.id for box in after}
    everything = [*before, *[box for box in after if box.id not in old]]
    links = [(src, box.id) for box in [*before, *after] for src in box.after]
    places = layout_of_dot(_dot(everything, list(dict.fromkeys(links))))
    marks = {i: "gone" for i in old - new} | {i: "new" for i in new - old}
    told = {box.id: box.same_as for box in before}
    changed = {b.id: "changed" for b in after if told.get(b.id, b.same_as) != b.same_as}
    return _svg(before, places, marks), _svg(after, places, marks | changed)


def _dot(boxes: list[OpBox], links: list[tuple[str, str]]) -> str:
    number = {box.id: k for k, box in enumerate(boxes)}
    lines = [
        "digraph minitf {",
        "  graph [rankdir=TB, nodesep=0.18, ranksep=0.28]",
        '  node [shape=box, fixedsize=true, width=1.5, height=0.32, label=""]',
    ]
    lines += [f"  n{k} [id={quote(box.id)}]" for k, box in enumerate(boxes)]
    lines += [f"  n{number[a]} -> n{number[b]} [id={quote(_link(a, b))}]" for a, b in links]
    return "\n".join([*lines, "}"]) + "\n"


def _link(src: str, dst: str) -> str:
    return f"{src} > {dst}"


def _svg(boxes: list[OpBox], places: Layout, marks: dict[str, str]) -> str:
    width, height = places.width + 2 * _MARGIN, places.height + 2 * _MARGIN
    lines = [
        '<svg class="mtf-passes" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{-_MARGIN:g} {-_MARGIN:g} {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">',
        f"<title>{len(operations(boxes))} operations</title>",
    ]
    lines += [_curve(places.edges[_link(src, box.id)]) for box in boxes for src in box.after]
    lines += [_box(box, places.nodes[box.id], marks.get(box.id, "")) for box in boxes]
    return "\n".join([*lines, "</svg>"])


def _box(box: OpBox, place: Box, mark: str) -> str:
    w, h = place.width, place.height
    kind = f"mtf-op-box mtf-{box.part}{f' mtf-{mark}' if mark else ''}"
    sign = {"gone": "− ", "new": "+ ", "changed": "~ "}.get(mark, "")
    return (
        f'<g class="{kind}" data-op="{escape(box.id)}" '
        f'transform="translate({place.x:g} {place.y:g})">'
        f"<title>{escape(f'{box.part}: {box.text or box.label}')}</title>"
        f'<rect x="{-w / 2:g}" y="{-h / 2:g}" width="{w:g}" height="{h:g}" rx="4"/>'
        f'<text y="4">{escape(clip(sign + box.label, _NAME_LENGTH))}</text></g>'
    )


def _curve(curve: Curve) -> str:
    points, (x, y) = curve.points, curve.tip
    turn = math.degrees(math.atan2(y - points[-1][1], x - points[-1][0])) - 90
    bends = " ".join(f"{a:g},{b:g}" for a, b in points[1:])
    return (
        f'<path class="mtf-flow" d="M{points[0][0]:g},{points[0][1]:g} C{bends} L{x:g},{y:g}"/>'
        f'<path class="mtf-tip" d="M0,0l-3,-7h6z" '
        f'transform="translate({x:g} {y:g}) rotate({turn:.0f})"/>'
    )


def _label(node: GraphNode) -> str:
    if not node.outputs:
        return node.op.name.removesuffix("VariableOp")
    fused = node.op.name.startswith("Fused")  # a fused node has the name of one of its parts
    return node.op.name if fused else node.name


def _input_label(x: Any, taken: list[str]) -> str:
    """The name of an input or a variable; several variables of one name are numbered."""
    name = x.label if isinstance(x, SymbolicTensor) else x.name.removesuffix(":0")
    label, number = name, 1
    while label in taken:
        number += 1
        label = f"{name} ({number})"
    return label


def _parts(graph: Graph) -> dict[int, str]:
    """Id of a node -> its part. What uses a gradient, without being one, is an update."""
    found: dict[int, str] = {}
    late: set[int] = set(graph.backward)  # ids of values that depend on a gradient
    for node in graph.nodes:
        outputs = {x.id for x in node.outputs}
        if outputs & graph.backward:
            both = outputs - graph.backward and not any(x.id in late for x in node.inputs)
            part = "forward" if both else "backward"  # loss and gradient in one node
        else:
            part = "update" if any(x.id in late for x in node.inputs) else "forward"
            if part == "update":
                late |= outputs
        found[id(node)] = part
    return found


def counts(boxes: list[OpBox]) -> dict[str, int]:
    """Number of operations of each part."""
    parts = [box.part for box in operations(boxes)]
    return {part: parts.count(part) for part in ("forward", "backward", "update")}
