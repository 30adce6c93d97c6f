"""GraphViewer in JupyterLab, as a learner uses it: keys, frames, tables, themes."""

import pytest
from viewer_page import Viewer, style

IMPORTS = "import samples\nfrom minitf import viz"
REAL_TAPE = """
import minitf as tf
x, y_true = tf.constant(2.0), tf.constant(4.0)
w, b = tf.Variable(3.0), tf.Variable(1.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    tape.watch(y_true)
    loss = tf.abs(y_true - (x * w + b))
tf.viz.show(tape, loss, predict=False)
"""


def test_keyboard_steps_through_a_real_tape(lab):
    page = lab.open("real.ipynb", [REAL_TAPE])
    viewer = Viewer(page)
    viewer.focus()
    assert (viewer.step(), viewer.phase()) == (0, "start")
    assert viewer.value("mul") == "value ?"
    assert viewer.gradient("w") == "no gradient yet"
    viewer.press("End")
    last = viewer.step()
    assert viewer.phase() == "done"
    gradients = [viewer.gradient(name) for name in ("x", "w", "b", "y_true")]
    assert gradients == ["grad 3", "grad 2", "grad 1", "grad -1"]
    viewer.press("Home")
    seen = {}
    for _ in range(last):
        viewer.press("ArrowRight")
        for name in ("mul", "add", "sub", "loss"):
            seen.setdefault((name, viewer.value(name)), viewer.step())
        if viewer.phase() == "forward":
            assert viewer.gradient("w") == "no gradient yet"
    assert viewer.step() == last
    order = [("mul", "value 6"), ("add", "value 7"), ("sub", "value -3"), ("loss", "value 3")]
    steps = [seen[key] for key in order]
    assert steps == sorted(steps)
    viewer.press("ArrowLeft")
    assert viewer.step() == last - 1
    lab.check(page)


def test_edges_and_sentence_show_what_a_step_does(lab):
    page = lab.open("edges.ipynb", [IMPORTS, "viz.show(samples.worked_example(), predict=False)"])
    viewer = Viewer(page)
    viewer.focus()
    viewer.press(*["ArrowRight"] * 8)
    assert viewer.sentence() == "loss = |sub| = 3."
    assert style(viewer.edge("e6"), "strokeDasharray") == "none"
    viewer.press("ArrowRight", "ArrowRight")
    assert viewer.sentence() == "sub receives 1 × -1 = -1."
    assert style(viewer.edge("e6"), "strokeDasharray") != "none"
    assert style(viewer.edge("e5"), "strokeDasharray") == "none"
    label = viewer.root.locator(".mtf-label[data-edge=e6]")
    assert label.locator("text").all_text_contents() == ["∂loss/∂sub", "= sign(sub) = -1"]
    assert style(label.locator(".mtf-partial"), "visibility") == "visible"
    other = viewer.root.locator(".mtf-label[data-edge=e5] .mtf-partial")
    assert style(other, "visibility") == "hidden"
    assert viewer.root.locator(".mtf-sentence").get_attribute("aria-live") == "polite"
    lab.check(page)


def test_nothing_moves_between_steps(lab):
    page = lab.open("still.ipynb", [IMPORTS, "viz.show(samples.worked_example())"])
    viewer = Viewer(page)
    viewer.focus()
    before = viewer.node("loss").locator(".mtf-shape").bounding_box()
    viewer.press("End")  # a question opens
    assert viewer.asking() == "y_true"
    after = viewer.node("loss").locator(".mtf-shape").bounding_box()
    assert after["x"] == pytest.approx(before["x"], abs=1)
    assert after["y"] == pytest.approx(before["y"], abs=1)


def test_table_holds_the_same_data(lab):
    page = lab.open("table.ipynb", [IMPORTS, "viz.show(samples.worked_example(), predict=False)"])
    viewer = Viewer(page)
    viewer.focus()
    viewer.press("t")
    rows = viewer.root.locator(".mtf-table table").first.locator("tbody tr")
    assert rows.nth(1).locator("th, td").all_inner_texts() == [
        "w", "parameter", "scalar", "?", "no gradient yet",
    ]  # fmt: skip
    viewer.press("End")
    assert rows.nth(1).locator("th, td").all_inner_texts() == [
        "w", "parameter", "scalar", "3", "2",
    ]  # fmt: skip
    captions = viewer.root.locator(".mtf-table caption").all_inner_texts()
    assert captions[0].startswith("Values and gradients at step 14")
    viewer.press("t")
    assert viewer.root.locator(".mtf-table").is_hidden()
    lab.check(page)


def test_not_finite_and_not_watched(lab):
    cells = [IMPORTS, "viz.show(samples.non_finite())", "viz.show(samples.unwatched())"]
    page = lab.open("odd.ipynb", cells)
    viewer = Viewer(page)
    viewer.focus()
    viewer.press("End")
    viewer.root.get_by_role("button", name="Stop asking").click()
    assert viewer.phase() == "done"
    assert viewer.value("log") == "value -inf"
    assert viewer.gradient("x") == "grad inf"
    assert viewer.value("y") == "value nan"
    other = Viewer(page, 1)
    assert other.gradient("2.0") == "not watched"
    lab.check(page)


