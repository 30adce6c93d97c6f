"""TensorShape: a tuple of sizes with TensorFlow's methods."""

import copy
import pickle

import numpy as np
import pytest

import minitf as tf


def test_behaves_as_a_tuple():
    shape = tf.zeros([2, 3]).shape
    assert shape == (2, 3) and shape == [2, 3] and shape != (3, 2) and shape != [2]
    assert len(shape) == 2 and shape[0] == 2 and shape[-1] == 3 and list(shape) == [2, 3]
    assert hash(shape) == hash((2, 3)) and {shape: 1}[(2, 3)] == 1
    assert np.zeros(shape).shape == (2, 3)


def test_slices_and_sums_are_shapes():
    shape = tf.TensorShape([2, 3, 4])
    assert isinstance(shape[1:], tf.TensorShape) and shape[1:] == (3, 4)
    assert isinstance(shape + [5], tf.TensorShape) and shape + [5] == (2, 3, 4, 5)


def test_tensorflows_methods():
    shape = tf.TensorShape([2, 3])
    assert shape.rank == shape.ndims == 2
    assert shape.as_list() == [2, 3] and shape.num_elements() == 6 and shape.is_fully_defined()
    assert tf.TensorShape([]).num_elements() == 1


def test_unknown_sizes():
    shape = tf.TensorShape([None, 3])
    assert shape.num_elements() is None and not shape.is_fully_defined()
    assert shape.is_compatible_with([7, 3]) and not shape.is_compatible_with([7, 4])
    assert not shape.is_compatible_with([3])


def test_text():
    shape = tf.TensorShape([None, 3])
    assert str(shape) == "(None, 3)" and repr(shape) == "TensorShape([None, 3])"
    assert str(tf.TensorShape([2])) == "(2,)" and f"{tf.TensorShape([])}" == "()"


def test_from_a_single_size():
    assert tf.TensorShape(3) == (3,)


def test_sizes_are_plain_integers():
    assert all(type(d) is int for d in tf.TensorShape(np.array([2, 3])))
    assert tf.TensorShape(tf.constant([2, 3])) == (2, 3)


def test_copies():
    shape = tf.TensorShape([2, None])
    for again in (copy.deepcopy(shape), pickle.loads(pickle.dumps(shape))):
        assert isinstance(again, tf.TensorShape) and again == (2, None)


def test_other_things_are_not_equal():
    assert tf.TensorShape([2]) != 2 and tf.TensorShape([]) != None  # noqa: E711


def test_shapes_are_joined_and_compared():
    shape = tf.TensorShape([2, None])
    assert shape.concatenate([3]) == [2, None, 3]
    assert shape.merge_with([None, 5]) == [2, 5]
    assert shape.with_rank(2) is shape
    tf.TensorShape([2, 5]).assert_is_fully_defined()
    for wrong in (
        lambda: shape.merge_with([3, 5]),
        lambda: shape.assert_has_rank(3),
        lambda: shape.assert_is_fully_defined(),
    ):
        with pytest.raises(ValueError, match=r"\(2, None\)"):
            wrong()


def test_a_shape_of_unknown_rank_says_what_to_write():
    for make in (tf.TensorShape, tf.TensorSpec):
        with pytest.raises(NotImplementedError, match="one None per axis"):
            make(None)
