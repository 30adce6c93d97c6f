"""TensorArray: writing, growing, in loops of a graph, with gradients."""

import numpy as np
import pytest

import minitf as tf


def test_eager_rows():
    rows = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
    for i in range(3):
        rows = rows.write(i, float(i))
    np.testing.assert_array_equal(rows.stack(), [0.0, 1.0, 2.0])
    assert (rows.read(1).numpy(), rows.size().numpy()) == (1.0, 3)
    np.testing.assert_array_equal(rows.gather([2, 0]), [2.0, 0.0])
    pairs = tf.TensorArray(tf.float32, size=2).unstack([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(pairs.concat(), [1.0, 2.0, 3.0, 4.0])


def test_bad_writes():
    rows = tf.TensorArray(tf.float32, size=2)
    with pytest.raises(tf.errors.OutOfRangeError, match="dynamic_size"):
        rows.write(2, 1.0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="int32"):
        rows.write(0, tf.constant(1))


@pytest.mark.parametrize("dynamic", [False, True])
def test_in_a_converted_loop_with_gradients(dynamic):
    def f(x, n):
        rows = tf.TensorArray(tf.float32, size=0 if dynamic else n, dynamic_size=dynamic)
        for i in tf.range(n):
            if i % 2 == 0:
                rows = rows.write(i, x * tf.cast(i, tf.float32))
            else:
                rows = rows.write(i, x * x)
        return rows.stack()

    def slope(f, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x, tf.constant(4))
        return y, tape.gradient(y, x)

    x = tf.constant([2.0, 3.0])
    for have, want in zip(slope(tf.function(f), x), slope(f, x), strict=True):
        np.testing.assert_allclose(have, want)


@pytest.mark.parametrize("wrap", [lambda f: f, tf.function], ids=["eager", "traced"])
def test_as_a_loop_variable(wrap):
    @wrap
    def f(n):
        return tf.while_loop(
            lambda i, rows: i < n,
            lambda i, rows: (i + 1, rows.write(i, tf.cast(i, tf.float32) ** 2)),
            (tf.constant(0), tf.TensorArray(tf.float32, size=n)),
        )[1].stack()

    np.testing.assert_array_equal(f(tf.constant(4)), [0.0, 1.0, 4.0, 9.0])
