"""LossSurface without a browser: grids, races, slices of models, errors."""

import numpy as np
import pytest

import minitf as tf
from minitf.viz.landscape import FunctionSurface, ModelSurface, direction, log_levels
from minitf.viz.race import descend, fresh, labels
from minitf.viz.widgets.loss_surface import LossSurface

optimizers = tf.keras.optimizers


def ravine(x, y):
    return x**2 / 2 + 5 * y**2


def small_model():
    tf.keras.utils.set_random_seed(3)
    x = np.linspace(-1, 1, 20, dtype=np.float32)[:, None]
    layers = [tf.keras.layers.Dense(4, activation="tanh"), tf.keras.layers.Dense(1)]
    model = tf.keras.Sequential(layers)
    model(x)
    return model, x, np.sin(3 * x)


def test_the_grid_holds_the_function():
    widget = LossSurface(ravine, x=(-2, 2), y=(-1, 1), steps=5)
    grid = np.array(widget._data["grid"])
    xs, ys = np.array(widget._data["xs"]), np.array(widget._data["ys"])
    np.testing.assert_allclose(grid, xs**2 / 2 + 5 * ys[:, None] ** 2, rtol=1e-4, atol=1e-6)


def test_a_race_is_what_the_optimizer_does():
    widget = LossSurface(ravine, optimizers=[optimizers.Adam(0.2)], start=(1, 2), steps=6)
    x, y = tf.Variable(1.0), tf.Variable(2.0)
    adam = optimizers.Adam(0.2)
    for _ in range(6):
        with tf.GradientTape() as tape:
            loss = ravine(x, y)
        adam.apply_gradients(zip(tape.gradient(loss, [x, y]), [x, y], strict=True))
    np.testing.assert_allclose(widget._runs[0].path[-1], [float(x), float(y)])
    assert len(widget._runs[0].losses) == 7


def test_divergence_is_named_with_its_step():
    run = descend(FunctionSurface(ravine), optimizers.SGD(1e20), (1.0, 1.0), 40)
    assert run.diverged is not None
    widget = LossSurface(ravine, optimizers=[optimizers.SGD(0.5)], steps=40)
    assert f"SGD: diverged at step {widget._runs[0].diverged}." in widget.describe()
    below = LossSurface(ravine, optimizers=[optimizers.SGD(0.19)], steps=40)
    assert below._runs[0].diverged is None


def test_dials_scale_the_rate_and_clip():
    widget = LossSurface(ravine, optimizers=["sgd"], start=(1, 1), steps=1)
    asked = {"start": [1, 1], "factor": 10, "clip": "clipvalue", "limit": 0.5}
    (run,) = widget.answer_race(asked)["runs"]
    np.testing.assert_allclose(run["path"][1], [1 - 0.1 * 0.5, 1 - 0.1 * 0.5], rtol=1e-6)
    (run,) = widget.answer_race(asked | {"clip": "global_clipnorm"})["runs"]
    length = np.hypot(*(np.array(run["path"][1]) - 1))
    np.testing.assert_allclose(length, 0.1 * 0.5, rtol=1e-5)


def test_the_learners_optimizer_keeps_its_state():
    mine = optimizers.SGD(0.1, momentum=0.9)
    LossSurface(ravine, optimizers=[mine], steps=3)
    assert int(mine.iterations) == 0
    assert not mine.built


def test_a_schedule_is_scaled():
    schedule = optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    made = fresh(optimizers.SGD(schedule), factor=3.0)
    assert float(made.learning_rate) == pytest.approx(0.3)
    made.iterations.assign(1)
    assert float(made.learning_rate) == pytest.approx(0.15)


def test_names_differ():
    found = labels([optimizers.SGD(0.1), optimizers.SGD(0.2), optimizers.SGD(0.1, momentum=0.5)])
    assert found == ["SGD (0.1)", "SGD (0.2)", "SGD with momentum 0.5"]
    assert len(set(labels([optimizers.Adam(), optimizers.Adam()]))) == 2


def test_levels_are_log_spaced():
    levels = np.array(log_levels(np.geomspace(1e-3, 1e3, 100).reshape(10, 10)))
    steps = np.diff(np.log(levels - 1e-3))
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)
    assert log_levels(np.ones((3, 3))) == []
    assert log_levels(np.full((3, 3), np.nan)) == []


def test_directions_are_as_long_as_the_filters():
    weight = np.random.default_rng(0).normal(size=(3, 3, 2, 5)).astype(np.float32)
    found = direction(weight, np.random.default_rng(1))
    norms = [np.sqrt((a.astype(float) ** 2).sum((0, 1, 2))) for a in (weight, found)]
    np.testing.assert_allclose(*norms, rtol=1e-5)
    assert not direction(np.ones(4, np.float32), np.random.default_rng(1)).any()


def test_a_slice_of_a_model():
    model, x, y = small_model()
    before = [w.numpy() for w in model.trainable_variables]
    surface = ModelSurface(model, "mse", (x, y))
    expected = float(tf.reduce_mean((model(x) - y) ** 2))
    assert surface.loss(0.0, 0.0) == pytest.approx(expected, rel=1e-5)
    a, b = tf.Variable(0.3), tf.Variable(-0.2)
    loss, gradients = surface.loss_and_gradients(a, b)
    assert loss == pytest.approx(surface.loss(0.3, -0.2), rel=1e-6)
    step = 1e-2
    slope = (surface.loss(0.3 + step, -0.2) - surface.loss(0.3 - step, -0.2)) / (2 * step)
    assert float(gradients[0]) == pytest.approx(slope, rel=1e-2)
    for w, old in zip(model.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(w.numpy(), old)


def test_of_model_shows_it():
    model, x, y = small_model()
    widget = LossSurface.of_model(model, "mse", (x, y), optimizers=["sgd", "adam"], steps=4)
    assert "direction 1" in widget.describe()
    assert len(widget._data["runs"]) == 2


def test_a_surface_with_holes_is_sent():
    def broken(x, y):
        return tf.math.log(x) + y**2

    widget = LossSurface(broken, start=(2, 1), optimizers=["sgd"], steps=3)
    assert "nan" in str(widget._data["grid"])
    assert widget.picture().startswith(b"\x89PNG")


def test_errors_say_what_to_do():
    with pytest.raises(ValueError, match="tf.reduce_mean"):
        LossSurface(lambda x, y: tf.stack([x, y]))
    with pytest.raises(TypeError, match="tf operations"):
        LossSurface(lambda x, y: float(x))
    with pytest.raises(ValueError, match="tape.explain"):
        LossSurface(lambda x, y: tf.constant(1.0))
    with pytest.raises(ValueError, match="1 to 4"):
        LossSurface(ravine, optimizers=["sgd"] * 5)
    with pytest.raises(ValueError, match="outside the picture"):
        LossSurface(ravine, start=(9, 0))
    with pytest.raises(ValueError, match="low < high"):
        LossSurface(ravine, x=(1, 1))
