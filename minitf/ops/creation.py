"""New tensors from sizes and numbers: zeros, ones, fill, range, linspace, eye, one_hot.

tf.zeros([2, 3]), tf.range(5), tf.linspace(0.0, 1.0, 11), tf.one_hot([2, 0], depth=3)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array
from minitf.ops.checks import as_integer, as_shape, known_sizes, normalize_axis
from minitf.registry import define
from minitf.state import state
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor


def _one_hot(indices: Any, depth: int, axis: int, on: Any, off: Any, dtype: np.dtype) -> np.ndarray:
    hits = np.expand_dims(indices, -1) == np.arange(depth)
    out = np.where(hits, dtype.type(on), dtype.type(off))
    return out if axis == out.ndim - 1 else np.moveaxis(out, -1, axis)


ONE_HOT = define("OneHot", _one_hot, text="one_hot({0})")


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of zeros.

    Raises:
        InvalidArgumentError: a negative size.
    """
    if state.tracer is not None and is_symbolic(shape):
        return state.tracer.wait(zeros, (shape, dtype), known_sizes(shape), dtype)
    return Tensor(np.zeros(checked_sizes(shape, "Zeros"), dtypes.as_dtype(dtype).dtype)[()])


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of ones.

    Raises:
        InvalidArgumentError: a negative size.
    """
    if state.tracer is not None and is_symbolic(shape):
        return state.tracer.wait(ones, (shape, dtype), known_sizes(shape), dtype)
    return Tensor(np.ones(checked_sizes(shape, "Ones"), dtypes.as_dtype(dtype).dtype)[()])


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of the given sizes with `value` everywhere.

    Raises:
        InvalidArgumentError: a negative size, or a value that is no scalar.
    """
    value = convert_to_tensor(value)
    if value._value.shape == (1,):  # TensorFlow lets one value in brackets pass for a number
        value = array.reshape(value, [])
    if value._value.ndim:
        raise InvalidArgumentError(
            f"value must be a scalar, got shape {value.shape} [Op:Fill]\n"
            "tf.broadcast_to copies a whole tensor.",
            "Fill",
        )
    if state.tracer is not None and is_symbolic(dims):
        return state.tracer.wait(fill, (dims, value), known_sizes(dims), value.dtype)
    return array.broadcast_to(value, checked_sizes(dims, "Fill"))


def range(  # noqa: A001 - TensorFlow's name
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = None
) -> Tensor:
    """Numbers from `start` (0 if left out) up to, but without, `limit` in steps of `delta`.

    Raises:
        InvalidArgumentError: a step of 0, or one that leads away from the limit.
    """
    if limit is None:
        start, limit = 0, start
    bounds = [convert_to_tensor(value)._value for value in (start, limit, delta)]
    if dtype is None:
        wanted = max([b.dtype for b in bounds], key=_range_rank)
    else:
        wanted = dtypes.as_dtype(dtype).dtype
    if state.tracer is not None and is_symbolic((start, limit, delta)):
        return state.tracer.wait(range, (start, limit, delta, wanted), (None,), wanted)
    for what, bound in zip(("start", "limit", "delta"), bounds, strict=True):
        if bound.ndim:
            raise InvalidArgumentError(
                f"{what} must be a scalar, got shape {bound.shape} [Op:Range]\n"
                "For the positions along the first axis of x: tf.range(len(x)).",
                "Range",
            )
    first, last, step = [b.item() for b in bounds]
    if step == 0 or (last - first) * step < 0:
        raise InvalidArgumentError(
            f"Requires a step towards the limit: start {first}, limit {last}, delta {step} "
            "[Op:Range]\nA step of 0 never arrives; counting down needs a negative delta.",
            "Range",
        )
    return Tensor(np.arange(first, last, step, dtype=wanted))


def linspace(start: Any, stop: Any, num: int, name: str | None = None, axis: int = 0) -> Tensor:
    """`num` evenly spaced numbers from `start` to `stop`, both included.

    Raises:
        InvalidArgumentError: `num` is negative.
    """
    start, stop = convert_to_tensor(start)._value, convert_to_tensor(stop)._value
    num = as_integer(num, "num")
    if num < 0:
        raise InvalidArgumentError(
            f"Requires num >= 0, got {num} [Op:LinSpace]\nnum counts the points, both ends "
            "included.",
            "LinSpace",
        )
    dtype = np.float64 if start.dtype.kind in "iu" else start.dtype  # as TensorFlow
    return Tensor(np.linspace(start, stop, num, axis=axis, dtype=dtype))


def eye(
    num_rows: int,
    num_columns: int | None = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Ones on the diagonal, zeros elsewhere; repeated over `batch_shape`.

    Raises:
        InvalidArgumentError: a negative size.
    """
    if state.tracer is not None and is_symbolic((num_rows, num_columns)):
        given = (num_rows, num_columns, batch_shape, dtype)
        return state.tracer.wait(eye, given, (*(batch_shape or ()), None, None), dtype)
    checked_sizes([num_rows, num_rows if num_columns is None else num_columns], "Eye")
    matrix = np.eye(int(num_rows), num_columns, dtype=dtypes.as_dtype(dtype).dtype)
    if batch_shape is not None:
        matrix = np.broadcast_to(matrix, as_shape(batch_shape) + matrix.shape)
    return Tensor(matrix)


def one_hot(
    indices: Any,
    depth: int,
    on_value: Any = None,
    off_value: Any = None,
    axis: int = -1,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """`on_value` (1) at each index and `off_value` (0) elsewhere, along a new axis of size `depth`.

    An index outside of 0 .. depth-1 gives a row of `off_value`, as in TensorFlow.

    Raises:
        InvalidArgumentError: indices that are no integers, or a negative depth.
    """
    indices = convert_to_tensor(indices)
    if state.tracer is not None and is_symbolic(depth):
        sizes = list(indices.shape)
        sizes.insert(axis if axis >= 0 else len(sizes) + 1 + axis, None)
        kind = dtype or (dtypes.float32 if on_value is None else convert_to_tensor(on_value).dtype)
        given = (indices, depth, on_value, off_value, axis, dtype)
        return state.tracer.wait(one_hot, given, sizes, kind)
    depth = int(depth)
    if indices._value.dtype.kind not in "iu" or depth < 0:
        raise InvalidArgumentError(
            f"one_hot needs integer indices and depth >= 0, got {indices.dtype.name} indices and "
            f"depth {depth} [Op:OneHot]\nUse tf.cast(indices, tf.int32).",
            "OneHot",
        )
    if dtype is None:
        dtype = dtypes.float32 if on_value is None else convert_to_tensor(on_value).dtype
    attrs = {
        "depth": depth,
        "axis": normalize_axis(axis, indices._value.ndim + 1, "OneHot"),
        "on": 1 if on_value is None else on_value,
        "off": 0 if off_value is None else off_value,
        "dtype": dtypes.as_dtype(dtype).dtype,
    }
    return execute(ONE_HOT, (indices,), attrs)


def checked_sizes(shape: Any, op_name: str) -> tuple[int, ...]:
    sizes = as_shape(shape)
    if any(size < 0 for size in sizes):
        raise InvalidArgumentError(
            f"Dimensions must be >= 0, got {list(sizes)} [Op:{op_name}]\n"
            "-1 means 'work it out' in tf.reshape only.",
            op_name,
        )
    return sizes


def _range_rank(dtype: np.dtype) -> tuple[bool, int]:
    return dtype.kind == "f", dtype.itemsize
