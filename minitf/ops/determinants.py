"""Logarithms of determinants, adjoint, cross product: small relatives of ops/matrix.py.

sign, log_size = tf.linalg.slogdet(a)      det(a) = sign * exp(log_size), without overflow
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, conjugate, matrix
from minitf.ops.linalg import matrix_transpose
from minitf.registry import define, gradient
from minitf.tensor import Tensor


class SlogDet(NamedTuple):
    """What slogdet returns: the sign of the determinant, and the logarithm of its size."""

    sign: Tensor
    log_abs_determinant: Tensor


def _slogdet(x: np.ndarray) -> tuple:
    return tuple(np.linalg.slogdet(x))


SLOGDET = define("LogMatrixDeterminant", _slogdet, text="log|det {0}|", partials=("inverseᵀ",))


def slogdet(input: Any, name: str | None = None) -> SlogDet:  # noqa: A002
    """Sign and log|det| of square matrices (..., n, n).

    Raises:
        InvalidArgumentError: the matrices are not square.
    """
    return SlogDet(*execute(SLOGDET, (input,)))


@gradient("LogMatrixDeterminant")
def _slogdet_grad(call: Any, upstream: list[Tensor]) -> tuple:
    # d log|det X| / dX = (X⁻¹)ᵀ; the sign is constant wherever there is a gradient
    (x,) = call.inputs
    along = array.reshape(upstream[1], (*x._value.shape[:-2], 1, 1))
    return (along * matrix_transpose(matrix.inv(x)),)


def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """log(det) of positive definite matrices, as in a Gaussian's density."""
    return slogdet(matrix).log_abs_determinant


def adjoint(matrix: Any, name: str | None = None) -> Tensor:
    """The transposed matrix, conjugated if it is complex."""
    return conjugate.conj(matrix_transpose(matrix))


def cross(a: Any, b: Any, name: str | None = None) -> Tensor:
    """The vector at right angles to two vectors of three numbers (along the last axis)."""
    a, b = convert_to_tensor(a), convert_to_tensor(b)
    x, y, z = array.unstack(a, axis=-1)
    u, v, w = array.unstack(b, axis=-1)
    return array.stack([y * w - z * v, z * u - x * w, x * v - y * u], axis=-1)
