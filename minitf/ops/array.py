"""Shapes and indices: operations that move values around and compute nothing.

    tf.reshape, tf.broadcast_to, tf.stack, tf.zeros_like, tf.ones_like, ...

Backward they move the gradients back: what was copied is summed, what was dropped gets zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.execute import convert_to_tensor, execute
from minitf.ops.broadcast import shape_of, unbroadcast
from minitf.ops.checks import as_shape, known_sizes, normalize_axis
from minitf.ops.conjugate import conj
from minitf.registry import define, gradient
from minitf.state import state
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor
from minitf.variable import Variable, tensor_within


def _reshape(x: Any, shape: tuple[int, ...]) -> Any:
    try:
        return x.reshape(shape)[()]  # [()] makes a scalar of a 0-d array, and copies nothing
    except ValueError:
        raise InvalidArgumentError(_cannot_reshape(x, shape), "Reshape") from None


def _pack(*parts: Any, axis: int) -> np.ndarray:
    for i, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise InvalidArgumentError(
                f"Shapes of all inputs must match: values[0].shape = {parts[0].shape} != "
                f"values[{i}].shape = {part.shape} [Op:Pack]\nstack makes a new axis, so all parts "
                "need one shape. To join along an axis they have, use tf.concat.",
                "Pack",
            )
    return np.stack(parts, axis=normalize_axis(axis, parts[0].ndim + 1, "Pack"))


def _unpack(x: np.ndarray, axis: int) -> tuple:
    return tuple(np.moveaxis(x, normalize_axis(axis, x.ndim, "Unpack"), 0))


def _broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    try:
        return np.broadcast_to(x, shape)[()]
    except ValueError:
        raise InvalidArgumentError(
            f"Incompatible shapes: {x.shape} vs. {tuple(shape)} [Op:BroadcastTo]\nOnly axes of "
            "size 1, and new axes in front, can be copied to another size. Insert an axis with "
            "x[:, None] or tf.reshape.",
            "BroadcastTo",
        ) from None


def _transpose(x: Any, perm: tuple[int, ...]) -> Any:
    return x.transpose(perm)


def _cast(x: Any, dtype: np.dtype) -> Any:
    if x.dtype.kind == "O":
        raise UnimplementedError(
            f"Cast string to {dtypes.as_dtype(dtype).name} is not supported [Op:Cast]\n"
            "Turn text into numbers before it becomes a tensor: tf.constant(float(text)).",
            "Cast",
        )
    if x.dtype.kind == "c" and dtype.kind != "c":
        x = x.real  # the imaginary part is dropped without a word, as in TensorFlow
    return x.astype(dtype)


def _identity(x: Any) -> Any:
    return x


RESHAPE = define("Reshape", _reshape, text="reshape({0})", partials=("1",))
BROADCAST_TO = define("BroadcastTo", _broadcast_to, text="broadcast({0})", partials=("1",))
PACK = define("Pack", _pack, same_dtype=True, text="stack")
UNPACK = define("Unpack", _unpack, text="unstack({0})")
TRANSPOSE = define("Transpose", _transpose, text="transpose({0})", partials=("1",))
CAST = define("Cast", _cast, text="cast({0})", partials=("1",))
IDENTITY = define("Identity", _identity, text="{0}", partials=("1",))
STOP_GRADIENT = define("StopGradient", _identity, differentiable=False, text="stop_gradient({0})")


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor of the given value; `shape` reshapes it, or repeats a single number to fill it.

    Raises:
        TypeError: the value does not fit `dtype`, or does not have as many elements as `shape`.
    """
    tensor = convert_to_tensor(value, dtype)
    if shape is None:
        return tensor
    shape = as_shape(shape)
    count = int(np.prod(shape, dtype=np.int64))
    if tensor._value.size == 1:
        return Tensor(np.full(shape, tensor._value.reshape(())[()]))
    if tensor._value.size != count:
        raise TypeError(
            f"Eager execution of tf.constant with unsupported shape. Tensor {tensor} has "
            f"{tensor._value.size} elements, but got `shape` {list(shape)} with {count} elements."
        )
    return Tensor(tensor._value.reshape(shape))


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """The same values in another shape; one size may be -1 and is worked out.

    Raises:
        InvalidArgumentError: the sizes do not multiply to the number of values.
    """
    x = convert_to_tensor(tensor)
    if state.tracer is not None and is_symbolic(shape):
        return state.tracer.wait(reshape, (x, shape), known_sizes(shape), x.dtype)
    return execute(RESHAPE, (x,), {"shape": as_shape(shape)})


