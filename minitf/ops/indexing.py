"""Picking by index and its adjoint, adding into places: gather and scatter.

    tf.gather(x, [2, 0, 2])              rows 2, 0 and 2 again
    tf.gather_nd(x, [[0, 1], [2, 2]])    elements (0, 1) and (2, 2)
    tf.scatter_nd([[0], [2]], [5, 6], [4])   [5, 0, 6, 0]

A row that is gathered twice gets both gradients: backward of a gather is a scatter that *adds*.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.indexed_slices import IndexedSlices
from minitf.ops import array, selection
from minitf.ops.checks import alike, as_shape, normalize_axis
from minitf.ops.clipping import clip_by_norm
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _gather(x: Any, indices: Any, axis: int) -> Any:
    _check_indices(indices, x.shape[axis], "GatherV2", f"axis {axis} of shape {x.shape}")
    taken = np.take(x, indices, axis=axis)
    return np.asarray(taken, x.dtype) if x.dtype.kind == "O" else taken  # strings stay arrays


def _gather_nd(x: Any, indices: Any) -> Any:
    _check_positions(indices, x.shape, "GatherNd")
    return x[tuple(np.moveaxis(indices, -1, 0))]


def _scatter_nd(indices: Any, updates: Any, shape: tuple[int, ...]) -> np.ndarray:
    _check_positions(indices, shape, "ScatterNd")
    _check_updates(indices, updates, shape, "ScatterNd")
    out = np.zeros(shape, updates.dtype)
    np.add.at(out, tuple(np.moveaxis(indices, -1, 0)), updates)
    return out


def _scatter_update(x: Any, indices: Any, updates: Any) -> np.ndarray:
    _check_positions(indices, x.shape, "TensorScatterUpdate")
    _check_updates(indices, updates, x.shape, "TensorScatterUpdate")
    out = x.copy()
    out[tuple(np.moveaxis(indices, -1, 0))] = updates
    return out


def _scatter_add(x: Any, indices: Any, updates: Any) -> np.ndarray:
    _check_positions(indices, x.shape, "TensorScatterAdd")
    _check_updates(indices, updates, x.shape, "TensorScatterAdd")
    out = x.copy()
    np.add.at(out, tuple(np.moveaxis(indices, -1, 0)), updates)
    return out


def _unsorted_segment_sum(data: Any, segment_ids: Any, num_segments: int) -> np.ndarray:
    # as in TensorFlow, a negative id drops its row
    rank = segment_ids.ndim
    if data.shape[:rank] != segment_ids.shape:
        raise InvalidArgumentError(
            f"data.shape = {data.shape} does not start with segment_ids.shape = "
            f"{segment_ids.shape} [Op:UnsortedSegmentSum]\nEach row of data needs an id.",
            "UnsortedSegmentSum",
        )
    _check_indices(np.maximum(segment_ids, 0), num_segments, "UnsortedSegmentSum", "num_segments")
    out = np.zeros((num_segments, *data.shape[rank:]), data.dtype)
    kept = segment_ids >= 0
    np.add.at(out, segment_ids[kept], data[kept])
    return out


GATHER = define("GatherV2", _gather, text="gather({0}, {1})", partials=("1",))
GATHER_ND = define("GatherNd", _gather_nd, text="gather_nd({0}, {1})", partials=("1",))
SCATTER_ND = define("ScatterNd", _scatter_nd, text="scatter({1})", partials=("", "1"))
SCATTER_UPDATE = define(
    "TensorScatterUpdate",
    _scatter_update,
    text="{0} updated with {2}",
    partials=("1, 0 where replaced", "", "1"),
)
SCATTER_ADD = define(
    "TensorScatterAdd", _scatter_add, text="{0} + scatter({2})", partials=("1", "", "1")
)
UNSORTED_SEGMENT_SUM = define(
    "UnsortedSegmentSum", _unsorted_segment_sum, text="segment_sum({0})", partials=("1",)
)


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    axis: int = 0,
    batch_dims: int = 0,
    name: str | None = None,
) -> Tensor:
    """The slices of `params` at `indices` along `axis`; its shape there becomes `indices`' shape.

    Raises:
        InvalidArgumentError: an index out of range (negative ones too), or float indices.
    """
    params, indices = convert_to_tensor(params), convert_to_tensor(indices)
    if batch_dims:
        return _gather_in_batches(params, indices, axis, batch_dims)
    axis = normalize_axis(axis, params._value.ndim, "GatherV2")
    return execute(GATHER, (params, indices), {"axis": axis})


@gradient("GatherV2")
def _gather_grad(call: Any, upstream: Tensor) -> tuple:
    # row i of the input was used wherever an index is i: those upstreams add up
    params, indices = call.inputs
    shape, axis = params._value.shape, call.attrs["axis"]
    flat = array.reshape(indices, [-1])
    if axis == 0:
        rows = array.reshape(upstream, (indices._value.size, *shape[1:]))
        return IndexedSlices(rows, flat, shape), None
    count = indices._value.ndim
    before = list(range(axis))
    picked = list(range(axis, axis + count))
    after = list(range(axis + count, upstream._value.ndim))
    rows = array.transpose(upstream, picked + before + after)
    rows = array.reshape(rows, (indices._value.size, *shape[:axis], *shape[axis + 1 :]))
    attrs = {"num_segments": shape[axis]}
    summed = execute(UNSORTED_SEGMENT_SUM, (rows, flat), attrs)
    back = [*range(1, axis + 1), 0, *range(axis + 1, len(shape))]
    return array.transpose(summed, back), None


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None) -> Tensor:
    """The elements (or slices) of `params` at the positions along the last axis of `indices`.

    Raises:
        InvalidArgumentError: a position out of range, or longer than the rank.
    """
    if batch_dims:
        rows = zip(array.unstack(params), array.unstack(indices), strict=True)
        return array.stack([gather_nd(p, i, batch_dims - 1) for p, i in rows])
    return execute(GATHER_ND, (params, indices))


@gradient("GatherNd")
def _gather_nd_grad(call: Any, upstream: Tensor) -> tuple:
    # each upstream goes back to its position; a position used twice adds up
    params, indices = call.inputs
    return scatter_nd(indices, upstream, params._value.shape), None


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """Zeros of `shape`, with the updates added at the positions `indices`.

    Raises:
        InvalidArgumentError: a position out of range, or updates of the wrong shape.
    """
    return execute(SCATTER_ND, (indices, updates), {"shape": as_shape(shape)})


@gradient("ScatterNd")
def _scatter_nd_grad(call: Any, upstream: Tensor) -> tuple:
    # an update's gradient stands where the update was added
    indices, _ = call.inputs
    return None, gather_nd(upstream, indices)


def tensor_scatter_nd_update(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """A copy of `tensor` with the updates in place of the elements at `indices`.

    Raises:
        InvalidArgumentError: a position out of range, or updates of the wrong shape.
    """
    tensor, updates = alike(tensor, updates, "TensorScatterUpdate")
    return execute(SCATTER_UPDATE, (tensor, indices, updates))


@gradient("TensorScatterUpdate")
def _scatter_update_grad(call: Any, upstream: Tensor) -> tuple:
    # what was replaced no longer counts; each update gets the upstream of its place
    _, indices, updates = call.inputs
    zeros = array.zeros_like(updates)
    return tensor_scatter_nd_update(upstream, indices, zeros), None, gather_nd(upstream, indices)


def tensor_scatter_nd_add(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """A copy of `tensor` with the updates added at `indices`; repeated positions add up.

    Raises:
        InvalidArgumentError: a position out of range, or updates of the wrong shape.
    """
    tensor, updates = alike(tensor, updates, "TensorScatterAdd")
    return execute(SCATTER_ADD, (tensor, indices, updates))


@gradient("TensorScatterAdd")
def _scatter_add_grad(call: Any, upstream: Tensor) -> tuple:
    # a sum: each part gets the upstream of its place
    _, indices, _ = call.inputs
    return upstream, None, gather_nd(upstream, indices)


def tensor_scatter_nd_sub(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """A copy of `tensor` with the updates subtracted at `indices`; repeated positions add up."""
    tensor, updates = alike(tensor, updates, "TensorScatterSub")
    return tensor_scatter_nd_add(tensor, indices, -updates)


def unsorted_segment_sum(
    data: Any, segment_ids: Any, num_segments: int, name: str | None = None
) -> Tensor:
    """Adds up the rows of `data` that have the same id: row k of the result is the sum for id k.

    Raises:
        InvalidArgumentError: an id of `num_segments` or more.
    """
    attrs = {"num_segments": int(num_segments)}
    return execute(UNSORTED_SEGMENT_SUM, (data, segment_ids), attrs)


@gradient("UnsortedSegmentSum")
def _unsorted_segment_sum_grad(call: Any, upstream: Tensor) -> tuple:
    # each row went into the sum of its id; rows with a negative id went nowhere
    data, segment_ids = call.inputs
    rows = gather(upstream, selection.maximum(segment_ids, 0))
    kept = array.cast(segment_ids >= 0, data.dtype)
    ones = (1,) * (data.ndim - segment_ids.ndim)
    return rows * array.reshape(kept, (*segment_ids._value.shape, *ones)), None


def boolean_mask(tensor: Any, mask: Any, axis: int = 0, name: str | None = None) -> Tensor:
    """The entries of `tensor` where `mask` is True, in one new axis in place of the mask's axes.

    Raises:
        ValueError: the mask's shape is not that of the axes it stands for, or it is no bool.
    """
    tensor, mask = convert_to_tensor(tensor), convert_to_tensor(mask)
    if mask.dtype.is_integer:
        mask = array.cast(mask, dtypes.bool_)
    shape, wanted = tensor._value.shape, mask._value.shape
    axis = normalize_axis(axis, tensor._value.ndim, "BooleanMask")
    if mask._value.dtype.kind != "b" or not wanted or shape[axis : axis + len(wanted)] != wanted:
        raise ValueError(
            f"A mask of shape {mask.shape} and dtype {mask.dtype.name} does not fit a tensor of "
            f"shape {tensor.shape} from axis {axis} on: it must be a bool tensor of the same sizes."
        )
    merged = array.reshape(tensor, (*shape[:axis], -1, *shape[axis + len(wanted) :]))
    positions = array.reshape(selection.where(array.reshape(mask, [-1])), [-1])
    return gather(merged, positions, axis=axis)


def embedding_lookup(
    params: Any, ids: Any, max_norm: float | None = None, name: str | None = None
) -> Tensor:
    """Row `id` of the table `params` for each id, as tf.gather; rows longer than `max_norm` are
    shortened to it."""
    rows = gather(params, ids)
    if max_norm is None:
        return rows
    axes = range(convert_to_tensor(ids)._value.ndim, rows._value.ndim)
    return clip_by_norm(rows, max_norm, list(axes))


def _gather_in_batches(params: Tensor, indices: Tensor, axis: int, batch_dims: int) -> Tensor:
    """Each batch entry has indices of its own: gather row by row and stack the results."""
    if axis == 0:
        axis = batch_dims
    rows = zip(array.unstack(params), array.unstack(indices), strict=True)
    return array.stack([gather(p, i, axis=axis - 1, batch_dims=batch_dims - 1) for p, i in rows])


def _check_indices(indices: Any, size: int, op_name: str, of_what: str) -> None:
    if indices.dtype.kind not in "iu":
        raise InvalidArgumentError(
            f"indices must be integers, got {indices.dtype.name} [Op:{op_name}]\n"
            "Use tf.cast(indices, tf.int32).",
            op_name,
        )
    if indices.size and (indices.min() < 0 or indices.max() >= size):
        where = np.argwhere((indices < 0) | (indices >= size))[0].tolist()
        raise InvalidArgumentError(
            f"indices{where} = {np.asarray(indices)[tuple(where)]} is not in [0, {size}), the "
            f"range of {of_what} [Op:{op_name}]\n"
            "Indices count from 0; negative ones do not wrap around here, unlike in x[-1].",
            op_name,
        )


def _check_positions(indices: Any, shape: tuple[int, ...], op_name: str) -> None:
    depth = indices.shape[-1] if indices.ndim else 0
    if indices.dtype.kind not in "iu" or not indices.ndim or depth > len(shape):
        raise InvalidArgumentError(
            f"indices of shape {indices.shape} and dtype {indices.dtype.name} for a tensor of "
            f"shape {shape} [Op:{op_name}]\nThe last axis of the indices holds integer positions, "
            f"one number per axis, so its size is at most {len(shape)}: [[0], [2]] names two rows.",
            op_name,
        )
    for axis in range(depth):
        column = indices[..., axis]
        if column.size and (column.min() < 0 or column.max() >= shape[axis]):
            raise InvalidArgumentError(
                f"indices name entry {column.min() if column.min() < 0 else column.max()} of axis "
                f"{axis}, which has size {shape[axis]} (shape {shape}) [Op:{op_name}]\n"
                f"Valid are 0 to {shape[axis] - 1}.",
                op_name,
            )


def _check_updates(indices: Any, updates: Any, shape: tuple[int, ...], op_name: str) -> None:
    wanted = indices.shape[:-1] + tuple(shape)[indices.shape[-1] :]
    if updates.shape != wanted or indices.ndim < 2 and not updates.ndim:
        raise InvalidArgumentError(
            f"updates of shape {updates.shape}, but indices of shape {indices.shape} into shape "
            f"{tuple(shape)} need updates of shape {wanted} [Op:{op_name}]\n"
            "One update per position; nothing broadcasts.",
            op_name,
        )
