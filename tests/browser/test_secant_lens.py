"""SecantLens in JupyterLab: the step is guessed, then moved by mouse and by keyboard."""

from widget_page import WidgetPage

CELLS = ["import minitf as tf\ntf.viz.SecantLens(lambda x: x**3, x=2.0)", "None"]


def test_the_errors_appear_after_the_guess(lab):
    widget = WidgetPage(lab.open("lens_guess.ipynb", CELLS), "secant_lens")
    curves = widget.root.locator('[data-layer="float32"], [data-layer="float64"]')
    assert curves.count() == 0
    widget.answer("1e-9")
    assert "differ in their last digits only" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("1")
    assert "the curve bends" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("1e-3")
    assert curves.count() == 2
    assert "12 is right" in widget.sentence()
    widget.control("step").focus()
    widget.press("Home")
    # ((2 + 1)³ - (2 - 1)³) / 2 = 13
    assert "Step 1: the slope is 13 in float32 and 13 in float64" in widget.sentence()
    widget.press("ArrowRight")
    assert widget.data("step") == "1"
    widget.press(*["ArrowRight"] * 6)
    assert widget.data("step") == "7"
    box = widget.control("step").bounding_box()
    widget.control("step").click(position={"x": box["width"] - 4, "y": box["height"] / 2})
    assert "the slope is 0 in float32" in widget.sentence()
    assert widget.table()[1] == ["1", "13", "1", "13", "1"]
    lab.check(widget.page)
