"""What Python and NumPy values become, and which are refused."""

import numpy as np
import pytest

import minitf as tf


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [
        (1.0, tf.float32, ()),
        (1, tf.int32, ()),
        (True, tf.bool, ()),
        (1j, tf.complex128, ()),
        ("a", tf.string, ()),
        (b"a", tf.string, ()),
        (2**31 - 1, tf.int32, ()),
        (2**31, tf.int64, ()),
        (-(2**31), tf.int32, ()),
        ([1, 2**40], tf.int64, (2,)),
        ([], tf.float32, (0,)),
        ([[], []], tf.float32, (2, 0)),
        ([1, 2.5], tf.float32, (2,)),
        ((1.0, 2.0), tf.float32, (2,)),
        ([[1, 2], [3, 4]], tf.int32, (2, 2)),
        (range(3), tf.int32, (3,)),
        (np.float64(1), tf.float64, ()),
        (np.ones(2), tf.float64, (2,)),
        ([np.float64(1.0), np.float64(2.0)], tf.float64, (2,)),
        (np.ones(2, np.uint8), tf.uint8, (2,)),
        (np.arange(2), tf.int64, (2,)),
        (np.ones(2, ">f4"), tf.float32, (2,)),
    ],
)
def test_natural_dtype(value, dtype, shape):
    x = tf.constant(value)
    assert x.dtype == dtype and x.shape == shape


def test_values_survive():
    assert tf.constant([[1, 2], [3, 4]]).numpy().tolist() == [[1, 2], [3, 4]]
    assert tf.constant(["a", "ü"]).numpy().tolist() == [b"a", "ü".encode()]
    assert tf.constant(2**40).numpy() == 2**40
    assert tf.constant(np.array([1.0, 2.0], ">f8")).numpy().tolist() == [1.0, 2.0]


def test_a_constant_does_not_share_the_callers_array():
    array = np.ones(2, np.float32)
    x = tf.constant(array)
    array[0] = 9.0
    assert x.numpy().tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("value", "dtype"),
    [(1, tf.float32), (1, "float64"), ([1, 2], tf.complex64), (3, tf.uint8), (np.ones(2), "f2")],
)
def test_a_dtype_that_holds_the_value(value, dtype):
    assert tf.constant(value, dtype).dtype == tf.as_dtype(dtype)


@pytest.mark.parametrize(
    ("value", "dtype", "words"),
    [
        (1.5, tf.int32, "1.5.*int32.*tf.cast"),
        ([1.0], tf.int64, "int64"),
        (1j, tf.float32, "float32"),
        (2, tf.bool, "bool"),
        ("a", tf.float32, "float32"),
        (300, tf.uint8, "300.*uint8.*0 to 255"),
        (-1, tf.uint8, "-1.*uint8"),
        (2**40, tf.int32, "int32"),
        (2**63, None, "9223372036854775808.*int64"),
        (np.array([1, 2**40]), tf.int32, "1099511627776"),
    ],
)
def test_a_dtype_that_does_not(value, dtype, words):
    with pytest.raises(TypeError, match=words):
        tf.constant(value, dtype)


def test_an_integer_that_no_dtype_holds():
    with pytest.raises(ValueError, match="64 bits"):
        tf.constant(2**64)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None.*return"),
        ([1.0, None], "list"),
        ([[1.0], [1.0, 2.0]], "non-rectangular"),
        (object(), "object"),
        ([1, "a"], "numbers and strings"),
        ({"a": 1}, "dict"),
    ],
)
def test_no_tensor_at_all(value, words):
    with pytest.raises(ValueError, match=words):
        tf.constant(value)


def test_numpy_dtypes_without_a_counterpart():
    with pytest.raises(TypeError, match="datetime64"):
        tf.constant(np.zeros(1, "datetime64[s]"))


# Beside a tensor, Python numbers and fitting NumPy values take the tensor's dtype.


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
@pytest.mark.parametrize("other", [2, 2.0, [2.0], np.float64(2.0), np.array([2.0])])
def test_the_other_operand_adopts_the_dtype(dtype, other):
    x = tf.constant([3.0], dtype)
    for y in (x * other, other * x if not isinstance(other, list) else x * other):
        assert y.dtype == dtype and y.numpy().tolist() == [6.0]


def test_integer_tensors_take_no_floats():
    x = tf.constant([1, 2])
    with pytest.raises(TypeError, match="1.5"):
        x * 1.5
    with pytest.raises(tf.errors.InvalidArgumentError, match="float64"):
        x * np.array([1.5, 1.5])


def test_dtype_hint_is_taken_where_it_fits():
    assert tf.convert_to_tensor(1, dtype_hint=tf.float64).dtype == tf.float64
    assert tf.convert_to_tensor(np.ones(1), dtype_hint=tf.int32).dtype == tf.float64


# Lists of tensors


def test_a_list_of_tensors_is_stacked():
    x = tf.convert_to_tensor([tf.constant(1.0), 2, tf.Variable(3.0)])
    assert x.dtype == tf.float32 and x.numpy().tolist() == [1.0, 2.0, 3.0]


def test_nested_lists_of_tensors():
    x = tf.convert_to_tensor([[tf.constant(1.0, tf.float64), 2.0], [3, 4]])
    assert x.dtype == tf.float64 and x.numpy().tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_a_list_of_tensors_with_a_dtype():
    assert tf.convert_to_tensor([tf.constant(1.0), 2.0], tf.float64).dtype == tf.float64


def test_a_list_of_tensors_is_differentiable():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.convert_to_tensor([x, x * x, 1.0]))
    assert tape.gradient(y, x).numpy() == 7.0


def test_tensors_that_do_not_stack():
    with pytest.raises(tf.errors.InvalidArgumentError, match="Pack"):
        tf.convert_to_tensor([tf.constant([1.0]), tf.constant([1.0, 2.0])])
    with pytest.raises(tf.errors.InvalidArgumentError, match="int32.*float32"):
        tf.convert_to_tensor([tf.constant(1), tf.constant(1.0)])


def test_a_tensor_is_not_converted_to_another_dtype():
    x = tf.constant(1.0)
    assert tf.convert_to_tensor(x, tf.float32) is x
    with pytest.raises(ValueError, match="float64.*tf.cast"):
        tf.convert_to_tensor(x, tf.float64)
