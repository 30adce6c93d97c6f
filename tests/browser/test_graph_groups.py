"""Layers that fold, source lines that light up, and large graphs, in JupyterLab."""

from viewer_page import Viewer
from widget_page import WidgetPage

NET = """
import minitf as tf
tf.keras.utils.set_random_seed(0)
depth = {depth}
layers = [tf.keras.layers.Dense(3, activation="tanh", name=f"layer_{{k}}") for k in range(depth)]
model = tf.keras.Sequential(layers)
x = tf.ones((4, 2))
model(x)
with tf.inspect.origins(), tf.GradientTape() as tape:
    y = model(x)
    error = tf.square(y - 1.0)
    loss = tf.reduce_mean(error)
viewer = tf.viz.show(tape, loss, predict=False)
viewer
"""


def test_groups_fold_and_open_by_keyboard(lab, tmp_path):
    page = lab.open("groups.ipynb", [NET.format(depth=2)])
    viewer, widget = Viewer(page), WidgetPage(page, "graph_viewer")
    frames = viewer.root.locator(".mtf-group-frame")
    assert frames.count() == 2
    everything = viewer.root.locator(".mtf-node").count()
    widget.screenshot(tmp_path, "groups_open")
    viewer.focus()
    viewer.press("g")
    widget.wait_for("closed", "layer_0 layer_1")
    assert frames.count() == 0
    boxes = viewer.root.locator(".mtf-node.mtf-group")
    assert boxes.locator(".mtf-name").all_text_contents() == ["layer_0", "layer_1"]
    assert viewer.root.locator(".mtf-node").count() < everything
    viewer.press("End")
    assert viewer.phase() == "done"
    image = boxes.first.locator(".mtf-grad image")
    assert image.get_attribute("visibility") == "visible"
    widget.screenshot(tmp_path, "groups_folded")
    widget.control("Look at a node").select_option(label="group layer_1")
    detail = viewer.root.locator(".mtf-detail")
    assert "its gradient is what arrives at the box" in detail.inner_text()
    widget.button("Open group layer_1").focus()
    viewer.press("Enter")
    widget.wait_for("closed", "layer_0")
    assert frames.count() == 1
    assert viewer.phase() == "done"
    lab.check(page)


def test_the_line_that_made_a_node_is_lit(lab, tmp_path):
    page = lab.open("lines.ipynb", [NET.format(depth=1)])
    viewer, widget = Viewer(page), WidgetPage(page, "graph_viewer")
    lines = viewer.root.locator(".mtf-code li code").all_text_contents()
    assert lines == ["y = model(x)", "error = tf.square(y - 1.0)", "loss = tf.reduce_mean(error)"]
    lit = viewer.root.locator(".mtf-code li.mtf-is-now code")
    assert lit.count() == 0
    viewer.focus()
    viewer.press("ArrowRight")
    assert lit.all_text_contents() == ["y = model(x)"]
    while viewer.phase() != "reverse":
        viewer.press("ArrowRight")
    assert lit.all_text_contents() == ["loss = tf.reduce_mean(error)"]
    widget.screenshot(tmp_path, "lines")
    viewer.press("Home")
    viewer.root.locator(".mtf-code li").nth(1).focus()
    chosen = viewer.root.locator(".mtf-node.mtf-is-selected .mtf-name").all_text_contents()
    assert "error" in chosen
    assert "loss" not in chosen
    lab.check(page)


def test_two_hundred_nodes_are_folded_at_first(lab, tmp_path):
    page = lab.open("large.ipynb", [NET.format(depth=40), "print(len(viewer.spec.nodes), 'nodes')"])
    viewer, widget = Viewer(page), WidgetPage(page, "graph_viewer")
    assert int(page.get_by_text(" nodes").last.inner_text().split()[0]) >= 200
    assert viewer.root.locator(".mtf-node").count() < 60
    widget.screenshot(tmp_path, "large_folded")
    viewer.focus()
    viewer.press(*["ArrowRight"] * 30)
    assert widget.data("step") == "30"
    viewer.press("g")
    widget.wait_for("closed", "")
    assert viewer.root.locator(".mtf-node").count() >= 200
    viewer.focus()
    viewer.press(*["ArrowLeft"] * 10)
    assert widget.data("step") == "20"
    widget.screenshot(tmp_path, "large_open")
    lab.check(page)
