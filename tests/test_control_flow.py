"""cond, case, switch_case and while_loop, eager and traced, with gradients of two orders."""

import numpy as np
import pytest

import minitf as tf

BOTH = pytest.mark.parametrize("wrap", [lambda f: f, tf.function], ids=["eager", "traced"])


def _two_orders(f, x):
    x = tf.constant(x)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        first = inner.gradient(y, x)
    return float(y), float(first), float(outer.gradient(first, x))


@BOTH
@pytest.mark.parametrize(("x", "expected"), [(3.0, (27.0, 27.0, 18.0)), (-2.0, (4.0, -4.0, 2.0))])
def test_cond(wrap, x, expected):
    f = wrap(lambda x: tf.cond(x > 0.0, lambda: x * x * x, lambda: x * x))
    assert _two_orders(f, x) == expected


def test_cond_traces_both_branches_and_runs_one():
    traced = []
    v, w = tf.Variable(0.0), tf.Variable(0.0)

    @tf.function
    def f(x):
        def yes():
            traced.append("yes")
            v.assign_add(1.0)
            return x

        def no():
            traced.append("no")
            w.assign_add(1.0)
            return -x

        return tf.cond(x > 0.0, yes, no)

    assert [f(tf.constant(a)).numpy() for a in (1.0, -2.0, 3.0)] == [1.0, 2.0, 3.0]
    assert (traced, v.numpy(), w.numpy()) == (["yes", "no"], 2.0, 1.0)


def test_cond_with_variables_in_the_branches():
    a, b = tf.Variable(2.0), tf.Variable(5.0)

    @tf.function
    def f(x):
        with tf.GradientTape() as tape:
            y = tf.cond(x > 0.0, lambda: a * x, lambda: b * b)
        return tape.gradient(y, [a, b])

    assert [float(g) for g in f(tf.constant(3.0))] == [3.0, 0.0]
    assert [float(g) for g in f(tf.constant(-1.0))] == [0.0, 10.0]


@pytest.mark.parametrize(
    ("yes", "no", "error", "says"),
    [
        (lambda x: (x, x), lambda x: x, ValueError, "structure"),
        (lambda x: x, lambda x: tf.constant(1), TypeError, "dtype int32"),
        (lambda x: x, lambda x: None, ValueError, "structure"),
        (lambda x: x, lambda x: [[x]][0][0] * tf.ones([2]), ValueError, "rank"),
    ],
)
def test_branches_that_do_not_fit(yes, no, error, says):
    @tf.function
    def f(x):
        return tf.cond(x > 0.0, lambda: yes(x), lambda: no(x))

    with pytest.raises(error, match=says):
        f(tf.constant(1.0))


def test_shapes_that_differ_become_unknown():
    @tf.function
    def f(x):
        y = tf.cond(x > 0.0, lambda: tf.ones([2]), lambda: tf.ones([3]))
        assert y.shape == [None]
        return y

    assert f(tf.constant(1.0)).shape == [2] and f(tf.constant(-1.0)).shape == [3]


def test_bad_arguments_of_cond():
    with pytest.raises(TypeError, match="true_fn"):
        tf.cond(tf.constant(True), 1, lambda: 2)
    with pytest.raises(ValueError, match="reduce_any"):
        tf.cond(tf.constant([True, False]), lambda: 1, lambda: 2)


@BOTH
def test_case_and_switch_case(wrap):
    def f(x, i):
        low = tf.case([(x < 1.0, lambda: x * 10.0), (x < 5.0, lambda: x * 100.0)], lambda: x)
        return low, tf.switch_case(i, {0: lambda: x, 2: lambda: x + 1.0}, lambda: -x)

    f = wrap(f)
    for x, i, expected in [
        (0.5, 0, [5, 0.5]),
        (2.0, 1, [200, -2]),
        (6.0, 2, [6, 7]),
        (1, 9, [100, -1]),
    ]:
        assert [float(y) for y in f(tf.constant(float(x)), tf.constant(i))] == expected