@gradient("Reshape", on_arrays=True)
def _reshape_grad(call: Any, upstream: Tensor) -> tuple:
    # the values are the same: give the gradient the old shape back
    (x,) = call.inputs
    return (execute(RESHAPE, (upstream,), {"shape": shape_of(x)}),)


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """Copies along axes of size 1 and new leading axes until the shape is `shape`."""
    if state.tracer is not None and is_symbolic(shape):
        x = convert_to_tensor(input)
        return state.tracer.wait(broadcast_to, (x, shape), known_sizes(shape), x.dtype)
    return execute(BROADCAST_TO, (input,), {"shape": as_shape(shape)})


@gradient("BroadcastTo", on_arrays=True)
def _broadcast_to_grad(call: Any, upstream: Tensor) -> tuple:
    # each copy was used once: add the gradients of the copies
    (x,) = call.inputs
    return (unbroadcast(upstream, x),)


def stack(values: Any, axis: int = 0, name: str | None = None) -> Tensor:
    """Joins tensors of one shape along a new axis.

    Raises:
        InvalidArgumentError: the shapes or dtypes differ.
    """
    if len(values) == 0:
        return convert_to_tensor([])  # as TensorFlow: no parts, no values
    if isinstance(values, list | tuple) and tensor_within(values) is None:
        values = convert_to_tensor(values)  # [1, 2.5] is one list of floats
        return values if axis == 0 else execute(PACK, tuple(unstack(values)), {"axis": axis})
    return execute(PACK, tuple(values), {"axis": axis})


@gradient("Pack")
def _stack_grad(call: Any, upstream: Tensor) -> tuple:
    # each part's gradient is its slice of the upstream
    return tuple(unstack(upstream, axis=call.attrs["axis"]))


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str | None = None) -> list:
    """The slices along an axis, as a list of tensors of one rank less.

    Raises:
        InvalidArgumentError: there are not `num` of them, or the tensor has no such axis.
    """
    slices = list(execute(UNPACK, (value,), {"axis": axis}))
    if num is not None and len(slices) != num:
        raise InvalidArgumentError(
            f"Input shape axis {axis} must equal {num}, got {len(slices)} [Op:Unpack]\n"
            "Leave num out: the shape says how many there are.",
            "Unpack",
        )
    return slices


@gradient("Unpack")
def _unstack_grad(call: Any, upstream: list[Tensor]) -> tuple:
    # put the slices' gradients back side by side
    return (stack(upstream, axis=call.attrs["axis"]),)


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str | None = None) -> Tensor:
    """The axes in the order `perm`, or reversed; `conjugate` takes complex conjugates too.

    Raises:
        InvalidArgumentError: `perm` does not name each axis once.
    """
    x = convert_to_tensor(a)
    rank = x._value.ndim
    perm = tuple(range(rank))[::-1] if perm is None else as_shape(perm)
    if sorted([p % rank for p in perm] if rank else perm) != list(range(rank)):
        raise InvalidArgumentError(
            f"transpose expects a permutation of the {rank} axes, got perm={list(perm)} for shape "
            f"{x.shape} [Op:Transpose]\nName each axis from 0 to {rank - 1} once; to change sizes "
            "use tf.reshape.",
            "Transpose",
        )
    return execute(TRANSPOSE, (conj(x) if conjugate else x,), {"perm": perm})


