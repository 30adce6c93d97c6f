"""Functions that are spared a 0/0 or 0 · inf: where x is 0, the answer is 0.

tf.math.xlogy(0.0, 0.0)              0, where 0 * log(0) is nan
tf.math.reciprocal_no_nan(0.0)       0, where 1/0 is inf
"""

from __future__ import annotations

from typing import Any

from minitf.execute import convert_to_tensor
from minitf.ops import array, comparison, division, elementary, selection
from minitf.ops.checks import alike
from minitf.tensor import Tensor


def xlogy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x · log(y), and 0 where x is 0: a term of an entropy."""
    x, y = alike(x, y, "Xlogy")
    zero = comparison.equal(x, 0.0)
    safe = selection.where(zero, array.ones_like(y), y)
    return selection.where(zero, array.zeros_like(x), x * elementary.log(safe))


def xlog1py(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x · log(1 + y), and 0 where x is 0."""
    x, y = alike(x, y, "Xlog1py")
    zero = comparison.equal(x, 0.0)
    safe = selection.where(zero, array.ones_like(y), y)
    return selection.where(zero, array.zeros_like(x), x * elementary.log1p(safe))


def xdivy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y, and 0 where x is 0."""
    x, y = alike(x, y, "Xdivy")
    zero = comparison.equal(x, 0.0)
    safe = selection.where(zero, array.ones_like(y), y)
    return selection.where(zero, array.zeros_like(x), x / safe)


def reciprocal_no_nan(x: Any, name: str | None = None) -> Tensor:
    """1 / x, and 0 where x is 0."""
    x = convert_to_tensor(x)
    return division.divide_no_nan(array.ones_like(x), x)