def test_case_without_a_match():
    with pytest.raises(tf.errors.InvalidArgumentError, match="None of conditions"):
        tf.case([(tf.constant(False), lambda: tf.constant(1))])


@BOTH
def test_while_loop_with_gradients(wrap):
    def f(x):
        return tf.while_loop(
            lambda i, y: i < 4, lambda i, y: (i + 1, y * x), (tf.constant(0), tf.constant(1.0))
        )[1]

    assert _two_orders(wrap(f), 1.5) == (1.5**4, 4 * 1.5**3, 12 * 1.5**2)


@BOTH
def test_maximum_iterations(wrap):
    f = wrap(
        lambda: tf.while_loop(lambda i: i < 30, lambda i: (i + 1,), (0,), maximum_iterations=4)
    )
    (i,) = f()
    assert i.numpy() == 4


def test_a_loop_body_is_traced_once_and_runs_often():
    count, traced = tf.Variable(0), []

    @tf.function
    def f(n):
        def body(i):
            traced.append(1)
            count.assign_add(1)
            return (i + 1,)

        return tf.while_loop(lambda i: i < n, body, (0,))

    f(tf.constant(5))
    assert (count.numpy(), len(traced)) == (5, 1)


def test_the_variable_that_is_passed_is_the_one_assigned():
    @tf.function
    def f(v):
        for _ in tf.range(3):
            v.assign_add(1.0)
        return v

    a, b = tf.Variable(0.0), tf.Variable(10.0)
    assert [float(f(a)), float(f(b)), float(a), float(b)] == [3.0, 13.0, 3.0, 13.0]
    assert f.experimental_get_tracing_count() == 1


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (lambda i, x: (i + 1, tf.cast(x, tf.float64)), TypeError, "should remain constant"),
        (lambda i, x: (i + 1, tf.concat([x, x], 0)), ValueError, "shape_invariants"),
        (lambda i, x: (i + 1,), ValueError, "nested structure"),
    ],
)
def test_loop_variables_that_change_their_kind(body, error, says):
    @tf.function
    def f():
        return tf.while_loop(lambda i, x: i < 3, body, (tf.constant(0), tf.ones([1])))

    with pytest.raises(error, match=says):
        f()


def test_shape_invariants_allow_growth():
    @tf.function
    def f():
        return tf.while_loop(
            lambda i, x: i < 3,
            lambda i, x: (i + 1, tf.concat([x, x], 0)),
            (tf.constant(0), tf.ones([1])),
            shape_invariants=(tf.TensorShape([]), tf.TensorShape([None])),
        )

    assert f()[1].shape == [8]


@pytest.mark.parametrize("signature", [None, [tf.TensorSpec([None])]], ids=["known", "unknown"])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: tf.map_fn(lambda row: row * row, x),
        lambda x: tf.foldl(lambda a, e: a * 2.0 - e, x),
        lambda x: tf.foldr(lambda a, e: a * 2.0 - e, x),
        lambda x: tf.scan(lambda a, e: a * e, x),
        lambda x: tf.scan(lambda a, e: a * e, x, reverse=True),
        lambda x: tf.scan(lambda a, e: a * e, x, initializer=tf.constant(3.0)),
    ],
)
def test_functions_of_rows(f, signature):
    def value_and_slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return y, tape.gradient(y, x)

    x = tf.constant([1.0, 2.0, 3.0])
    traced = tf.function(value_and_slope, input_signature=signature)
    for have, want in zip(traced(x), value_and_slope(x), strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-6)


def test_tf_gradients_inside_a_function():
    v = tf.Variable(2.0)

    @tf.function
    def f(x):
        y = x * x * v
        return tf.gradients(y, [x, v]), tf.gradients(tf.constant(1.0), x)

    (dx, dv), none = f(tf.constant(3.0))
    assert (float(dx), float(dv), none) == (12.0, 9.0, [None])
    with pytest.raises(RuntimeError, match="GradientTape"):
        tf.gradients(v * v, v)
