"""From Python and NumPy values to NumPy values of the dtype TensorFlow would choose.

to_numpy(3.0)                 -> np.float32(3.0)
to_numpy([1, 2])              -> int32 array
to_numpy(np.ones(2))          -> float64 array: NumPy values keep their dtype
to_numpy(1.5, np.dtype("i4")) -> TypeError: a float does not fit an integer
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import WrongTypeError

FLOAT32 = np.dtype(np.float32)
INT32 = np.dtype(np.int32)
INT64 = np.dtype(np.int64)


def to_numpy(value: Any, dtype: np.dtype | None = None) -> np.ndarray | np.generic:
    """A fresh NumPy value for a number, a (nested) list, or an array.

    Python floats become float32, Python ints int32 (int64 if they need it); NumPy values keep
    their dtype unless `dtype` asks for another that can hold them.

    Raises:
        TypeError: the value does not fit `dtype`, or is no number, string or array.
        ValueError: a nested list is not rectangular.
    """
    kind = type(value)
    if kind is float and (dtype is None or dtype is FLOAT32):  # by far the commonest case
        return np.float32(value)
    array = _as_array(value)
    if array.dtype.kind in "SU":
        array = _to_strings(array)
    if dtype is None:
        dtype = _natural_dtype(value, array)
    if array.dtype != dtype:
        _check_fits(value, array, dtype)
        array = array.astype(dtype)
    elif isinstance(value, np.ndarray):
        array = array.copy()  # the caller may change theirs later
    return array[()] if array.ndim == 0 and dtype.kind != "O" else array


def fits(have: np.dtype, want: np.dtype) -> bool:
    """True if values of dtype `have` may become `want` without being asked (int -> float yes)."""
    if have == want:
        return True
    if have.kind == "b":  # True counts as 1
        return want.kind in "iufc"
    if want.kind in "iu":
        return have.kind in "iu"
    if want.kind == "f":
        return have.kind in "iuf"
    return want.kind == "c" and have.kind in "iufc"


def _as_array(value: Any) -> np.ndarray:
    if value is None:
        raise ValueError(
            "Attempt to convert a value (None) to a tensor. Did a function forget `return`?"
        )
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            "Can't convert non-rectangular Python sequence to Tensor: every inner list must have "
            "the same length. Fill up the short ones, with zeros say."
        ) from None
    if array.dtype.kind == "O" and isinstance(value, int):
        raise ValueError(
            f"Cannot convert {value} to a tensor: it needs more than 64 bits. Write it as a float."
        )
    if array.dtype.kind == "O" and not _holds_strings(array):
        raise ValueError(
            f"Attempt to convert a value of type {type(value).__name__} to a tensor: minitf holds "
            "numbers, booleans and strings."
        )
    if array.dtype.kind in "SU" and not _holds_strings(np.asarray(value, dtype=object)):
        raise ValueError("Can't convert a list of numbers and strings to one tensor.")
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype not in dtypes._BY_NUMPY and array.dtype.kind not in "SU":
        raise TypeError(f"minitf has no dtype for NumPy's {array.dtype}.")
    return array


def _natural_dtype(value: Any, array: np.ndarray) -> np.dtype:
    if isinstance(_first_leaf(value), np.ndarray | np.generic):
        return array.dtype
    if array.dtype.kind == "f":
        return FLOAT32
    if array.dtype.kind in "iu":
        if isinstance(_first_leaf(value), bool):
            raise ValueError("Can't convert Python sequence with mixed types to Tensor: [True, 1].")
        small = array.size == 0 or (-(2**31) <= array.min() and array.max() < 2**31)
        return INT32 if small else INT64
    return array.dtype


def _first_leaf(value: Any) -> Any:
    while isinstance(value, list | tuple):
        if not value:
            return 0.0  # an empty list is a float32 tensor
        value = value[0]
    return value


def _check_fits(value: Any, array: np.ndarray, want: np.dtype) -> None:
    have = array.dtype
    if not array.size and not isinstance(value, np.ndarray):
        return  # nothing in it that could be lost; NumPy reads [] as float64
    if want.kind in "iu" and have.kind in "iu" and not np.can_cast(have, want) and array.size:
        limits = np.iinfo(want)
        if array.min() < limits.min or array.max() > limits.max:
            worst = array.min() if array.min() < limits.min else array.max()
            raise TypeError(
                f"Cannot convert {worst} to a tensor of dtype {want.name}, which holds "
                f"{limits.min} to {limits.max}. Use a wider dtype, or a float."
            )
    if not fits(have, want):
        name = dtypes.as_dtype(want).name
        shown = repr(value) if np.ndim(value) == 0 else f"values of dtype {have.name}"
        raise WrongTypeError(
            f"Cannot convert {shown} to a tensor of dtype {name}: it would lose information. "
            f"Convert on purpose with tf.cast(x, tf.{name}), or make the other operand a float."
        )


def _to_strings(array: np.ndarray) -> np.ndarray:
    encode = [s.encode() if isinstance(s, str) else bytes(s) for s in array.reshape(-1).tolist()]
    out = np.empty(len(encode), dtype=object)
    out[:] = encode
    return out.reshape(array.shape)


def _holds_strings(array: np.ndarray) -> bool:
    return all(isinstance(x, str | bytes) for x in array.reshape(-1))
