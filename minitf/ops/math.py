"""Element-wise arithmetic: each operation stands beside its gradient rule.

    tf.add, tf.subtract, tf.multiply, tf.divide, tf.negative, tf.abs, tf.square, tf.pow, ...

Inputs broadcast as in NumPy; both operands must have the same dtype (Python numbers adopt it).
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minitf.execute import execute
from minitf.ops.broadcast import unbroadcast
from minitf.registry import define, gradient
from minitf.tensor import Tensor

# Kernels are Python's operators where they exist: on NumPy scalars they skip the ufunc machinery.
ADD = define("AddV2", operator.add, same_dtype=True, text="{0} + {1}", partials=("1", "1"))
SUB = define("Sub", operator.sub, same_dtype=True, text="{0} - {1}", partials=("1", "-1"))
MUL = define("Mul", operator.mul, same_dtype=True, text="{0} × {1}", partials=("{1}", "{0}"))
NEG = define("Neg", operator.neg, text="-{0}", partials=("-1",))
ABS = define("Abs", operator.abs, text="|{0}|", partials=("sign({0})",))
SIGN = define("Sign", np.sign, text="sign({0})", partials=("0",))
SQUARE = define("Square", np.square, text="{0}²", partials=("2 × {0}",))


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x + y, element by element."""
    return execute(ADD, (x, y))


@gradient("AddV2")
def _add_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x + y)/dx = 1, d(x + y)/dy = 1
    x, y = call.inputs
    return unbroadcast(upstream, x), unbroadcast(upstream, y)


def subtract(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x - y, element by element."""
    return execute(SUB, (x, y))


@gradient("Sub")
def _subtract_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x - y)/dx = 1, d(x - y)/dy = -1
    x, y = call.inputs
    grad_y = unbroadcast(-upstream, y) if call.wanted[1] else None
    return unbroadcast(upstream, x), grad_y


def multiply(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x * y, element by element."""
    return execute(MUL, (x, y))


@gradient("Mul")
def _multiply_grad(call: Any, upstream: Tensor) -> tuple:
    # d(xy)/dx = y, d(xy)/dy = x
    x, y = call.inputs
    want_x, want_y = call.wanted
    grad_x = unbroadcast(upstream * y, x) if want_x else None
    grad_y = unbroadcast(upstream * x, y) if want_y else None
    return grad_x, grad_y


def negative(x: Any, name: str | None = None) -> Tensor:
    """-x, element by element."""
    return execute(NEG, (x,))


@gradient("Neg")
def _negative_grad(call: Any, upstream: Tensor) -> tuple:
    # d(-x)/dx = -1
    return (-upstream,)


def abs(x: Any, name: str | None = None) -> Tensor:  # noqa: A001 - TensorFlow's name
    """|x|, element by element; its gradient at 0 is 0."""
    return execute(ABS, (x,))


@gradient("Abs")
def _abs_grad(call: Any, upstream: Tensor) -> tuple:
    # d|x|/dx = sign(x), and by convention 0 at the kink
    (x,) = call.inputs
    return (upstream * sign(x),)


def sign(x: Any, name: str | None = None) -> Tensor:
    """-1, 0 or 1, element by element."""
    return execute(SIGN, (x,))


@gradient("Sign")
def _sign_grad(call: Any, upstream: Tensor) -> tuple:
    # constant on both sides of 0: the derivative is 0 (TensorFlow gives 0 here, not None)
    return (upstream * 0.0,)


def square(x: Any, name: str | None = None) -> Tensor:
    """x², element by element."""
    return execute(SQUARE, (x,))


@gradient("Square")
def _square_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x²)/dx = 2x
    (x,) = call.inputs
    return (upstream * (x * 2.0),)
