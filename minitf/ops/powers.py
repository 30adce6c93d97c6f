"""Powers and roots: pow, square, sqrt, rsqrt, reciprocal.

tf.pow(x, 3.0)  or  x ** 3
tf.sqrt(x)          slope inf at 0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import execute
from minitf.ops import division, elementary, selection
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import floats_only
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _rsqrt(x: Any) -> Any:
    return 1 / np.sqrt(x)


def _reciprocal(x: Any) -> Any:
    return 1 / x


def _sqrt_grad_kernel(y: Any, upstream: Any) -> Any:
    return np.where(upstream == 0, upstream, upstream * 0.5 / y)[()]


def _pow(x: Any, y: Any) -> Any:
    try:
        return x**y
    except ValueError:
        if x.dtype.kind not in "iu":
            raise
        raise InvalidArgumentError(
            f"Integers to negative integer powers are not allowed: {x.dtype} to the power {y} "
            "[Op:Pow]\nThe result would be a fraction: write the base with a decimal point.",
            "Pow",
        ) from None


POW = define(
    "Pow",
    _pow,
    same_dtype=True,
    text="{0} ^ {1}",
    partials=("{1} × {0} ^ ({1} - 1)", "{y} × log({0})"),
)
SQUARE = define("Square", np.square, text="{0}²", partials=("2 × {0}",))
SQRT = define("Sqrt", floats_only("Sqrt", np.sqrt), text="√{0}", partials=("1 / (2 × {y})",))
SQRT_GRAD = define(
    "SqrtGrad",
    _sqrt_grad_kernel,
    same_dtype=True,
    text="{1} / (2 × {0})",
    partials=("-{y} / {0}", "1 / (2 × {0})"),
)
RSQRT = define("Rsqrt", floats_only("Rsqrt", _rsqrt), text="1 / √{0}", partials=("-{y}³ / 2",))
RECIPROCAL = define(
    "Reciprocal", floats_only("Reciprocal", _reciprocal), text="1 / {0}", partials=("-{y}²",)
)


def pow(x: Any, y: Any, name: str | None = None) -> Tensor:  # noqa: A001 - TensorFlow's name
    """x to the power y; a negative x with a fractional y gives nan.

    Raises:
        InvalidArgumentError: integers with a negative exponent.
    """
    return execute(POW, (x, y))


@gradient("Pow", on_arrays=True)
def _pow_grad(call: Any, upstream: Tensor) -> tuple:
    # d(xʸ)/dx = y xʸ⁻¹,  d(xʸ)/dy = xʸ log x, taken as 0 where x <= 0 and log x is no number
    x, y = call.inputs
    want_x, want_y = call.wanted
    grad_x = grad_y = None
    if want_x:
        grad_x = unbroadcast(upstream * y * pow(x, y - 1.0), x)
    if want_y:
        positive = x > 0.0
        log_x = selection.where(positive, elementary.log(selection.where(positive, x, 1.0)), 0.0)
        grad_y = unbroadcast(upstream * call.output * log_x, y)
    return grad_x, grad_y


def square(x: Any, name: str | None = None) -> Tensor:
    """x², element by element."""
    return execute(SQUARE, (x,))


@gradient("Square", on_arrays=True)
def _square_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x²)/dx = 2x
    (x,) = call.inputs
    return (upstream * (x * 2.0),)


def sqrt(x: Any, name: str | None = None) -> Tensor:
    """Square root; nan below 0."""
    return execute(SQRT, (x,))


@gradient("Sqrt", on_arrays=True)
def _sqrt_grad(call: Any, upstream: Tensor) -> tuple:
    # d(√x)/dx = 1/(2√x): inf at 0, but a zero upstream stays 0 there (TensorFlow's convention)
    return (execute(SQRT_GRAD, (call.output, upstream)),)


@gradient("SqrtGrad", on_arrays=True)
def _sqrt_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # g = u/(2y):  dg/dy = -g/y,  dg/du = 1/(2y)
    y, _ = call.inputs
    share = division.divide(upstream, y)
    return -share * call.output, share * 0.5


def rsqrt(x: Any, name: str | None = None) -> Tensor:
    """1/√x; inf at 0."""
    return execute(RSQRT, (x,))


@gradient("Rsqrt", on_arrays=True)
def _rsqrt_grad(call: Any, upstream: Tensor) -> tuple:
    # y = x^(-1/2):  dy/dx = -x^(-3/2)/2 = -y³/2
    y = call.output
    return (upstream * (y * y * y * -0.5),)


def reciprocal(x: Any, name: str | None = None) -> Tensor:
    """1/x; inf at 0."""
    return execute(RECIPROCAL, (x,))


@gradient("Reciprocal", on_arrays=True)
def _reciprocal_grad(call: Any, upstream: Tensor) -> tuple:
    # d(1/x)/dx = -1/x² = -y²
    y = call.output
    return (-upstream * (y * y),)
