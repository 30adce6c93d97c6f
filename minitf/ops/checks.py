"""Checks that several operations share: floating inputs, axes that exist, operands of one dtype.

EXP = define("Exp", floats_only("Exp", np.exp))
axis = normalize_axis(-1, rank=2, op_name="Softmax")     # 1
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError, WrongTypeError
from minitf.execute import convert_to_tensor
from minitf.tensor import Tensor
from minitf.variable import Variable


def floats_only(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel that refuses integers and booleans; NumPy would turn them into float64."""

    def one_input(x: Any) -> Any:
        if x.dtype.kind not in "fc":
            raise _not_floating(name, x)
        return function(x)

    def kernel(x: Any, *rest: Any, **attrs: Any) -> Any:
        if x.dtype.kind not in "fc":
            raise _not_floating(name, x)
        return function(x, *rest, **attrs)

    return one_input if getattr(function, "nin", 0) == 1 else kernel  # handing on costs time


def _not_floating(name: str, x: Any) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"{name} needs a floating-point tensor, but got {dtypes.of(x).name} of shape "
        f"{x.shape} [Op:{name}]\nUse tf.cast(x, tf.float32) first, or write the number "
        "with a decimal point: 4.0 instead of 4.",
        name,
    )


def normalize_axis(axis: Any, rank: int, op_name: str) -> int:
    """The axis counted from 0.

    Raises:
        InvalidArgumentError: a tensor of that rank has no such axis.
        WrongTypeError: the axis is no integer.
    """
    axis = as_integer(axis, "an axis")
    if not -rank <= axis < rank:
        raise InvalidArgumentError(
            f"axis {axis} is out of range for a tensor of rank {rank} [Op:{op_name}]\n"
            f"Axes count from 0 to {rank - 1}, or backwards from -1 to {-rank}."
            if rank
            else f"axis {axis}: a scalar has no axes [Op:{op_name}]\n"
            "The tensor has shape (). Did a reduction run too early?",
            op_name,
        )
    return axis % rank


def as_shape(shape: Any) -> tuple[int, ...]:
    """A shape, a list of axes or one number as a tuple of ints; tensors among them are read."""
    if hasattr(shape, "_value"):
        shape = shape._value
    elif not isinstance(shape, list | tuple):
        return (as_integer(shape),) if np.ndim(shape) == 0 else as_shape(list(shape))
    if isinstance(shape, list | tuple):
        return tuple([n if type(n) is int else as_integer(n) for n in shape])
    return tuple([as_integer(n) for n in np.atleast_1d(shape)])


def as_integer(number: Any, what: str = "a size") -> int:
    """A Python int, NumPy integer or integer tensor as an int.

    Raises:
        WrongTypeError: a float, a string, or anything else that is no integer.
    """
    value = getattr(number, "_value", number)
    try:
        return operator.index(value)
    except TypeError:
        raise WrongTypeError(
            f"{number!r} is no integer, but {what} must be one. Write 2 instead of 2.0; for the "
            "result of a division use // or int(...)."
        ) from None


def as_tensors(values: Sequence[Any]) -> tuple[Tensor, ...]:
    """Tensors of the values; Python numbers adopt the dtype of the first tensor (or value)."""
    hint = next((v.dtype for v in values if isinstance(v, Tensor | Variable)), None)
    tensors: list[Tensor] = []
    for value in values:
        tensors.append(convert_to_tensor(value, dtype_hint=hint))
        hint = hint or tensors[0].dtype
    return tuple(tensors)


def known_sizes(shape: Any) -> tuple[int | None, ...]:
    """What is known of a shape that holds symbolic tensors: None for each of those."""
    if isinstance(shape, Tensor):
        return (None,) * (shape._value.shape[0] or 0) if shape._value.ndim else (None,)
    return tuple([None if isinstance(n, Tensor) or n == -1 else int(n) for n in shape])


def alike(x: Any, y: Any, op_name: str) -> tuple[Tensor, Tensor]:
    """Both as tensors of one dtype; a Python number adopts the dtype of the other.

    Raises:
        InvalidArgumentError: two tensors of different dtypes.
    """
    x, y = as_tensors((x, y))
    if x.dtype is not y.dtype:
        raise InvalidArgumentError(
            f"the two values must have one dtype, got {x.dtype.name} and {y.dtype.name} "
            f"[Op:{op_name}]\nTensorFlow never converts tensors by itself: use tf.cast.",
            op_name,
        )
    return x, y
