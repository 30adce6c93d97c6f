"""conv2d_transpose and depthwise_conv2d against their definitions."""

import numpy as np
import pytest

import minitf as tf


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_transpose_is_the_adjoint_of_conv2d(padding, stride):
    x, kernel = numbers(2, 7, 8, 3), numbers(3, 2, 3, 4, seed=1)
    y = tf.nn.conv2d(x, kernel, stride, padding)
    u = numbers(*y.shape, seed=2)
    back = tf.nn.conv2d_transpose(u, kernel, x.shape, stride, padding)
    assert back.shape == x.shape
    np.testing.assert_allclose(np.vdot(y, u), np.vdot(x, back))


def test_transpose_puts_a_scaled_kernel_for_every_number():
    y = tf.constant([[[[1.0], [10.0]]]])
    kernel = tf.reshape(tf.constant([1.0, 2.0, 3.0, 4.0]), (2, 2, 1, 1))
    out = tf.nn.conv2d_transpose(y, kernel, (1, 2, 4, 1), strides=2, padding="VALID")
    assert out[0, :, :, 0].numpy().tolist() == [[1, 2, 10, 20], [3, 4, 30, 40]]


def test_transpose_has_gradients_of_two_orders_and_traces():
    y, kernel = tf.constant(numbers(1, 2, 3, 2)), tf.constant(numbers(2, 2, 3, 2, seed=1))

    def slope(y, kernel):
        with tf.GradientTape() as tape:
            tape.watch([y, kernel])
            z = tf.reduce_sum(tf.nn.conv2d_transpose(y, kernel, (1, 4, 6, 3), 2) ** 3)
        return sum(tf.reduce_sum(g**2) for g in tape.gradient(z, [y, kernel]))

    theory, numeric = tf.test.compute_gradient(slope, [y, kernel])
    for a, b in zip(theory, numeric, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5 * np.abs(b).max())

    @tf.function(input_signature=[tf.TensorSpec((None, 2, 3, 2), tf.float64)])
    def up(y):
        return tf.nn.conv2d_transpose(y, kernel, (tf.shape(y)[0], 4, 6, 3), 2)

    np.testing.assert_allclose(up(y), tf.nn.conv2d_transpose(y, kernel, (1, 4, 6, 3), 2))


@pytest.mark.parametrize(
    ("strides", "padding", "dilations"),
    [((1, 1, 1, 1), "SAME", None), ((1, 2, 2, 1), "VALID", None), ((1, 1, 1, 1), "VALID", (2, 2))],
)
def test_depthwise_is_a_convolution_per_channel(strides, padding, dilations):
    x, kernel = numbers(2, 6, 7, 3), numbers(3, 2, 3, 2, seed=1)
    got = tf.nn.depthwise_conv2d(x, kernel, strides, padding, dilations=dilations)
    parts = [
        tf.nn.conv2d(x[..., c : c + 1], kernel[:, :, c : c + 1], strides, padding,
                     dilations=dilations or 1)
        for c in range(3)
    ]  # fmt: skip
    np.testing.assert_allclose(got, np.concatenate(parts, axis=-1))


def test_depthwise_gradient_is_of_the_kernels_own_entries():
    x, kernel = tf.constant(numbers(1, 4, 4, 2)), tf.constant(numbers(2, 2, 2, 2, seed=1))

    def loss(x, kernel):
        return tf.reduce_sum(tf.nn.depthwise_conv2d(x, kernel, (1, 1, 1, 1), "SAME") ** 2)

    theory, numeric = tf.test.compute_gradient(loss, [x, kernel])
    for a, b in zip(theory, numeric, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: tf.nn.conv2d_transpose(
            tf.zeros((1, 2, 2, 3)), tf.zeros((2, 2, 1, 3)), (1, 9, 9, 1), 2
        ),
        lambda: tf.nn.conv2d_transpose(
            tf.zeros((1, 2, 2, 3)), tf.zeros((2, 2, 3, 1)), (1, 4, 4, 3), 2
        ),
        lambda: tf.nn.depthwise_conv2d(
            tf.zeros((1, 4, 4, 3)), tf.zeros((2, 2, 1, 3)), (1, 1, 1, 1), "SAME"
        ),
    ],
)
def test_shapes_that_do_not_go_together(call):
    with pytest.raises(tf.errors.InvalidArgumentError, match="do not go together"):
        call()
