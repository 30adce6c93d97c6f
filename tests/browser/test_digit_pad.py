"""DigitPad in JupyterLab: drawing, clearing, the strip by keyboard, saliency."""

from widget_page import WidgetPage, set_theme

MODEL = """import minitf as tf
tf.keras.utils.set_random_seed(1)
(images, labels), _ = tf.keras.datasets.mnist.load_subset()
layers = [tf.keras.Input((28, 28)), tf.keras.layers.Flatten()]
layers += [tf.keras.layers.Dense(64, activation="relu"), tf.keras.layers.Dense(10)]
model = tf.keras.Sequential(layers)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.003), loss)
model.fit(images / 255, labels, batch_size=50, epochs=3, verbose=0)
tf.viz.DigitPad(model)"""
ONE = [(0.5, 0.15), (0.5, 0.85)]
SEVEN = [(0.3, 0.2), (0.68, 0.2), (0.45, 0.85)]


def open_pad(lab, name, code=MODEL):
    page = lab.open(name, [code, "None"])
    return page, WidgetPage(page, "digit_pad")


def probabilities(widget):
    return widget.root.locator(".mtf-digit-row > span:last-child").all_inner_texts()


def test_drawn_digits_are_read(lab, tmp_path):
    page, widget = open_pad(lab, "pad_draw.ipynb")
    assert "Draw something" in widget.sentence()
    assert widget.data("phase") == "empty"
    widget.draw("Drawing area", ONE)
    widget.wait_for("reads", 1)
    assert "your drawing as 1" in widget.sentence()
    assert widget.root.locator(".mtf-ink path").count() == 1
    widget.button("Clear (X)").click()
    assert widget.data("phase") == "empty"
    assert probabilities(widget) == ["–"] * 10
    widget.draw("Drawing area", SEVEN)
    widget.wait_for("reads", 7)
    assert widget.data("latency")
    widget.screenshot(tmp_path, "drawn")
    rows = widget.table()
    assert rows[0] == ["digit", "logit", "probability"]
    picture = [[int(x) for x in row[1:]] for row in rows[12:40]]
    assert max(map(max, picture)) > 200
    assert sum(picture[0]) == sum(picture[1]) == 0
    lab.check(page)


def test_undo_and_the_pen_that_only_touches(lab):
    page, widget = open_pad(lab, "pad_undo.ipynb")
    widget.draw("Drawing area", ONE)
    widget.wait_for("reads", 1)
    widget.draw("Drawing area", [(0.2, 0.5)])
    assert widget.root.locator(".mtf-ink path").count() == 2
    widget.press("z", "z")
    assert widget.data("phase") == "empty"
    lab.check(page)


def test_the_strip_asks_first_and_works_by_keyboard(lab, tmp_path):
    page, widget = open_pad(lab, "pad_strip.ipynb")
    widget.control("Sample digits").focus()
    widget.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    assert widget.data("chosen") == "2"
    widget.press("Enter")
    widget.wait_for("asking", "sample 3")
    assert probabilities(widget) == ["?"] * 10
    assert widget.data("reads") is None
    widget.screenshot(tmp_path, "sample_asking")
    widget.answer("7")
    assert "not 7" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("2")
    widget.wait_for("reads", 2)
    assert "labelled 2: right" in widget.sentence()
    assert sum(float(p.strip("<> %")) for p in probabilities(widget)) > 99
    widget.press("5")
    widget.wait_for_text("The logit of 5 depends most")
    set_theme(page, "JupyterLab Dark")
    widget.button("Show the saliency's sign (S)").click()
    widget.screenshot(tmp_path, "sample_dark")
    lab.check(page)


def test_drawing_after_a_sample_begins_anew(lab):
    page, widget = open_pad(lab, "pad_after.ipynb")
    widget.root.locator("[role=option]").nth(4).click()
    widget.wait_for("asking", "sample 5")
    widget.draw("Drawing area", ONE)
    widget.wait_for("reads", 1)
    assert widget.data("asking") is None
    lab.check(page)


def test_a_function_without_a_tape_says_so(lab):
    code = "import numpy as np, minitf as tf\nw = np.random.default_rng(0).normal(size=(784, 10))\n"
    code += "tf.viz.DigitPad(lambda x: x.numpy().reshape(784) @ w)"
    page, widget = open_pad(lab, "pad_numpy.ipynb", code)
    widget.draw("Drawing area", ONE)
    widget.wait_for_text("saliency=function")
    assert widget.problem() == ""
    lab.check(page)
