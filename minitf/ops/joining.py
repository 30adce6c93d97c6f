"""Joining and repeating: concat, split, tile, repeat, meshgrid (stack stands in ops/array.py).

tf.concat([a, b], axis=0)     side by side along an axis they have
tf.split(x, 3)                the way back
tf.tile(x, [2, 1])            the whole, again and again
tf.repeat(x, 2)               each element, again and again
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, indexing, reductions
from minitf.ops.checks import as_integer, as_shape, as_tensors, normalize_axis
from minitf.registry import define, gradient
from minitf.state import state
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor


def _concat(*parts: np.ndarray, axis: int) -> np.ndarray:
    first = parts[0].shape
    for i, part in enumerate(parts):
        others = [n for k, n in enumerate(part.shape) if k != axis]
        if part.ndim != len(first) or others != [n for k, n in enumerate(first) if k != axis]:
            raise InvalidArgumentError(
                f"ConcatOp : Dimension mismatch: shape[0] = {first} vs. shape[{i}] = {part.shape} "
                f"along axis {axis} [Op:ConcatV2]\nAll sizes but the one of the joining axis must "
                "agree. To join along a new axis use tf.stack.",
                "ConcatV2",
            )
    return np.concatenate(parts, axis=axis)


def _split(x: np.ndarray, parts: int | tuple[int, ...], axis: int) -> tuple:
    length = x.shape[axis]
    if isinstance(parts, int):
        sizes = _equal_parts(length, parts, axis)
    else:
        sizes = _given_parts(length, parts, axis)
    return tuple(np.split(x, np.cumsum(np.array(sizes))[:-1], axis=axis))


def _tile(x: Any, multiples: tuple[int, ...]) -> np.ndarray:
    return np.tile(x, multiples)


CONCAT = define("ConcatV2", _concat, same_dtype=True, text="concat", partials=("1",))
SPLIT = define("SplitV", _split, text="split({0})", partials=("1",))
TILE = define("Tile", _tile, text="tile({0})", partials=("1",))


def concat(values: Any, axis: int, name: str | None = None) -> Tensor:
    """Joins tensors along an axis they have; all other sizes must agree.

    Raises:
        InvalidArgumentError: the other sizes differ, or there is no such axis.
    """
    if not isinstance(values, list | tuple):
        values = [values]
    parts = as_tensors(values)
    axis = normalize_axis(axis, parts[0]._value.ndim, "ConcatV2")
    if len(parts) == 1:
        return array.identity(parts[0])
    return execute(CONCAT, parts, {"axis": axis})


@gradient("ConcatV2")
def _concat_grad(call: Any, upstream: Tensor) -> tuple:
    # each part gets its own piece of the upstream
    axis = call.attrs["axis"]
    sizes = [x._value.shape[axis] for x in call.inputs]
    return tuple(split(upstream, sizes, axis))


def split(
    value: Any,
    num_or_size_splits: Any,
    axis: int = 0,
    num: int | None = None,
    name: str | None = None,
) -> list[Tensor]:
    """Cuts a tensor into n equal parts, or into parts of listed sizes (one may be -1).

    Raises:
        InvalidArgumentError: the parts do not add up to the size of the axis.
    """
    x = convert_to_tensor(value)
    axis = normalize_axis(axis, x._value.ndim, "Split")
    parts = num_or_size_splits
    scalar = np.ndim(getattr(parts, "_value", parts)) == 0  # a number of parts, not their sizes
    parts = as_integer(parts, "the number of parts") if scalar else as_shape(parts)
    return list(execute(SPLIT, (x,), {"parts": parts, "axis": axis}))


@gradient("SplitV")
def _split_grad(call: Any, upstream: list[Tensor]) -> tuple:
    # put the pieces' gradients back side by side
    return (concat(list(upstream), call.attrs["axis"]),)


def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The whole tensor repeated `multiples[i]` times along axis i.

    Raises:
        InvalidArgumentError: not one multiple per axis, or a negative one.
    """
    x = convert_to_tensor(input)
    if state.tracer is not None and is_symbolic(multiples):
        sizes = (None,) * x._value.ndim
        return state.tracer.wait(tile, (x, multiples), sizes, x.dtype)
    multiples = as_shape(multiples)
    if len(multiples) != x._value.ndim or any(m < 0 for m in multiples):
        raise InvalidArgumentError(
            f"Expected one multiple >= 0 per axis: multiples {list(multiples)} for shape {x.shape} "
            "[Op:Tile]\nWrite 1 for an axis that is not repeated.",
            "Tile",
        )
    return execute(TILE, (x,), {"multiples": multiples})


