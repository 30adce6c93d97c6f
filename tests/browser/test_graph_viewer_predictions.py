"""GraphViewer's questions in JupyterLab: what is asked, when, and what stays hidden until then."""

from viewer_page import Viewer

IMPORTS = "import samples\nfrom minitf import viz"


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
    viewer.press("Tab", "Tab", "Enter")  # Check, Show me
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
    page.wait_for_function("document.querySelector('.mtf-graph-viewer').dataset.step === '3'")
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
    viewer.root.get_by_role("button", name="Show me").click()
    assert "x → square → y: 3 × 1 = 3" in detail.inner_text()
    assert "Sum over paths: ∂y/∂x = 7" in detail.inner_text()
    assert "visits 4 arrows" in detail.inner_text()
    assert viewer.root.locator(".mtf-edge.mtf-is-lit").count() == 4
    detail.locator("li").first.focus()
    assert viewer.root.locator(".mtf-edge.mtf-is-lit").count() == 1
    viewer.press("Escape")
    assert detail.is_hidden()
    viewer.node("square").click()
    assert "square = x × x" in detail.inner_text()
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
    page.wait_for_function(
        "document.querySelectorAll('.mtf-graph-viewer')[0].dataset.phase === 'done'"
    )
    page.wait_for_function(
        "document.querySelectorAll('.mtf-graph-viewer')[0].dataset.playing === 'false'"
    )
    second.root.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "document.querySelectorAll('.mtf-graph-viewer')[1].dataset.asking === 'b'"
    )
    assert second.root.get_attribute("data-playing") == "false"
    page.keyboard.type("1")
    second.press("Enter")
    page.wait_for_function(
        "document.querySelectorAll('.mtf-graph-viewer')[1].dataset.phase === 'done'"
    )
    lab.check(page)


def test_pure_functions_of_the_module(lab):
    """Edge cases of reading answers, without the notebook around them."""
    page = lab.context.new_page()
    page.goto("about:blank")
    from minitf.viz.widgets.graph_viewer import GraphViewer

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
