"""float16 for the computation, float32 for the weights; and loss scaling.

The trajectory of the scale is that of TensorFlow 2.21.0 with Keras 3.15.1.
"""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers, mixed_precision, optimizers

X = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
Y = np.array([[1.0], [2.0]], np.float32)


@pytest.fixture
def mixed():
    mixed_precision.set_global_policy("mixed_float16")
    yield
    mixed_precision.set_global_policy("float32")


def test_a_layer_computes_in_float16_and_keeps_float32(mixed):
    layer = layers.Dense(2, kernel_initializer=tf.keras.initializers.Constant(0.1))
    y = layer(tf.ones([1, 3]))
    assert y.dtype is tf.float16 and layer.kernel.dtype is tf.float32
    assert (layer.compute_dtype, layer.variable_dtype, layer.dtype) == (
        "float16",
        "float32",
        "float32",
    )
    assert layer.dtype_policy.name == mixed_precision.global_policy().name == "mixed_float16"
    np.testing.assert_allclose(y, [[0.3, 0.3]], atol=1e-3)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.ones([1, 3])))
    assert tape.gradient(loss, layer.kernel).dtype is tf.float32


def test_outside_of_call_weights_are_float32(mixed):
    layer = layers.Dense(1)
    layer.build((None, 1))
    layer.kernel.assign([[1.0 + 1e-4]])  # float16 has no such number
    assert float(layer.kernel.read_value()[0, 0]) == np.float32(1.0 + 1e-4)


def test_one_layer_may_stay_in_float32(mixed):
    model = tf.keras.Sequential(
        [tf.keras.Input((2,)), layers.Dense(2), layers.Dense(1, dtype="float32")]
    )
    assert model(X).dtype is tf.float32


def test_fit_scales_the_loss_by_itself(mixed):
    def trained(policy):
        mixed_precision.set_global_policy(policy)
        model = tf.keras.Sequential(
            [
                tf.keras.Input((2,)),
                layers.Dense(2, kernel_initializer="ones", activation="relu"),
                layers.Dense(1, kernel_initializer="ones", dtype="float32"),
            ]
        )
        model.compile(optimizers.SGD(0.1), "mse")
        return model, model.fit(X / 10, Y / 10, epochs=5, verbose=0, shuffle=False).history["loss"]

    model, losses = trained("mixed_float16")
    assert isinstance(model.optimizer, optimizers.LossScaleOptimizer)
    assert int(model.optimizer.iterations) == 5
    _, full = trained("float32")
    np.testing.assert_allclose(losses, full, rtol=2e-2)


def test_unknown_policies():
    with pytest.raises(ValueError, match="mixed_int8.*mixed_float16"):
        mixed_precision.Policy("mixed_int8")
    with pytest.raises(ValueError, match="Cannot convert"):
        layers.Dense(1, dtype="float33")


def test_the_scale_follows_the_gradients():
    optimizer = optimizers.LossScaleOptimizer(
        optimizers.SGD(0.5), initial_scale=4.0, dynamic_growth_steps=2
    )
    w = tf.Variable([1.0, 2.0])
    assert float(optimizer.scale_loss(tf.constant(3.0))) == 12.0
    seen = []
    for g in ([4.0, 8.0], [np.inf, 0.0], [2.0, 2.0], [2.0, 2.0], [np.nan, 1.0], [4.0, 4.0]):
        optimizer.apply_gradients([(tf.constant(g), w)])
        scale, counter = float(optimizer.dynamic_scale), int(optimizer.step_counter)
        seen.append((w.numpy().tolist(), scale, counter, int(optimizer.iterations)))
    assert seen == [
        ([0.5, 1.0], 4.0, 1, 1),
        ([0.5, 1.0], 2.0, 0, 1),
        ([0.0, 0.5], 2.0, 1, 2),
        ([-0.5, 0.0], 4.0, 0, 3),
        ([-0.5, 0.0], 2.0, 0, 3),
        ([-1.5, -1.0], 2.0, 1, 4),
    ]


def test_scaling_rescues_small_gradients():
    x = tf.constant(1e-4, tf.float16)
    w = tf.Variable(1.0)
    optimizer = optimizers.LossScaleOptimizer(optimizers.SGD(1.0))
    with tf.GradientTape(persistent=True) as tape:
        loss = tf.cast(tf.cast(w, tf.float16) * x * x, tf.float32)  # 1e-8 is 0 in float16
        scaled = tf.cast(optimizer.scale_loss(tf.cast(w, tf.float16) * x) * x, tf.float32)
    assert float(tape.gradient(loss, w)) == 0.0
    np.testing.assert_allclose(tape.gradient(scaled, w), 1e-8 * 2**15, rtol=1e-2)


def test_the_starting_values_and_the_checks():
    optimizer = optimizers.LossScaleOptimizer(optimizers.Adam(0.25))
    optimizer.build([tf.Variable(1.0)])
    assert float(optimizer.dynamic_scale) == 32768.0
    assert float(optimizer.learning_rate) == 0.25
    optimizer.learning_rate = 0.5
    assert float(optimizer.inner_optimizer.learning_rate) == 0.5
    with pytest.raises(TypeError, match="wraps an optimizer"):
        optimizers.LossScaleOptimizer("adam")
    with pytest.raises(ValueError, match="dynamic_growth_steps"):
        optimizers.LossScaleOptimizer(optimizers.Adam(), dynamic_growth_steps=0)


def test_a_fixed_factor():
    optimizer = optimizers.SGD(0.1, loss_scale_factor=4.0)
    w = tf.Variable(1.0)
    assert float(optimizer.scale_loss(tf.constant(2.0))) == 8.0
    optimizer.apply_gradients([(tf.constant(4.0), w)])
    np.testing.assert_allclose(w, 0.9, rtol=1e-6)
