"""custom_gradient: the rule is used, exactly once, and can be differentiated."""

import gc
import weakref

import numpy as np
import pytest

import minitf as tf


@tf.custom_gradient
def triple_rule(x):
    """x² with a gradient that is ten times too large, so that its use shows."""

    def grad(upstream):
        return upstream * 20.0 * x

    return x * x, grad


@pytest.mark.parametrize("kind", [tf.constant, tf.Variable, lambda x: tf.constant(x) * 1.0])
def test_the_rule_replaces_the_gradient_of_the_inside(kind):
    x = kind(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = triple_rule(x)
    assert y.numpy() == 9.0 and tape.gradient(y, x).numpy() == 60.0


def test_the_upstream_gradient_arrives():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = 5.0 * triple_rule(x)
    assert tape.gradient(y, x).numpy() == 300.0


def test_a_rule_that_ignores_upstream_is_wrong_where_something_follows():
    @tf.custom_gradient
    def square(x):
        return x * x, lambda upstream: 2.0 * x

    x = tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = square(x)
        z = 5.0 * y
    assert tape.gradient(y, x).numpy() == 6.0
    assert tape.gradient(z, x).numpy() == 6.0  # 30 would be right


def test_name_and_docstring_stay():
    assert triple_rule.__name__ == "triple_rule" and "ten times" in triple_rule.__doc__
    assert triple_rule(tf.constant(2.0)).origin.name == "triple_rule"


def test_numbers_and_arrays_become_tensors():
    assert triple_rule(3.0).numpy() == 9.0
    assert triple_rule(np.array([1.0, 2.0])).numpy().tolist() == [1.0, 4.0]


def test_the_identity_does_not_leak_through():
    """The result is connected by the rule and nothing else, even if `f` returns its argument."""

    @tf.custom_gradient
    def reverse(x):
        return x, lambda upstream: -upstream

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = reverse(x)
    assert tape.gradient(y, x).numpy() == -1.0


# Several arguments and results


@tf.custom_gradient
def product(x, w):
    def grad(upstream):
        return 10.0 * upstream * w, 10.0 * upstream * x

    return x * w, grad


@pytest.mark.parametrize(
    "call",
    [
        lambda x, w: product(x, w),
        lambda x, w: product(x, w=w),
        lambda x, w: product(x=x, w=w),
        lambda x, w: product(w=w, x=x),
    ],
)
def test_tensors_by_position_and_by_keyword(call):
    x, w = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = call(x, w)
    assert [g.numpy() for g in tape.gradient(y, [x, w])] == [30.0, 20.0]


def test_plain_options_by_keyword_need_no_gradient():
    @tf.custom_gradient
    def scaled(x, scale=1.0, mode="plain"):
        assert isinstance(scale, float) and mode == "double"
        return x * scale, lambda upstream: upstream * scale

    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = scaled(x, scale=3.0, mode="double")
    assert y.numpy() == 6.0 and tape.gradient(y, x).numpy() == 3.0


def test_a_structure_as_an_argument():
    @tf.custom_gradient
    def add(pair):
        return pair["a"] + pair["b"], lambda upstream: {"a": upstream * 2.0, "b": upstream * 3.0}

    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = add({"a": x, "b": x})
    assert tape.gradient(y, x).numpy() == 5.0


def test_none_means_no_path():
    @tf.custom_gradient
    def first(x, w):
        return x + w, lambda upstream: (upstream, None)

    x, w = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = first(x, w)
    found = tape.gradient(y, [x, w])
    assert found[0].numpy() == 1.0 and found[1] is None


def test_several_results_have_one_upstream_each():
    @tf.custom_gradient
    def both(x):
        def grad(up_square, up_cube):
            return up_square * 2.0 * x + up_cube * 3.0 * x * x

        return (x * x, x * x * x), grad

    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        square, cube = both(x)
        total = 10.0 * square + cube
    assert isinstance(both(x), tuple)
    assert tape.gradient(total, x).numpy() == 52.0
    assert tape.gradient(square, x).numpy() == 4.0  # the other upstream is zero
    assert tape.gradient([square, cube], x).numpy() == 16.0


@pytest.mark.parametrize("answer", [lambda g: (g,), lambda g: (g, g, g), lambda g: g])
def test_one_gradient_per_argument(answer):
    @tf.custom_gradient
    def wrong(x, w):
        return x * w, answer

    x, w = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = wrong(x, w)
    with pytest.raises(ValueError, match="wrong expected to return 2 gradients.*Return None"):
        tape.gradient(y, [x, w])


@pytest.mark.parametrize("answer", [1.0, (1.0, 2.0), None])
def test_a_pair_must_be_returned(answer):
    @tf.custom_gradient
    def no_pair(x):
        return answer

    with pytest.raises(ValueError, match="no_pair must return a pair.*return y, grad"):
        no_pair(tf.constant(1.0))


# Variables that are not arguments


def test_a_hidden_variable_needs_a_rule_that_knows_of_it():
    w = tf.Variable(3.0, name="w")

    @tf.custom_gradient
    def times_w(x):
        return x * w, lambda upstream: upstream * w

    with pytest.raises(TypeError, match=r"'variables'.*w:0"):
        times_w(tf.constant(2.0))


@pytest.mark.parametrize("style", ["named", "keywords only", "any keyword"])
def test_the_gradients_of_hidden_variables(style):
    w, b = tf.Variable(3.0), tf.Variable(1.0)

    @tf.custom_gradient
    def affine(x):
        def of(upstream, variables):
            gradients = {w.ref(): upstream * x * 10.0, b.ref(): upstream * 10.0}
            return upstream * w, [gradients[v.ref()] for v in variables]

        def named(upstream, variables=None):
            return of(upstream, variables)

        def keyword_only(upstream, *, variables):
            return of(upstream, variables)

        def any_keyword(upstream, **kwargs):
            return of(upstream, kwargs["variables"])

        rules = {"named": named, "keywords only": keyword_only, "any keyword": any_keyword}
        return x * w + b, rules[style]

    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = affine(x)
    assert [g.numpy() for g in tape.gradient(y, [x, w, b])] == [3.0, 20.0, 10.0]


def test_untrainable_variables_and_arguments_are_not_hidden():
    frozen = tf.Variable(3.0, trainable=False)

    @tf.custom_gradient
    def scaled(x, w):
        return x * w * frozen, lambda upstream: (upstream * w * frozen, None)

    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = scaled(x, tf.Variable(5.0))
    assert tape.gradient(y, x).numpy() == 15.0


def test_answers_for_hidden_variables_are_counted():
    w = tf.Variable(3.0)

    def with_answer(answer):
        @tf.custom_gradient
        def times_w(x):
            return x * w, lambda upstream, variables: answer(upstream)

        with tf.GradientTape() as tape:
            y = times_w(tf.constant(2.0))
        return tape.gradient(y, w)

    with pytest.raises(ValueError, match="must return a pair"):
        with_answer(lambda g: g)
    with pytest.raises(ValueError, match="gradient for each variable.*uses 1, got 2"):
        with_answer(lambda g: (g, [g, g]))
    assert with_answer(lambda g: (g, [g])).numpy() == 1.0


# Higher order


def test_second_order_differentiates_the_rule():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = triple_rule(x)
        dy = inner.gradient(y, x)
    assert dy.numpy() == 60.0 and outer.gradient(dy, x).numpy() == 20.0


def test_outer_tapes_see_what_runs_inside():
    """A rule may use a value computed in `f`; its path to x must not be lost."""

    @tf.custom_gradient
    def exponential(x):
        y = tf.exp(x)
        return y, lambda upstream: upstream * y

    x = tf.Variable(1.0, dtype=tf.float64)
    with tf.GradientTape() as third:
        with tf.GradientTape() as second:
            with tf.GradientTape() as first:
                y = exponential(x)
            d1 = first.gradient(y, x)
        d2 = second.gradient(d1, x)
    np.testing.assert_allclose([d1, d2, third.gradient(d2, x)], [np.e] * 3)


def test_tapes_still_record_after_an_error_inside():
    @tf.custom_gradient
    def fails(x):
        raise ZeroDivisionError

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        with pytest.raises(ZeroDivisionError):
            fails(x)
        y = x * x
    assert tape.gradient(y, x).numpy() == 6.0


def test_custom_inside_custom():
    @tf.custom_gradient
    def outer(x):
        y = triple_rule(x)
        return y, lambda upstream: upstream * 7.0

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = outer(x)
    assert tape.gradient(y, x).numpy() == 7.0


def test_a_result_does_not_keep_the_argument_alive():
    @tf.custom_gradient
    def identity(x):
        return tf.identity(x), lambda upstream: upstream * x

    x = tf.constant([1.0])
    argument = weakref.ref(x)
    y = identity(x)
    del x
    gc.collect()
    assert argument() is None and y.numpy() == [1.0]


# The two ready-made decorators


def test_grad_pass_through_is_the_straight_through_estimator():
    w = tf.Variable(2.0)
    x = tf.Variable([0.4, 1.6])
    with tf.GradientTape() as tape:
        y = tf.grad_pass_through(lambda x: tf.round(x) * w)(x)
        loss = tf.reduce_sum(y * [1.0, 10.0])
    found = tape.gradient(loss, [x, w])
    assert y.numpy().tolist() == [0.0, 4.0]
    assert found[0].numpy().tolist() == [1.0, 10.0] and found[1] is None


def test_recompute_grad_gives_the_same_gradients():
    w = tf.Variable(2.0)

    def f(x, y):
        return tf.sin(x * w) * y

    x, y = tf.Variable(0.5), tf.Variable(3.0)
    with tf.GradientTape() as plain:
        expected = f(x, y)
    with tf.GradientTape() as tape:
        value = tf.recompute_grad(f)(x, y)
    assert value.numpy() == expected.numpy()
    found, wanted = tape.gradient(value, [x, y, w]), plain.gradient(expected, [x, y, w])
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_recompute_grad_runs_the_function_again():
    runs = []

    @tf.recompute_grad
    def f(x):
        runs.append(1)
        return x * x

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = f(x)
    assert runs == [1]
    assert tape.gradient(y, x).numpy() == 6.0 and runs == [1, 1]
