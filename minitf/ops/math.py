"""Element-wise arithmetic: each operation stands beside its gradient rule.

    tf.add, tf.subtract, tf.multiply, tf.divide, tf.negative, tf.abs, tf.sign, ...

Inputs broadcast as in NumPy; both operands must have the same dtype (Python numbers adopt it).
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import execute
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import floats_only
from minitf.registry import define, find, gradient
from minitf.tensor import Tensor


def _squared_difference(x: Any, y: Any) -> Any:
    difference = x - y
    return difference * difference


def _add_n(first: Any, *others: Any) -> Any:
    total = first
    for x in others:
        if x.shape != first.shape:
            raise InvalidArgumentError(
                f"Inputs to operation AddN must have the same size and shape: {first.shape} != "
                f"{x.shape} [Op:AddN]\nadd_n does not broadcast; x + y does.",
                "AddN",
            )
        total = total + x
    return total


def _round(x: Any) -> Any:
    return x if x.dtype.kind in "iu" else np.rint(x)


# Kernels are Python's operators where they exist: on NumPy scalars they skip the ufunc machinery.
ADD = define("AddV2", operator.add, same_dtype=True, text="{0} + {1}", partials=("1", "1"))
SUB = define("Sub", operator.sub, same_dtype=True, text="{0} - {1}", partials=("1", "-1"))
MUL = define("Mul", operator.mul, same_dtype=True, text="{0} × {1}", partials=("{1}", "{0}"))
NEG = define("Neg", operator.neg, text="-{0}", partials=("-1",))
ABS = define("Abs", operator.abs, text="|{0}|", partials=("sign({0})",))
SIGN = define("Sign", np.sign, text="sign({0})", partials=("0",))
SQUARED_DIFFERENCE = define(
    "SquaredDifference",
    _squared_difference,
    same_dtype=True,
    text="({0} - {1})²",
    partials=("2 × ({0} - {1})", "-2 × ({0} - {1})"),
)
ADD_N = define("AddN", _add_n, same_dtype=True, text="sum of all", partials=("1",))
# Flat steps: TensorFlow gives None for these three (and 0 for sign).
ROUND = define("Round", _round, differentiable=False, text="round({0})")
FLOOR = define("Floor", floats_only("Floor", np.floor), differentiable=False, text="floor({0})")
CEIL = define("Ceil", floats_only("Ceil", np.ceil), differentiable=False, text="ceil({0})")


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x + y, element by element."""
    return execute(ADD, (x, y))


@gradient("AddV2", on_arrays=True)
def _add_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x + y)/dx = 1, d(x + y)/dy = 1
    x, y = call.inputs
    want_x, want_y = call.wanted
    return unbroadcast(upstream, x) if want_x else None, unbroadcast(
        upstream, y
    ) if want_y else None


def subtract(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x - y, element by element."""
    return execute(SUB, (x, y))


@gradient("Sub", on_arrays=True)
def _subtract_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x - y)/dx = 1, d(x - y)/dy = -1
    x, y = call.inputs
    want_x, want_y = call.wanted
    grad_y = unbroadcast(-upstream, y) if want_y else None
    return unbroadcast(upstream, x) if want_x else None, grad_y


def multiply(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x * y, element by element."""
    return execute(MUL, (x, y))


@gradient("Mul", on_arrays=True)
def _multiply_grad(call: Any, upstream: Tensor) -> tuple:
    # d(xy)/dx = y, d(xy)/dy = x
    x, y = call.inputs
    want_x, want_y = call.wanted
    grad_x = unbroadcast(upstream * y, x) if want_x else None
    if x is y:  # x * x: one product serves both
        return grad_x, grad_x
    grad_y = unbroadcast(upstream * x, y) if want_y else None
    return grad_x, grad_y


def negative(x: Any, name: str | None = None) -> Tensor:
    """-x, element by element."""
    return execute(NEG, (x,))


@gradient("Neg", on_arrays=True)
def _negative_grad(call: Any, upstream: Tensor) -> tuple:
    # d(-x)/dx = -1
    return (-upstream,)


def abs(x: Any, name: str | None = None) -> Tensor:  # noqa: A001 - TensorFlow's name
    """|x|, element by element; its gradient at 0 is 0."""
    return execute(ABS, (x,))


@gradient("Abs", on_arrays=True)
def _abs_grad(call: Any, upstream: Tensor) -> tuple:
    # d|x|/dx = sign(x), and by convention 0 at the kink
    (x,) = call.inputs
    slope = sign(x)
    if slope.dtype != upstream.dtype and isinstance(slope, Tensor):  # |z| is real, z is not
        upstream = execute(find("Cast"), (upstream,), {"dtype": slope._value.dtype})
    return (upstream * slope,)


def sign(x: Any, name: str | None = None) -> Tensor:
    """-1, 0 or 1, element by element."""
    return execute(SIGN, (x,))


@gradient("Sign", on_arrays=True)
def _sign_grad(call: Any, upstream: Tensor) -> tuple:
    # constant on both sides of 0: the derivative is 0 (TensorFlow gives 0 here, not None)
    return (upstream * 0.0,)


def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    """(x - y)², element by element."""
    return execute(SQUARED_DIFFERENCE, (x, y))


@gradient("SquaredDifference", on_arrays=True)
def _squared_difference_grad(call: Any, upstream: Tensor) -> tuple:
    # d(x - y)²/dx = 2(x - y), d(x - y)²/dy = -2(x - y)
    x, y = call.inputs
    share = upstream * ((x - y) * 2.0)
    return unbroadcast(share, x), unbroadcast(-share, y)


def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """Sum of a list of tensors of one shape; nothing broadcasts.

    Raises:
        ValueError: the list is empty.
        InvalidArgumentError: shapes or dtypes differ.
    """
    inputs = inputs if isinstance(inputs, list | tuple) else [inputs]
    if not inputs:
        raise ValueError("tf.add_n needs a list of at least one tensor, got an empty one.")
    return execute(ADD_N, tuple(inputs))


@gradient("AddN", on_arrays=True)
def _add_n_grad(call: Any, upstream: Tensor) -> tuple:
    # each term enters once: d(sum)/dx = 1
    return (upstream,) * len(call.inputs)


def round(x: Any, name: str | None = None) -> Tensor:  # noqa: A001 - TensorFlow's name
    """The nearest whole number, halves to the even one. No gradient passes."""
    return execute(ROUND, (x,))


def floor(x: Any, name: str | None = None) -> Tensor:
    """The largest whole number not above x. No gradient passes."""
    return execute(FLOOR, (x,))


def ceil(x: Any, name: str | None = None) -> Tensor:
    """The smallest whole number not below x. No gradient passes."""
    return execute(CEIL, (x,))
