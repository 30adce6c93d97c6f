"""gradcheck: right rules pass, wrong ones are named with the element that shows it."""

import numpy as np
import pytest

import minitf as tf
from minitf.gradcheck import GradientMismatch, compute_gradient, gradcheck


def wrong_by(factor):
    @tf.custom_gradient
    def square(x):
        def grad(upstream):
            return upstream * x * factor

        return x * x, grad

    return square


def test_compute_gradient_returns_matrices_as_tensorflow_does():
    a, b = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([5.0, 6.0])
    theoretical, numerical = tf.test.compute_gradient(lambda a, b: a * b, [a, b])
    assert [m.shape for m in theoretical] == [(4, 4), (4, 2)]
    np.testing.assert_array_equal(theoretical[0], np.diag([5.0, 6.0, 5.0, 6.0]))
    for t, n in zip(theoretical, numerical, strict=True):
        np.testing.assert_allclose(t, n, atol=1e-2)


def test_a_right_rule_passes_and_the_error_is_returned():
    assert gradcheck(tf.sin, [[0.5, -1.0]], order=2) < 1e-8
    assert gradcheck(lambda x, y: x @ y, [np.ones((2, 3)), np.ones((3, 1))]) < 1e-8


def test_a_wrong_rule_is_named_with_its_worst_element():
    with pytest.raises(GradientMismatch) as caught:
        gradcheck(wrong_by(1.0), [[[0.1, 0.2], [3.0, 0.4]]])
    message = str(caught.value)
    assert "argument 0 at [1, 0] (value 3)" in message
    assert "the rule gives 3, the central difference 6" in message


def test_a_rule_that_is_right_once_and_wrong_twice_is_found_by_order_2():
    @tf.custom_gradient
    def square(x):
        def grad(upstream):
            return upstream * tf.stop_gradient(x) * 2.0

        return x * x, grad

    gradcheck(square, [[1.5, -0.5]])
    with pytest.raises(GradientMismatch):
        gradcheck(square, [[1.5, -0.5]], order=2)


def test_an_error_that_cancels_in_the_sum_is_found():
    @tf.custom_gradient
    def swapped(x):
        return x * tf.constant([1.0, 2.0], x.dtype), swap

    def swap(upstream):
        return tf.reverse(upstream, [0]) * 1.5

    with pytest.raises(GradientMismatch):
        gradcheck(swapped, [[1.0, 1.0]])


def test_nan_is_a_mismatch():
    with pytest.raises(GradientMismatch, match="nan"):
        gradcheck(lambda x: tf.where(x > 0.5, x, 0.0 * tf.math.log(x * 0.0)), [[1.0]])


def test_an_argument_without_influence_has_gradient_zero():
    theoretical, numerical = compute_gradient(lambda x, y: x * 2.0, [1.0, 2.0])
    assert theoretical[1].tolist() == numerical[1].tolist() == [[0.0]]


def test_bad_arguments():
    with pytest.raises(ValueError, match="as a list"):
        gradcheck(tf.sin, tf.constant(1.0))
    with pytest.raises(ValueError, match="int32"):
        gradcheck(tf.sin, [1])
    with pytest.raises(ValueError, match="order"):
        gradcheck(tf.sin, [1.0], order=0)
