"""The drawing that the viewer animates: an SVG with empty slots for values and gradients.

    to_svg(spec, layout(spec))      # '<svg class="mtf-graph" ...'

Every part carries a class and the id of its node or edge in a data attribute. The JavaScript
fills slots and switches classes; it never moves anything. No ids are used, so that the same graph
can stand on a page twice.
"""

from __future__ import annotations

import math
from html import escape

from minitf.graph_spec import Edge, GraphSpec, Node
from minitf.viz import theme
from minitf.viz.labels import NAME_LENGTH, TEXT_LENGTH, clip, edge_lines
from minitf.viz.layout import Box, Curve, Layout, Point

_MARGIN = 16.0
_ARROW_LENGTH, _ARROW_HALF_WIDTH = 9.0, 4.0
_LINE = 14.0
_RING = 4.0  # the second ring of the target lies this far outside


def to_svg(spec: GraphSpec, places: Layout) -> str:
    """The drawing as text; edges first, so that nodes lie on top."""
    width, height = places.width + 2 * _MARGIN, places.height + 2 * _MARGIN
    parts = [
        f'<svg class="mtf-graph" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{-_MARGIN:g} {-_MARGIN:g} {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">',
        f"<title>{escape(spec.title)}</title>",
        f"<desc>A graph of {len(spec.nodes)} values. Values flow along the arrows, gradients "
        "against them. The table view holds the same data.</desc>",
    ]
    parts += [_group_frame(name, box) for name, box in places.groups.items()]
    labels = []
    for edge in spec.edges:
        line, label = _edge(edge, places.edges[edge.id])
        parts.append(line)
        labels.append(label)
    parts += labels
    parts += [_node(node, places.nodes[node.id]) for node in spec.nodes]
    return "\n".join([*parts, "</svg>"])


def _node(node: Node, box: Box) -> str:
    parts = [
        f'<g class="mtf-node mtf-{node.kind}" data-node="{node.id}" '
        f'transform="translate({box.x:g} {box.y:g})">',
        f"<title>{escape(_tooltip(node))}</title>",
        *_outline(node, box),
    ]
    lines = [("mtf-name", clip(node.name, NAME_LENGTH))]
    if node.text:
        lines.append(("mtf-text", clip(node.text, TEXT_LENGTH)))
    if theme.is_array(node):
        lines.append(("mtf-text", clip(str(tuple(node.shape)), TEXT_LENGTH)))
        # heat maps need the room of three lines
        top = -_LINE * (len(lines) + 3) / 2 + 10
        parts.append(_heat_maps(top + _LINE * len(lines)))
    else:
        lines += [("mtf-value", ""), ("mtf-grad", "")]
        top = -_LINE * len(lines) / 2 + 10
    for k, (name, text) in enumerate(lines):
        y = top + k * _LINE
        parts.append(f'<text class="{name}" y="{y:g}">{escape(text)}</text>')
    parts.append(_sum_badge(box))
    return "".join([*parts, "</g>"])


def _group_frame(name: str, box: Box) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    return (
        f'<g class="mtf-group-frame" data-group="{escape(name)}"><rect rx="6" x="{left:g}" '
        f'y="{top:g}" width="{box.width:g}" height="{box.height:g}"/>'
        f'<text x="{left + 8:g}" y="{top + 15:g}">{escape(name)}</text></g>'
    )


def _heat_maps(top: float) -> str:
    """Two frames side by side, with a caption each; the pictures are painted in the browser."""
    return "".join(
        f'<g class="{name}" transform="translate({x} {top:g})">'
        f'<text class="mtf-caption" y="0">{caption}</text>'
        '<rect class="mtf-frame" x="-22" y="5" width="44" height="28"/>'
        '<image class="mtf-heat" x="-22" y="5" width="44" height="28" '
        'preserveAspectRatio="none" visibility="hidden"/>'
        '<text class="mtf-slot" y="23">?</text></g>'
        for name, caption, x in (("mtf-value", "value", -26), ("mtf-grad", "grad", 26))
    )


def _sum_badge(box: Box) -> str:
    """Hidden until contributions from several uses arrive here."""
    return (
        f'<g class="mtf-sum" transform="translate(0 {box.height / 2 + 8:g})" visibility="hidden">'
        '<rect rx="8" height="17" y="-8.5"/><text y="4"></text></g>'
    )


def _outline(node: Node, box: Box) -> list[str]:
    w, h = box.width / 2, box.height / 2
    if theme.shape_of(node) == "ellipse":
        if node.kind == "loss":  # Graphviz counts the outer ring in
            w, h = w - _RING, h - _RING
        shape = f'<ellipse class="mtf-shape" rx="{w:g}" ry="{h:g}"/>'
        ring = f'<ellipse class="mtf-ring" rx="{w + _RING:g}" ry="{h + _RING:g}"/>'
        return [ring, shape] if node.kind == "loss" else [shape]
    radius = 2 if node.kind == "param" else 12
    size = f'x="{-w:g}" y="{-h:g}" height="{2 * h:g}"'
    outline = [f'<rect class="mtf-shape" {size} width="{2 * w:g}" rx="{radius}"/>']
    if node.kind == "group":  # a sheet on top of others
        outline.insert(0, outline[0].replace("<rect", '<rect transform="translate(5 -5)"'))
    if node.kind == "param":
        outline.append(f'<rect class="mtf-bar" {size} width="6"/>')
    return outline


def _tooltip(node: Node) -> str:
    where = f", line {node.line}: {node.source}" if node.line else ""
    computed = f" = {node.text}" if node.text else ""
    shape = "scalar" if node.shape == () else f"shape {node.shape}"
    return f"{node.name}{computed} ({shape}, {node.dtype}){where}"


def _edge(edge: Edge, curve: Curve) -> tuple[str, str]:
    points, tip = curve.points, curve.tip
    bends = " ".join(f"{x:g},{y:g}" for x, y in points[1:])
    path = f"M{points[0][0]:g},{points[0][1]:g} C{bends} L{tip[0]:g},{tip[1]:g}"
    line = (
        f'<g class="mtf-edge" data-edge="{edge.id}"><path class="mtf-line" d="{path}"/>'
        f'<polygon class="mtf-head-forward" points="{_arrow(tip, points[-2])}"/>'
        f'<polygon class="mtf-head-reverse" points="{_arrow(points[0], points[1])}"/></g>'
    )
    return line, _edge_label(edge, curve)


def _edge_label(edge: Edge, curve: Curve) -> str:
    symbol, number = edge_lines(edge)
    if curve.label is None or not symbol:
        return ""
    x, y = curve.label
    return (
        f'<g class="mtf-label" data-edge="{edge.id}" transform="translate({x:g} {y:g})">'
        f"<title>{escape(f'{edge.symbol} = {edge.rule or edge.partial_text}')}</title>"
        f'<text y="-4">{escape(symbol)}</text>'
        f'<text class="mtf-partial" y="8">{escape(number)}</text></g>'
    )


def _arrow(tip: Point, behind: Point) -> str:
    """Three corners of an arrowhead at `tip` that comes from `behind`."""
    dx, dy = tip[0] - behind[0], tip[1] - behind[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    bx, by = tip[0] - _ARROW_LENGTH * ux, tip[1] - _ARROW_LENGTH * uy
    ox, oy = -uy * _ARROW_HALF_WIDTH, ux * _ARROW_HALF_WIDTH
    corners = (tip, (bx + ox, by + oy), (bx - ox, by - oy))
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)
