"""The backward pass on bare arrays gives what the one on tensors gives, for every operation."""

import cases_array  # noqa: F401 - each adds its rows to CASES
import cases_math  # noqa: F401
import cases_nn  # noqa: F401
import numpy as np
import pytest
from op_cases import CASES

import minitf as tf
from minitf.backward import backpropagate
from minitf.backward_on_arrays import backpropagate_on_arrays
from minitf.indexed_slices import IndexedSlices
from minitf.registry import OPS
from minitf.state import state

WITH_GRADIENT = [case for case in CASES.values() if case.order]


def both(function, args):
    """Gradients by both walks over the same records, as arrays."""
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(args)
        y = function(*args)
    if tape._complex:
        pytest.skip("complex numbers take the walk on tensors")
    seed = tf.constant(np.linspace(0.5, 1.5, y._value.size, dtype=y._value.dtype).reshape(y.shape))
    found = []
    for walk in (backpropagate, backpropagate_on_arrays):
        grads = walk(tape._rows, [y], [seed], args)
        found.append([None if g is None else tf.convert_to_tensor(g) for g in grads])
    return found


def assert_same(function, args):
    want, got = both(function, args)
    for a, b in zip(want, got, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            assert type(b) is tf.Tensor and (b.dtype, b.shape) == (a.dtype, a.shape)
            np.testing.assert_array_equal(b, a)
            assert b.ndim or isinstance(b._value, np.generic)
    assert state.on_arrays is False


@pytest.mark.parametrize("case", WITH_GRADIENT, ids=[case.name for case in WITH_GRADIENT])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_operation(case, dtype):
    args = [tf.constant(a.astype(dtype)) for a in case.args]
    assert_same(case.function, args)


BINARY = [tf.add, tf.subtract, tf.multiply, tf.divide, tf.pow, tf.math.squared_difference,
          tf.maximum, tf.minimum, tf.atan2, tf.math.divide_no_nan, tf.math.floormod]  # fmt: skip


@pytest.mark.parametrize("function", BINARY, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    "shapes", [((3, 2), (2,)), ((), (2, 2)), ((3, 1), (1, 2)), ((2, 1), (3, 1, 2)), ((1,), ())]
)
def test_broadcasting(function, shapes):
    rng = np.random.default_rng(0)
    args = [tf.constant(rng.uniform(0.5, 2.0, shape).astype(np.float32)) for shape in shapes]
    assert_same(function, args)


def test_values_that_are_used_again():
    x, w = tf.constant(0.7), tf.constant([1.0, 2.0])

    def program(x, w):
        y = tf.sin(x) * w
        return tf.reduce_sum(y * y + y / x) + x * tf.exp(-x)

    assert_same(program, [x, w])


def test_rows_of_a_table_stay_sparse():
    table = tf.Variable(np.arange(6.0).reshape(3, 2))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(table, [2, 0, 2]) ** 2)
    grad = tape.gradient(y, table)
    assert isinstance(grad, IndexedSlices)
    np.testing.assert_array_equal(tf.convert_to_tensor(grad), [[0, 2], [0, 0], [16, 20]])


def test_a_rule_with_tensors_between_rules_with_arrays():
    seen = []

    @tf.custom_gradient
    def double(x):
        def grad(upstream):
            seen.append(type(upstream))
            return 2.0 * upstream

        return 2.0 * x, grad

    with tf.GradientTape() as tape:
        x = tf.constant(3.0)
        tape.watch(x)
        y = tf.square(double(tf.square(x)))
    assert tape.gradient(y, x).numpy() == 432.0  # y = 4x⁴
    assert seen == [tf.Tensor]


def test_an_error_in_a_rule_leaves_the_mode():
    @tf.custom_gradient
    def broken(x):
        def grad(upstream):
            raise RuntimeError("on purpose")

        return x * 1.0, grad

    with tf.GradientTape() as tape:
        x = tf.constant(3.0)
        tape.watch(x)
        y = tf.sin(broken(tf.sin(x)))
    with pytest.raises(RuntimeError, match="on purpose"):
        tape.gradient(y, x)
    assert state.on_arrays is False
    assert type(tf.square(3.0)) is tf.Tensor


def test_another_tape_that_listens_gets_tensors():
    x = tf.constant(2.0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = x**3
        slope = inner.gradient(y, x)
    assert (slope.numpy(), outer.gradient(slope, x).numpy()) == (12.0, 12.0)


def test_the_commonest_operations_have_rules_for_arrays():
    names = "AddV2 Sub Mul RealDiv Neg Exp Log Sin Tanh MatMul Relu Sum Mean Reshape".split()
    assert all(OPS[name].on_arrays for name in names)


def test_sums_that_grow_in_place_are_nobody_elses():
    x, y = tf.constant([1.0, 2.0]), tf.constant([3.0, 5.0])

    def program(x, y):
        shared = x + y  # its upstream, a sum of three, goes on to x and y unchanged
        return tf.reduce_sum(shared * x + shared * y + shared + x + y + x)

    assert_same(program, [x, y])


def test_a_sum_over_a_sparse_gradient():
    def program(table, x):
        rows = tf.gather(table, [1, 1]) * x
        return tf.reduce_sum(rows) + tf.reduce_sum(table) + tf.reduce_sum(tf.gather(table, [0]))

    assert_same(program, [tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant(2.0)])
