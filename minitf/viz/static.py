"""Pictures that stay put: one frame, or the key moments one above the other, as PNG.

    static_picture(spec, step=-1)       # the last frame
    key_moments(spec)                   # start, after the forward pass, midway back, the end

PNG and not SVG: JupyterLab shows the SVG of a notebook it does not trust as bare text.
"""

from __future__ import annotations

import base64
import struct
from typing import Any

from minitf.graph_spec import GraphSpec, Step
from minitf.viz import engine, theme
from minitf.viz.dot import MOVING, body, frame, graph_defaults, quote, to_dot, used_edges
from minitf.viz.folding import fold, groups_of
from minitf.viz.labels import describe, text_table
from minitf.viz.layout import Curve, Layout, Point, layout
from minitf.viz.png import compact

# Above this many nodes four copies are unreadable: the last frame alone is shown.
_MANY_NODES = 16
# Above this width or height (in points) nothing can be read in a still picture: words only.
_TOO_LARGE = 3500.0
_TOO_WIDE = 1200.0  # a wider picture is shown smaller than its letters can bear: from top to bottom
_TITLE_ROOM = 30.0
_GAP = 18.0
_ARROW = 7.0


class StaticPicture:
    """A PNG that any notebook front end shows, with words for those who cannot see it.

    Attributes:
        png: the image file's bytes, or None if there is no program to draw it.
        text: the same content in words.
    """

    def __init__(self, png: bytes | None, text: str) -> None:
        self.png = png
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        data = {"text/plain": self.text}
        if self.png is None:
            return data, {}
        data["image/png"] = base64.b64encode(self.png).decode()
        width, _ = png_size(self.png)
        return data, {"image/png": {"alt": self.text, "width": min(width, 1000)}}


def static_picture(spec: GraphSpec, step: int | None = None) -> StaticPicture:
    """One frame.

    Args:
        step: index of the frame (-1 is the last), or None for the graph and its values alone.

    Raises:
        IndexError: there is no such frame.
    """
    shown = frame(spec, step)
    words = describe(spec) if shown is None else f"{spec.title}. {shown.sentence}"
    return _drawn(to_dot(spec, step), f"{words}\n{text_table(spec, shown)}", positioned=False)


def key_moments(spec: GraphSpec) -> StaticPicture:
    """Start, after the forward pass, midway back and the end, in one picture.

    Nodes stand at the same place in each. A large graph, or one without steps, is shown once,
    with its groups folded.
    """
    words = describe(spec)
    if len(spec.nodes) > _MANY_NODES:
        spec = fold(spec, groups_of(spec))
    try:
        places = layout(spec)
    except engine.NoEngineError as problem:
        return _words_only(words, str(problem))
    if max(places.width, places.height) > _TOO_LARGE:
        return _words_only(words, f"{len(spec.nodes)} nodes need the live viewer, run the cell")
    wide = places.width > _TOO_WIDE
    if not spec.steps or wide or len(spec.nodes) > _MANY_NODES:
        last = len(spec.steps) - 1 if spec.steps else None
        return _drawn(to_dot(spec, last, "TB" if wide else "LR"), words, positioned=False)
    return _drawn(_moments_dot(spec, places), words, positioned=True)


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the file's header (RFC 2083, section 4.1.1)."""
    return struct.unpack(">II", png[16:24])


def _drawn(dot_text: str, words: str, positioned: bool) -> StaticPicture:
    try:
        return StaticPicture(compact(engine.render(dot_text, "png", positioned)), words)
    except engine.NoEngineError as problem:
        return _words_only(words, str(problem))


def _words_only(words: str, problem: str) -> StaticPicture:
    return StaticPicture(None, f"{words}\n(No picture: {problem})")


def _key_steps(spec: GraphSpec) -> list[tuple[str, Step]]:
    forward = [s for s in spec.steps if s.phase == "forward" and spec.mode == "reverse"]
    reverse = [s for s in spec.steps if s.phase in MOVING]
    chosen = [("Start", spec.steps[0])]
    if forward:
        chosen.append(("After the forward pass", forward[-1]))
    if len(reverse) > 1:
        chosen.append(
            (
                "Midway back" if spec.mode == "reverse" else "Midway",
                reverse[(len(reverse) - 1) // 2],
            )
        )
    if len(spec.steps) > 1:
        chosen.append(("At the end", spec.steps[-1]))
    return chosen


def _moments_dot(spec: GraphSpec, places: Layout) -> str:
    """Copies of one layout, one above the other, as a DOT text that says where everything is."""
    lines = ["digraph minitf {", *graph_defaults()]
    panel = places.height + _TITLE_ROOM + _GAP
    chosen = _key_steps(spec)
    for k, (title, step) in enumerate(chosen):
        back = used_edges(spec, step)
        bottom = (len(chosen) - 1 - k) * panel  # DOT counts upwards
        title_y = bottom + places.height + _TITLE_ROOM / 2
        lines.append(
            f'  title{k} [shape=plaintext, fontsize=14, label={quote(title)}, fontcolor="'
            f'{theme.INK}", width=3, height=0.3, pos="{places.width / 2:.2f},{title_y:.2f}"]'
        )
        nodes = {
            name: f', pos="{_place((box.x, box.y), places, bottom)}"'
            for name, box in places.nodes.items()
        }
        edges = {
            edge.id: _edge_place(
                places.edges[edge.id], places, bottom, edge.id in back and spec.mode == "reverse"
            )
            for edge in spec.edges
        }
        lines += body(spec, step, f"f{k}_", nodes, edges)
    return "\n".join([*lines, "}"]) + "\n"


def _edge_place(curve: Curve, places: Layout, bottom: float, back: bool) -> str:
    points, tip = list(curve.points), curve.tip
    if back:
        # the arrow turns round: its tip is where the curve began, the curve now ends at the node
        tip, points[0] = points[0], _towards(points[0], points[1], _ARROW)
        last = points[-1]
        points += [_between(last, curve.tip, t) for t in (1 / 3, 2 / 3, 1.0)]
    spline = " ".join(_place(p, places, bottom) for p in points)
    text = f', pos="{"s" if back else "e"},{_place(tip, places, bottom)} {spline}"'
    if curve.label is not None:
        text += f', lp="{_place(curve.label, places, bottom)}"'
    return text


def _place(point: Point, places: Layout, bottom: float) -> str:
    return f"{point[0]:.2f},{bottom + places.height - point[1]:.2f}"


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])


def _towards(a: Point, b: Point, distance: float) -> Point:
    length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5 or 1.0
    return _between(a, b, min(1.0, distance / length))
