"""The signs &, |, ^ and ~: bits of integers, logic of booleans."""

import pytest

import minitf as tf


def test_integers_bit_by_bit():
    a, b = tf.constant([5, 6]), tf.constant([3, 3])
    assert (a & b).numpy().tolist() == [1, 2]
    assert (a | 3).numpy().tolist() == [7, 7]
    assert (3 ^ a).numpy().tolist() == [6, 5]
    assert (~tf.Variable([5, -1])).numpy().tolist() == [-6, 0]
    assert (a & b).dtype == tf.int32


def test_booleans_by_logic():
    a = tf.constant([True, False])
    assert (a ^ [True, True]).numpy().tolist() == [False, True]
    assert (~a).dtype == tf.bool


def test_names_of_tf_bitwise():
    assert tf.bitwise.bitwise_or([5], [3]).numpy().tolist() == [7]
    assert tf.bitwise.invert([0]).numpy().tolist() == [-1]


@pytest.mark.parametrize("call", [lambda: tf.bitwise.invert([1.0]), lambda: ~tf.constant([1.0])])
def test_floats_have_no_bits(call):
    with pytest.raises(tf.errors.InvalidArgumentError):
        call()
