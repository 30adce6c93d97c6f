"""Order: argmax, argmin, sort, argsort, top_k, in_top_k, unique.

    tf.argmax([[1, 9], [8, 2]], axis=1)      [1, 0]
    values, indices = tf.math.top_k([4.0, 1.0, 9.0], k=2)

Positions are integers and have no gradient. Sorted values do: each goes back where it came from.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array
from minitf.ops.checks import alike, normalize_axis
from minitf.registry import Op, define, gradient
from minitf.tensor import Tensor


class TopK(NamedTuple):
    """What top_k returns: the largest values, and where they stood."""

    values: Tensor
    indices: Tensor


class Unique(NamedTuple):
    """What unique returns: the different values, and the number of each element's value."""

    y: Tensor
    idx: Tensor


class UniqueWithCounts(NamedTuple):
    """What unique_with_counts returns."""

    y: Tensor
    idx: Tensor
    count: Tensor  # type: ignore[assignment]


def _argmax(x: Any, axis: int, dtype: np.dtype) -> Any:
    return np.argmax(x, axis=axis).astype(dtype)


def _argmin(x: Any, axis: int, dtype: np.dtype) -> Any:
    return np.argmin(x, axis=axis).astype(dtype)


def _argsort(x: np.ndarray, axis: int, descending: bool) -> np.ndarray:
    if not descending:
        return np.argsort(x, axis=axis, kind="stable").astype(np.int32)
    # sorting the reversed array keeps equal elements in their first order
    last = x.shape[axis] - 1
    order = np.argsort(np.flip(x, axis), axis=axis, kind="stable")
    return np.flip(last - order, axis).astype(np.int32)


def _take_along_axis(x: np.ndarray, order: np.ndarray, axis: int) -> np.ndarray:
    return np.take_along_axis(x, order, axis)


def _searchsorted(row: np.ndarray, values: Any, side: Any, dtype: np.dtype) -> Any:
    return np.searchsorted(row, values, side).astype(dtype)


