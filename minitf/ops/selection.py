"""Choosing between values: where, maximum, minimum, clip_by_value.

    tf.where(x > 0.0, x, 0.0)        the gradient follows the chosen side
    tf.maximum(x, 0.0)               at a tie the first argument gets the whole gradient
    tf.where(mask)                   one argument: the positions of the True elements

The side that was not chosen gets a zero gradient, but zero times inf is nan: guard the *input* of
a function that can blow up, not only its output.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import WrongTypeError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, comparison
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import alike
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _select(condition: Any, x: Any, y: Any) -> Any:
    if condition.dtype.kind != "b":
        raise WrongTypeError(
            f"where needs a bool condition, got {condition.dtype.name} [Op:SelectV2]\n"
            "Compare first: tf.where(x > 0, a, b).",
            "SelectV2",
        )
    return np.where(condition, x, y)[()]


def _positions(condition: Any) -> np.ndarray:
    return np.argwhere(condition)


SELECT = define("SelectV2", _select, text="where({0}, {1}, {2})", partials=("", "{0}", "not {0}"))
WHERE = define("Where", _positions, text="where({0})")
MAXIMUM = define(
    "Maximum",
    np.maximum,
    same_dtype=True,
    text="max({0}, {1})",
    partials=("1 if {0} ≥ {1} else 0", "1 if {1} > {0} else 0"),
)
MINIMUM = define(
    "Minimum",
    np.minimum,
    same_dtype=True,
    text="min({0}, {1})",
    partials=("1 if {0} ≤ {1} else 0", "1 if {1} < {0} else 0"),
)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """x where the condition is True, y elsewhere; the three broadcast.

    With the condition alone: the positions of its True elements, int64 of shape (count, rank).

    Raises:
        ValueError: only one of x and y is given.
        InvalidArgumentError: x and y have different dtypes, or shapes that do not broadcast.
    """
    if x is None and y is None:
        return execute(WHERE, (condition,))
    if x is None or y is None:
        raise ValueError("x and y must both be given (choose between them), or both left out.")
    x, y = alike(x, y, "SelectV2")
    return execute(SELECT, (condition, x, y))


@gradient("SelectV2")
def _where_grad(call: Any, upstream: Tensor) -> tuple:
    # the chosen side gets the upstream, the other 0
    condition, x, y = call.inputs
    _, want_x, want_y = call.wanted
    grad_x = unbroadcast(where(condition, upstream, 0.0), x) if want_x else None
    grad_y = unbroadcast(where(condition, 0.0, upstream), y) if want_y else None
    return None, grad_x, grad_y


def maximum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The larger of x and y, element by element."""
    return execute(MAXIMUM, (x, y))


@gradient("Maximum")
def _maximum_grad(call: Any, upstream: Tensor) -> tuple:
    # the larger one gets the upstream; at a tie the first argument
    x, y = call.inputs
    return _gradient_of_choice(comparison.greater_equal(x, y), upstream, call)


def minimum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The smaller of x and y, element by element."""
    return execute(MINIMUM, (x, y))


@gradient("Minimum")
def _minimum_grad(call: Any, upstream: Tensor) -> tuple:
    # the smaller one gets the upstream; at a tie the first argument
    x, y = call.inputs
    return _gradient_of_choice(comparison.less_equal(x, y), upstream, call)


def clip_by_value(
    t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None
) -> Tensor:
    """t limited to [min, max]. The gradient is 1 inside and on the bounds, 0 outside."""
    return maximum(minimum(t, clip_value_max), clip_value_min)


def _gradient_of_choice(first: Tensor, upstream: Tensor, call: Any) -> tuple:
    x, y = call.inputs
    want_x, want_y = call.wanted
    grad_x = unbroadcast(where(first, upstream, 0.0), x) if want_x else None
    grad_y = unbroadcast(where(first, 0.0, upstream), y) if want_y else None
    return grad_x, grad_y


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """As tf.cast, but what the dtype cannot hold becomes its largest or smallest number."""
    x, dtype = convert_to_tensor(value), dtypes.as_dtype(dtype)
    if dtype.is_integer:
        kind = x.dtype.as_numpy_dtype
        low = kind(max(x.dtype.min, dtype.min))
        high = kind(min(x.dtype.max, dtype.max))
        if x.dtype.is_floating and int(high) > dtype.max:  # 2³¹ - 1 as a float32 is 2³¹
            high = np.nextafter(high, kind(0))
        x = clip_by_value(x, low, high)
    return array.cast(x, dtype)