@gradient("Transpose", on_arrays=True)
def _transpose_grad(call: Any, upstream: Tensor) -> tuple:
    # the inverse permutation brings each axis back
    perm = call.attrs["perm"]
    inverse = [0] * len(perm)
    for position, axis in enumerate(perm):
        inverse[axis] = position
    return (execute(TRANSPOSE, (upstream,), {"perm": tuple(inverse)}),)


def expand_dims(input: Any, axis: int, name: str | None = None) -> Tensor:  # noqa: A002
    """A new axis of size 1 at position `axis` (counted in the result).

    Raises:
        InvalidArgumentError: `axis` is beyond the rank.
    """
    x = convert_to_tensor(input)
    shape = list(x._value.shape)
    shape.insert(normalize_axis(axis, len(shape) + 1, "ExpandDims"), 1)
    if shape.count(None) > 1:  # reshape works out one size; several wait for the run
        return state.tracer.wait(expand_dims, (x, axis), tuple(shape), x.dtype)
    return reshape(x, [-1 if size is None else size for size in shape])


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Tensor:  # noqa: A002
    """Drops axes of size 1: all of them, or those named.

    Raises:
        InvalidArgumentError: a named axis has another size.
    """
    x = convert_to_tensor(input)
    shape = x._value.shape
    if axis is None:
        return reshape(x, [-1 if size is None else size for size in shape if size != 1])
    axes = [normalize_axis(a, len(shape), "Squeeze") for a in as_shape(axis)]
    for a in axes:
        if shape[a] not in (1, None):
            raise InvalidArgumentError(
                f"Can not squeeze dim[{a}], expected a dimension of 1, got {shape[a]} for shape "
                f"{x.shape} [Op:Squeeze]\nsqueeze only drops axes of size 1. To drop one by "
                "choosing an entry write x[0], by adding up tf.reduce_sum(x, axis).",
                "Squeeze",
            )
    kept = [size for i, size in enumerate(shape) if i not in axes]
    if kept.count(None) > 1:
        return state.tracer.wait(squeeze, (x, tuple(axes)), tuple(kept), x.dtype)
    return reshape(x, [-1 if size is None else size for size in kept])


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """The values as another dtype; fractions are cut off on the way to integers.

    The gradient is cast back. It ends at integers and booleans: they have no small changes.
    """
    x = convert_to_tensor(x)
    dtype = dtypes.as_dtype(dtype)
    if x.dtype is dtype:
        return x
    return execute(CAST, (x,), {"dtype": dtype.dtype})


@gradient("Cast")
def _cast_grad(call: Any, upstream: Tensor) -> tuple:
    # the value is the same: give the gradient the dtype of the input
    (x,) = call.inputs
    return (cast(upstream, x.dtype),)