def test_two_viewers_of_one_graph_do_not_meddle(lab):
    show = "viz.show(samples.worked_example(), predict=False)"
    page = lab.open("two.ipynb", [IMPORTS, show, show])
    first, second = Viewer(page, 0), Viewer(page, 1)
    first.focus()
    first.press("End", "p")
    assert (first.phase(), second.phase()) == ("done", "start")
    assert second.gradient("w") == "no gradient yet"
    assert second.root.locator(".mtf-is-lit").count() == 0
    second.focus()
    second.press("ArrowRight")
    assert (first.step(), second.step()) == (14, 1)
    lab.check(page)


@pytest.mark.parametrize(
    ("theme", "forward"),
    [("JupyterLab Light", "rgb(0, 114, 178)"), ("JupyterLab Dark", "rgb(86, 180, 233)")],
)
def test_themes(lab, theme, forward):
    cells = [IMPORTS, "viz.show(samples.worked_example(), predict=False)"]
    page = lab.open("theme.ipynb", cells, theme)
    viewer = Viewer(page)
    page.wait_for_function(
        "light => document.body.dataset.jpThemeLight === light", arg=str("Light" in theme).lower()
    )
    viewer.focus()
    viewer.press("ArrowRight")
    shape = viewer.node("x").locator(".mtf-shape")
    assert style(shape, "stroke") == forward
    text, paper = style(viewer.node("x").locator(".mtf-name"), "fill"), style(shape, "fill")
    assert abs(_brightness(text) - _brightness(paper)) > 500
    lab.check(page)


def _brightness(rgb):
    return sum(float(x) for x in rgb[rgb.index("(") + 1 : -1].split(",")[:3])


def test_reduced_motion_means_no_transitions(lab):
    page = lab.open("motion.ipynb", [IMPORTS, "viz.show(samples.reuse())"])
    viewer = Viewer(page)
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert style(viewer.node("x").locator(".mtf-shape"), "transitionDuration") == "0s"


def test_it_can_be_reached_and_named(lab):
    page = lab.open("named.ipynb", [IMPORTS, "viz.show(samples.worked_example())"])
    viewer = Viewer(page)
    assert viewer.root.get_attribute("role") == "group"
    assert viewer.root.get_attribute("aria-label") == "loss and its gradients"
    for control in viewer.root.locator("button, select, input").all():
        assert control.get_attribute("aria-label") or control.inner_text()
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
        if control.is_visible():
            box = control.bounding_box()
            assert min(box["width"], box["height"]) >= 24
    viewer.focus()
    slider = viewer.root.locator("input[type=range]")
    assert slider.get_attribute("aria-valuetext") == "step 0 of 14"
    assert style(slider, "outlineStyle") == "solid"


def test_a_long_graph_scrolls_with_the_steps(lab):
    cells = [IMPORTS, "viz.show(samples.chain(200), predict=False)"]
    page = lab.open("long.ipynb", cells)
    viewer = Viewer(page)
    stage = viewer.root.locator(".mtf-stage")
    assert stage.evaluate("e => e.scrollWidth > 2 * e.clientWidth")
    viewer.focus()
    viewer.press("End", "ArrowLeft")
    assert viewer.sentence().startswith("x receives")
    for _ in range(5):
        viewer.press("ArrowLeft")
    now = viewer.root.locator(".mtf-node.mtf-is-now")
    left, room = now.bounding_box(), stage.bounding_box()
    assert room["x"] <= left["x"] and left["x"] + left["width"] <= room["x"] + room["width"]
    viewer.root.get_by_role("button", name="Zoom out").click()
    lab.check(page)


def test_without_an_engine_the_table_stands_in(lab):
    cells = [
        "import os\nos.environ['MINITF_DOT'] = '/no/such/program'",
        IMPORTS,
        "viz.show(samples.reuse(), predict=False)",
    ]
    page = lab.open("noengine.ipynb", cells)
    viewer = Viewer(page)
    assert "No program to draw graphs" in viewer.root.inner_text()
    viewer.focus()
    viewer.press("End")
    row = viewer.root.locator(".mtf-table tbody tr").first
    assert row.locator("th, td").all_inner_texts() == ["x", "parameter", "scalar", "3", "7"]
    lab.check(page)


def test_forward_mode_moves_tangents_with_the_values(lab):
    page = lab.open("forward.ipynb", [REAL_TAPE.replace("predict=False", "forward_from='x'")])
    viewer = Viewer(page)
    viewer.focus()
    assert viewer.gradient("mul") == "no tangent yet"
    viewer.press("ArrowRight", "ArrowRight")
    assert viewer.sentence() == "mul = x × w = 2 × 3 = 6; it moves by 1 × 3 = 3."
    assert (viewer.value("mul"), viewer.gradient("mul")) == ("value 6", "tangent 3")
    assert viewer.gradient("w") == "no path"
    assert style(viewer.edge("e0"), "strokeDasharray") != "none"
    heads = viewer.root.locator(".mtf-edge[data-edge=e0]")
    assert style(heads.locator(".mtf-head-reverse"), "display") == "none"
    assert style(heads.locator(".mtf-head-forward"), "display") != "none"
    viewer.press("End")
    assert viewer.asking() == "loss"
    page.keyboard.type("3")
    viewer.press("Enter")
    assert viewer.phase() == "done"
    assert viewer.gradient("loss") == "tangent 3"
    assert "The other 3 need a pass each" in viewer.sentence()
    lab.check(page)
