"""The drawing the viewer animates."""

import xml.etree.ElementTree as ElementTree

import pytest
import samples

from minitf.viz import theme
from minitf.viz.layout import layout
from minitf.viz.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def bundled(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "bundled")


def _drawn(spec):
    return ElementTree.fromstring(to_svg(spec, layout(spec)))


@pytest.mark.parametrize("name", ["worked_example", "reuse", "array_graph", "non_finite"])
def test_every_node_and_edge_is_drawn_once(name):
    spec = getattr(samples, name)()
    root = _drawn(spec)
    assert [g.get("data-node") for g in root.iter() if g.get("data-node")] == [
        n.id for n in spec.nodes
    ]
    lines = [g.get("data-edge") for g in root.iter() if g.get("class") == "mtf-edge"]
    assert lines == [e.id for e in spec.edges]


def test_it_has_a_title_and_no_ids():
    root = _drawn(samples.reuse())
    assert root.find(f"{SVG}title").text == "y and its gradients"
    assert root.find(f"{SVG}desc").text.startswith("A graph of 3 values")
    assert all("id" not in element.attrib for element in root.iter())


def test_names_are_escaped():
    spec = samples.scalar_graph(
        leaves=[("<b>&", "input", 1)],
        operations=[("y", "Neg", "-<b>&", -1, [("<b>&", "-1", -1)])],
    )
    assert "<b>&" in "".join(_drawn(spec).itertext())


def test_arrays_have_frames_for_heat_maps():
    images = [e for e in _drawn(samples.array_graph()).iter(f"{SVG}image")]
    assert len(images) == 8  # value and gradient of four arrays; the loss is a number


def test_the_style_sheet_has_the_same_colours():
    from minitf.viz.widgets import base

    css = (base.HERE / "shared.css").read_text(encoding="utf-8")
    assert f"--mtf-forward: {theme.FORWARD};" in css
    assert f"--mtf-forward: {theme.FORWARD_ON_DARK};" in css
    assert f"--mtf-reverse: {theme.REVERSE};" in css


@pytest.mark.parametrize(
    ("colour", "page"),
    [
        (theme.FORWARD, "#FFFFFF"),
        (theme.REVERSE, "#FFFFFF"),
        (theme.FORWARD_ON_DARK, "#111111"),
        (theme.REVERSE, "#111111"),
        (theme.MUTED, "#FFFFFF"),
    ],
)
def test_lines_have_enough_contrast(colour, page):
    # WCAG 2.1, 1.4.11: at least 3:1 for graphics
    light, dark = sorted((_luminance(colour), _luminance(page)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
