"""FitTheatre without a browser: frames, borrowed weights, boundaries, errors."""

import json

import numpy as np
import pytest

import minitf as tf
from minitf.viz.widgets.fit_theatre import FitTheatre

X = np.linspace(-1, 2, 12, dtype=np.float32)
Y = 1.5 * X - 0.5


def a_line():
    w, b = tf.Variable(-1.0, name="w"), tf.Variable(1.0, name="b")
    return w, b, lambda x: w * x + b


def two_moons():
    random = np.random.default_rng(0)
    points = random.normal(size=(60, 2)).astype(np.float32)
    return points, (points[:, 0] * points[:, 1] > 0).astype(np.float32)


def small_net(outputs=1, activation="sigmoid"):
    tf.keras.utils.set_random_seed(0)
    layers = [
        tf.keras.layers.Dense(8, activation="tanh", name="hidden"),
        tf.keras.layers.Dense(outputs, activation=activation, name="out"),
    ]
    return tf.keras.Sequential(layers)


def test_frames_are_gradient_descent():
    w, b, line = a_line()
    theatre = FitTheatre(X, Y, line, optimizer=tf.keras.optimizers.SGD(0.1), steps=5)
    values = np.array([-1.0, 1.0])
    for frame in theatre._data["frames"]:
        error = values[0] * X + values[1] - Y
        gradient = np.array([np.mean(2 * error * X), np.mean(2 * error)])
        np.testing.assert_allclose(frame["numbers"], values, rtol=1e-4)
        np.testing.assert_allclose(frame["gradient"], gradient, rtol=1e-4, atol=1e-6)
        assert frame["loss"] == pytest.approx(np.mean(error**2), rel=1e-4)
        np.testing.assert_allclose(
            np.array(frame["pulls"])[:, 2], 2 * error / len(X), rtol=1e-3, atol=1e-5
        )
        values = values - 0.1 * gradient


def test_the_model_is_only_borrowed():
    w, b, line = a_line()
    theatre = FitTheatre(X, Y, line, steps=5)
    assert (float(w), float(b)) == (-1.0, 1.0)
    theatre.answer_train({"rate": 0.05})
    assert (float(w), float(b)) == (-1.0, 1.0)
    theatre.answer_keep({"step": 5})
    np.testing.assert_allclose([float(w), float(b)], theatre._frames[5]["numbers"])


def test_a_new_rate_starts_anew():
    _, _, line = a_line()
    theatre = FitTheatre(X, Y, line, steps=5)
    reply = theatre.answer_train({"rate": 0.01})
    assert reply["first"] == 0
    first, second = reply["frames"][:2]
    step = np.array(second["numbers"]) - np.array(first["numbers"])
    np.testing.assert_allclose(step, -0.01 * np.array(first["gradient"]), rtol=1e-3)


def test_long_trainings_come_in_parts(monkeypatch):
    monkeypatch.setattr("minitf.viz.widgets.fit_theatre.SECONDS", 0.0)
    _, _, line = a_line()
    theatre = FitTheatre(X, Y, line, steps=4)
    reply = theatre.answer_train({"rate": 0.1})
    assert (len(reply["frames"]), reply["done"]) == (1, False)
    while not reply["done"]:
        reply = theatre.answer_train({})
    assert reply["first"] == 4
    assert len(theatre._frames) == 5


def test_divergence_ends_the_frames():
    _, _, line = a_line()
    theatre = FitTheatre(X, Y, line, optimizer=tf.keras.optimizers.SGD(1e15), steps=30)
    assert len(theatre._frames) < 30
    assert not np.isfinite(theatre._frames[-1]["loss"])
    json.dumps(theatre._data, allow_nan=False)
    assert theatre.picture().startswith(b"\x89PNG")


def test_the_bowl_holds_the_loss():
    _, _, line = a_line()
    bowl = FitTheatre(X, Y, line, steps=5)._data["bowl"]
    w, b = bowl["xs"][3], bowl["ys"][7]
    expected = np.mean((w * X + b - Y) ** 2)
    assert bowl["grid"][7][3] == pytest.approx(expected, rel=1e-3)


def test_a_boundary():
    points, labels = two_moons()
    model = small_net()
    optimizer = tf.keras.optimizers.Adam(0.05)
    theatre = FitTheatre(points, labels, model, "binary_crossentropy", optimizer, steps=30)
    frames = theatre._data["frames"]
    assert frames[-1]["loss"] < 0.7 * frames[0]["loss"]
    assert np.shape(frames[0]["view"]) == (31, 31)
    assert np.abs(frames[-1]["view"]).max() <= 1
    theatre.answer_keep({"step": 30})
    (low, high), ys = theatre._data["limits"]
    corner = float(model(np.array([[low, ys[0]]], np.float32))[0, 0])
    assert frames[-1]["view"][0][0] == pytest.approx(2 * corner - 1, abs=1e-3)
    assert list(frames[0]["norms"]) == ["hidden", "out"]


def test_logits_of_two_classes():
    points, labels = two_moons()
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    theatre = FitTheatre(points, labels.astype(int), small_net(2, None), loss, "adam", steps=2)
    assert np.abs(theatre._data["frames"][0]["view"]).max() <= 1


def test_batches_and_a_loss_of_ones_own():
    seen = []

    def absolute(y_true, y_pred):
        seen.append(y_true.shape)
        return tf.reduce_mean(tf.abs(y_true - y_pred))

    _, _, line = a_line()
    theatre = FitTheatre(X, Y, line, absolute, batch_size=4, steps=3)
    assert (4,) in seen
    assert len(theatre._data["frames"][0]["pulls"]) == 4


def test_errors_say_what_to_do():
    _, _, line = a_line()
    with pytest.raises(ValueError, match="one or two features"):
        FitTheatre(np.zeros((5, 3)), np.zeros(5), line)
    with pytest.raises(ValueError, match="rows"):
        FitTheatre(X, Y[:3], line)
    with pytest.raises(ValueError, match="nothing to train"):
        FitTheatre(X, Y, lambda x: 2.0 * x)
    with pytest.raises(TypeError, match="tf operations"):
        FitTheatre(X, Y, lambda x: x.numpy())
    with pytest.raises(ValueError, match="two classes"):
        FitTheatre(np.zeros((3, 2)), np.arange(3), line)
    with pytest.raises(ValueError, match="one prediction per row"):
        FitTheatre(X, Y, lambda x: tf.reduce_sum(x))
