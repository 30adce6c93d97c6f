"""LossSurface in JupyterLab: start by click and keys, dials, divergence, steps, a real net."""

from widget_page import WidgetPage

CELLS = [
    """import minitf as tf
def ravine(x, y):
    return x**2 / 2 + 5 * y**2
sgd = tf.keras.optimizers.SGD(0.1)
tf.viz.LossSurface(ravine, start=(-2, 2), optimizers=[sgd, "adam"], steps=30)""",
    "None",
]
NET = """import numpy as np, minitf as tf
tf.keras.utils.set_random_seed(0)
x = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
layers = [tf.keras.layers.Dense(16, activation="tanh"), tf.keras.layers.Dense(1)]
model = tf.keras.Sequential(layers)
model.compile(tf.keras.optimizers.Adam(0.01), "mse")
model.fit(x, np.sin(3 * x), epochs=60, verbose=0)
tf.viz.LossSurface.of_model(model, "mse", (x, np.sin(3 * x)))"""


def open_surface(lab, name):
    page = lab.open(name, CELLS)
    widget = WidgetPage(page, "loss_surface")
    return page, widget


def test_the_race_is_shown_after_a_prediction(lab):
    page, widget = open_surface(lab, "surface_guess.ipynb")
    assert widget.data("best") is None
    assert widget.root.locator('[data-layer="path 0"]').count() == 0
    widget.answer("Adam")
    assert "not Adam" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("SGD")
    widget.wait_for("best", "SGD")
    assert widget.root.locator('[data-layer="path 1"]').count() == 1
    lab.check(page)


def test_a_click_and_the_arrow_keys_set_the_start(lab):
    page, widget = open_surface(lab, "surface_start.ipynb")
    widget.show_me()
    hill = widget.control("Contours of the loss")
    box = hill.bounding_box()
    hill.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.3})
    page.wait_for_function(
        "root => root.dataset.raced", arg=widget.root.element_handle(), timeout=20_000
    )
    x, y = map(float, widget.data("raced").split(","))
    assert -1 < x < 1
    assert 0.5 < y < 2.5
    hill.focus()
    widget.press("ArrowRight")
    page.wait_for_function(
        "([root, x]) => Number(root.dataset.raced.split(',')[0]) > x + 0.1",
        arg=[widget.root.element_handle(), x],
        timeout=20_000,
    )
    assert f"From ({float(widget.data('raced').split(',')[0]):.3g}" in widget.sentence()
    assert widget.data("latency")
    lab.check(page)


def test_a_large_learning_rate_is_called_divergence(lab):
    page, widget = open_surface(lab, "surface_rate.ipynb")
    widget.show_me()
    widget.control("learning rate").focus()
    for _ in range(30):
        widget.press("ArrowRight")
    widget.wait_for("phase", "diverged")
    assert "SGD diverged at step" in widget.sentence()
    widget.control("clipping").select_option("clipvalue")
    widget.drag_slider("to at most", -1.0)
    widget.wait_for("phase", "descending")
    assert "diverged" not in widget.sentence()
    lab.check(page)


def test_stepping_follows_the_formula(lab):
    page, widget = open_surface(lab, "surface_steps.ipynb")
    widget.show_me()
    widget.button("First step (Home)").click()
    assert widget.data("now") == "-2,2"
    widget.press("ArrowRight")
    # x − 0.1 · x = −1.8 and y − 0.1 · 10 · y = 0
    assert widget.data("now") == "-1.8,0"
    # y has arrived; x − 0.1 · x = 0.9 x, five times more
    widget.press(*["ArrowRight"] * 5)
    assert widget.data("now") == "-1.06,0"
    assert [r[:3] for r in widget.table()[1:3]] == [["0", "-2", "2"], ["1", "-1.8", "0"]]
    lab.check(page)


def test_a_slice_of_a_net(lab, tmp_path):
    page = lab.open("surface_net.ipynb", [NET, "None"])
    widget = WidgetPage(page, "loss_surface")
    widget.show_me()
    paths = widget.root.locator('[data-layer^="path "]')
    assert paths.count() == 4, "without a list of optimizers four of them race"
    widget.screenshot(tmp_path, "net")
    hill = widget.control("Contours of the loss")
    hill.focus()
    widget.press("ArrowLeft")
    page.wait_for_function(
        "root => root.dataset.raced", arg=widget.root.element_handle(), timeout=20_000
    )
    assert "direction 1" in " ".join(widget.table()[0] + widget.table()[1])
    lab.check(page)
