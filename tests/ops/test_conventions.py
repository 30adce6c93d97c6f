"""What TensorFlow does where mathematics leaves a choice: kinks, ties, zeros, None.

The values were recorded from TensorFlow 2.21.
"""

import numpy as np
import pytest

import minitf as tf

NAN, INF = np.nan, np.inf


def slope(function, *args):
    """Gradients of the sum of function(*args), one list per argument; None stays None."""
    xs = [tf.constant(a) for a in args]
    with tf.GradientTape() as tape:
        tape.watch(xs)
        y = function(*xs)
    grads = tape.gradient(y, xs)
    return [None if g is None else tf.convert_to_tensor(g).numpy().tolist() for g in grads]


KINKS = {
    "abs at 0": (tf.abs, [[-2.0, 0.0, 3.0]], [[-1.0, 0.0, 1.0]]),
    "relu at 0": (tf.nn.relu, [[-2.0, 0.0, 3.0]], [[0.0, 0.0, 1.0]]),
    "relu6 at its corners": (tf.nn.relu6, [[0.0, 3.0, 6.0]], [[0.0, 1.0, 0.0]]),
    "leaky_relu at 0": (lambda x: tf.nn.leaky_relu(x, 0.5), [[0.0]], [[0.5]]),
    "elu at 0": (tf.nn.elu, [[0.0]], [[1.0]]),
    "sign": (tf.sign, [[-2.0, 0.0]], [[0.0, 0.0]]),
    "round": (tf.round, [[1.4]], [None]),
    "floor": (tf.math.floor, [[1.4]], [None]),
    "ceil": (tf.math.ceil, [[1.4]], [None]),
    "floordiv": (lambda x, y: x // y, [[3.5], [2.0]], [None, None]),
    "mod": (lambda x, y: x % y, [[5.5], [2.0]], [[1.0], [-2.0]]),
    "maximum tie goes to the first": (tf.maximum, [[1.0], [1.0]], [[1.0], [0.0]]),
    "minimum tie goes to the first": (tf.minimum, [[1.0], [1.0]], [[1.0], [0.0]]),
    "maximum(x, 0) at 0": (lambda x: tf.maximum(x, 0.0), [[0.0]], [[1.0]]),
    "maximum(0, x) at 0": (lambda x: tf.maximum(0.0, x), [[0.0]], [[0.0]]),
    "reduce_max ties share": (tf.reduce_max, [[1.0, 1.0, 0.0]], [[0.5, 0.5, 0.0]]),
    "reduce_min ties share": (tf.reduce_min, [[1.0, 0.0, 0.0]], [[0.0, 0.5, 0.5]]),
    "sqrt at 0": (tf.sqrt, [[0.0]], [[INF]]),
    "sqrt at 0, no upstream": (lambda x: tf.sqrt(x) * 0.0, [[0.0]], [[0.0]]),
    "where hides sqrt at 0": (lambda x: tf.where(x > 0.0, tf.sqrt(x), 0.0), [[0.0]], [[0.0]]),
    "where does not hide log": (
        lambda x: tf.where(x > 0.0, tf.math.log(x), 0.0),
        [[0.0]],
        [[NAN]],
    ),
    "where does not hide 1/x": (lambda x: tf.where(x > 0.0, 1.0 / x, 0.0), [[0.0]], [[NAN]]),
    "norm at the zero vector": (tf.norm, [[0.0, 0.0]], [[NAN, NAN]]),
    "log at 0": (tf.math.log, [[0.0]], [[INF]]),
    "pow at 0": (lambda x: x**3, [[0.0]], [[0.0]]),
    "pow by its exponent at 0": (tf.pow, [[0.0], [2.0]], [[0.0], [0.0]]),
    "pow of a negative base": (tf.pow, [[-2.0], [3.0]], [[12.0], [0.0]]),
    "clip_by_value on the bounds": (
        lambda x: tf.clip_by_value(x, -1.0, 1.0),
        [[-1.5, -1.0, 0.0, 1.0, 2.0]],
        [[0.0, 1.0, 1.0, 1.0, 0.0]],
    ),
    "stop_gradient": (tf.stop_gradient, [[1.0]], [None]),
    "argmax": (lambda x: tf.argmax(x), [[1.0, 2.0]], [None]),
    "through an integer": (lambda x: tf.cast(tf.cast(x, tf.int32), tf.float32), [[1.5]], [None]),
    "max_pool tie goes to the first": (
        lambda x: tf.nn.max_pool2d(tf.reshape(x, [1, 1, 2, 1]), [1, 2], 1),
        [[3.0, 3.0]],
        [[1.0, 0.0]],
    ),
    "a gathered row twice": (lambda x: tf.gather(x, [1, 1]), [[5.0, 6.0]], [[0.0, 2.0]]),
    "an empty slice": (lambda x: x[5:], [[1.0, 2.0]], [[0.0, 0.0]]),
    "divide_no_nan at 0": (tf.math.divide_no_nan, [[1.0], [0.0]], [[0.0], [0.0]]),
    "the worked example at its kink": (
        lambda w: tf.abs(4.0 - (2.0 * w + 1.0)),
        [1.5],
        [0.0],
    ),
}


@pytest.mark.parametrize("function, args, wanted", KINKS.values(), ids=list(KINKS))
def test_gradient_where_there_is_a_choice(function, args, wanted):
    got = slope(function, *args)
    assert len(got) == len(wanted)
    for g, w in zip(got, wanted, strict=True):
        if w is None:
            assert g is None
        else:
            np.testing.assert_array_equal(g, w)


VALUES = {
    "0/0": (lambda: tf.constant(0.0) / 0.0, NAN),
    "log of a negative number": (lambda: tf.math.log(-1.0), NAN),
    "round halves to even": (lambda: tf.round([0.5, 1.5, 2.5, -0.5]), [0.0, 2.0, 2.0, -0.0]),
    "mod has the divisor's sign": (lambda: tf.constant([7, -7]) % 3, [1, 2]),
    "mean of integers": (lambda: tf.reduce_mean([1, 2]), 1),
    "max of nothing": (lambda: tf.reduce_max(tf.zeros([0])), -INF),
    "sum of nothing": (lambda: tf.reduce_sum(tf.zeros([0])), 0.0),
    "one_hot out of range": (lambda: tf.one_hot([-1, 3], 3), [[0, 0, 0], [0, 0, 0]]),
    "argmax takes the first": (lambda: tf.argmax([3, 3, 1]), 0),
    "softmax of large scores": (lambda: tf.nn.softmax([1000.0, 0.0]), [1.0, 0.0]),
    "softplus of large numbers": (lambda: tf.nn.softplus([100.0, -200.0]), [100.0, 0.0]),
    "sigmoid of large numbers": (lambda: tf.sigmoid([-1000.0, 1000.0]), [0.0, 1.0]),
    "nan is not equal": (lambda: tf.equal(NAN, NAN), False),
    "cast cuts off": (lambda: tf.cast([-1.7, 1.7], tf.int32), [-1, 1]),
    "slices clamp": (lambda: tf.constant([1, 2, 3])[1:100], [2, 3]),
    "== of shapes that do not fit": (lambda: tf.constant([1, 2]) == tf.ones([3], tf.int32), False),
    "!= of shapes that do not fit": (lambda: tf.constant([1, 2]) != tf.ones([3], tf.int32), True),
    "== None": (lambda: tf.constant(1.0) == None, False),  # noqa: E711
}


@pytest.mark.parametrize("function, wanted", VALUES.values(), ids=list(VALUES))
def test_value_where_there_is_a_choice(function, wanted):
    np.testing.assert_array_equal(np.asarray(function()), wanted)


DTYPES = {
    "int / int": (lambda: tf.constant(1) / 2, "float64"),
    "uint8 / uint8": (lambda: tf.constant([255], tf.uint8) / 255, "float32"),
    "int // int": (lambda: tf.constant(7) // 2, "int32"),
    "number adopts": (lambda: 1 + tf.constant(1.0, tf.float64), "float64"),
    "argmax": (lambda: tf.argmax([1.0]), "int64"),
    "argsort": (lambda: tf.argsort([1.0]), "int32"),
    "where positions": (lambda: tf.where([True]), "int64"),
    "shape": (lambda: tf.shape([1.0]), "int32"),
    "range": (lambda: tf.range(3), "int32"),
    "range of floats": (lambda: tf.range(0, 1, 0.25), "float32"),
    "one_hot": (lambda: tf.one_hot([1], 2), "float32"),
    "comparison": (lambda: tf.constant(1.0) > 0, "bool"),
    "sum of int64": (lambda: tf.reduce_sum(np.array([1, 2])), "int64"),
    "float16": (lambda: tf.nn.softplus(tf.constant([1.0], tf.float16)), "float16"),
    "mean of float16": (lambda: tf.reduce_mean(tf.constant([1.0, 2.0], tf.float16)), "float16"),
    "random": (lambda: tf.random.normal([2]), "float32"),
    "eye": (lambda: tf.eye(2, dtype=tf.float64), "float64"),
}


@pytest.mark.parametrize("function, wanted", DTYPES.values(), ids=list(DTYPES))
def test_dtype(function, wanted):
    assert function().dtype == wanted


def test_embedding_gradient_is_sparse():
    table = tf.Variable(tf.ones([4, 2]))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(table, [3, 3, 1]))
    grad = tape.gradient(y, table)
    assert isinstance(grad, tf.IndexedSlices)
    assert grad.indices.numpy().tolist() == [3, 3, 1]
    np.testing.assert_array_equal(tf.convert_to_tensor(grad)[:, 0], [0, 1, 0, 2])


def test_fused_cross_entropy_survives_what_log_of_softmax_does_not():
    z = [[1000.0, 0.0]]
    naive = slope(lambda x: -tf.math.log(tf.nn.softmax(x))[0, 1], z)[0]
    fused = slope(lambda x: tf.nn.sparse_softmax_cross_entropy_with_logits([1], x), z)[0]
    assert np.isnan(naive).all()
    assert fused == [[1.0, -1.0]]


def test_dropout_scales_what_it_keeps():
    tf.random.set_seed(1)
    y = tf.nn.dropout(tf.ones([1000]), 0.25).numpy()
    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.75)}
    assert 0.2 < (y == 0).mean() < 0.3


def test_complex_gradients_are_conjugated_as_in_tensorflow():
    z = tf.Variable(1 + 2j, dtype=tf.complex128)
    with tf.GradientTape(persistent=True) as tape:
        square = z * z
        quotient = tf.exp(z) / z
        back = tf.math.conj(z)
    assert tape.gradient(square, z).numpy() == 2 - 4j
    w = z.numpy()
    expected = np.conj(np.exp(w) * (1 / w - 1 / w**2))
    np.testing.assert_allclose(tape.gradient(quotient, z).numpy(), expected)
    assert tape.gradient(back, z).numpy() == 1
