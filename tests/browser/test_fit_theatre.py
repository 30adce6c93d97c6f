"""FitTheatre in JupyterLab: steps, a new learning rate, predicting the next step, a boundary."""

from widget_page import WidgetPage, set_theme

LINE = """import numpy as np, minitf as tf
x = np.array([-1.0, 0.0, 1.0, 2.0], np.float32)
y = 2 * x + 1
w, b = tf.Variable(0.0, name="w"), tf.Variable(0.0, name="b")
def line(x):
    return w * x + b
tf.viz.FitTheatre(x, y, line, optimizer=tf.keras.optimizers.SGD(0.1), steps=20)"""
NET = """import numpy as np, minitf as tf
tf.keras.utils.set_random_seed(0)
points = np.random.default_rng(0).normal(size=(80, 2)).astype("float32")
inside = (np.hypot(points[:, 0], points[:, 1]) < 1.1).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(8, activation="tanh", name="hidden"),
                             tf.keras.layers.Dense(1, activation="sigmoid", name="out")])
tf.viz.FitTheatre(points, inside, model, "binary_crossentropy",
                  tf.keras.optimizers.Adam(0.1))"""


def test_a_line_is_stepped_predicted_and_kept(lab):
    page = lab.open("theatre_line.ipynb", [LINE, "print(f'{float(w):.3f} {float(b):.3f}')"])
    widget = WidgetPage(page, "fit_theatre")
    assert widget.root.locator('[data-layer="loss"]').count() == 0
    widget.answer("positive")
    widget.wait_for("step", 1)
    # ∂loss/∂w = mean of 2 (0 - y) x = -7, ∂loss/∂b = mean of -2 y = -4
    assert "w = 0.7" in widget.sentence()
    assert "b = 0.4" in widget.sentence()
    widget.button("Predict the next step (P)").focus()
    widget.press("p")
    widget.answer("5")
    assert "new w = w - rate · gradient" in widget.root.locator(".mtf-verdict").inner_text()
    widget.show_me()
    widget.wait_for("step", 2)
    widget.button("First step (Home)").focus()
    widget.press("Home", *["ArrowRight"] * 5)
    widget.wait_for("step", 5)
    widget.press("End")
    widget.wait_for("step", 20)
    widget.press("k")
    widget.wait_for("kept", 20)
    rows = widget.table()
    assert rows[1][:4] == ["0", "9", "0", "0"]
    assert rows[2][2:4] == ["0.7", "0.4"]
    page.locator(".jp-CodeCell").nth(1).click()
    page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    kept = page.locator(".jp-OutputArea-output pre", has_text=".").first
    page.wait_for_function("e => e.textContent !== '0.000 0.000'", arg=kept.element_handle())
    lab.check(page)


def test_a_new_rate_trains_anew_and_divergence_is_named(lab, tmp_path):
    page = lab.open("theatre_rate.ipynb", [LINE, "None"])
    widget = WidgetPage(page, "fit_theatre")
    widget.show_me()
    widget.drag_slider("learning rate", -0.5, -0.1, 0.5)
    page.wait_for_function(
        "root => (root.dataset.trained ?? '').startsWith('3.16:')",
        arg=widget.root.element_handle(),
    )
    widget.button("Last step (End)").click()
    assert float(widget.data("loss")) > 1e6
    widget.screenshot(tmp_path, "diverging")
    widget.press("r")
    widget.wait_for("step", 0)
    lab.check(page)


def test_a_boundary(lab, tmp_path):
    page = lab.open("theatre_net.ipynb", [NET, "None"])
    widget = WidgetPage(page, "fit_theatre")
    widget.screenshot(tmp_path, "net_asking")
    widget.show_me()
    widget.button("Last step (End)").click()
    widget.wait_for("step", 40)
    assert "Gradient norms: hidden" in widget.sentence()
    widget.screenshot(tmp_path, "net")
    lab.check(page)
    set_theme(page, "JupyterLab Dark")
    widget.screenshot(tmp_path, "net_dark")
