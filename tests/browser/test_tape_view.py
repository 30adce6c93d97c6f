"""TapeView in JupyterLab: rows appear, questions come first, the tape is read backwards."""

from widget_page import THEMES, WidgetPage, set_theme

IMPORT = "import minitf as tf"
ONE = """w, b = tf.Variable(3.0), tf.Variable(1.0)
def loss_of(x, y_true):
    error = y_true - (x * w + b)
    return tf.abs(error)
view = tf.viz.TapeView(loss_of, 2.0, 4.0); view"""
TWO = """def cube(x):
    return x * x * x
tf.viz.TapeView(cube, 2.0, order=2)"""


def rows(widget, tape=0):
    table = widget.root.locator(".mtf-tape").nth(tape)
    return [r.inner_text().split("\t") for r in table.locator("tbody tr:visible").all()]


def test_the_table_fills_and_is_read_backwards(lab, tmp_path):
    page = lab.open("tape_one.ipynb", [IMPORT, ONE, "print(view.predictions)"])
    widget = WidgetPage(page, "tape_view")
    assert rows(widget) == []
    widget.button("Step forward (Right)").click()
    assert [row[1] for row in rows(widget)] == ["w"]
    widget.root.locator(".mtf-listing").focus()
    widget.press(*["ArrowRight"] * 5)
    assert [row[1] for row in rows(widget)] == ["w", "mul", "b", "add", "error", "y"]
    assert "y = |error| = 3" in widget.sentence()
    lit = widget.root.locator(".mtf-listing .mtf-is-now")
    assert "return tf.abs(error)" in lit.inner_text()
    assert "bytes kept" in widget.root.locator(".mtf-tape-head").inner_text()
    widget.screenshot(tmp_path, "filled")

    widget.press("ArrowRight")
    assert widget.data("asking") == "0.first 0.gradient"
    widget.answer("row 1", "2")
    assert "which row made it" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("row 6", "2")
    assert widget.data("asking") is None
    assert widget.data("phase") == "seed"
    assert widget.sentence().startswith("Your prediction is right.")
    widget.press("ArrowRight", "ArrowRight")
    assert rows(widget)[-1][-1] == "1"
    assert rows(widget)[-2][-1] == "-1"
    assert "(-1) × (-1) = 1" in widget.root.locator(".mtf-rule").inner_text()
    for theme in THEMES:
        set_theme(page, theme)
        widget.screenshot(tmp_path, f"reading_{theme.split()[1].lower()}")
    widget.press("End")
    found = widget.root.locator(".mtf-arrived").inner_text()
    assert "w 2" in found and "x 3" in found and "b 1" in found and "y_true -1" in found
    assert "0 bytes kept" in widget.root.locator(".mtf-tape-head").inner_text()
    assert widget.data("phase") == "done"
    lab.check(page)


def test_two_tapes_the_outer_one_writes_while_the_inner_one_is_read(lab, tmp_path):
    page = lab.open("tape_two.ipynb", [IMPORT, TWO])
    widget = WidgetPage(page, "tape_view")
    widget.root.locator(".mtf-listing").focus()
    widget.press("ArrowRight", "ArrowRight")
    assert len(rows(widget, 0)) == len(rows(widget, 1)) == 2
    widget.press("ArrowRight")
    assert widget.data("asking") == "0.outer"
    widget.screenshot(tmp_path, "two_asking")
    widget.answer("it writes down that computation")
    widget.press("ArrowRight")
    assert len(rows(widget, 0)) == 2
    assert len(rows(widget, 1)) > 2
    assert "itself recorded" in widget.sentence()
    for theme in THEMES:
        set_theme(page, theme)
        widget.screenshot(tmp_path, f"two_{theme.split()[1].lower()}")
    widget.press("End")
    assert widget.data("asking") == "0.first 0.gradient"
    last = rows(widget, 1)[-1][0]
    widget.answer(f"row {last}", "12")
    assert widget.data("phase") == "done"
    assert "x 12" in widget.root.locator(".mtf-arrived").nth(1).inner_text()
    widget.screenshot(tmp_path, "two_end")

    widget.control("inner gradient").select_option("1")
    assert widget.data("step") == "0"
    widget.press("End")
    widget.answer("it stays as it is")
    widget.answer("None")
    assert "The gradient is None" in widget.sentence()
    assert len(rows(widget, 1)) == 2
    widget.screenshot(tmp_path, "two_outside")
    lab.check(page)
