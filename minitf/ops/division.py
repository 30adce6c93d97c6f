"""Division and its relatives: /, //, %, and the variants that answer 0 instead of nan.

tf.divide(x, y)  or  x / y       integers give float64, bytes float32, as in TensorFlow
x // y, x % y                    rounded down, the remainder has the sign of y
tf.math.divide_no_nan(x, y)      0 where y is 0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import execute
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import floats_only
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _divide(x: Any, y: Any) -> Any:
    if x.dtype.kind in "iu" and x.dtype.itemsize <= 2:
        return x.astype(np.float32) / y.astype(np.float32)
    return x / y


def _floor_divide(x: Any, y: Any) -> Any:
    _refuse_integer_zero(y, "FloorDiv")
    return x // y


def _floor_mod(x: Any, y: Any) -> Any:
    _refuse_integer_zero(y, "FloorMod")
    return x % y


def _divide_no_nan(x: Any, y: Any) -> Any:
    return np.where(y == 0, x.dtype.type(0), x / y)[()]


def _multiply_no_nan(x: Any, y: Any) -> Any:
    return np.where(y == 0, x.dtype.type(0), x * y)[()]


DIV = define(
    "RealDiv", _divide, same_dtype=True, text="{0} / {1}", partials=("1 / {1}", "-{0} / {1}²")
)
FLOOR_DIV = define(
    "FloorDiv", _floor_divide, same_dtype=True, differentiable=False, text="{0} // {1}"
)
FLOOR_MOD = define(
    "FloorMod", _floor_mod, same_dtype=True, text="{0} % {1}", partials=("1", "-({0} // {1})")
)
DIV_NO_NAN = define(
    "DivNoNan",
    floats_only("DivNoNan", _divide_no_nan),
    same_dtype=True,
    text="{0} / {1} or 0",
    partials=("1 / {1} or 0", "-{0} / {1}² or 0"),
)
MUL_NO_NAN = define(
    "MulNoNan",
    floats_only("MulNoNan", _multiply_no_nan),
    same_dtype=True,
    text="{0} × {1} or 0",
    partials=("{1}", "{0}"),
)


def divide(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y, element by element; dividing by 0 gives inf or nan."""
    return execute(DIV, (x, y))


@gradient("RealDiv", on_arrays=True)
def _divide_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x/y)/dx = 1/y, d(x/y)/dy = -x/y²
    x, y = call.inputs
    want_x, want_y = call.wanted
    grad_x = unbroadcast(divide(upstream, y), x) if want_x else None
    grad_y = unbroadcast(upstream * divide(divide(-x, y), y), y) if want_y else None
    return grad_x, grad_y


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y rounded down; steps have no slope, so no gradient passes.

    Raises:
        InvalidArgumentError: integers divided by 0.
    """
    return execute(FLOOR_DIV, (x, y))


def floormod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The remainder x - y·⌊x/y⌋; it has the sign of y.

    Raises:
        InvalidArgumentError: integers divided by 0.
    """
    return execute(FLOOR_MOD, (x, y))


@gradient("FloorMod", on_arrays=True)
def _floormod_grad(call: Any, upstream: Tensor) -> tuple:
    # r = x - y⌊x/y⌋:  dr/dx = 1, dr/dy = -⌊x/y⌋
    x, y = call.inputs
    want_x, want_y = call.wanted
    grad_x = unbroadcast(upstream, x) if want_x else None
    grad_y = unbroadcast(upstream * -floordiv(x, y), y) if want_y else None
    return grad_x, grad_y


def divide_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y, and 0 where y is 0."""
    return execute(DIV_NO_NAN, (x, y))


@gradient("DivNoNan", on_arrays=True)
def _divide_no_nan_grad(call: Any, upstream: Tensor) -> tuple:
    # as for x / y, and 0 where y is 0
    x, y = call.inputs
    grad_x = unbroadcast(divide_no_nan(upstream, y), x)
    grad_y = unbroadcast(upstream * divide_no_nan(divide_no_nan(-x, y), y), y)
    return grad_x, grad_y


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x * y, and 0 where y is 0, even if x is inf or nan."""
    return execute(MUL_NO_NAN, (x, y))


@gradient("MulNoNan", on_arrays=True)
def _multiply_no_nan_grad(call: Any, upstream: Tensor) -> tuple:
    # as for x * y, with the same care: 0 · inf counts as 0
    x, y = call.inputs
    grad_x = unbroadcast(multiply_no_nan(upstream, y), x)
    grad_y = unbroadcast(multiply_no_nan(x, upstream), y)
    return grad_x, grad_y


def _refuse_integer_zero(y: Any, name: str) -> None:
    if y.dtype.kind in "iu" and not np.all(y):
        raise InvalidArgumentError(
            f"Integer division by zero [Op:{name}]\nThe divisor {y} holds a 0, and integers have "
            "no inf. Use float tensors, or tf.math.divide_no_nan.",
            name,
        )