def identity(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The same values as a new tensor."""
    return execute(IDENTITY, (input,))


@gradient("Identity", on_arrays=True)
def _identity_grad(call: Any, upstream: Tensor) -> tuple:
    # dy/dx = 1
    return (upstream,)


def stop_gradient(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The same values, for tapes a constant: no gradient passes."""
    return execute(STOP_GRADIENT, (input,))


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Tensor:
    """The same tensor, with a shape that is known from here on.

    Raises:
        InvalidArgumentError: when the values arrive, the shape is another one.
    """
    x = convert_to_tensor(x)
    if not x.shape.is_compatible_with(shape):
        raise InvalidArgumentError(
            f"Shape of tensor {x.shape} is not compatible with expected shape {list(shape)} "
            "[Op:EnsureShape]",
            "EnsureShape",
        )
    if None not in x._value.shape:
        return x
    known = [a if b is None else b for a, b in zip(x._value.shape, shape, strict=True)]
    return state.tracer.wait(ensure_shape, (x, tuple(shape)), known, x.dtype)


def shape(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Tensor:  # noqa: A002
    """The sizes of the axes as an integer tensor."""
    x = convert_to_tensor(input)
    if None in x._value.shape:
        return state.tracer.wait(shape, (x, out_type), (x._value.ndim,), out_type)
    return Tensor(np.array(x._value.shape, dtype=dtypes.as_dtype(out_type).dtype))


def size(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Tensor:  # noqa: A002
    """The number of elements as a scalar tensor."""
    x = convert_to_tensor(input)
    if None in x._value.shape:
        return state.tracer.wait(size, (x, out_type), (), out_type)
    return Tensor(dtypes.as_dtype(out_type).as_numpy_dtype(x._value.size))


def rank(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The number of axes as a scalar tensor."""
    return Tensor(np.int32(convert_to_tensor(input)._value.ndim))


def is_tensor(x: Any) -> bool:
    """True for a tensor or a variable; False for NumPy arrays and Python values."""
    return isinstance(x, Tensor | Variable)


def zeros_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:  # noqa: A002
    """Zeros of the shape and dtype of `input`."""
    if state.tracer is not None and None in convert_to_tensor(input)._value.shape:
        x = convert_to_tensor(input)
        return state.tracer.wait(zeros_like, (x, dtype), x.shape, dtype or x.dtype)
    return Tensor(_filled_like(input, 0, dtype))


def ones_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:  # noqa: A002
    """Ones of the shape and dtype of `input`."""
    if state.tracer is not None and None in convert_to_tensor(input)._value.shape:
        x = convert_to_tensor(input)
        return state.tracer.wait(ones_like, (x, dtype), x.shape, dtype or x.dtype)
    return Tensor(_filled_like(input, 1, dtype))


def normalize_axes(x: Tensor, axis: Any, op_name: str) -> tuple[int, ...]:
    """The axes as non-negative ints; None means all of them.

    Raises:
        InvalidArgumentError: an axis the tensor does not have.
    """
    rank = x._value.ndim
    if axis is None:
        return tuple(range(rank))
    axes = as_shape(axis)
    if len({a % rank for a in axes if rank}) < len(axes) and rank:
        raise InvalidArgumentError(
            f"Axes contains duplicate dimension: {list(axes)} for shape {x.shape} [Op:{op_name}]\n"
            "Name each axis once; -1 is the last one.",
            op_name,
        )
    for a in axes:
        if not -rank <= a < rank:
            raise InvalidArgumentError(
                f"Invalid reduction dimension {a} for input with {rank} dimensions, shape "
                f"{x.shape} [Op:{op_name}]\nAxes count from 0, or from -1 backwards.",
                op_name,
            )
    return tuple(sorted({a % rank for a in axes}))


def _cannot_reshape(x: Any, shape: tuple[int, ...]) -> str:
    if shape.count(-1) > 1:
        return (
            f"Only one size may be -1, but the requested shape is {list(shape)} [Op:Reshape]\n"
            f"The tensor's shape is {x.shape}: from two unknown sizes neither can be worked out."
        )
    wanted = f"has {int(np.prod(shape))}" if -1 not in shape else "does not divide them evenly"
    return (
        f"Input to reshape is a tensor with {x.size} values, but the requested shape {list(shape)} "
        f"{wanted} [Op:Reshape]\nThe tensor's shape is {x.shape}. The sizes must multiply to the "
        "same number; -1 lets one of them be worked out."
    )


def _filled_like(x: Any, number: int, dtype: Any) -> Any:
    if dtype is None and hasattr(x, "_value"):
        value = x._value
        kind = value.dtype
        return np.full(value.shape, number, kind) if value.ndim else kind.type(number)
    x = convert_to_tensor(x)
    wanted = x.dtype if dtype is None else dtypes.as_dtype(dtype)
    return np.full(x._value.shape, number, wanted.dtype)[()]