@gradient("Tile")
def _tile_grad(call: Any, upstream: Tensor) -> tuple:
    # one axis for the copies, one for the original: add up the copies
    (x,) = call.inputs
    pairs = zip(call.attrs["multiples"], x._value.shape, strict=True)
    split_shape = [size for pair in pairs for size in pair]
    copies = list(range(0, len(split_shape), 2))
    return (reductions.reduce_sum(array.reshape(upstream, split_shape), axis=copies),)


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:  # noqa: A002
    """Each entry along `axis` repeated; without an axis, the elements of the flattened tensor.

    Raises:
        InvalidArgumentError: `repeats` is neither one number nor one per entry.
    """
    x = convert_to_tensor(input)
    if axis is None:
        x, axis = array.reshape(x, [-1]), 0
    axis = normalize_axis(axis, x._value.ndim, "Repeat")
    if x._value.shape[axis] is None:  # how often each entry is taken can only be said at the run
        sizes = list(x._value.shape)
        return state.tracer.wait(repeat, (x, repeats, axis), sizes, x.dtype)
    counts, length = as_shape(repeats), x._value.shape[axis]
    if len(counts) not in (1, length):
        raise InvalidArgumentError(
            f"repeats has {len(counts)} numbers for {length} entries along axis {axis} of shape "
            f"{x.shape} [Op:Repeat]\nGive one number, or one per entry.",
            "Repeat",
        )
    order = np.repeat(np.arange(length), counts[0] if len(counts) == 1 else counts)
    return indexing.gather(x, Tensor(order), axis=axis)


def meshgrid(*args: Any, indexing: str = "xy", name: str | None = None) -> list[Tensor]:
    """For each vector, a grid on which only its own coordinate varies.

    Raises:
        ValueError: `indexing` is neither "xy" (columns first) nor "ij" (rows first).
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"indexing must be 'xy' or 'ij', got {indexing!r}.")
    vectors = [array.reshape(convert_to_tensor(v), [-1]) for v in args]
    sizes = [array.shape(v)[0] if v._value.size is None else v._value.size for v in vectors]
    order = list(range(len(vectors)))
    if indexing == "xy" and len(order) > 1:
        order[0], order[1] = 1, 0
    shape = [sizes[i] for i in order]
    grids = []
    for i, vector in enumerate(vectors):
        own = [-1 if k == i else 1 for k in order]
        grids.append(array.broadcast_to(array.reshape(vector, own), shape))
    return grids


def sequence_mask(
    lengths: Any, maxlen: int | None = None, dtype: Any = dtypes.bool_, name: str | None = None
) -> Tensor:
    """Row i is True in its first `lengths[i]` places."""
    lengths = convert_to_tensor(lengths)._value
    size = int(lengths.max()) if maxlen is None else int(maxlen)
    return array.cast(Tensor(np.arange(size) < lengths[..., None]), dtype)


def _equal_parts(length: int, count: int, axis: int) -> tuple[int, ...]:
    if count < 1 or length % count:
        raise InvalidArgumentError(
            f"Number of ways to split should evenly divide the split dimension: axis {axis} of "
            f"size {length}, {count} parts [Op:Split]\nGive a list of sizes instead, with -1 for "
            "the one to be worked out.",
            "Split",
        )
    return (length // count,) * count


def _given_parts(length: int, sizes: tuple[int, ...], axis: int) -> tuple[int, ...]:
    known = sum(size for size in sizes if size != -1)
    if sizes.count(-1) == 1:
        sizes = tuple([length - known if size == -1 else size for size in sizes])
    if sum(sizes) != length or min(sizes, default=0) < 0:
        raise InvalidArgumentError(
            f"The sizes {list(sizes)} must add up to {length}, the size of axis {axis} "
            "[Op:SplitV]\nOne of them may be -1: it is worked out.",
            "SplitV",
        )
    return sizes