def _unique(x: np.ndarray, dtype: np.dtype) -> tuple:
    if x.ndim != 1:
        raise InvalidArgumentError(
            f"unique expects a 1D vector, got shape {x.shape} [Op:Unique]\n"
            "Flatten it first: tf.reshape(x, [-1]).",
            "Unique",
        )
    _, first, inverse = np.unique(x, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return x[first[order]], np.argsort(order)[inverse].astype(dtype)


def _put_along_axis(values: np.ndarray, order: np.ndarray, axis: int, size: int) -> np.ndarray:
    shape = [*values.shape]
    shape[axis] = size
    out = np.zeros(shape, values.dtype)
    np.put_along_axis(out, order, values, axis)
    return out


ARGMAX = define("ArgMax", _argmax, text="argmax({0})")
ARGMIN = define("ArgMin", _argmin, text="argmin({0})")
ARGSORT = define("ArgSort", _argsort, text="argsort({0})")
SEARCHSORTED = define(
    "Searchsorted", _searchsorted, differentiable=False, text="place of {1} in {0}"
)
UNIQUE = define("Unique", _unique, text="unique({0})")
TAKE_ALONG = define("TakeAlongAxis", _take_along_axis, text="{0} in the order {1}", partials=("1",))
PUT_ALONG = define("PutAlongAxis", _put_along_axis, text="{0} back at {1}", partials=("1",))


def argmax(
    input: Any,  # noqa: A002
    axis: int | None = None,
    output_type: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """Position of the largest element along `axis` (the first by default), the first of equals.

    Raises:
        InvalidArgumentError: an axis the tensor does not have, or one without elements.
    """
    return _position(ARGMAX, input, axis, output_type)


def argmin(
    input: Any,  # noqa: A002
    axis: int | None = None,
    output_type: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """Position of the smallest element along `axis` (the first axis by default), first of equals.

    Raises:
        InvalidArgumentError: an axis the tensor does not have, or one without elements.
    """
    return _position(ARGMIN, input, axis, output_type)


def argsort(
    values: Any,
    axis: int = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """The positions, in the order that sorts the values; equal values keep their order.

    Raises:
        ValueError: an unknown direction.
        InvalidArgumentError: an axis the tensor does not have.
    """
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"direction must be 'ASCENDING' or 'DESCENDING', got {direction!r}.")
    x = convert_to_tensor(values)
    axis = normalize_axis(axis, x._value.ndim, "ArgSort")
    return execute(ARGSORT, (x,), {"axis": axis, "descending": direction == "DESCENDING"})


def sort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The values in order along `axis`. The gradient of each goes back to its old place.

    Raises:
        ValueError: an unknown direction.
        InvalidArgumentError: an axis the tensor does not have.
    """
    x = convert_to_tensor(values)
    axis = normalize_axis(axis, x._value.ndim, "Sort")
    return execute(TAKE_ALONG, (x, argsort(x, axis, direction)), {"axis": axis})


@gradient("TakeAlongAxis")
def _take_along_grad(call: Any, upstream: Tensor) -> tuple:
    # each value's gradient goes back to where the value stood
    x, order = call.inputs
    axis = call.attrs["axis"]
    attrs = {"axis": axis, "size": x._value.shape[axis]}
    return execute(PUT_ALONG, (upstream, order), attrs), None


@gradient("PutAlongAxis")
def _put_along_grad(call: Any, upstream: Tensor) -> tuple:
    # the adjoint of putting back is taking again
    order = call.inputs[1]
    return execute(TAKE_ALONG, (upstream, order), {"axis": call.attrs["axis"]}), None


def top_k(
    input: Any,  # noqa: A002
    k: int = 1,
    sorted: bool = True,  # noqa: A002
    index_type: Any = dtypes.int32,
    name: str | None = None,
) -> TopK:
    """The k largest along the last axis, largest first, and their positions.

    Raises:
        InvalidArgumentError: the last axis has fewer than k elements.
    """
    x = convert_to_tensor(input)
    columns = x._value.shape[-1] if x._value.ndim else -1
    if int(k) < 0 or (columns is not None and columns < int(k)):
        raise InvalidArgumentError(
            f"input must have at least k={k} columns, but has shape {x.shape} [Op:TopKV2]\n"
            "top_k works along the last axis: choose a smaller k or transpose.",
            "TopKV2",
        )
    order = array.cast(argsort(x, -1, "DESCENDING")[..., : int(k)], index_type)
    return TopK(execute(TAKE_ALONG, (x, order), {"axis": x._value.ndim - 1}), order)


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Where each value would go in a sorted vector: before equals ("left") or after ("right").

    Raises:
        ValueError: another side.
    """
    row, x = alike(sorted_sequence, values, "Searchsorted")
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'left' or 'right', got {side!r}.")
    attrs = {"side": side, "dtype": dtypes.as_dtype(out_type).dtype}
    return execute(SEARCHSORTED, (row, x), attrs)


def in_top_k(targets: Any, predictions: Any, k: int, name: str | None = None) -> Tensor:
    """For each row of predictions: is the target's score among the k largest?

    A target that is none of the classes is not.
    """
    targets = convert_to_tensor(targets)._value
    scores = convert_to_tensor(predictions)._value
    known = (targets >= 0) & (targets < scores.shape[1])
    own = np.take_along_axis(scores, np.where(known, targets, 0)[:, None], axis=1)
    return Tensor(known & ((scores > own).sum(axis=1) < int(k)))


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Unique:
    """The different values of a vector in order of appearance, and for each element its number.

    No gradient rule is known for it.

    Raises:
        InvalidArgumentError: the tensor is no vector.
    """
    return Unique(*execute(UNIQUE, (x,), {"dtype": dtypes.as_dtype(out_idx).dtype}))


def unique_with_counts(
    x: Any, out_idx: Any = dtypes.int32, name: str | None = None
) -> UniqueWithCounts:
    """As `unique`, and how often each value occurs."""
    values, numbers = unique(x, out_idx)
    counts = np.bincount(numbers.numpy(), minlength=len(values))
    return UniqueWithCounts(values, numbers, Tensor(counts.astype(dtypes.as_dtype(out_idx).dtype)))


def _position(op: Op, x: Any, axis: int | None, output_type: Any) -> Tensor:
    x = convert_to_tensor(x)
    axis = normalize_axis(0 if axis is None else axis, x._value.ndim, op.name)
    if x._value.shape[axis] == 0:
        raise InvalidArgumentError(
            f"Reduction axis {axis} is empty in shape {x.shape} [Op:{op.name}]\n"
            "Among no elements there is no largest or smallest one.",
            op.name,
        )
    return execute(op, (x,), {"axis": axis, "dtype": dtypes.as_dtype(output_type).dtype})
