"""ForwardAccumulator: tangents that travel with the values."""

import numpy as np
import pytest

import minitf as tf

Accumulator = tf.autodiff.ForwardAccumulator


def test_a_cube_moves_three_x_squared_times_as_fast():
    x = tf.constant(2.0)
    with Accumulator(x, tf.constant(1.0)) as acc:
        y = x**3
    assert acc.jvp(y).numpy() == 12.0
    assert acc.jvp(x).numpy() == 1.0


def test_columns_of_the_jacobian_agree_with_reverse_mode():
    x = tf.constant([1.0, 2.0])

    def f(x):
        return tf.stack([x[0] * x[1], x[0] ** 2, x[1] / x[0]])

    columns = []
    for i in range(2):
        with Accumulator(x, tf.one_hot(i, 2)) as acc:
            y = f(x)
        columns.append(acc.jvp(y).numpy())
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    np.testing.assert_allclose(np.stack(columns, axis=1), tape.jacobian(y, x), rtol=1e-6)


def test_forward_over_reverse_is_the_hessian_vector_product():
    w = tf.Variable([0.5, -0.5], dtype=tf.float64)

    def gradient():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.exp(w) * w[0])
        return tape.gradient(loss, w)

    v = np.array([1.0, 2.0])
    with Accumulator(w, tf.constant(v)) as acc:
        g = gradient()
    step = 1e-6
    w.assign_add(step * v)
    above = gradient().numpy()
    w.assign_sub(2 * step * v)
    numeric = (above - gradient().numpy()) / (2 * step)
    np.testing.assert_allclose(acc.jvp(g).numpy(), numeric, rtol=1e-6)


def test_reverse_over_forward_and_forward_over_forward_give_second_derivatives():
    x = tf.constant(2.0)
    one = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        with Accumulator(x, one) as acc:
            y = x**4
        slope = acc.jvp(y)
    assert tape.gradient(slope, x).numpy() == 48.0
    with Accumulator(x, one) as outer:
        with Accumulator(x, one) as inner:
            y = x**4
        slope = inner.jvp(y)
    assert slope.numpy() == 32.0
    assert outer.jvp(slope).numpy() == 48.0


def test_perturbations_are_not_confused():
    # d/dx [x · d/dy (x + y)] = 1 (Siskind and Pearlmutter, 2005)
    x, one = tf.constant(1.0), tf.constant(1.0)
    with Accumulator(x, one) as outer:
        y = tf.constant(1.0)
        with Accumulator(y, one) as inner:
            z = x + y
        product = x * inner.jvp(z)
    assert outer.jvp(product).numpy() == 1.0


def test_through_functions_variables_and_several_results():
    @tf.function
    def f(z):
        return tf.reduce_sum(z * tf.exp(z))

    x = tf.constant([0.0, 1.0])
    for _ in range(2):
        with Accumulator(x, tf.constant([1.0, 1.0])) as acc:
            y = f(x)
        np.testing.assert_allclose(acc.jvp(y).numpy(), 1 + 2 * np.e, rtol=1e-6)
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with Accumulator(v, tf.ones([2, 2])) as acc:
        rows = tf.unstack(v * v)
    np.testing.assert_array_equal(acc.jvp(rows)[1], [6.0, 8.0])


def test_unconnected_results():
    x, c = tf.constant(2.0), tf.constant(5.0)
    with Accumulator(x, tf.constant(1.0)) as acc:
        y = c * c
        z = tf.round(x) * 2.0
    assert acc.jvp(y) is None
    assert acc.jvp(z) is None
    assert acc.jvp(y, unconnected_gradients="zero").numpy() == 0.0


@pytest.mark.parametrize(
    ("primals", "tangents", "says"),
    [
        ([1.0], [1.0], "tf.constant"),
        ([tf.constant(1.0)], [tf.constant([1.0])], "shape"),
        ([tf.constant(1.0)], [], "one tangent per primal"),
    ],
)
def test_bad_arguments(primals, tangents, says):
    with pytest.raises((ValueError, AttributeError), match=says):
        Accumulator(primals, tangents)


def test_the_same_primal_twice():
    x = tf.constant(1.0)
    with pytest.raises(ValueError, match="given twice"):
        Accumulator([x, x], [x, x])


def test_nothing_is_followed_after_the_block():
    x = tf.constant(2.0)
    with Accumulator(x, tf.constant(1.0)) as acc:
        pass
    assert acc.jvp(x * x) is None
