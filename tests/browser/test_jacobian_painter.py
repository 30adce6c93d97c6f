"""JacobianPainter in JupyterLab: by mouse and by keyboard, rows and columns."""

from widget_page import THEMES, WidgetPage, set_theme

CELLS = [
    """import minitf as tf
def f(x):
    return tf.stack([x[0] * x[1], tf.sin(x[2]) + x[3], tf.reduce_sum(x * x)])
tf.viz.JacobianPainter(f, tf.constant([1.0, 2.0, 3.0, -4.0]))""",
    "None",
]


def open_painter(lab, name, cells=CELLS):
    return WidgetPage(lab.open(name, cells), "jacobian_painter")


def cells_of(widget):
    rows = widget.root.locator(".mtf-jacobian tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def test_painted_by_mouse_after_the_prediction(lab, tmp_path):
    widget = open_painter(lab, "jacobian_mouse.ipynb")
    assert widget.data("asking") == "cheaper passes"
    widget.answer("columns, by forward passes", "4")
    assert "there are 4 inputs" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("rows, by reverse passes", "3")
    widget.control("Paint the row of y[2]").click()
    widget.wait_for("reverse", 1)
    assert widget.data("latency")
    assert cells_of(widget) == [["?"] * 4, ["?"] * 4, ["2", "4", "6", "-8"]]
    widget.control("Paint the column of x[1]").click()
    widget.wait_for("forward", 1)
    assert cells_of(widget)[0] == ["?", "1", "?", "?"]
    assert widget.data("known") == "6"
    assert "move x[1] by 1 and nothing else" in widget.sentence()
    for theme in THEMES:
        set_theme(widget.page, theme)
        widget.screenshot(tmp_path, f"{theme.split()[1].lower()}_half")
    lab.check(widget.page)


def test_painted_by_keyboard_and_compared_with_the_tape(lab, tmp_path):
    widget = open_painter(lab, "jacobian_keys.ipynb")
    widget.show_me()
    widget.button("Clear").focus()
    widget.press("r")
    widget.wait_for("reverse", 1)
    widget.press("r")
    widget.wait_for("reverse", 2)
    widget.press("r")
    widget.wait_for_text("The matrix is complete after 3 reverse passes. Fewer is not possible")
    widget.press("j")
    widget.wait_for("agrees", "true")
    assert "tape.jacobian ran 3 reverse passes" in widget.sentence()
    widget.screenshot(tmp_path, "light_full")
    assert widget.table()[2] == ["y[1]", "-3.86", "0", "0", "-0.99", "1"]
    widget.button("Clear").click()
    widget.wait_for("known", 0)
    for k in range(1, 5):
        widget.press("c")
        widget.wait_for("forward", k)
    widget.wait_for_text("3 passes would do: rows")
    lab.check(widget.page)


def test_a_function_that_changes_is_named(lab):
    cells = [
        "import minitf as tf\nf = lambda x: x * tf.random.normal([2])\n"
        "tf.viz.JacobianPainter(f, [1.0, 2.0])",
        "None",
    ]
    widget = open_painter(lab, "jacobian_random.ipynb", cells)
    widget.show_me()
    widget.button("Clear").focus()
    widget.press("r")
    widget.wait_for("reverse", 1)
    widget.press("c")
    widget.wait_for_text("does the function give the same result on every call?")
    lab.check(widget.page)


def test_a_large_matrix_is_readable(lab, tmp_path):
    cells = [
        "import minitf as tf\nW = tf.sin(tf.reshape(tf.range(300.0), [10, 30]))\n"
        "tf.viz.JacobianPainter(lambda x: tf.tanh(tf.linalg.matvec(W, x)), tf.ones([30]) * 0.1)",
        "None",
    ]
    widget = open_painter(lab, "jacobian_large.ipynb", cells)
    widget.show_me()
    widget.button("Clear").focus()
    for k in range(1, 11):
        widget.press("r")
        widget.wait_for("reverse", k)
    assert widget.data("known") == "300"
    widget.root.locator(".mtf-jacobian tbody td").nth(5).hover()
    assert "∂y[0]/∂x[5] = " in widget.root.locator(".mtf-readout").inner_text()
    widget.screenshot(tmp_path, "light_large")
    lab.check(widget.page)
