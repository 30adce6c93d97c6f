"""Element-wise operations with a place for their result: function(*inputs, out).

    FUNCTIONS["Mul"](a, b, out)          # out <- a * b, no new array

Each function may read and write one array: `out` may be one of the inputs, if that input has the
shape of the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _relu(x: Any, out: Any) -> Any:
    return np.maximum(x, 0, out=out)


def _maximum(x: Any, y: Any, out: Any) -> Any:
    return np.maximum(x, y, out=out)


def _minimum(x: Any, y: Any, out: Any) -> Any:
    return np.minimum(x, y, out=out)


def _relu_grad(upstream: Any, y: Any, out: Any) -> Any:
    return np.multiply(upstream, y > 0, out)


def _squared_difference(x: Any, y: Any, out: Any) -> Any:
    np.subtract(x, y, out)
    return np.multiply(out, out, out)


def _reciprocal(x: Any, out: Any) -> Any:
    return np.divide(1, x, out)


def _rsqrt(x: Any, out: Any) -> Any:
    return np.divide(1, np.sqrt(x, out), out)


def _sigmoid(x: Any, out: Any) -> Any:
    # 1 / (1 + e^-|x|) for x >= 0, and e^-|x| times that below: no exp of a large positive number
    e = np.exp(-np.abs(x))
    factor = np.where(x >= 0, x.dtype.type(1), e)
    return np.divide(factor, e + 1, out)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "AddV2": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "RealDiv": np.divide,
    "Maximum": _maximum,
    "Minimum": _minimum,
    "SquaredDifference": _squared_difference,
    "Neg": np.negative,
    "Abs": np.absolute,
    "Square": np.square,
    "Sqrt": np.sqrt,
    "Rsqrt": _rsqrt,
    "Reciprocal": _reciprocal,
    "Exp": np.exp,
    "Expm1": np.expm1,
    "Log": np.log,
    "Log1p": np.log1p,
    "Sin": np.sin,
    "Cos": np.cos,
    "Tan": np.tan,
    "Sinh": np.sinh,
    "Cosh": np.cosh,
    "Tanh": np.tanh,
    "Sigmoid": _sigmoid,
    "Relu": _relu,
    "ReluGrad": _relu_grad,
}
