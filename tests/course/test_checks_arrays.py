"""The checks of chapter 06 name what is wrong with a rule: first the shape, then dtype and numbers.

And the course's own rules serve whole arrays on the workbench, as minitf's do on its tape.
"""

import numpy as np
import pytest

import minitf as tf
from minitf.course import my_engine
from minitf.course.checker import examine, fixed_seed
from minitf.course.failures import CheckFailed
from minitf.course.registry import get
from minitf.course.workbench import Value, apply, assemble


def said_about(exercise_id, **names):
    exercise = get(exercise_id)
    with pytest.raises(CheckFailed) as caught:
        examine(exercise, names, fixed_seed(exercise))
    return str(caught.value)


def rule_returning(of_x, of_y):
    """A rule of matmul with the right numbers, changed by two functions."""

    def rule(upstream, inputs, output):
        x, y = inputs
        return of_x(upstream @ y.T), of_y(x.T @ upstream)

    return rule


def same(gradient):
    return gradient


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda g: g[0], "the gradient of x has shape (2,); x has shape (2, 2)"),
        (lambda g: g.astype(np.float32), "the gradient of x is float32; x is float64"),
        (lambda g: None, "the gradient of x is None"),
        (lambda g: g.tolist(), "the gradient of x is a list"),
        (lambda g: g + 1, "the gradient of x, at [0, 0]: expected 6, got 7; 4 of 4 differ"),
    ],
)
def test_what_is_wrong_is_named(changed, said):
    assert said in said_about("ch06.vjp_matmul", vjp_matmul=rule_returning(changed, same))


def test_a_wrong_dtype_is_not_taken_for_another_slip():
    """A slice in float64, and a gather that does not add: the first is met first, and is named."""

    def vjp_reshape(upstream, inputs, output, shape):
        return (upstream.reshape(inputs[0].shape),)

    def vjp_transpose(upstream, inputs, output, axes=None):
        return (upstream.transpose(None if axes is None else np.argsort(axes)),)

    def vjp_slice(upstream, inputs, output, index):
        gradient = np.zeros(inputs[0].shape)
        gradient[index] = upstream
        return (gradient,)

    def vjp_gather(upstream, inputs, output):
        gradient = np.zeros_like(inputs[0])
        gradient[inputs[1]] += upstream
        return gradient, None

    text = said_about(
        "ch06.vjp_moving", vjp_reshape=vjp_reshape, vjp_transpose=vjp_transpose,
        vjp_slice=vjp_slice, vjp_gather=vjp_gather,
    )  # fmt: skip
    assert "np.zeros makes float64" in text and "vjp_gather" not in text


def test_the_shape_comes_before_the_numbers():
    def wrong_both_ways(gradient):
        return gradient[:1] + 5

    text = said_about("ch06.vjp_matmul", vjp_matmul=rule_returning(wrong_both_ways, same))
    assert "has shape (1, 2)" in text and "expected 6" not in text


def test_a_bare_array_is_no_tuple():
    def vjp_max(upstream, inputs, output, axis=None, keepdims=False):
        return np.zeros_like(inputs[0])

    assert "return a tuple with one gradient per input: (gradient of x,)" in said_about(
        "ch06.vjp_max", vjp_max=vjp_max
    )


def run_on_the_workbench(x, w, b, rows):
    bench = assemble(my_engine())
    values = [Value(array) for array in (x, w, b)]
    with bench.tape() as tape:
        hidden = apply("gather", values[0], rows) @ values[1] + values[2]
        turned = apply("transpose", apply("reshape", hidden, shape=(2, 2, 4)), axes=(1, 2, 0))
        best = apply("max", turned, axis=-1)
        loss = apply("sum", apply("mean", best * best, axis=1)) + hidden[0, 1]
    return tape.gradient(loss, values)


def run_on_minitf(x, w, b, rows):
    values = [tf.constant(array) for array in (x, w, b)]
    with tf.GradientTape() as tape:
        tape.watch(values)
        hidden = tf.matmul(tf.gather(values[0], rows), values[1]) + values[2]
        turned = tf.transpose(tf.reshape(hidden, (2, 2, 4)), (1, 2, 0))
        best = tf.reduce_max(turned, axis=-1)
        loss = tf.reduce_sum(tf.reduce_mean(best * best, axis=1)) + hidden[0, 1]
    return [tf.convert_to_tensor(g).numpy() for g in tape.gradient(loss, values)]


def test_all_rules_together_agree_with_minitf():
    rng = np.random.default_rng(6)
    x, w, b = (rng.normal(size=shape).astype(np.float32) for shape in ((5, 3), (3, 4), (4,)))
    rows = np.array([0, 3, 3, 4])
    mine, theirs = run_on_the_workbench(x, w, b, rows), run_on_minitf(x, w, b, rows)
    for one, other, source in zip(mine, theirs, (x, w, b), strict=True):
        assert one.shape == source.shape and one.dtype == np.float32
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
