"""The cross-entropy of class numbers against its definition, and its gradients of three orders."""

import numpy as np
import pytest

import minitf as tf
from minitf.ops.cross_entropy import _sparse_cross_entropy, _sparse_cross_entropy_grad_kernel


def example(*shape, dtype=np.float64):
    random = np.random.default_rng(0)
    logits = (3 * random.standard_normal(shape)).astype(dtype)
    return (
        logits,
        random.integers(0, shape[-1], shape[:-1]),
        random.random(shape[:-1]).astype(dtype),
    )


def plain(logits, labels, upstream):
    losses, gradient = np.empty(labels.shape, logits.dtype), np.empty_like(logits)
    for at in np.ndindex(labels.shape):
        p = np.exp(logits[at]) / np.exp(logits[at]).sum()
        losses[at] = -np.log(p[labels[at]])
        gradient[at] = upstream[at] * (p - np.eye(len(p))[labels[at]])
    return losses, gradient


@pytest.mark.parametrize("shape", [(5, 3), (1, 1), (2, 3, 4), (7,), (0, 4)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64])
def test_loss_and_gradient(shape, dtype, kind):
    logits, labels, upstream = example(*shape, dtype=dtype)
    labels, upstream = np.asarray(labels, kind), np.asarray(upstream, dtype)
    losses, gradient = plain(logits, labels, upstream)
    tolerance = 1e-5 if dtype is np.float32 else 1e-12
    got = _sparse_cross_entropy(logits, labels)
    assert got.dtype == dtype and got.shape == labels.shape
    np.testing.assert_allclose(got, losses, rtol=tolerance, atol=tolerance)
    got = _sparse_cross_entropy_grad_kernel(logits, labels, upstream)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, gradient, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_gradients_of_higher_order(order):
    logits, labels, weights = example(4, 3)
    direction = np.linspace(-1, 1, 12).reshape(4, 3)

    def function(z):
        return tf.reduce_sum(weights * tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z))

    def slope_of(function):
        def slope(z):
            with tf.GradientTape() as tape:
                tape.watch(z)
                y = function(z)
            return tf.reduce_sum(direction * tape.gradient(y, z))

        return slope

    for _ in range(order - 1):
        function = slope_of(function)
    theory, numeric = tf.test.compute_gradient(function, [tf.constant(logits)])
    np.testing.assert_allclose(theory[0], numeric[0], atol=1e-7)


def test_gradient_by_the_upstream():
    logits, labels, weights = example(4, 3)

    def slope(w):
        z = tf.constant(logits)
        with tf.GradientTape() as tape:
            tape.watch(z)
            y = w * tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z)
        return tf.reduce_sum(tape.gradient(y, z) ** 2)

    theory, numeric = tf.test.compute_gradient(slope, [tf.constant(weights)])
    np.testing.assert_allclose(theory[0], numeric[0], atol=1e-7)


@pytest.mark.parametrize("labels", [[0, -1], [3, 0]])
@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_labels_out_of_range(labels, kind):
    wrong = min(labels) if min(labels) < 0 else max(labels)
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"label value of {wrong} at"):
        tf.nn.sparse_softmax_cross_entropy_with_logits(np.array(labels, kind), tf.zeros([2, 3]))
