"""map_fn, foldl, foldr, scan: values, structures, gradients, errors."""

import numpy as np
import pytest

import minitf as tf

X = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def test_map_fn():
    np.testing.assert_array_equal(tf.map_fn(tf.reduce_sum, X), [3, 7, 11])
    both = tf.map_fn(lambda row: (row[0], row * 2.0), X)
    assert [part.shape for part in both] == [(3,), (3, 2)]
    np.testing.assert_array_equal(tf.map_fn(lambda p: p[0] * p[1], (X, X)), X * X)
    np.testing.assert_array_equal(tf.vectorized_map(lambda row: -row, [1.0, 2.0]), [-1, -2])


def test_folds():
    np.testing.assert_array_equal(tf.foldl(lambda a, x: a - x, [1.0, 2.0, 3.0]), -4)
    np.testing.assert_array_equal(tf.foldr(lambda a, x: a - x, [1.0, 2.0, 3.0]), 0)
    np.testing.assert_array_equal(tf.foldl(lambda a, x: a + x, X, initializer=[1.0, 1.0]), [10, 13])


def test_scan():
    np.testing.assert_array_equal(tf.scan(lambda a, x: a * x, [1.0, 2.0, 3.0]), [1, 2, 6])
    np.testing.assert_array_equal(
        tf.scan(lambda a, x: a * x, [1.0, 2.0, 3.0], initializer=2.0), [2, 4, 12]
    )
    np.testing.assert_array_equal(
        tf.scan(lambda a, x: a + x, [1.0, 2.0, 3.0], reverse=True), [6, 5, 3]
    )


def test_gradients_pass():
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.scan(lambda a, e: a * e, x))
    np.testing.assert_array_equal(tape.gradient(y, x), [9.0, 4.0, 2.0])


def test_rows_must_match():
    with pytest.raises(ValueError, match="first axis"):
        tf.map_fn(lambda p: p[0], (X, tf.ones([2])))
    with pytest.raises(ValueError, match="map_fn"):
        tf.map_fn(tf.identity, 1.0)
    with pytest.raises(ValueError, match="scan"):
        tf.scan(lambda a, x: a, tf.zeros([0]))
