"""Linear algebra: matrix products and friends.

tf.matmul(a, b)     or   a @ b      (..., n, m) by (..., m, k) -> (..., n, k)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array
from minitf.ops.broadcast import unbroadcast
from minitf.ops.conjugate import conj
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _matmul(a: np.ndarray, b: np.ndarray, transpose_a: bool, transpose_b: bool) -> np.ndarray:
    a = a.swapaxes(-1, -2) if transpose_a else a
    b = b.swapaxes(-1, -2) if transpose_b else b
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise InvalidArgumentError(_cannot_multiply(a, b), "MatMul")
    return a @ b


MATMUL = define("MatMul", _matmul, same_dtype=True, text="{0} @ {1}", partials=("· {1}ᵀ", "{0}ᵀ ·"))


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    name: str | None = None,
    **_unused: Any,
) -> Tensor:
    """Matrix product over the last two axes; leading axes broadcast.

    `transpose_a` multiplies by aᵀ; `adjoint_a` by aᴴ, the conjugate of aᵀ (aᵀ itself if a is real).

    Raises:
        ValueError: an operand is to be transposed and adjoint at once.
        InvalidArgumentError: rank below 2, or inner sizes that differ.
    """
    if adjoint_a or adjoint_b:
        if (transpose_a and adjoint_a) or (transpose_b and adjoint_b):
            raise ValueError(
                "Only one of `transpose_a` and `adjoint_a` (or `transpose_b` and `adjoint_b`) can "
                "be True: the adjoint is the transposed matrix already, conjugated."
            )
        a, b = conj(a) if adjoint_a else a, conj(b) if adjoint_b else b
        transpose_a, transpose_b = transpose_a or adjoint_a, transpose_b or adjoint_b
    return execute(MATMUL, (a, b), {"transpose_a": transpose_a, "transpose_b": transpose_b})


@gradient("MatMul", on_arrays=True)
def _matmul_grad(call: Any, upstream: Tensor) -> tuple:
    # Y = A B:  dA = dY Bᵀ,  dB = Aᵀ dY;  with a transposed operand the roles swap
    a, b = call.inputs
    want_a, want_b = call.wanted
    t_a, t_b = call.attrs["transpose_a"], call.attrs["transpose_b"]
    grad_a = grad_b = None
    if want_a:
        if t_a:
            grad_a = matmul(b, upstream, transpose_a=t_b, transpose_b=True)
        else:
            grad_a = matmul(upstream, b, transpose_b=not t_b)
        grad_a = unbroadcast(grad_a, a)
    if want_b:
        if t_b:
            grad_b = matmul(upstream, a, transpose_a=True, transpose_b=t_a)
        else:
            grad_b = matmul(a, upstream, transpose_a=not t_a)
        grad_b = unbroadcast(grad_b, b)
    return grad_a, grad_b


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    name: str | None = None,
    **_unused: Any,
) -> Tensor:
    """Matrix times vector: (..., n, m) by (..., m) -> (..., n).

    Raises:
        InvalidArgumentError: sizes that differ.
    """
    column = array.expand_dims(b, -1)
    product = matmul(a, column, transpose_a=transpose_a, adjoint_a=adjoint_a)
    return array.squeeze(product, axis=-1)


def matrix_transpose(a: Any, name: str | None = None, conjugate: bool = False) -> Tensor:
    """Swaps the last two axes; `conjugate` takes complex conjugates too.

    Raises:
        InvalidArgumentError: rank below 2.
    """
    a = convert_to_tensor(a)
    rank = a._value.ndim
    if rank < 2:
        raise InvalidArgumentError(
            f"a matrix has two axes or more, got shape {a.shape} [Op:Transpose]\n"
            "A row is x[None, :], a column x[:, None].",
            "Transpose",
        )
    return array.transpose(a, [*range(rank - 2), rank - 1, rank - 2], conjugate)


def _cannot_multiply(a: np.ndarray, b: np.ndarray) -> str:
    if a.ndim < 2 or b.ndim < 2:
        cause = (
            "matmul needs matrices. Make a vector a column with x[:, None] or a row with "
            "x[None, :], or use tf.tensordot / tf.linalg.matvec."
        )
    else:
        cause = (
            f"The last size of the first ({a.shape[-1]}) must equal the second-last of the other "
            f"({b.shape[-2]}). Did you mean to transpose one: tf.matmul(a, b, transpose_b=True)?"
        )
    return f"Matrix size-incompatible: In[0]: {a.shape}, In[1]: {b.shape} [Op:MatMul]\n{cause}"
