"""x[...]: integers, slices, new axes, ellipsis, tensors as bounds, boolean masks.

    x[0], x[-1], x[1:3], x[:, None], x[..., 0], x[i:], x[mask]

Backward, what was taken gets its gradient back and the rest gets zeros.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import indexing
from minitf.ops.checks import as_shape, known_sizes
from minitf.registry import define, gradient
from minitf.state import state
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor

_SLICE = builtins.slice  # the name `slice` is tf.slice's here


def _strided_slice(x: np.ndarray, key: tuple) -> Any:
    return np.asarray(x[key], x.dtype) if x.dtype.kind == "O" else x[key]  # strings stay arrays


def _strided_slice_grad_kernel(upstream: Any, key: tuple, shape: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(shape, upstream.dtype)
    out[key] = upstream
    return out


STRIDED_SLICE = define("StridedSlice", _strided_slice, text="{0}[...]", partials=("1",))
STRIDED_SLICE_GRAD = define(
    "StridedSliceGrad", _strided_slice_grad_kernel, text="{0} among zeros", partials=("1",)
)


def getitem(x: Any, key: Any) -> Tensor:
    """What Python calls for x[key].

    Raises:
        InvalidArgumentError: an index out of range, too many indices, or a list as index.
        TypeError: an index that is neither integer, slice, None, ... nor a tensor of these.
    """
    x = convert_to_tensor(x)
    if _is_mask(key):
        return indexing.boolean_mask(x, key)
    if state.tracer is not None and is_symbolic(key):
        return state.tracer.wait(getitem, (x, key), _known_result(x, key), x.dtype)
    return execute(STRIDED_SLICE, (x,), {"key": plain_keys(x, key)})


@gradient("StridedSlice")
def _strided_slice_grad(call: Any, upstream: Tensor) -> tuple:
    # a copy of what was taken, zeros for what was left
    (x,) = call.inputs
    attrs = {"key": call.attrs["key"], "shape": x._value.shape}
    return (execute(STRIDED_SLICE_GRAD, (upstream,), attrs),)


@gradient("StridedSliceGrad")
def _strided_slice_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # the adjoint of putting among zeros is taking out again
    return (execute(STRIDED_SLICE, (upstream,), {"key": call.attrs["key"]}),)


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:  # noqa: A001
    """The block of `size` elements from `begin` on, per axis; size -1 means up to the end.

    Raises:
        InvalidArgumentError: the block reaches beyond the tensor.
    """
    x = convert_to_tensor(input_)
    if state.tracer is not None and is_symbolic((begin, size)):
        return state.tracer.wait(slice, (x, begin, size), known_sizes(size), x.dtype)
    starts, sizes = as_shape(begin), as_shape(size)
    if not len(starts) == len(sizes) == x._value.ndim:
        raise InvalidArgumentError(
            f"begin {list(starts)} and size {list(sizes)} need one entry per axis of shape "
            f"{x.shape}, so {x._value.ndim} each [Op:Slice]\nSize -1 means up to the end.",
            "Slice",
        )
    ends = [
        n if length == -1 else start + length
        for start, length, n in zip(starts, sizes, x._value.shape, strict=True)
    ]
    for axis, (start, end) in enumerate(zip(starts, ends, strict=True)):
        length = x._value.shape[axis]
        if length is None:  # not known while tracing: nothing to compare with
            continue
        if not 0 <= start <= end <= length:
            raise InvalidArgumentError(
                f"slice from {list(starts)} of size {list(sizes)} does not fit shape {x.shape}: "
                f"axis {axis} would end at {end} [Op:Slice]\nbegin + size must stay within the "
                "shape; x[a:b] cuts off at the end by itself.",
                "Slice",
            )
    return getitem(x, tuple([_SLICE(a, b) for a, b in zip(starts, ends, strict=True)]))


def strided_slice(
    input_: Any, begin: Any, end: Any, strides: Any = None, name: str | None = None
) -> Tensor:
    """From `begin` up to `end`, axis by axis, in steps: x[begin[0]:end[0]:strides[0], ...]."""
    starts, ends = as_shape(begin), as_shape(end)
    steps = (1,) * len(starts) if strides is None else as_shape(strides)
    keys = [_SLICE(a, b, c) for a, b, c in zip(starts, ends, steps, strict=True)]
    return getitem(input_, tuple(keys))


def plain_keys(x: Tensor, key: Any) -> tuple:
    """What stands between the brackets, as plain ints, slices, None and Ellipsis; checked."""
    keys = tuple([_plain(x, part) for part in (key if type(key) is tuple else (key,))])
    _check_ranges(x, keys)
    return keys


def _is_mask(key: Any) -> bool:
    value = key._value if isinstance(key, Tensor) else key
    if isinstance(value, bool):
        raise ValueError(f"mask cannot be scalar: x[{value}] has no meaning. For entries use x[0].")
    return isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "b"


def _plain(x: Tensor, part: Any) -> Any:
    """One index as a plain int, slice, None or Ellipsis."""
    if type(part) is int or part is None or part is Ellipsis:
        return part
    if isinstance(part, _SLICE):
        step = _bound(part.step)
        if step == 0:
            raise InvalidArgumentError(
                f"strides[i] must be non-zero: a slice in steps of zero never ends; x has shape "
                f"{x.shape} [Op:StridedSlice]\nWrite x[::2] for every second, x[::-1] backwards.",
                "StridedSlice",
            )
        return _SLICE(_bound(part.start), _bound(part.stop), step)
    if isinstance(part, list):
        raise InvalidArgumentError(
            f"x[{part}] is not NumPy's fancy indexing: x has shape {x.shape} [Op:StridedSlice]\n"
            "To pick several entries use tf.gather(x, [0, 2]); for positions tf.gather_nd.",
            "StridedSlice",
        )
    return _bound(part)


def _bound(value: Any) -> int | None:
    if value is None or type(value) is int:
        return value
    number = value._value if hasattr(value, "_value") else value
    kind = getattr(getattr(number, "dtype", None), "kind", "")
    if isinstance(number, int) or (kind in ("i", "u") and number.ndim == 0):
        return int(number)
    if kind in ("i", "u"):
        hint = "An index tensor must be a scalar; to pick several entries use tf.gather(x, i)."
    else:
        hint = "Floats are no positions: use int(...) or tf.cast(i, tf.int32)."
    raise TypeError(
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar integer "
        f"tensors are valid indices, got {value!r}. {hint}"
    )


def _known_result(x: Tensor, key: Any) -> tuple[int | None, ...]:
    """The shape of x[key] as far as it is known while some positions are symbolic tensors."""
    keys = list(key) if type(key) is tuple else [key]
    taken = len([k for k in keys if k is not None and k is not Ellipsis])
    if not any(k is Ellipsis for k in keys):
        keys.append(Ellipsis)
    sizes: list[int | None] = []
    axes = iter(x._value.shape)
    for k in keys:
        if k is Ellipsis:
            sizes += [next(axes) for _ in range(x._value.ndim - taken)]
        elif k is None:
            sizes.append(1)
        else:
            size = next(axes)
            if isinstance(k, _SLICE):
                whole = k.start is None and k.stop is None and k.step is None
                sizes.append(size if whole else None)
    return tuple(sizes)


def _check_ranges(x: Tensor, keys: tuple) -> None:
    shape = x._value.shape
    used = len([k for k in keys if k is not None and k is not Ellipsis])
    if used > len(shape) or keys.count(Ellipsis) > 1:
        raise InvalidArgumentError(
            f"Index out of range using input dim {len(shape)}; input has only {len(shape)} dims, "
            f"but the index names {used} [Op:StridedSlice]\nThe tensor's shape is {x.shape}.",
            "StridedSlice",
        )
    axis = 0
    for k in keys:
        if k is Ellipsis:
            axis += len(shape) - used
        elif k is not None:
            known = shape[axis] is not None
            if type(k) is int and known and not -shape[axis] <= k < shape[axis]:
                raise InvalidArgumentError(
                    f"slice index {k} of dimension {axis} out of bounds: the shape is {x.shape} "
                    f"[Op:StridedSlice]\nValid indices are 0 to {shape[axis] - 1}, or -1 to "
                    f"{-shape[axis]} from the end.",
                    "StridedSlice",
                )
            axis += 1
