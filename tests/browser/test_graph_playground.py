"""GraphPlayground in JupyterLab: drag, read values, gradients and the check."""

from viewer_page import Viewer
from widget_page import WidgetPage

CELLS = [
    """
import minitf as tf

def f(x, w):
    inside = x * w - 2.0
    return tf.abs(inside)

widget = tf.viz.GraphPlayground(f, x=(-3, 3), w=2.0)
widget
"""
]


class Playground(Viewer):
    """The graph of a playground, read like a viewer's."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".mtf-graph-playground").first
        self.root.wait_for()


def check_rows(widget):
    rows = widget.root.locator(".mtf-check tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def test_gradients_are_hidden_until_the_sign_is_predicted(lab):
    page = lab.open("play_sign.ipynb", CELLS)
    widget, graph = WidgetPage(page, "graph_playground"), Playground(page)
    assert widget.data("asking") == "sign"
    assert graph.gradient("x") == "no gradient yet"
    assert check_rows(widget)[0][:3] == ["∂f/∂x", "?", "?"]
    widget.answer("negative")
    assert "does it grow or shrink" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("positive")
    assert graph.gradient("x") == "grad 2"
    assert graph.gradient("w") == "grad 1.5"
    assert check_rows(widget) == [
        ["∂f/∂x", "2", "2", "equal"],
        ["∂f/∂w", "1.5", "1.5", "equal"],
    ]
    lab.check(page)


def test_dragging_moves_values_and_gradients_but_no_node(lab, tmp_path):
    page = lab.open("play_drag.ipynb", CELLS)
    widget, graph = WidgetPage(page, "graph_playground"), Playground(page)
    widget.show_me()
    before = graph.node("f").locator(".mtf-shape").bounding_box()
    widget.drag_slider("x", 1.2, 0.6, 0.0, -0.6, -1.2)
    widget.wait_for("atx", -1.2)
    assert graph.value("x") == "value -1.2"
    assert graph.value("f") == "value 4.4"
    assert (graph.gradient("x"), graph.gradient("w")) == ("grad -2", "grad 1.2")
    assert graph.node("f").locator(".mtf-shape").bounding_box() == before
    label = graph.root.locator(".mtf-label[data-edge=e1] text").all_text_contents()
    assert label == ["∂mul/∂w", "= x = -1.2"]
    assert "f = 4.4, ∂f/∂x = -2" in widget.sentence()
    assert widget.data("latency")
    widget.screenshot(tmp_path, "dragged")
    widget.drag_slider("x", 1.0)  # the kink: x·w − 2 = 0
    widget.wait_for("atx", 1)
    assert graph.gradient("x") == "grad 0"
    lab.check(page)


def test_keyboard_alone(lab):
    page = lab.open("play_keys.ipynb", CELLS)
    widget, graph = WidgetPage(page, "graph_playground"), Playground(page)
    widget.show_me()
    widget.control("w").focus()
    widget.press("End")
    widget.wait_for("atw", 6)
    assert graph.value("f") == "value 7"
    widget.press("r")
    widget.wait_for("atw", 2)
    assert graph.value("f") == "value 1"
    rows = widget.table()
    assert ["w", "parameter", "2", "1.5"] in rows
    lab.check(page)


def test_another_branch_redraws_and_an_error_stays_calm(lab):
    cells = [
        """
import minitf as tf

def branch(x):
    if x > 1.0:
        raise ValueError("too large for me")
    return x * x if x > 0 else -x

tf.viz.GraphPlayground(branch, x=(-1, 2, 0.5), predict=False)
"""
    ]
    page = lab.open("play_branch.ipynb", cells)
    widget = WidgetPage(page, "graph_playground")
    texts = widget.root.locator(".mtf-node .mtf-text")
    assert texts.all_text_contents() == ["x²"] or "x × x" in texts.all_text_contents()
    widget.drag_slider("x", -0.5)
    widget.wait_for("atx", -0.5)
    assert texts.all_text_contents() == ["-x"]
    widget.drag_slider("x", 1.5)
    widget.root.locator(".mtf-problem", has_text="too large for me").wait_for()
    widget.drag_slider("x", -0.2)
    widget.wait_for("atx", -0.2)
    assert widget.problem() == ""
    lab.check(page)
