"""NumberLine16 in JupyterLab: prediction, slider, and steps of the optimizer."""

from widget_page import THEMES, WidgetPage, set_theme

CELLS = [
    "import minitf as tf\nline = tf.viz.NumberLine16([1e-9, 2e-8, 4e-8, 1e-6, 1e-4, 2.0, 300.0])\n"
    "line",
    "None",
]


def open_line(lab, name, cells=CELLS):
    return WidgetPage(lab.open(name, cells), "number_line16")


def test_the_slider_rescues_gradients_after_the_prediction(lab, tmp_path):
    widget = open_line(lab, "line16_slider.ipynb")
    assert widget.data("zeros") is None, "nothing is told before the prediction"
    widget.answer("about 6e-8, the smallest there is", "28.6")
    assert "rounded down" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("0", "25")
    widget.wait_for("zeros", 2)
    assert "2 of 7 (28.6 %) become 0" in widget.sentence()
    widget.control("loss times 2").focus()
    widget.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    widget.wait_for("exponent", 5)
    widget.wait_for("zeros", 0)
    assert "Nothing is lost; subnormal" in widget.sentence()
    widget.press("End")
    widget.wait_for("exponent", 40)
    assert widget.data("inf") == "4"
    assert ["smallest", "1e-9", "1100", "1e-9"] in widget.table()
    widget.drag_slider("loss times 2", 10)
    for theme in THEMES:
        set_theme(widget.page, theme)
        widget.screenshot(tmp_path, f"{theme.split()[1].lower()}_inf")
    widget.control("loss times 2").focus()
    widget.press(*["ArrowLeft"] * 6)
    widget.wait_for("exponent", 4)
    lab.check(widget.page)


def test_steps_are_skipped_until_the_scale_fits(lab, tmp_path):
    widget = open_line(lab, "line16_steps.ipynb")
    widget.show_me()
    widget.drag_slider("loss times 2", 9)
    widget.control("Back to the first").focus()
    widget.press("s")
    widget.answer("1024 times larger")
    assert "divides the gradients by the scale" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("the same")
    widget.wait_for("steps", 1)
    assert widget.data("skipped") == "1"
    assert widget.data("latency")
    assert "skips the step and halves the scale" in widget.sentence()
    widget.control("Back to the first").focus()
    widget.press("d")
    widget.wait_for("steps", 11)
    assert int(widget.data("skipped")) >= 3
    widget.wait_for_text("the step is 1 × the step of float32")
    widget.screenshot(tmp_path, "light_steps")
    widget.press("r")
    widget.wait_for("exponent", 0)
    assert widget.data("steps") is None
    lab.check(widget.page)
