"""What a layer does to its inputs first: everything becomes a tensor, floats get its dtype.

    convert_inputs(np.ones((2, 3)), tf.float32)     # float64 in NumPy, float32 here

Integers stay integers: an Embedding needs them as they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.dtypes import DType
from minitf.tensor import Tensor


def convert_inputs(inputs: Any, dtype: DType) -> Any:
    """Tensors for arrays, lists and numbers, in tuples, lists and dicts of them as well."""
    if type(inputs) is Tensor:
        have = inputs._value.dtype
        if have is dtype.dtype or have.kind != "f":
            return inputs
    if isinstance(inputs, dict):
        return {key: convert_inputs(value, dtype) for key, value in inputs.items()}
    if isinstance(inputs, list | tuple) and _holds_arrays(inputs):
        parts = [convert_inputs(value, dtype) for value in inputs]
        return type(inputs)(*parts) if hasattr(inputs, "_fields") else type(inputs)(parts)
    if isinstance(inputs, np.ndarray) and inputs.dtype.kind == "f":
        return Tensor(np.array(inputs, dtype=dtype.dtype))  # a copy: the caller may change theirs
    tensor = tf.convert_to_tensor(inputs)
    if tensor._value.dtype.kind == "f" and tensor._value.dtype != dtype.dtype:
        return tf.cast(tensor, dtype)
    return tensor


def _holds_arrays(values: Any) -> bool:
    """True for [tensor, array, ...]: several inputs; False for [[1.0, 2.0]]: one."""
    return any(isinstance(value, Tensor | tf.Variable | np.ndarray) for value in values)
