"""A whole training step inside tf.function gives the numbers of the eager one."""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers, optimizers

X = np.random.default_rng(0).normal(size=(8, 6, 6, 1)).astype(np.float32)
LABELS = np.arange(8) % 3


def network(optimizer):
    tf.keras.utils.set_random_seed(3)
    model = tf.keras.Sequential(
        [
            tf.keras.Input((6, 6, 1)),
            layers.Conv2D(2, 3, padding="same", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.3, seed=1),
            layers.LayerNormalization(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    loss_function = tf.keras.losses.SparseCategoricalCrossentropy()
    mean = tf.keras.metrics.Mean()

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_function(y, model(x, training=True)) + tf.add_n(model.losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        mean.update_state(loss)
        return loss

    return model, step, mean


MAKERS = [
    lambda: optimizers.Adam(0.1, amsgrad=True, global_clipnorm=1.0),
    lambda: optimizers.Nadam(optimizers.schedules.CosineDecay(0.1, 3)),
    lambda: optimizers.LossScaleOptimizer(optimizers.Adagrad(0.1), initial_scale=1.0),
]


@pytest.mark.parametrize("make", MAKERS)
def test_traced_equals_eager(make):
    eager_model, eager_step, eager_mean = network(make())
    model, step, mean = network(make())
    traced = tf.function(step)
    for _ in range(3):
        np.testing.assert_allclose(traced(X, LABELS), eager_step(X, LABELS), rtol=1e-4)
    assert traced.experimental_get_tracing_count() == 1
    for a, b in zip(model.weights, eager_model.weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(mean.result(), eager_mean.result(), rtol=1e-4)


def test_a_functional_model_traces_with_an_open_batch_size():
    a = tf.keras.Input((4,))
    model = tf.keras.Model(a, layers.Add()([layers.Dense(4)(a), 2.0 * a]))
    call = tf.function(model, input_signature=[tf.TensorSpec([None, 4], tf.float32)])
    for rows in (1, 5):
        x = tf.ones([rows, 4])
        np.testing.assert_allclose(call(x), model(x), rtol=1e-6)


def test_every_kind_of_layer_takes_an_open_batch_size():
    model = tf.keras.Sequential(
        [
            tf.keras.Input((8, 8, 1)),
            layers.Rescaling(0.5),
            layers.Conv2D(4, 3, activation="relu", activity_regularizer="l2"),
            layers.BatchNormalization(),
            layers.AveragePooling2D(2),
            layers.Reshape((-1, 4)),
            layers.Permute((2, 1)),
            layers.LayerNormalization(axis=[1, 2]),
            layers.Flatten(),
            layers.Dense(6),
            layers.Reshape((3, 2)),
            layers.Softmax(),
        ]
    )
    call = tf.function(model, input_signature=[tf.TensorSpec([None, 8, 8, 1], tf.float32)])
    for rows in (1, 3):
        x = tf.random.normal([rows, 8, 8, 1])
        np.testing.assert_allclose(call(x), model(x), rtol=1e-5, atol=1e-6)
