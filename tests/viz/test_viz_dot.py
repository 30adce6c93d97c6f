"""DOT text: golden for a small graph, and properties that hold for any."""

import re

import pytest
import samples

from minitf.viz import to_dot

GOLDEN_NODE = (
    '  n0 [id="n0", label="x\\nvalue 5\\ngrad 2", shape=box, width=1.55, height=0.82, '
    'style="rounded,filled", fillcolor="#FFFFFF", color="#D55E00", fontcolor="#1A1A1A", '
    "penwidth=1.5]"
)
GOLDEN_EDGE = (
    '  n0 -> n2 [id="e0", label="∂y/∂x\\n= 2.0 = 2", fontcolor="#1A1A1A", color="#D55E00", '
    "style=dashed, dir=back, penwidth=1.3]"
)


def test_golden_lines():
    lines = to_dot(samples.unwatched(), step=-1).splitlines()
    assert lines[0] == "digraph minitf {"
    assert lines[-1] == "}"
    assert GOLDEN_NODE in lines
    assert GOLDEN_EDGE in lines


def test_unused_edge_keeps_the_room_of_its_label():
    before = to_dot(samples.worked_example(), step=0)
    after = to_dot(samples.worked_example(), step=-1)
    label = 'label="∂mul/∂w\\n= x = 2"'
    assert label + ', fontcolor="#00000000"' in before
    assert label + ', fontcolor="#1A1A1A"' in after


def test_no_gradient_is_called_zero_before_anything_flows_back():
    text = to_dot(samples.worked_example(), step=5)
    assert "no gradient yet" in text
    assert "grad 0" not in text
    assert "grad" not in text.replace("no gradient yet", "")


def test_unwatched_constant_says_so():
    assert "2.0\\nvalue 2\\nnot watched" in to_dot(samples.unwatched(), step=-1)


def test_every_argument_has_an_edge():
    assert to_dot(samples.reuse()).count("n0 -> n1") == 2


@pytest.mark.parametrize("name", ["worked_example", "reuse", "array_graph", "non_finite"])
def test_only_what_every_engine_draws_alike(name):
    text = to_dot(getattr(samples, name)(), step=-1)
    assert "=<" not in text, "HTML label"
    assert "shape=record" not in text
    assert set(re.findall(r'fontname="([^"]*)"', text)) == {"Arial"}
    assert all(re.fullmatch("[a-z0-9_]+", i) for i in re.findall(r'id="([^"]*)"', text))


def test_quotes_and_backslashes_in_names_are_escaped():
    spec = samples.scalar_graph(
        leaves=[('a"b\\', "input", 1)],
        operations=[("y", "Neg", '-a"b\\', -1, [('a"b\\', "-1", -1)])],
    )
    assert 'label="a\\"b\\\\\\nvalue 1' in to_dot(spec)


def test_unknown_step_is_named():
    with pytest.raises(IndexError, match=r"step 99 does not exist: .* 15 steps, 0 to 14"):
        to_dot(samples.worked_example(), step=99)
