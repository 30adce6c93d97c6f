"""TrainingMonitor without a browser: what is recorded, bounded memory, nan, stopping."""

import json
import math

import numpy as np
import pytest

import minitf as tf
from minitf.viz import training_record
from minitf.viz.training_record import TrainingRecord, by_layer, norm_of
from minitf.viz.widgets.training_monitor import TrainingMonitor


def small_model(rate=0.05):
    tf.keras.utils.set_random_seed(0)
    layers = [
        tf.keras.layers.Dense(4, activation="tanh", name="hidden"),
        tf.keras.layers.Dense(1, name="out"),
    ]
    model = tf.keras.Sequential(layers)
    model.compile(tf.keras.optimizers.SGD(rate), "mse")
    x = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
    return model, x, x[:, :1] - 2 * x[:, 1:2]


def test_fit_is_recorded_step_by_step():
    model, x, y = small_model()
    monitor = TrainingMonitor()
    model.fit(x, y, epochs=3, verbose=0, validation_split=0.5, callbacks=[monitor.callback])
    curves = monitor._data["metrics"]
    assert [step for step, _ in curves["loss"]] == [0, 1, 2]
    assert [step for step, _ in curves["val_loss"]] == [0, 1, 2]
    assert curves["loss"][-1][1] == pytest.approx(model.history.history["loss"][-1])
    assert list(monitor._data["norms"]) == ["hidden", "out"]
    assert monitor._data["status"] == "finished"
    json.dumps(monitor._data, allow_nan=False)


def test_norms_are_those_of_the_tape():
    model, x, y = small_model()
    model(x)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x) - y) ** 2)
    kernel, bias = tape.gradient(loss, model.layers[0].trainable_variables)
    expected = math.sqrt(float(tf.reduce_sum(kernel**2) + tf.reduce_sum(bias**2)))
    monitor = TrainingMonitor()
    model.fit(x, y, batch_size=64, verbose=0, callbacks=[monitor.callback])
    assert monitor._data["norms"]["hidden"][0][1] == pytest.approx(expected, rel=1e-4)


def test_the_model_is_as_before():
    model, x, y = small_model()
    monitor = TrainingMonitor()
    model.fit(x, y, verbose=0, callbacks=[monitor.callback])
    assert model.optimizer.observers == []
    watched = [w.numpy() for w in model.trainable_variables]
    model, x, y = small_model()
    model.fit(x, y, verbose=0)
    for w, other in zip(model.trainable_variables, watched, strict=True):
        np.testing.assert_array_equal(w.numpy(), other)


def test_a_second_fit_goes_on():
    model, x, y = small_model()
    monitor = TrainingMonitor()
    for _ in range(2):
        model.fit(x, y, verbose=0, callbacks=[monitor.callback])
    assert [step for step, _ in monitor._data["metrics"]["loss"]] == [0, 1, 2, 3]


def test_the_stop_button_ends_the_training_after_the_batch():
    model, x, y = small_model()
    monitor = TrainingMonitor()

    def press(batch, logs=None):
        monitor.answer_stop({})

    pressing = tf.keras.callbacks.LambdaCallback(on_train_batch_begin=press)
    model.fit(x, y, epochs=9, verbose=0, callbacks=[pressing, monitor.callback])
    assert monitor._data["status"] == "stopped"
    assert len(monitor._data["metrics"]["loss"]) == 1
    model.fit(x, y, epochs=2, verbose=0, callbacks=[monitor.callback])
    assert monitor._data["status"] == "finished", "the wish does not outlive its training"


def test_nan_is_named_once_with_its_step():
    model, x, y = small_model(rate=1e20)
    monitor = TrainingMonitor()
    with pytest.warns(UserWarning, match="nan"), np.errstate(all="ignore"):
        model.fit(x, y, epochs=3, verbose=0, callbacks=[monitor.callback])
    step, name = monitor._record.bad
    assert step >= 1
    assert f"The {name} was no longer a finite number at step {step}" in monitor.describe()
    assert monitor._data["bad"].startswith(f"The {name}")


@pytest.mark.parametrize("form", ["pairs", "dict", "list"])
def test_log_takes_gradients_in_every_form(form):
    w = tf.Variable([3.0, 4.0], name="w")
    gradient = tf.constant([3.0, 4.0])
    given = {"pairs": zip([gradient], [w], strict=True), "dict": {"w": gradient}}
    monitor = TrainingMonitor()
    monitor.log(0, loss=tf.constant(2.0), gradients=given.get(form, [gradient]), accuracy=0.5)
    monitor.flush()
    assert list(monitor._data["norms"].values()) == [[[0, 5.0]]]
    assert monitor._data["metrics"] == {"loss": [[0, 2.0]], "accuracy": [[0, 0.5]]}


def test_a_loop_of_ones_own_ends_with_its_cell():
    monitor = TrainingMonitor(steps=10)
    monitor.log(0, loss=2.0)
    assert monitor._data["total"] == 10
    monitor._cell_ended()
    assert monitor._data["status"] == "finished"
    monitor.log(1, loss=1.0)
    monitor.answer_stop({})
    monitor._cell_ended()
    assert monitor._data["status"] == "stopped"
    monitor.log(2, loss=0.5)
    assert not monitor.stop_wanted, "the wish does not outlive its training"


def test_log_says_what_is_wrong():
    monitor = TrainingMonitor()
    with pytest.raises(TypeError, match="tf.reduce_mean"):
        monitor.log(0, loss=tf.constant([1.0, 2.0]))
    with pytest.raises(TypeError, match="dict by name"):
        monitor.log(0, gradients=3)


def test_a_long_training_is_thinned_and_keeps_its_last_point():
    record = TrainingRecord()
    for step in range(5000):
        if record.wants_norms():
            record.add(step, {"loss": step}, {"layer": 1.0})
        else:
            record.add(step, {"loss": step})
            record.skip_norms()
    curves = record.curves()
    points = curves["metrics"]["loss"]
    assert training_record.MOST / 2 <= len(points) <= training_record.MOST + 1
    assert points[0] == [0, 0]
    assert points[-1] == [4999, 4999]
    assert len({b[0] - a[0] for a, b in zip(points[:-2], points[1:-1], strict=True)}) == 1
    assert len(curves["norms"]["layer"]) <= training_record.MOST + 1


def test_layers_without_gradient():
    w = tf.Variable(1.0, name="w")
    assert by_layer([None], [w]) == {"w": None}
    assert norm_of([None, tf.constant([3.0, 4.0])]) == 5.0


@pytest.mark.parametrize("size", [1e-30, 1.0, 1e30])
def test_norms_of_tiny_and_huge_gradients(size):
    gradient = tf.constant([3 * size, 4 * size], tf.float32)
    assert norm_of([gradient]) == pytest.approx(5 * size, rel=1e-6)


def test_nothing_yet():
    monitor = TrainingMonitor()
    assert "no step yet" in monitor.describe()
    assert monitor.picture().startswith(b"\x89PNG")
