"""tf.debugging: assertions on tensors, which say where and by how much they fail.

    tf.debugging.assert_near(x, [1.0, 2.0])
    tf.debugging.check_numerics(loss, "loss")     raises at the first nan or inf
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.later import call_later
from minitf.ops.checks import alike
from minitf.printing import Assert
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec

__all__ = ["Assert", "assert_equal", "assert_near", "check_numerics"]


def assert_equal(x: Any, y: Any, message: str | None = None, name: str | None = None) -> None:
    """Every element of x equals that of y.

    Raises:
        InvalidArgumentError: some do not.
    """
    x, y = alike(x, y, "assert_equal")
    if is_symbolic((x, y)):
        call_later(assert_equal, (x, y, message), effect=True)
        return
    _require(x._value == y._value, x, y, message, "x == y")


def assert_near(
    x: Any,
    y: Any,
    rtol: float | None = None,
    atol: float | None = None,
    message: str | None = None,
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
