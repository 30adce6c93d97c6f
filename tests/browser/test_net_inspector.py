"""NetInspector in JupyterLab: guess, layers and units by keys and mouse, filters, dead units."""

from widget_page import WidgetPage, set_theme

CONV = """import minitf as tf
tf.keras.utils.set_random_seed(2)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_subset()
L = tf.keras.layers
model = tf.keras.Sequential([tf.keras.Input((28, 28, 1)),
  L.Conv2D(8, 3, activation="relu", name="first"), L.MaxPooling2D(name="pool"),
  L.Conv2D(16, 3, activation="relu", name="second"), L.MaxPooling2D(name="pool2"),
  L.Flatten(name="flat"), L.Dense(10, name="logits")])
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.005), loss)
model.fit(x[:2000, ..., None] / 255, y[:2000], batch_size=50, verbose=0)
tf.viz.NetInspector(model, xt[:50, ..., None] / 255, yt[:50])"""
DENSE = """import numpy as np, minitf as tf
tf.keras.utils.set_random_seed(1)
(x, y), (xt, yt) = tf.keras.datasets.mnist.load_subset()
L = tf.keras.layers
model = tf.keras.Sequential([tf.keras.Input((28, 28)), L.Flatten(name="flat"),
  L.Dense(128, activation="relu", name="hidden"), L.Dense(10, name="logits")])
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.002), loss)
model.fit(x / 255, y, batch_size=50, epochs=2, verbose=0)
model.layers[1].bias.assign(np.where(np.arange(128) == 3, -1e3, model.layers[1].bias))
tf.viz.NetInspector(model, xt[:50] / 255, yt[:50])"""


def open_inspector(lab, name, code):
    page = lab.open(name, [code, "None"])
    return page, WidgetPage(page, "net_inspector")


def test_the_net_is_opened_by_a_guess(lab):
    page, widget = open_inspector(lab, "inspect_guess.ipynb", CONV)
    widget.wait_for("asking", "image 0")
    assert widget.data("reads") is None
    assert widget.root.locator(".mtf-units").is_hidden()
    widget.answer("8")
    assert "not 8" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("0")
    widget.wait_for("reads", 0)
    assert "label is 0: right" in widget.sentence()
    assert widget.root.locator(".mtf-units [role=option]").count() == 8
    shares = widget.root.locator(".mtf-net-box").first.locator(".mtf-net-number").all_inner_texts()
    assert len(shares) == 3
    lab.check(page)


def test_images_layers_and_units_by_keyboard(lab, tmp_path):
    page, widget = open_inspector(lab, "inspect_keys.ipynb", CONV)
    widget.show_me()
    widget.wait_for("layer", "first")
    widget.control("Look inside").focus()
    widget.press("ArrowDown", "ArrowDown")
    widget.wait_for("layer", "second")
    assert "16 maps of 11 × 11" in widget.sentence()
    widget.wait_for("filters", 8)
    widget.control("Units of second").focus()
    widget.press("ArrowRight", "ArrowRight", "ArrowRight")
    widget.wait_for("unit", 3)
    assert "Unit 3 of second gives a map from 0" in widget.sentence()
    widget.screenshot(tmp_path, "second_layer")
    widget.press("t")
    captions = widget.root.locator(".mtf-table caption").all_inner_texts()
    assert "Weights of unit 3 of second, picture 7" in captions
    widget.press("t")
    widget.control("Look inside").focus()
    widget.press("ArrowRight")
    widget.wait_for("image", 1)
    widget.wait_for("phase", "asking")
    assert widget.root.locator(".mtf-units").is_hidden()
    widget.press("l")
    widget.wait_for("asking", "image 1")
    widget.show_me()
    widget.wait_for("layer", "second")
    assert widget.data("latency")
    widget.control("Look inside").focus()
    widget.press("ArrowUp", "ArrowUp")
    widget.wait_for("layer", "first")
    lab.check(page)


def test_weight_images_and_dead_units(lab, tmp_path):
    page, widget = open_inspector(lab, "inspect_dense.ipynb", DENSE)
    widget.show_me()
    widget.button("Layer hidden").click()
    widget.wait_for("layer", "hidden")
    assert widget.root.locator(".mtf-is-dead").count() >= 1
    assert "crossed out" in widget.sentence()
    widget.root.locator("[role=option]").nth(3).click()
    assert "It is dead" in widget.sentence()
    widget.control("show").select_option("filters")
    page.wait_for_function(
        "root => root.querySelector('.mtf-units canvas').width === 28",
        arg=widget.root.element_handle(),
    )
    widget.wait_for("filters", 1)
    widget.screenshot(tmp_path, "filters")
    set_theme(page, "JupyterLab Dark")
    widget.control("show").select_option("activations")
    widget.screenshot(tmp_path, "strip_dark")
    widget.button("Layer logits").click()
    assert widget.root.locator(".mtf-units small").all_inner_texts() == [str(k) for k in range(10)]
    widget.screenshot(tmp_path, "logits_dark")
    widget.button("Layer hidden").click()
    rows = widget.table()
    assert ["hidden", "(128,)", "(784, 128) (128,)"] in [row[:3] for row in rows]
    lab.check(page)


def test_saliency_of_another_class(lab):
    page, widget = open_inspector(lab, "inspect_saliency.ipynb", DENSE)
    widget.show_me()
    caption = widget.root.locator("figcaption", has_text="logit of").first
    assert "logit of 0" in caption.inner_text()
    widget.control("saliency of").select_option("5")
    widget.root.locator("figcaption", has_text="logit of 5").wait_for()
    widget.press("s")
    lab.check(page)


def test_the_slider_chooses(lab):
    page, widget = open_inspector(lab, "inspect_slider.ipynb", DENSE)
    widget.drag_slider("image", 3.0, 5.0, 7.0)
    widget.wait_for("image", 7)
    widget.wait_for_text("Image 7 of 50")
    lab.check(page)
