"""GraphViewer in JupyterLab, as a learner uses it: keys, predictions, paths, tables, themes."""

import pytest

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


class Viewer:
    """The k-th viewer of a page."""

    def __init__(self, page, k=0):
        self.page = page
        self.root = page.locator(".mtf-viewer").nth(k)
        self.root.wait_for()

    def focus(self):
        self.root.locator("input[type=range]").focus()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def step(self):
        return int(self.root.get_attribute("data-step"))

    def phase(self):
        return self.root.get_attribute("data-phase")

    def sentence(self):
        return self.root.locator(".mtf-sentence").inner_text()

    def node(self, name):
        names = self.root.locator(".mtf-node", has=self.page.locator(f"text.mtf-name >> '{name}'"))
        return names.first

    def value(self, name):
        return self.node(name).locator(".mtf-value").text_content()

    def gradient(self, name):
        return self.node(name).locator(".mtf-grad").text_content()

    def edge(self, edge_id):
        return self.root.locator(f".mtf-edge[data-edge={edge_id}] .mtf-line")

    def asking(self):
        return self.root.get_attribute("data-asking")


def _style(locator, name):
    return locator.evaluate("(e, name) => getComputedStyle(e)[name]", name)


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
    assert _style(viewer.edge("e6"), "strokeDasharray") == "none"
    viewer.press("ArrowRight", "ArrowRight")
    assert viewer.sentence() == "sub receives 1 × -1 = -1."
    assert _style(viewer.edge("e6"), "strokeDasharray") != "none"
    assert _style(viewer.edge("e5"), "strokeDasharray") == "none"
    label = viewer.root.locator(".mtf-label[data-edge=e6]")
    assert label.locator("text").all_text_contents() == ["∂loss/∂sub", "= sign(sub) = -1"]
    assert _style(label.locator(".mtf-partial"), "visibility") == "visible"
    other = viewer.root.locator(".mtf-label[data-edge=e5] .mtf-partial")
    assert _style(other, "visibility") == "hidden"
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


def test_predictions_with_the_keyboard_alone(lab):
    cells = [IMPORTS, "v = viz.show(samples.worked_example()); v", "None"]
    page = lab.open("predict.ipynb", cells)
    viewer = Viewer(page)
    viewer.focus()
    viewer.press("End")
    assert viewer.asking() == "y_true"
    assert viewer.gradient("y_true") == "grad ?"
    page.keyboard.type("1")
    viewer.press("Enter")
    assert "wrong sign" in viewer.root.locator(".mtf-verdict").inner_text()
    viewer.press("ControlOrMeta+a")
    page.keyboard.type("nonsense")
    viewer.press("Enter")
    assert "type a number" in viewer.root.locator(".mtf-verdict").inner_text()
    viewer.press("ControlOrMeta+a")
    page.keyboard.type("-1")
    viewer.press("Enter")
    assert viewer.gradient("y_true") == "grad -1"
    assert viewer.asking() == "b"
    viewer.press("Tab", "Tab", "Enter")  # Check, Reveal
    assert viewer.gradient("b") == "grad 1"
    assert viewer.asking() == "x w"
    page.keyboard.type("3")
    viewer.press("Tab")
    page.keyboard.type("4/2")
    viewer.press("Enter")
    assert viewer.asking() is None
    assert (viewer.gradient("x"), viewer.gradient("w")) == ("grad 3", "grad 2")
    viewer.press("End", "Home", "End")  # asked once only
    assert viewer.phase() == "done"
    lab.check(page)


def test_answers_reach_python_and_python_can_step(lab):
    cells = [
        IMPORTS,
        "v = viz.show(samples.worked_example(), predict=['y_true']); v",
        "print('predictions', v.predictions)",
        "v.step = 3",
    ]
    page = lab.open("python.ipynb", cells)
    viewer = Viewer(page)
    page.wait_for_function("document.querySelector('.mtf-viewer').dataset.step === '3'")
    viewer.focus()
    viewer.press("End")
    page.keyboard.type("-1")
    viewer.press("Enter")
    assert viewer.phase() == "done"
    page.locator(".jp-CodeCell").nth(2).click()
    page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    page.get_by_text("predictions {'y_true': {'answer': '-1', 'right': True}}").wait_for()
    lab.check(page)


def test_contributions_arrive_one_by_one(lab):
    page = lab.open("reuse.ipynb", [IMPORTS, "viz.show(samples.reuse())"])
    viewer = Viewer(page)
    viewer.focus()
    badge = viewer.node("x").locator(".mtf-sum")
    assert badge.get_attribute("visibility") == "hidden"
    viewer.press(*["ArrowRight"] * 5)
    assert badge.locator("text").text_content() == "Σ 1 + ? + ?"
    assert viewer.gradient("x") == "grad 1 so far"
    viewer.press("ArrowRight")
    page.keyboard.type("3")
    viewer.press("Enter")
    assert "one contribution" in viewer.root.locator(".mtf-verdict").inner_text()
    viewer.press("ControlOrMeta+a")
    page.keyboard.type("7")
    viewer.press("Enter")
    assert badge.locator("text").text_content() == "Σ 1 + 3 + 3 = 7"
    assert viewer.sentence().startswith("Your prediction is right. x receives")
    lab.check(page)


