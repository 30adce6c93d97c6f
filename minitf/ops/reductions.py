"""Reductions: sums, means, maxima over axes.

tf.reduce_sum(x)                      over all axes, a scalar
tf.reduce_mean(x, axis=0)             over the first axis
tf.reduce_sum(x, axis=1, keepdims=True)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, comparison, cumulative
from minitf.ops.broadcast import shape_of
from minitf.ops.division import divide
from minitf.registry import Op, define, gradient
from minitf.tensor import Tensor

# The ufuncs' own reductions: np.sum and its like spend longer on their arguments.
_ADD_UP: Any = np.add.reduce
_MULTIPLY_UP: Any = np.multiply.reduce
_LARGEST: Any = np.maximum.reduce
_SMALLEST: Any = np.minimum.reduce
_ANY: Any = np.logical_or.reduce
_ALL: Any = np.logical_and.reduce


def _sum(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    _refuse_booleans(x, "Sum")
    if x.size and not keepdims and 2 <= len(axis) == x.ndim - 1 and axis[-1] == x.ndim - 2:
        return _sum_per_channel(x)
    return _ADD_UP(x, axis=axis, keepdims=keepdims, dtype=x.dtype)


def _mean(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    _refuse_booleans(x, "Mean")
    total = _ADD_UP(x, axis=axis, keepdims=keepdims, dtype=x.dtype)
    count = x.dtype.type(count_along(x, axis))
    if x.dtype.kind not in "iu":
        return total / count
    return np.sign(total) * (abs(total) // count)  # TF keeps the dtype, and rounds towards 0


def _prod(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    _refuse_booleans(x, "Prod")
    return _MULTIPLY_UP(x, axis=axis, keepdims=keepdims, dtype=x.dtype)


def _max(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return _LARGEST(x, axis=axis, keepdims=keepdims, initial=_lowest(x.dtype))


def _min(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return _SMALLEST(x, axis=axis, keepdims=keepdims, initial=_highest(x.dtype))


def _any(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    _refuse_numbers(x, "Any")
    return _ANY(x, axis=axis, keepdims=keepdims)


def _all(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    _refuse_numbers(x, "All")
    return _ALL(x, axis=axis, keepdims=keepdims)


SUM = define("Sum", _sum, text="sum({0})", partials=("1",))
MEAN = define("Mean", _mean, text="mean({0})", partials=("1 / count",))
PROD = define("Prod", _prod, text="prod({0})", partials=("{y} / {0}",))
MAX = define("Max", _max, text="max({0})", partials=("1 at the maximum, else 0",))
MIN = define("Min", _min, text="min({0})", partials=("1 at the minimum, else 0",))
ANY = define("Any", _any, text="any({0})")
ALL = define("All", _all, text="all({0})")


def reduce_sum(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Sum over the given axes (all by default); the dtype stays.

    Raises:
        InvalidArgumentError: an axis the tensor does not have, or a boolean tensor.
    """
    return _reduce(SUM, input_tensor, axis, keepdims)


@gradient("Sum", on_arrays=True)
def _sum_grad(call: Any, upstream: Tensor) -> tuple:
    # every element counts once: copy the upstream along the axes that were summed
    (x,) = call.inputs
    return (spread(upstream, x, call.attrs),)


