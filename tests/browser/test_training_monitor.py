"""TrainingMonitor in JupyterLab: alive while the kernel is busy, and heard when it says stop."""

import pytest
from harness import READY, write_notebook
from widget_page import WidgetPage

MODEL = """import numpy as np, time, minitf as tf
tf.keras.utils.set_random_seed(0)
class Pause(tf.keras.callbacks.Callback):  # a training that takes a while
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.02)
x = np.random.default_rng(0).normal(size=(320, 4)).astype("float32")
y = x[:, :1] * 2 - x[:, 1:2]
layers = [tf.keras.layers.Dense(8, activation="tanh", name="hidden"),
          tf.keras.layers.Dense(1, name="out")]
model = tf.keras.Sequential(layers)
model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
monitor = tf.viz.TrainingMonitor()"""
FIT = "h = model.fit(x, y, epochs={}, verbose=0, callbacks=[monitor.callback, Pause()])\n"


def start(lab, name, *cells):
    """Runs all cells and does not wait for them."""
    write_notebook(lab.folder / name, [*cells, f"print({READY!r})"])
    page = lab.show(name)
    # in braces: the promise of the command would be waited for until all cells have run
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    return page


@pytest.mark.parametrize("how", ["key", "mouse"])
def test_it_lives_during_the_cell_and_its_button_stops_the_training(lab, tmp_path, how):
    page = start(
        lab,
        f"monitor_{how}.ipynb",
        MODEL,
        FIT.format(300) + "monitor",
        "print(len(h.epoch), 'run')",
    )
    widget = WidgetPage(page, "training_monitor")
    widget.wait_for("phase", "training")
    page.wait_for_function(
        "root => Number(root.dataset.points) > 10", arg=widget.root.element_handle()
    )
    widget.show_me()  # the kernel is busy: this needs none
    assert widget.root.locator(".mtf-strip").count() == 2
    widget.screenshot(tmp_path, "running")
    if how == "mouse":
        widget.button("Stop training (S)").click()
    else:
        widget.button("Table (T)").focus()
        widget.press("s")
    widget.wait_for("stop", "heard")
    page.locator(".jp-OutputArea-output pre", has_text=READY).wait_for(timeout=10_000)
    WidgetPage(page, "training_monitor").wait_for("phase", "stopped")
    epochs = int(page.locator("pre", has_text="run").first.inner_text().split()[0])
    assert epochs < 100
    assert page.locator(".mtf-widget").count() == 1, "shown once, above"
    assert "shown above" in page.locator(".jp-Notebook").inner_text()
    lab.check(page)


def test_shown_in_a_cell_of_its_own(lab):
    page = start(lab, "monitor_own.ipynb", MODEL, "monitor", FIT.format(2))
    page.locator(".jp-OutputArea-output pre", has_text=READY).wait_for(timeout=60_000)
    widget = WidgetPage(page, "training_monitor")
    widget.wait_for("phase", "finished")
    assert page.locator(".mtf-widget").count() == 1
    assert widget.data("at") == "19"
    widget.show_me()
    assert widget.sentence().startswith("Finished, step 20 of 20, epoch 2 of 2: loss")
    rows = widget.table()
    assert [row[0] for row in rows[1:21]] == [str(k) for k in range(20)]
    lab.check(page)


def test_a_loop_of_ones_own_and_nan(lab, tmp_path):
    loop = """w = tf.Variable(3.0, name="w")
b = tf.Variable(1.0, name="b")
for step in range(60):
    with tf.GradientTape() as tape:
        loss = (w * b) ** 4
    gradients = tape.gradient(loss, [w, b])
    monitor.log(step, loss=loss, gradients=zip(gradients, [w, b]))
    for v, g in zip([w, b], gradients):
        v.assign_sub(0.1 * g)
monitor"""
    page = start(lab, "monitor_loop.ipynb", MODEL, loop)
    page.locator(".jp-OutputArea-output pre", has_text=READY).wait_for(timeout=60_000)
    widget = WidgetPage(page, "training_monitor")
    widget.wait_for("phase", "finished")
    widget.show_me()
    assert "was no longer a finite number at step" in widget.sentence()
    widget.screenshot(tmp_path, "nan")
    lab.check(page)


def test_an_interrupted_cell_leaves_the_monitor_in_order(lab):
    page = start(lab, "monitor_interrupt.ipynb", MODEL, "monitor", FIT.format(500))
    widget = WidgetPage(page, "training_monitor")
    widget.wait_for("phase", "training")
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    widget.wait_for("phase", "interrupted")
    assert widget.button("Stop training (S)").is_disabled()
