"""ForwardVsReverse in JupyterLab: both modes step together and count their passes."""

from widget_page import THEMES, WidgetPage, set_theme

CELLS = [
    """import minitf as tf
def f(x, w, b):
    product = x * w
    total = product + b
    square = total * total
    wave = tf.sin(product)
    return square, wave
tf.viz.ForwardVsReverse(f, 2.0, 3.0, 1.0)""",
    "None",
]


def open_modes(lab, name, cells=CELLS):
    return WidgetPage(lab.open(name, cells), "forward_vs_reverse")


def matrix(widget, mode):
    rows = widget.root.locator(f".mtf-mode-{mode} .mtf-mode-matrix tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def slots(widget, mode):
    """Node name -> what its derivative slot says."""
    found = {}
    for node in widget.root.locator(f".mtf-mode-{mode} .mtf-node").all():
        found[node.locator(".mtf-name").text_content()] = node.locator(".mtf-grad").text_content()
    return found


def test_passes_are_predicted_and_counted(lab, tmp_path):
    widget = open_modes(lab, "modes_passes.ipynb")
    assert widget.data("asking") == "forward reverse"
    widget.answer("2", "3")
    verdict = widget.root.locator(".mtf-verdict").inner_text()
    assert "a forward pass answers for one input" in verdict
    assert "a reverse pass answers for one output" in verdict
    widget.answer("3", "2")
    widget.wait_for("step", 1)
    widget.root.locator(".mtf-stage").first.focus()
    widget.press("ArrowRight")
    widget.wait_for("step", 2)
    assert "product moves by 3 × 1 + 2 × 0 = 3" in widget.sentence()
    assert slots(widget, "forward")["product"] == "tangent 3"
    assert slots(widget, "forward")["total"] == "tangent ?"
    widget.press("n")
    widget.wait_for("forward", 1)
    assert widget.data("reverse") == "1"
    assert matrix(widget, "forward") == [["42", "?", "?"], ["2.88", "?", "?"]]
    assert matrix(widget, "reverse") == [["42", "28", "14"], ["?", "?", "?"]]
    assert slots(widget, "reverse")["x"] == "grad 42"
    for theme in THEMES:
        set_theme(widget.page, theme)
        widget.screenshot(tmp_path, f"{theme.split()[1].lower()}_half")
    widget.root.locator(".mtf-stage").first.focus()
    widget.press("n")
    widget.wait_for("reverse", 2)
    widget.press("End")
    widget.wait_for("forward", 3)
    assert "Reverse mode is done." in widget.sentence()
    assert "Reverse mode needs fewer passes" in widget.sentence()
    assert matrix(widget, "forward") == matrix(widget, "reverse")
    widget.press("Home", " ")
    widget.wait_until(lambda: int(widget.data("step")) >= 2, "it does not play")
    assert widget.data("playing") == "true"
    widget.press(" ")
    assert widget.data("playing") == "false"
    lab.check(widget.page)


def test_arrays_and_a_wide_graph(lab, tmp_path):
    cells = [
        """import minitf as tf
W = tf.constant([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]])
def f(x):
    h = tf.linalg.matvec(W, x)
    a = tf.tanh(h)
    s = a * a
    mean = tf.reduce_mean(s)
    return tf.sqrt(mean + 1.0)
tf.viz.ForwardVsReverse(f, [0.1, 0.2, 0.3])""",
        "None",
    ]
    widget = open_modes(lab, "modes_arrays.ipynb", cells)
    widget.show_me()
    widget.root.locator(".mtf-stage").first.focus()
    widget.press("End")
    widget.wait_for("forward", 3)
    assert widget.data("reverse") == "1"
    assert matrix(widget, "forward") == matrix(widget, "reverse")
    assert "?" not in "".join(matrix(widget, "forward")[0])
    widget.screenshot(tmp_path, "light_arrays")
    widget.press("Home")
    widget.wait_for("step", 0)
    assert matrix(widget, "forward") == [["?", "?", "?"]]
    assert any(row[:1] == ["x"] and row[-1] == "?" for row in widget.table())
    lab.check(widget.page)
