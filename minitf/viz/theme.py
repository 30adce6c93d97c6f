"""The visual language, in one place: what a colour, a shape and a line style mean.

    shape_of(node)       # "ellipse" for an operation, "box" for an input
    size_of(node)        # (1.6, 0.92) inches: fixed, so that changing numbers never moves a node

Values run forward in blue along solid lines; gradients run back in vermillion along dashed lines.
Colour never stands alone: line style, arrowhead and words say the same. The two hues are told
apart by people with any common colour blindness (Okabe and Ito's palette,
https://jfly.uni-koeln.de/color/) and have a contrast of at least 3:1 to the page.
`widgets/shared.css` holds the same colours; a test keeps the two equal.
"""

from __future__ import annotations

from minitf.graph_spec import ArraySummary, Node

FORWARD = "#0072B2"
FORWARD_ON_DARK = "#56B4E9"
REVERSE = "#D55E00"
INK = "#1A1A1A"
MUTED = "#767676"
PAPER = "#FFFFFF"

# One font for everything: Graphviz knows its letter widths by heart, on every machine.
FONT = "Arial"

_SHAPES = {
    "input": "box", "param": "box", "const": "box", "group": "box", "op": "ellipse",
    "loss": "ellipse",
}  # fmt: skip
_ARRAY_EXTRA_HEIGHT = 0.5
_BOX = (1.55, 0.82)
_GROUP = (1.7, 0.95)
_ELLIPSE = (1.95, 1.2)


def shape_of(node: Node) -> str:
    """Leaves are boxes, operations are ellipses."""
    return _SHAPES[node.kind]


def is_array(node: Node) -> bool:
    """True if the node has room for a heat map."""
    return isinstance(node.value, ArraySummary)


def size_of(node: Node) -> tuple[float, float]:
    """Width and height in inches; arrays are taller, for their heat maps."""
    width, height = _BOX if shape_of(node) == "box" else _ELLIPSE
    if node.kind == "group":
        width, height = _GROUP
    return width, height + (_ARRAY_EXTRA_HEIGHT if is_array(node) else 0.0)
