"""tf.debugging: assertions on tensors, which say where and by how much they fail.

    tf.debugging.assert_near(x, [1.0, 2.0])
    tf.debugging.assert_positive(scale)
    tf.debugging.check_numerics(loss, "loss")     raises at the first nan or inf

Assertions on values run at each call of a traced function; those on shapes and dtypes, which are
in debugging_shapes.py, once, while it is traced.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.debugging_shapes import (
    assert_integer,
    assert_rank,
    assert_rank_at_least,
    assert_scalar,
    assert_shapes,
    assert_type,
)
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.later import call_later
from minitf.ops.checks import alike
from minitf.printing import Assert
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec

__all__ = [
    "Assert",
    "assert_all_finite",
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_integer",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_negative",
    "assert_non_negative",
    "assert_non_positive",
    "assert_none_equal",
    "assert_positive",
    "assert_rank",
    "assert_rank_at_least",
    "assert_scalar",
    "assert_shapes",
    "assert_type",
    "check_numerics",
]

_COMPARISONS = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def assert_equal(
    x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """Every element of x equals that of y; as all of these, else InvalidArgumentError."""
    _compare("==", x, y, message)


def assert_none_equal(
    x: Any, y: Any, summarize: Any = None, message: str | None = None, name: str | None = None
) -> None:
    """No element of x equals that of y."""
    _compare("!=", x, y, message)


def assert_less(
    x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """Every element of x is less than that of y."""
    _compare("<", x, y, message)


def assert_less_equal(
    x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """No element of x is greater than that of y."""
    _compare("<=", x, y, message)


def assert_greater(
    x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """Every element of x is greater than that of y."""
    _compare(">", x, y, message)


def assert_greater_equal(
    x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """No element of x is less than that of y."""
    _compare(">=", x, y, message)


def assert_positive(
    x: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """Every element is greater than 0."""
    _compare(">", x, 0, message)


def assert_negative(
    x: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """Every element is less than 0."""
    _compare("<", x, 0, message)


def assert_non_negative(
    x: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """Every element is 0 or greater."""
    _compare(">=", x, 0, message)


def assert_non_positive(
    x: Any, message: str | None = None, summarize: Any = None, name: str | None = None
) -> None:
    """Every element is 0 or less."""
    _compare("<=", x, 0, message)


def assert_near(
    x: Any,
    y: Any,
    rtol: float | None = None,
    atol: float | None = None,
    message: str | None = None,
    summarize: Any = None,
    name: str | None = None,
) -> None:
    """|x - y| <= atol + rtol · |y|, both 10 times the precision of the dtype by default.

    Raises:
        InvalidArgumentError: some elements are further apart.
    """
    x, y = alike(x, y, "assert_near")
    if is_symbolic((x, y)):
        call_later(assert_near, (x, y, rtol, atol, message), effect=True)
        return
    default = 10 * np.finfo(x._value.dtype).eps
    rtol, atol = default if rtol is None else rtol, default if atol is None else atol
    near = np.abs(x._value - y._value) <= atol + rtol * np.abs(y._value)
    _require(near, x, y, message, f"x and y are near (rtol {rtol:.3g}, atol {atol:.3g})")


def assert_all_finite(x: Any, message: str, name: str | None = None) -> Tensor:
    """The tensor itself, if it holds neither nan nor inf: the same as check_numerics."""
    return check_numerics(x, message)


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """The tensor itself, if it holds neither nan nor inf.

    Raises:
        InvalidArgumentError: it does.
    """
    x = convert_to_tensor(tensor)
    if is_symbolic(x):
        return call_later(check_numerics, (x, message), TensorSpec(x.shape, x.dtype), effect=True)
    bad = ~np.isfinite(x._value)
    if bad.any():
        place = np.argwhere(bad)[0].tolist()
        raise InvalidArgumentError(
            f"{message} : Tensor had {x._value[tuple(place)]} at {place}, {int(bad.sum())} of "
            f"{x._value.size} values are nan or inf [Op:CheckNumerics]\nLook for log(0), 0/0, an "
            "overflow in exp, or too large a learning rate.",
            "CheckNumerics",
        )
    return x


def _compare(sign: str, x: Any, y: Any, message: str | None) -> None:
    x, y = alike(x, y, f"Assert x {sign} y")
    if is_symbolic((x, y)):
        call_later(_compare, (sign, x, y, message), effect=True)
        return
    _require(_COMPARISONS[sign](x._value, y._value), x, y, message, f"x {sign} y")


def _require(holds: Any, x: Tensor, y: Tensor, message: str | None, what: str) -> None:
    if not np.all(holds):
        place = tuple(np.argwhere(~np.asarray(holds))[0].tolist())
        shape = np.shape(holds)
        left = np.broadcast_to(x._value, shape)[place]
        right = np.broadcast_to(y._value, shape)[place]
        raise InvalidArgumentError(
            f"{message or ''} Condition {what} did not hold. First difference at {list(place)}: "
            f"x is {left}, y is {right}; {int(np.sum(~holds))} of {np.size(holds)} elements differ."
        )
