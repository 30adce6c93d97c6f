"""The types of a tensor's elements, under TensorFlow's names.

tf.float32.name          -> "float32"
tf.float32.is_floating   -> True
tf.as_dtype("float64")   -> tf.float64
np.zeros(3, tf.float32)  works: NumPy reads the `dtype` attribute.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class DType:
    """One element type. Compare with `==`; names and NumPy types compare equal too."""

    __slots__ = ("name", "dtype")

    def __init__(self, name: str, dtype: np.dtype) -> None:
        self.name = name
        self.dtype = dtype

    @property
    def as_numpy_dtype(self) -> type:
        """The NumPy scalar type, such as np.float32."""
        return self.dtype.type

    @property
    def is_floating(self) -> bool:
        return self.dtype.kind == "f"

    @property
    def is_integer(self) -> bool:
        return self.dtype.kind in "iu"

    @property
    def is_complex(self) -> bool:
        return self.dtype.kind == "c"

    @property
    def is_bool(self) -> bool:
        return self.dtype.kind == "b"

    @property
    def is_unsigned(self) -> bool:
        return self.dtype.kind == "u"

    @property
    def is_numeric(self) -> bool:
        return self.dtype.kind in "iufc"

    @property
    def is_numpy_compatible(self) -> bool:
        return True

    @property
    def real_dtype(self) -> DType:
        """The dtype of the real and imaginary parts of a complex dtype; others are their own."""
        return {complex64: float32, complex128: float64}.get(self, self)

    def is_compatible_with(self, other: Any) -> bool:
        """True for the same dtype: nothing is converted by itself."""
        return self == other

    @property
    def size(self) -> int:
        """Bytes of one element."""
        return self.dtype.itemsize

    @property
    def min(self) -> Any:
        return _limits(self.dtype).min

    @property
    def max(self) -> Any:
        return _limits(self.dtype).max

    @property
    def base_dtype(self) -> DType:
        return self

    def __eq__(self, other: object) -> bool:
        if other is None:
            return False
        try:
            return self is as_dtype(other)
        except TypeError:
            return False

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple:
        return as_dtype, (self.name,)

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __str__(self) -> str:
        return f"<dtype: '{self.name}'>"


def _limits(dtype: np.dtype) -> Any:
    return np.finfo(dtype) if dtype.kind in "fc" else np.iinfo(dtype)


float16 = DType("float16", np.dtype(np.float16))
float32 = DType("float32", np.dtype(np.float32))
float64 = DType("float64", np.dtype(np.float64))
int8 = DType("int8", np.dtype(np.int8))
int16 = DType("int16", np.dtype(np.int16))
int32 = DType("int32", np.dtype(np.int32))
int64 = DType("int64", np.dtype(np.int64))
uint8 = DType("uint8", np.dtype(np.uint8))
uint16 = DType("uint16", np.dtype(np.uint16))
uint32 = DType("uint32", np.dtype(np.uint32))
uint64 = DType("uint64", np.dtype(np.uint64))
complex64 = DType("complex64", np.dtype(np.complex64))
complex128 = DType("complex128", np.dtype(np.complex128))
bool_ = DType("bool", np.dtype(np.bool_))
string = DType("string", np.dtype(object))
half, double = float16, float64

_REAL = (float16, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64)
_ALL = (*_REAL, complex64, complex128, bool_, string)
_BY_NAME = {d.name: d for d in _ALL} | {"half": float16, "float": float32, "double": float64}
_BY_NUMPY = {d.dtype: d for d in _ALL}
_BY_PYTHON = {bool: bool_, int: int32, float: float32, complex: complex128, str: string}


def as_dtype(value: Any) -> DType:
    """The DType that `value` names: a DType, a name, a NumPy type or a Python type.

    Raises:
        TypeError: no element type goes by that name.
    """
    if isinstance(value, DType):
        return value
    if isinstance(value, str) and value in _BY_NAME:
        return _BY_NAME[value]
    if isinstance(value, type) and value in _BY_PYTHON:
        return _BY_PYTHON[value]
    try:
        dtype = np.dtype(value) if value is not None else None  # NumPy reads None as float64
    except TypeError:
        dtype = None
    if dtype is not None and dtype.kind in "SU":
        return string
    if dtype not in _BY_NUMPY:
        raise TypeError(
            f"Cannot convert {value!r} to a dtype. Write one such as tf.float32 or 'int64'."
        )
    return _BY_NUMPY[dtype]


def of(array: np.ndarray | np.generic) -> DType:
    """The DType of a NumPy array or scalar."""
    return _BY_NUMPY[array.dtype]
