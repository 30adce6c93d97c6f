"""Where everything goes: the engine's answer as plain numbers.

    places = layout(spec)
    places.nodes["n0"].x, places.nodes["n0"].y      # centre, in points; y grows downwards
    places.edges["e0"].points                       # Bezier points from source to target

The layout is made once per graph. Frames only change words and colours, so nothing ever jumps.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from minitf.graph_spec import GraphSpec
from minitf.viz import engine
from minitf.viz.dot import to_dot

Point = tuple[float, float]


class Box(NamedTuple):
    """A node: centre and size."""

    x: float
    y: float
    width: float
    height: float


class Curve(NamedTuple):
    """An edge: Bezier points (1 + 3k of them), the arrow's tip, and the label's centre if any."""

    points: tuple[Point, ...]
    tip: Point
    label: Point | None


class Layout(NamedTuple):
    """A whole picture, in points; `groups` are the frames round groups of nodes, by name."""

    width: float
    height: float
    nodes: dict[str, Box]
    edges: dict[str, Curve]
    groups: dict[str, Box]


def layout(spec: GraphSpec, direction: str = "LR") -> Layout:
    """Asks the engine for positions; values flow from left to right, or down with "TB".

    Raises:
        NoEngineError: there is no engine, or it failed.
    """
    return layout_of_dot(to_dot(spec, direction=direction))


def layout_of_dot(dot_text: str) -> Layout:
    """The same for a DOT text whose nodes and edges have ids."""
    answer = json.loads(engine.render(dot_text, "json"))
    _, _, width, height = (float(x) for x in answer["bb"].split(","))
    objects = answer.get("objects", ())
    nodes = {o["id"]: _box(o, height) for o in objects if "pos" in o}
    groups = {o["id"]: _frame(o, height) for o in objects if "pos" not in o}
    edges = {e["id"]: _curve(e, height) for e in answer.get("edges", ())}
    return Layout(width, height, nodes, edges, groups)


def _box(found: dict[str, str], total: float) -> Box:
    x, y = _point(found["pos"], total)
    return Box(x, y, 72 * float(found["width"]), 72 * float(found["height"]))


def _frame(found: dict[str, str], total: float) -> Box:
    left, bottom, right, top = (float(x) for x in found["bb"].split(","))
    return Box((left + right) / 2, total - (bottom + top) / 2, right - left, top - bottom)


def _curve(found: dict[str, str], total: float) -> Curve:
    # "e,267,105 83,98 120,98 ...": the tip, then the curve
    tip_text, *point_texts = found["pos"].split()
    points = tuple(_point(text, total) for text in point_texts)
    label = _point(found["lp"], total) if "lp" in found else None
    return Curve(points, _point(tip_text.removeprefix("e,"), total), label)


def _point(text: str, total: float) -> Point:
    """Graphviz counts y upwards, screens count it downwards."""
    x, y = text.split(",")
    return round(float(x), 2), round(total - float(y), 2)
