"""Slices of a variable that are assigned to, and its scatter methods."""

import pytest

import minitf as tf


def test_slices_are_assigned_in_place():
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    assert v[0, 1].assign(9.0) is v
    v[1].assign(v[0] * 2.0)
    v[:, 0].assign(7.0)  # broadcasts
    assert v.numpy().tolist() == [[7.0, 9.0], [7.0, 18.0]]


def test_a_slice_taken_before_keeps_its_value():
    v = tf.Variable([1.0, 2.0])
    first = v[0]
    first.assign(5.0)
    assert first.numpy() == 1.0 and v.numpy().tolist() == [5.0, 2.0]


@pytest.mark.parametrize("value", [[1.0, 2.0, 3.0], tf.constant([[1, 2]])])
def test_a_value_that_does_not_fit_is_refused(value):
    v = tf.Variable([1.0, 2.0, 3.0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="StridedSliceAssign"):
        v[1:].assign(value)
    assert v.numpy().tolist() == [1.0, 2.0, 3.0]


def test_other_tensors_cannot_be_assigned_to():
    with pytest.raises(AttributeError, match="tf.Variable"):
        tf.constant([1.0])[0].assign(2.0)
    assert not hasattr(tf.Variable([1.0]) * 2.0, "assign")


def test_slices_are_assigned_inside_functions_at_each_call():
    v = tf.Variable([0.0, 0.0])

    @tf.function
    def count(i):
        v[0].assign(v[0] + i)
        v.scatter_nd_add([[1]], [1.0])

    count(tf.constant(2.0))
    count(tf.constant(3.0))
    assert v.numpy().tolist() == [5.0, 2.0]


def test_writing_is_not_on_the_tape():
    v, x = tf.Variable([1.0, 2.0]), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        v[0].assign(x * 2.0)
        y = tf.reduce_sum(v * v)
    assert tape.gradient(y, [v, x])[1] is None
    assert v.numpy()[0] == 6.0


def test_scatter_methods():
    v = tf.Variable([[1.0], [2.0], [3.0]])
    assert v.scatter_nd_update([[0]], [[9.0]]) is v
    v.scatter_nd_add([[1], [1]], [[1.0], [2.0]])
    v.scatter_nd_sub([[2]], [[1.0]])
    assert v.numpy().ravel().tolist() == [9.0, 5.0, 2.0]
    rows = tf.IndexedSlices(tf.constant([[4.0], [6.0]]), tf.constant([0, 0]))
    v.scatter_add(rows)
    v.scatter_sub(tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([1])))
    v.scatter_update(tf.IndexedSlices(tf.constant([[0.0]]), tf.constant([2])))
    assert v.numpy().ravel().tolist() == [19.0, 4.0, 0.0]
    assert v.sparse_read([2, 0]).numpy().ravel().tolist() == [0.0, 19.0]
    assert v.gather_nd([[1, 0]]).numpy().tolist() == [4.0]
