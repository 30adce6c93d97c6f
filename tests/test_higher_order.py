"""Nested tapes, Jacobians: the backward pass is made of operations, and can be differentiated."""

import numpy as np
import pytest

import minitf as tf


def derivatives(f, x, order):
    """f and its derivatives up to `order`, each by one more tape around the last."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        below = [f(x)] if order == 1 else derivatives(f, x, order - 1)
    return [*below, tape.gradient(below[-1], x)]


def test_three_levels_of_a_cube():
    found = derivatives(lambda x: x * x * x, tf.constant(2.0), 3)
    assert [d.numpy() for d in found] == [8.0, 12.0, 12.0, 6.0]


def test_five_levels_of_a_sine():
    x = tf.constant(0.3, tf.float64)
    found = [d.numpy() for d in derivatives(tf.sin, x, 5)]
    s, c = np.sin(0.3), np.cos(0.3)
    np.testing.assert_allclose(found, [s, c, -s, -c, s, c], rtol=1e-14)


def test_an_op_is_recorded_on_every_tape_that_watches():
    x, w = tf.Variable(3.0), tf.constant(5.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape(watch_accessed_variables=False) as inner:
            inner.watch(w)
            y = x * w
    assert outer.gradient(y, x).numpy() == 5.0
    assert inner.gradient(y, w).numpy() == 3.0


def test_the_inner_backward_pass_stands_on_the_outer_tape():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x * x
        forward = len(outer._records)
        dy = inner.gradient(y, x)
        assert len(outer._records) > forward
    assert outer.gradient(dy, x).numpy() == 2.0


def test_an_inner_gradient_outside_the_outer_block_has_no_second_derivative():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x * x
    dy = inner.gradient(y, x)
    assert dy.numpy() == 6.0 and outer.gradient(dy, x) is None


def test_the_second_derivative_of_a_linear_function_is_none():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = 2.0 * x
        dy = inner.gradient(y, x)
    assert outer.gradient(dy, x, unconnected_gradients="zero").numpy() == 0.0


def test_perturbation_confusion():
    """d/dx [x * d/dy (x + y)] = d/dx [x * 1] = 1: the inner tape must not take x for y."""
    x = tf.constant(1.0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        y = tf.constant(1.0)
        with tf.GradientTape() as inner:
            inner.watch(y)
            total = x + y
        z = x * inner.gradient(total, y)
    assert outer.gradient(z, x).numpy() == 1.0


def test_perturbation_confusion_with_products():
    """d/dx [x * d/dy (x * y)] at y = x: d/dx [x * x] = 2x, not 3x or 0."""
    x = tf.constant(3.0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        y = tf.identity(x)
        with tf.GradientTape() as inner:
            inner.watch(y)
            product = x * y
        z = x * inner.gradient(product, y)
    assert outer.gradient(z, x).numpy() == 6.0


def test_one_persistent_tape_differentiates_its_own_gradients():
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x**4
        d1 = tape.gradient(y, x)
        d2 = tape.gradient(d1, x)
        d3 = tape.gradient(d2, x)
    assert [d.numpy() for d in (d1, d2, d3, tape.gradient(d3, x))] == [32.0, 48.0, 48.0, 24.0]


def test_the_gradient_of_a_gradients_norm():
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.reduce_sum(w**3)
        g = inner.gradient(y, w)
        penalty = tf.reduce_sum(g**2)  # sum of 9 w^4
    assert outer.gradient(penalty, w).numpy().tolist() == [36.0, 288.0]


def test_hessian_vector_product_two_ways():
    x, v = tf.Variable([1.0, 2.0], dtype=tf.float64), tf.constant([0.5, -1.0], tf.float64)
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            y = x[0] ** 2 * x[1] ** 3
        g = inner.gradient(y, x)
        inner_product = tf.reduce_sum(g * v)
    hessian = np.array([[2 * 8.0, 2 * 3 * 4.0], [2 * 3 * 4.0, 6 * 2.0]])
    expected = hessian @ v.numpy()
    np.testing.assert_allclose(outer.gradient(inner_product, x).numpy(), expected)
    np.testing.assert_allclose(outer.gradient(g, x, output_gradients=v).numpy(), expected)
    np.testing.assert_allclose(outer.jacobian(g, x).numpy(), hessian)


# Jacobians


def test_jacobian_has_the_shape_of_target_and_source():
    x, w = tf.Variable(tf.ones([2, 3])), tf.Variable(tf.ones([3, 4]))
    with tf.GradientTape() as tape:
        y = x @ w
    found = tape.jacobian(y, {"w": w, "x": [x]})
    assert found["w"].shape == (2, 4, 3, 4) and found["x"][0].shape == (2, 4, 2, 3)
    expected = np.einsum("ik,jl->ijkl", np.eye(2), np.ones((4, 3)))
    np.testing.assert_array_equal(found["x"][0].numpy(), expected)


def test_jacobian_of_a_scalar_is_the_gradient():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = tf.reduce_sum(x * x)
    assert tape.jacobian(y, x).numpy().tolist() == tape.gradient(y, x).numpy().tolist()


def test_jacobian_of_a_variable_by_itself():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        x * 2.0
    assert tape.jacobian(x, x).numpy().tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_jacobian_without_a_path():
    x, unused = tf.Variable([1.0, 2.0]), tf.Variable([[1.0, 2.0, 3.0]])
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    found = tape.jacobian(y, [x, unused])
    assert found[0].numpy().tolist() == [[2.0, 0.0], [0.0, 4.0]] and found[1] is None
    found = tape.jacobian(y, [x, unused], unconnected_gradients="zero")
    assert found[1].shape == (2, 1, 3) and not found[1].numpy().any()


def test_jacobian_where_some_elements_have_no_path():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.stack([x * x, tf.constant(1.0)])
    assert tape.jacobian(y, x).numpy().tolist() == [4.0, 0.0]


def test_jacobian_through_gather_is_dense():
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.gather(x, [2, 0, 2])
    assert tape.jacobian(y, x).numpy().tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 1]]


def test_jacobian_refuses_what_is_no_tensor():
    with tf.GradientTape() as tape:
        pass
    with pytest.raises(TypeError, match="`target`"):
        tape.jacobian(3.0, tf.Variable(1.0))
    with pytest.raises(TypeError, match="`sources`"):
        tape.jacobian(tf.Variable(1.0), 3.0)
    with pytest.raises(ValueError, match="unconnected_gradients"):
        tape.jacobian(tf.Variable(1.0), tf.Variable(1.0), unconnected_gradients="no")


def test_batch_jacobian_is_the_diagonal_of_the_jacobian():
    x = tf.Variable([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    w = tf.constant([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
    with tf.GradientTape(persistent=True) as tape:
        y = (x * x) @ w
    found, full = tape.batch_jacobian(y, x), tape.jacobian(y, x).numpy()
    assert found.shape == (2, 2, 3)
    np.testing.assert_array_equal(found.numpy(), [full[0, :, 0], full[1, :, 1]])


def test_batch_jacobian_of_higher_rank():
    x = tf.Variable(np.arange(12.0).reshape(2, 3, 2))
    with tf.GradientTape() as tape:
        y = tf.transpose(x, [0, 2, 1]) ** 2
    found = tape.batch_jacobian(y, x).numpy()
    assert found.shape == (2, 2, 3, 3, 2)
    assert found[1, 0, 2, 2, 0] == 2 * x.numpy()[1, 2, 0] and np.count_nonzero(found) == 11


def test_batch_jacobian_of_an_empty_batch():
    x = tf.zeros([0, 3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert tape.batch_jacobian(y, x).shape == (0, 3, 3)


def test_batch_jacobian_without_a_path():
    x = tf.Variable(tf.ones([2, 3]))
    with tf.GradientTape(persistent=True) as tape:
        y = tf.ones([2, 4]) * 1.0
    for policy in ("none", "zero"):  # TensorFlow answers with zeros either way
        found = tape.batch_jacobian(y, x, unconnected_gradients=policy)
        assert found.shape == (2, 4, 3) and not found.numpy().any()


@pytest.mark.parametrize(
    ("target", "source"), [((2,), (2, 3)), ((2, 3), (2,)), ((2, 3), (3, 2)), ((), ())]
)
def test_batch_jacobian_needs_a_common_batch(target, source):
    with tf.GradientTape() as tape:
        pass
    with pytest.raises(ValueError, match="batch_jacobian needs"):
        tape.batch_jacobian(tf.ones(target), tf.ones(source))
