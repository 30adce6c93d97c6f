"""The element types under TensorFlow's names."""

import pickle

import numpy as np
import pytest

import minitf as tf


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("float32", "float32"), ("float", "float32"), ("double", "float64"), ("half", "float16"),
        (np.float64, "float64"), (np.dtype("i8"), "int64"), ("uint8", "uint8"), (bool, "bool"),
        (int, "int32"), (float, "float32"), (str, "string"), (complex, "complex128"),
        (tf.int16, "int16"), ("<U3", "string"),
    ],
)  # fmt: skip
def test_as_dtype(value, name):
    assert tf.as_dtype(value).name == name


@pytest.mark.parametrize("value", ["colour", None, 5, object(), np.longdouble, "datetime64[s]"])
def test_as_dtype_refuses(value):
    with pytest.raises(TypeError, match="Cannot convert"):
        tf.as_dtype(value)


def test_kinds():
    assert tf.float16.is_floating and not tf.float16.is_integer
    assert tf.uint8.is_integer and tf.complex64.is_complex and tf.bool.is_bool
    assert not tf.complex64.is_floating


def test_equality_with_names_and_numpy_types():
    assert tf.float32 == "float32" == tf.float32
    assert tf.float32 == np.float32 and tf.float32 != tf.float64 and tf.float32 != "colour"
    assert tf.float32 != None  # noqa: E711 - NumPy reads None as float64
    assert tf.float64 != None  # noqa: E711
    assert len({tf.float32, tf.as_dtype("float32"), tf.int32}) == 2


def test_numpy_takes_them():
    assert np.zeros(2, tf.float32.as_numpy_dtype).dtype == np.float32
    assert np.zeros(2, tf.float32).dtype == np.float32


def test_limits_and_size():
    assert (tf.int8.min, tf.int8.max, tf.int8.size) == (-128, 127, 1)
    assert tf.float32.max == np.finfo(np.float32).max


def test_text_and_pickle():
    assert repr(tf.float32) == "tf.float32" and str(tf.bool) == "<dtype: 'bool'>"
    assert pickle.loads(pickle.dumps(tf.int64)) is tf.int64