def test_paths_light_up_and_keep_the_secret(lab):
    page = lab.open("paths.ipynb", [IMPORTS, "viz.show(samples.reuse())"])
    viewer = Viewer(page)
    viewer.focus()
    viewer.press("p")
    detail = viewer.root.locator(".mtf-detail")
    assert "3 paths from x to y" in detail.inner_text()
    assert "= 7" not in detail.inner_text()
    viewer.press("End")
    viewer.root.get_by_role("button", name="Reveal").click()
    assert "x → square → y: 3 × 1 = 3" in detail.inner_text()
    assert "Sum over paths: ∂y/∂x = 7" in detail.inner_text()
    assert "visits 4 edges" in detail.inner_text()
    assert viewer.root.locator(".mtf-edge.mtf-is-lit").count() == 4
    detail.locator("li").first.focus()
    assert viewer.root.locator(".mtf-edge.mtf-is-lit").count() == 1
    viewer.press("Escape")
    assert detail.is_hidden()
    viewer.node("square").click()
    assert "square = x × x" in detail.inner_text()
    lab.check(page)


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


def test_arrays_show_shapes_and_heat_maps(lab):
    page = lab.open("arrays.ipynb", [IMPORTS, "viz.show(samples.array_graph())"])
    viewer = Viewer(page)
    viewer.focus()
    viewer.press("End")
    assert viewer.asking() == "W"
    page.keyboard.type("(2, 3)")
    viewer.press("Enter")
    assert "has the shape" in viewer.root.locator(".mtf-verdict").inner_text()
    viewer.press("ControlOrMeta+a")
    page.keyboard.type("3 x 2")
    viewer.press("Enter")
    assert viewer.phase() == "done"
    image = viewer.node("W").locator(".mtf-grad image")
    assert image.get_attribute("visibility") == "visible"
    assert image.get_attribute("href").startswith("data:image/png")
    assert "(3, 2)" in viewer.node("W").text_content()
    viewer.node("W").click()
    cells = viewer.root.locator(".mtf-cells").nth(1).locator("td").all_inner_texts()
    assert cells == ["0.156", "-0.219", "0.0625", "0.188", "-0.188", "0"]
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


def test_play_runs_to_the_end_and_stops_at_questions(lab):
    cells = [
        IMPORTS,
        "viz.show(samples.worked_example(), predict=False, interval=20)",
        "viz.show(samples.worked_example(), predict=['b'], interval=20)",
    ]
    page = lab.open("play.ipynb", cells)
    first, second = Viewer(page, 0), Viewer(page, 1)
    first.focus()
    first.press("Space")
    page.wait_for_function("document.querySelectorAll('.mtf-viewer')[0].dataset.phase === 'done'")
    page.wait_for_function(
        "document.querySelectorAll('.mtf-viewer')[0].dataset.playing === 'false'"
    )
    second.root.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelectorAll('.mtf-viewer')[1].dataset.asking === 'b'")
    assert second.root.get_attribute("data-playing") == "false"
    page.keyboard.type("1")
    second.press("Enter")
    page.wait_for_function("document.querySelectorAll('.mtf-viewer')[1].dataset.phase === 'done'")
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
    assert _style(shape, "stroke") == forward
    text, paper = _style(viewer.node("x").locator(".mtf-name"), "fill"), _style(shape, "fill")
    assert abs(_brightness(text) - _brightness(paper)) > 500
    lab.check(page)


def _brightness(rgb):
    return sum(float(x) for x in rgb[rgb.index("(") + 1 : -1].split(",")[:3])


def test_reduced_motion_means_no_transitions(lab):
    page = lab.open("motion.ipynb", [IMPORTS, "viz.show(samples.reuse())"])
    viewer = Viewer(page)
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert _style(viewer.node("x").locator(".mtf-shape"), "transitionDuration") == "0s"


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
    assert _style(slider, "outlineStyle") == "solid"


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


def test_a_step_is_fast(lab):
    page = lab.open("fast.ipynb", [IMPORTS, "viz.show(samples.chain(40), predict=False)"])
    viewer = Viewer(page)
    page.evaluate("""() => {
      const root = document.querySelector('.mtf-viewer');
      window.pressed = 0; window.times = [];
      document.addEventListener('keydown', () => { pressed = performance.now(); }, true);
      new MutationObserver(() => times.push(performance.now() - pressed))
        .observe(root, { attributeFilter: ['data-step'] });
    }""")
    viewer.focus()
    viewer.press(*["ArrowRight"] * 30)
    times = sorted(page.evaluate("window.times"))
    assert len(times) == 30
    print(f"step latency: median {times[15]:.1f} ms, max {times[-1]:.1f} ms")
    assert times[15] < 500  # only a guard against hanging; about 5 ms is usual


def test_pure_functions_of_the_module(lab):
    """Edge cases of reading answers, without the notebook around them."""
    page = lab.context.new_page()
    page.goto("about:blank")
    from minitf.viz.graph_viewer import GraphViewer

    found = page.evaluate(
        """async source => {
          const blob = new Blob([source], { type: 'text/javascript' });
          const m = await import(URL.createObjectURL(blob));
          const number = (answer, text) => m.isRight({ kind: 'number', answer }, text);
          return {
            right: [number(-1, '−1'), number(0.5, '1/2'), number(0.5, '0,5'), number('inf', 'inf'),
                    number('nan', 'NaN'), number(0.96875, '0.969'), number(0, '0')],
            wrong: [number(-1, '1'), number(1, ''), number('inf', '5'), number('-inf', 'inf'),
                    number(0, '0.1'), number(1, 'one'), number(1, '1/0')],
            sums: [m.sumText(['1', '-3'], 2, '-2'), m.sumText(['1'], 3, ''),
                   m.sumText(['1', '1'], 9, '')],
          };
        }""",
        str(GraphViewer._esm),
    )
    assert all(found["right"]), found["right"]
    assert not any(found["wrong"]), found["wrong"]
    assert found["sums"] == ["Σ 1 + (-3) = -2", "Σ 1 + ? + ?", "Σ 2 of 9"]
