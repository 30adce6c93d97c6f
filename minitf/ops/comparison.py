"""Comparisons and logic: results are booleans, and no gradient passes a boolean.

tf.equal(x, y), x > 0.0, tf.logical_and(a, b), tf.math.is_nan(x)
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import execute
from minitf.ops.checks import floats_only
from minitf.registry import Op, define
from minitf.tensor import Tensor


def _booleans_only(name: str, function: Any) -> Any:
    def kernel(*values: Any) -> Any:
        for x in values:
            if x.dtype.kind != "b":
                raise InvalidArgumentError(
                    f"{name} needs bool tensors, but got {dtypes.of(x).name} of shape {x.shape} "
                    f"[Op:{name}]\nCompare first, as in x > 0, or use tf.cast(x, tf.bool).",
                    name,
                )
        return function(*values)

    return kernel


EQUAL = define("Equal", operator.eq, same_dtype=True, text="{0} == {1}")
NOT_EQUAL = define("NotEqual", operator.ne, same_dtype=True, text="{0} != {1}")
LESS = define("Less", operator.lt, same_dtype=True, text="{0} < {1}")
LESS_EQUAL = define("LessEqual", operator.le, same_dtype=True, text="{0} <= {1}")
GREATER = define("Greater", operator.gt, same_dtype=True, text="{0} > {1}")
GREATER_EQUAL = define("GreaterEqual", operator.ge, same_dtype=True, text="{0} >= {1}")
AND = define("LogicalAnd", _booleans_only("LogicalAnd", np.logical_and), text="{0} and {1}")
OR = define("LogicalOr", _booleans_only("LogicalOr", np.logical_or), text="{0} or {1}")
NOT = define("LogicalNot", _booleans_only("LogicalNot", np.logical_not), text="not {0}")
IS_NAN = define("IsNan", floats_only("IsNan", np.isnan), text="is_nan({0})")
IS_INF = define("IsInf", floats_only("IsInf", np.isinf), text="is_inf({0})")
IS_FINITE = define("IsFinite", floats_only("IsFinite", np.isfinite), text="is_finite({0})")


def equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where x equals y; nan equals nothing."""
    return execute(EQUAL, (x, y))


def not_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where x differs from y."""
    return execute(NOT_EQUAL, (x, y))


def equal_or_not(op: Op, x: Any, y: Any, otherwise: bool) -> Tensor:
    """What `==` and `!=` mean: shapes that do not broadcast are an answer, not an error."""
    try:
        return execute(op, (x, y))
    except InvalidArgumentError as error:
        if "Incompatible shapes" not in error.message:
            raise
        return Tensor(np.bool_(otherwise))


def less(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where x < y."""
    return execute(LESS, (x, y))


def less_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where x <= y."""
    return execute(LESS_EQUAL, (x, y))


def greater(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where x > y."""
    return execute(GREATER, (x, y))


def greater_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where x >= y."""
    return execute(GREATER_EQUAL, (x, y))


def logical_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where both are.

    Raises:
        InvalidArgumentError: an input is not boolean.
    """
    return execute(AND, (x, y))


def logical_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where at least one is.

    Raises:
        InvalidArgumentError: an input is not boolean.
    """
    return execute(OR, (x, y))


def logical_xor(x: Any, y: Any, name: str | None = None) -> Tensor:
    """True where exactly one is.

    Raises:
        InvalidArgumentError: an input is not boolean.
    """
    return logical_and(logical_or(x, y), logical_not(logical_and(x, y)))


def logical_not(x: Any, name: str | None = None) -> Tensor:
    """The opposite.

    Raises:
        InvalidArgumentError: the input is not boolean.
    """
    return execute(NOT, (x,))


def is_nan(x: Any, name: str | None = None) -> Tensor:
    """True where x is not a number (0/0, log of a negative number ...)."""
    return execute(IS_NAN, (x,))


def is_inf(x: Any, name: str | None = None) -> Tensor:
    """True where x is infinite, of either sign."""
    return execute(IS_INF, (x,))


def is_finite(x: Any, name: str | None = None) -> Tensor:
    """True where x is neither infinite nor nan."""
    return execute(IS_FINITE, (x,))
