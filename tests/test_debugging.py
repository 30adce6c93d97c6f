"""Assertions on tensors: what passes, what raises, and when."""

import pytest

import minitf as tf

d = tf.debugging


@pytest.mark.parametrize(
    "holds, fails, sign",
    [
        (lambda: d.assert_equal([1, 2], [1, 2]), lambda: d.assert_equal([1, 2], [1, 3]), "=="),
        (lambda: d.assert_none_equal([1], [2]), lambda: d.assert_none_equal([1], [1]), "!="),
        (lambda: d.assert_less([1.0], 2.0), lambda: d.assert_less([1.0], 1.0), "<"),
        (lambda: d.assert_less_equal(1.0, 1.0), lambda: d.assert_less_equal(2.0, 1.0), "<="),
        (lambda: d.assert_greater(2.0, 1.0), lambda: d.assert_greater(1.0, 1.0), ">"),
        (lambda: d.assert_greater_equal(1.0, 1.0), lambda: d.assert_greater_equal(0.0, 1.0), ">="),
        (lambda: d.assert_positive([1.0]), lambda: d.assert_positive([0.0]), "> y"),
        (lambda: d.assert_negative([-1]), lambda: d.assert_negative([0]), "< y"),
        (lambda: d.assert_non_negative([0]), lambda: d.assert_non_negative([-1]), ">= y"),
        (lambda: d.assert_non_positive([0]), lambda: d.assert_non_positive([1]), "<= y"),
    ],
)
def test_comparisons(holds, fails, sign):
    assert holds() is None
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"x {sign}"):
        fails()


def test_a_failure_says_where_and_repeats_the_message():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"too big .*at \[1\]: x is 9"):
        tf.assert_less([1, 9], 5, message="too big")


def test_assertions_on_values_run_at_each_call_of_a_function():
    @tf.function
    def root(x):
        tf.debugging.assert_non_negative(x)
        return tf.sqrt(x)

    assert root(tf.constant(4.0)).numpy() == 2.0
    with pytest.raises(tf.errors.InvalidArgumentError):
        root(tf.constant(-4.0))


def test_all_finite():
    assert d.assert_all_finite([1.0], "x").numpy().tolist() == [1.0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="weights : .* nan at .1."):
        d.assert_all_finite([1.0, float("nan")], "weights")


def test_shapes():
    x, y = tf.ones([4, 3]), tf.ones([4])
    d.assert_shapes([(x, ("n", 3)), (y, ("n",)), (y, (None,))])
    with pytest.raises(ValueError, match="axis 0 of tensor 0 says n = 4"):
        d.assert_shapes([(x, ("n", "m")), (tf.ones([5]), ("n",))])
    with pytest.raises(ValueError, match="rank 2"):
        d.assert_shapes([(y, ("n", 3))])
    with pytest.raises(ValueError, match="the shape given says 2 = 2"):
        d.assert_shapes([(x, ("n", 2))])


def test_ranks_and_dtypes():
    x = tf.ones([4, 3])
    tf.assert_rank(x, 2)
    d.assert_rank_at_least(x, 1)
    d.assert_type(x, tf.float32)
    d.assert_integer([1])
    assert d.assert_scalar(3.0).numpy() == 3.0
    for wrong in (lambda: d.assert_rank(x, 1), lambda: d.assert_rank_at_least(x, 3)):
        with pytest.raises(ValueError, match="rank"):
            wrong()
    with pytest.raises(ValueError, match="scalar"):
        d.assert_scalar(x)
    for wrong in (lambda: d.assert_type(x, tf.int32), lambda: d.assert_integer(x)):
        with pytest.raises(TypeError, match="float32"):
            wrong()
