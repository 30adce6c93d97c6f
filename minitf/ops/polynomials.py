"""Sums with factors: scalar_mul, accumulate_n, polyval.

tf.scalar_mul(2.0, x)                      2x
tf.math.polyval([1.0, 2.0, 3.0], x)        x² + 2x + 3
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.execute import convert_to_tensor
from minitf.ops import array, math
from minitf.tensor import Tensor


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Tensor:
    """A number times a tensor.

    Raises:
        ValueError: the first argument is no scalar.
    """
    x = convert_to_tensor(x)
    scalar = convert_to_tensor(scalar, dtype_hint=x.dtype)
    if scalar.shape.rank:
        raise ValueError(f"Only scalar multiply works, got a factor of shape {scalar.shape}.")
    return scalar * x


def accumulate_n(inputs: Sequence[Any], name: str | None = None) -> Tensor:
    """The sum of tensors of one shape: the same as tf.add_n."""
    return math.add_n(inputs)


def polyval(coeffs: Sequence[Any], x: Any, name: str | None = None) -> Tensor:
    """A polynomial by Horner's rule; the coefficient of the highest power comes first."""
    x = convert_to_tensor(x)
    total = array.zeros_like(x)
    for coefficient in coeffs:
        total = total * x + coefficient
    return total