def reduce_mean(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Mean over the given axes (all by default); the dtype stays, so integers lose their
    fraction, as -3/2 becomes -1.

    Raises:
        InvalidArgumentError: an axis the tensor does not have, or a boolean tensor.
    """
    return _reduce(MEAN, input_tensor, axis, keepdims)


@gradient("Mean", on_arrays=True)
def _mean_grad(call: Any, upstream: Tensor) -> tuple:
    # each of the n elements counts 1/n
    (x,) = call.inputs
    count = 1.0
    for axis in call.attrs["axis"]:
        count *= shape_of(x)[axis]
    return (spread(divide(upstream, count), x, call.attrs),)


def reduce_prod(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Product over the given axes (all by default).

    Raises:
        InvalidArgumentError: an axis the tensor does not have, or a boolean tensor.
    """
    return _reduce(PROD, input_tensor, axis, keepdims)


@gradient("Prod")
def _prod_grad(call: Any, upstream: Tensor) -> tuple:
    # dP/dxᵢ is the product of all the others: those before i times those after i.
    # (P / xᵢ would be shorter, and nan where xᵢ is 0.)
    (x,) = call.inputs
    axes = call.attrs["axis"]
    others = [i for i in range(x._value.ndim) if i not in axes]
    order = [*axes, *others]
    rows = array.transpose(x, order)
    flat = array.reshape(rows, [count_along(x._value, axes), -1])
    before = cumulative.cumprod(flat, exclusive=True)
    after = cumulative.cumprod(flat, exclusive=True, reverse=True)
    rest = array.reshape(before * after, rows._value.shape)
    back = [order.index(i) for i in range(x._value.ndim)]
    return (spread(upstream, x, call.attrs) * array.transpose(rest, back),)


def reduce_max(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Largest element over the given axes; equal maxima share the gradient.

    Over no elements at all it is the lowest number of the dtype (-inf for floats).

    Raises:
        InvalidArgumentError: an axis the tensor does not have.
    """
    return _reduce(MAX, input_tensor, axis, keepdims)


@gradient("Max")
def _max_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 for the maximum, 0 elsewhere; k equal maxima get 1/k each
    return (_shared_among_ties(call, upstream),)


def reduce_min(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Smallest element over the given axes; equal minima share the gradient.

    Over no elements at all it is the highest number of the dtype (inf for floats).

    Raises:
        InvalidArgumentError: an axis the tensor does not have.
    """
    return _reduce(MIN, input_tensor, axis, keepdims)


@gradient("Min")
def _min_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 for the minimum, 0 elsewhere; k equal minima get 1/k each
    return (_shared_among_ties(call, upstream),)


def reduce_any(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """True if any element is.

    Raises:
        InvalidArgumentError: the tensor is not boolean.
    """
    return _reduce(ANY, input_tensor, axis, keepdims)


def reduce_all(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """True if all elements are.

    Raises:
        InvalidArgumentError: the tensor is not boolean.
    """
    return _reduce(ALL, input_tensor, axis, keepdims)


def spread(upstream: Tensor, x: Tensor, attrs: dict[str, Any]) -> Tensor:
    """Copies a reduced value along the reduced axes, back to the shape of `x`."""
    shape = shape_of(x)
    if not attrs["keepdims"] and shape_of(upstream):  # a scalar broadcasts as it is
        upstream = execute(array.RESHAPE, (upstream,), {"shape": _kept_shape(shape, attrs["axis"])})
    if shape_of(upstream) == shape:
        return upstream
    return execute(array.BROADCAST_TO, (upstream,), {"shape": shape})


def count_along(x: Any, axes: tuple[int, ...]) -> int:
    """How many elements are reduced to one."""
    count = 1
    for axis in axes:
        count *= x.shape[axis]
    return count


def _sum_per_channel(x: Any) -> Any:
    """Sums over all axes but the last: whole rows of a picture first, as these are long runs."""
    width, channels = x.shape[-2:]
    rows = _ADD_UP(x.reshape(-1, width * channels), axis=0, dtype=x.dtype)
    return _ADD_UP(rows.reshape(width, channels), axis=0, dtype=x.dtype)


def _reduce(op: Op, input_tensor: Any, axis: Any, keepdims: bool) -> Tensor:
    x = convert_to_tensor(input_tensor)
    attrs = {"axis": array.normalize_axes(x, axis, op.name), "keepdims": bool(keepdims)}
    return execute(op, (x,), attrs)


def _shared_among_ties(call: Any, upstream: Tensor) -> Tensor:
    (x,) = call.inputs
    chosen = comparison.equal(x, spread(call.output, x, call.attrs))
    chosen = array.cast(chosen, x.dtype)
    ties = reduce_sum(chosen, axis=call.attrs["axis"], keepdims=True)
    return chosen / ties * spread(upstream, x, call.attrs)


def _kept_shape(shape: tuple[int, ...], axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple([1 if i in axes else size for i, size in enumerate(shape)])


def _lowest(dtype: np.dtype) -> Any:
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _highest(dtype: np.dtype) -> Any:
    return np.inf if dtype.kind == "f" else np.iinfo(dtype).max


def _refuse_booleans(x: Any, name: str) -> None:
    if x.dtype.kind == "b":
        raise InvalidArgumentError(
            f"Value for attr 'T' of bool is not allowed [Op:{name}]\n{name} needs numbers. Count "
            "True values with tf.reduce_sum(tf.cast(x, tf.int32)).",
            name,
        )


def _refuse_numbers(x: Any, name: str) -> None:
    if x.dtype.kind != "b":
        raise InvalidArgumentError(
            f"cannot compute {name} as its input was expected to be a bool tensor but is a "
            f"{dtypes.of(x).name} tensor [Op:{name}]\n"
            f"Compare first: tf.reduce_{name.lower()}(x > 0).",
            name,
        )
