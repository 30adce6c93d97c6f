"""Regularizers, add_loss and activity prices.

Numbers without a derivation are what TensorFlow 2.21.0 with Keras 3.15.1 answers.
"""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers, optimizers, regularizers

W = tf.constant([[1.0, -2.0], [0.5, 3.0]])
X = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
Y = np.array([[1.0], [2.0]], np.float32)


@pytest.mark.parametrize(
    "regularizer, expected",
    [
        (regularizers.L1(0.1), 0.65),
        (regularizers.L2(0.1), 1.425),
        (regularizers.L1L2(0.1, 0.2), 3.5),
        (regularizers.get("l2"), 0.1425),
        (regularizers.get(regularizers.l1), 0.065),
        (regularizers.OrthogonalRegularizer(0.1), 0.080874),
        (regularizers.OrthogonalRegularizer(0.1, "columns"), 0.012403),
    ],
)
def test_prices(regularizer, expected):
    np.testing.assert_allclose(regularizer(W), expected, rtol=1e-4)


@pytest.mark.parametrize("factor", [-1.0, float("nan"), float("inf"), "a"])
def test_factors_are_checked(factor):
    with pytest.raises(ValueError, match="non-negative float"):
        regularizers.L2(factor)


def test_unknown_names():
    with pytest.raises(ValueError, match="Did you mean 'l2'"):
        layers.Dense(2, kernel_regularizer="l22")


def priced_model():
    first = layers.Dense(
        2,
        kernel_initializer="ones",
        kernel_regularizer=regularizers.L1(0.5),
        bias_regularizer="l2",
        activity_regularizer=regularizers.L2(0.1),
    )
    return tf.keras.Sequential(
        [tf.keras.Input((2,)), first, layers.Dense(1, kernel_initializer="ones")]
    )


def test_losses_of_a_model():
    model = priced_model()
    assert [float(x) for x in model.losses] == [2.0, 0.0]  # none of activities before a call
    model(X)
    np.testing.assert_allclose([float(x) for x in model.losses], [5.8, 2.0, 0.0], rtol=1e-6)
    model(X)
    assert len(model.losses) == 3  # those of the last call only


def test_fit_adds_them_to_the_loss():
    model = priced_model()
    model.compile(optimizers.SGD(0.01), "mse")
    history = model.fit(X, Y, epochs=3, verbose=0, shuffle=False)
    np.testing.assert_allclose(history.history["loss"], [92.300003, 4.872441, 3.654122], rtol=1e-5)
    np.testing.assert_allclose(model.evaluate(X, Y, verbose=0), 2.961252, rtol=1e-5)
    np.testing.assert_allclose(model.get_weights()[0][0], [0.536798, 0.536798], rtol=1e-5)


def test_a_frozen_weight_costs_nothing():
    model = priced_model()
    model.layers[0].trainable = False
    assert model.losses == []


class Quiet(layers.Layer):
    def call(self, inputs):
        self.add_loss(tf.reduce_sum(inputs))
        return inputs


def test_add_loss():
    layer = Quiet()
    layer(tf.ones([2]))
    layer(tf.ones([3]))
    assert [float(x) for x in layer.losses] == [3.0]
    model = tf.keras.Sequential([Quiet(), Quiet()])
    model(tf.ones([1, 2]))
    model(tf.ones([1, 2]))
    assert [float(x) for x in model.losses] == [2.0, 2.0]


def test_add_loss_can_be_all_there_is():
    model = tf.keras.Sequential([tf.keras.Input((2,)), layers.Dense(1), Quiet()])
    model.compile(optimizers.SGD(0.01))
    history = model.fit(X, verbose=0, epochs=2, shuffle=False)
    assert history.history["loss"][1] < history.history["loss"][0]


def test_a_tape_sees_the_prices():
    layer = layers.Dense(1, kernel_initializer="ones", kernel_regularizer="l2", use_bias=False)
    with tf.GradientTape() as tape:
        layer(tf.zeros([1, 2]))
        total = tf.add_n(layer.losses)
    np.testing.assert_allclose(tape.gradient(total, layer.kernel), [[0.02], [0.02]], rtol=1e-6)


def test_add_weight_with_a_regularizer():
    layer = layers.Layer()
    layer.add_weight((2,), "ones", regularizer=lambda w: tf.reduce_sum(w) * 3.0)
    assert [float(x) for x in layer.losses] == [6.0]


def test_activity_regularization_layer():
    layer = layers.ActivityRegularization(l1=0.5)
    layer(tf.constant([[1.0, -3.0], [2.0, 2.0]]))
    assert [float(x) for x in layer.losses] == [2.0]  # 0.5 * 8 / batch of 2
