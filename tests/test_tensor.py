"""Tensor: how it prints, what it refuses, and what leaves the tape."""

import copy
import math
import operator
import pickle

import numpy as np
import pytest

import minitf as tf


def test_what_it_tells_about_itself():
    x = tf.constant([[1.0, 2.0, 3.0]])
    assert x.shape == (1, 3) and x.get_shape() == [1, 3]
    assert x.dtype == tf.float32 and x.ndim == 2
    assert x.device.endswith("CPU:0")


def test_every_tensor_has_its_own_id():
    x = tf.constant(1.0)
    others = [tf.constant(1.0), x * 1.0, tf.Variable(1.0)]
    assert len({x.id, *(y.id for y in others)}) == 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "<tf.Tensor: shape=(), dtype=float32, numpy=3.0>"),
        (7, "<tf.Tensor: shape=(), dtype=int32, numpy=7>"),
        (True, "<tf.Tensor: shape=(), dtype=bool, numpy=True>"),
        ("ab", "<tf.Tensor: shape=(), dtype=string, numpy=b'ab'>"),
        (
            [1.0, 2.0],
            "<tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>",
        ),
        (
            [[1.0], [2.0]],
            "<tf.Tensor: shape=(2, 1), dtype=float32, numpy=\n"
            "array([[1.],\n       [2.]], dtype=float32)>",
        ),
    ],
)
def test_repr_is_tensorflows(value, text):
    assert repr(tf.constant(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "tf.Tensor(3.0, shape=(), dtype=float32)"),
        ([1.0, 2.0], "tf.Tensor([1. 2.], shape=(2,), dtype=float32)"),
        ([[1.0], [2.0]], "tf.Tensor(\n[[1.]\n [2.]], shape=(2, 1), dtype=float32)"),
    ],
)
def test_str_is_tensorflows(value, text):
    assert str(tf.constant(value)) == text


def test_format():
    assert f"{tf.constant(1.23456):.2f}" == "1.23"
    assert f"{tf.constant(7):03d}" == "007"
    assert f"{tf.constant([1.0])}" == "[1.]"


def test_numpy_is_a_copy():
    x = tf.constant([1.0, 2.0])
    array = x.numpy()
    array[0] = 9.0
    assert x.numpy().tolist() == [1.0, 2.0]
    assert isinstance(tf.constant(1.0).numpy(), np.float32)


def test_asarray_is_a_copy():
    x = tf.constant([1.0, 2.0])
    np.asarray(x)[0] = 9.0
    assert x.numpy().tolist() == [1.0, 2.0]
    assert np.asarray(x, dtype=np.float64).dtype == np.float64


def test_python_numbers():
    assert float(tf.constant(1.5)) == 1.5
    assert int(tf.constant(2.9)) == 2
    assert complex(tf.constant(1 + 2j)) == 1 + 2j
    assert math.sqrt(tf.constant(4.0)) == 2.0
    assert "abc"[tf.constant(1)] == "b" and list(range(tf.constant(2))) == [0, 1]


def test_a_float_is_no_index():
    with pytest.raises(TypeError, match="float32"):
        operator.index(tf.constant(1.0))


def test_bool_of_one_element():
    assert tf.constant(0.5) and not tf.constant([[0.0]])


def test_bool_of_several_elements_is_refused():
    with pytest.raises(ValueError, match=r"shape \(2,\).*tf.reduce_any"):
        bool(tf.constant([1.0, 0.0]))
    with pytest.raises(ValueError, match="holds 0 values"):
        bool(tf.constant([]))


def test_len_and_iteration():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    assert len(x) == 2
    assert [row.numpy().tolist() for row in x] == [[1.0, 2.0], [3.0, 4.0]]
    assert 4.0 in tf.constant([1.0, 4.0])


def test_a_scalar_has_no_length():
    with pytest.raises(TypeError, match="Scalar tensor has no len"):
        len(tf.constant(1.0))
    with pytest.raises(TypeError, match="iterate over a scalar"):
        iter(tf.constant(1.0))


def test_iteration_stays_on_the_tape():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        first, second = x
        y = first * second
    assert tape.gradient(y, x).numpy().tolist() == [2.0, 1.0]


def test_items_cannot_be_assigned():
    x = tf.constant([1.0])
    with pytest.raises(TypeError, match="does not support item assignment.*tf.where"):
        x[0] = 2.0


def test_hash_is_refused_and_ref_is_the_way():
    x = tf.constant(1.0)
    with pytest.raises(TypeError, match=r"unhashable.*x.ref\(\)"):
        hash(x)
    found = {x.ref(): "x"}
    assert found[x.ref()] == "x" and tf.constant(1.0).ref() not in found
    assert x.ref().deref() is x


def test_equality_is_by_element():
    x = tf.constant([1.0, 2.0])
    assert (x == [1.0, 3.0]).numpy().tolist() == [True, False]
    assert (x == None) is False and (x != None) is True  # noqa: E711


@pytest.mark.parametrize("name", ["grad", "backward", "requires_grad", "grad_fn"])
def test_pytorch_habits_are_answered(name):
    with pytest.raises(AttributeError, match="GradientTape"):
        getattr(tf.constant(1.0), name)


@pytest.mark.parametrize(
    ("name", "instead"),
    [("reshape", "tf.reshape"), ("mean", "tf.reduce_mean"), ("T", "tf.transpose")],
)
def test_numpy_habits_are_answered(name, instead):
    with pytest.raises(AttributeError, match=f"'{name}'.*{instead}"):
        getattr(tf.constant([1.0]), name)


def test_unknown_attribute():
    x = tf.constant(1.0)
    with pytest.raises(AttributeError, match="no attribute 'colour'$"):
        _ = x.colour
    with pytest.raises(AttributeError):
        x.colour = "red"


def test_numpy_on_the_left():
    x = tf.constant([1.0, 2.0])
    for y in (np.array([2.0, 2.0]) * x, np.float64(2) * x, np.float32(2) * x):
        assert isinstance(y, tf.Tensor) and y.dtype == tf.float32
        assert y.numpy().tolist() == [2.0, 4.0]
    below = np.array([2.0, 2.0]) < x
    assert isinstance(below, tf.Tensor) and below.numpy().tolist() == [False, False]


def test_a_copy_of_a_tensor_is_the_tensor():
    x = tf.constant([1.0])
    assert copy.copy(x) is x and copy.deepcopy([x])[0] is x


def test_a_pickled_tensor_has_an_id_of_its_own():
    x = tf.constant([1.0, 2.0]) * 2.0
    again = pickle.loads(pickle.dumps(x))
    assert again.numpy().tolist() == [2.0, 4.0] and again.id != x.id
