"""Matrices one at a time: diagonals, trace, determinant, inverse, linear systems, Cholesky.

    tf.linalg.det(a), tf.linalg.inv(a), tf.linalg.solve(a, b)
    tf.linalg.diag([1.0, 2.0]), tf.linalg.diag_part(a), tf.linalg.trace(a)

The last two axes are the matrix, those before it a batch. matmul stands in ops/linalg.py.
The rules for det and inv are those of Giles 2008, "An extended collection of matrix derivative
results", sections 2.2.3 and 2.2.4.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, linalg, reductions
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import floats_only
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _diag(x: np.ndarray) -> np.ndarray:
    return _set_diag_of_zeros(x, (*x.shape, x.shape[-1]))


def _diag_part(x: np.ndarray) -> np.ndarray:
    return np.diagonal(x, axis1=-2, axis2=-1).copy()


def _set_diag_of_zeros(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(shape, x.dtype)
    places = np.arange(x.shape[-1])
    out[..., places, places] = x
    return out


def _band_part(x: np.ndarray, lower: int, upper: int) -> np.ndarray:
    rows, columns = np.ogrid[: x.shape[-2], : x.shape[-1]]
    inside = (lower < 0) | (rows - columns <= lower)
    inside = inside & ((upper < 0) | (columns - rows <= upper))
    return np.where(inside, x, x.dtype.type(0))


def _det(x: np.ndarray) -> Any:
    _need_square(x, "MatrixDeterminant")
    return np.linalg.det(x).astype(x.dtype)


def _inv(x: np.ndarray) -> np.ndarray:
    _need_square(x, "MatrixInverse")
    return _refuse_singular(np.linalg.inv, "MatrixInverse", x)


def _solve(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    _need_square(a, "MatrixSolve")
    if b.ndim < 2 or b.shape[-2] != a.shape[-1]:
        raise InvalidArgumentError(
            f"cannot solve a x = b for a of shape {a.shape} and b of shape {b.shape} "
            "[Op:MatrixSolve]\nb needs as many rows as a, and two axes: a single right-hand side "
            "is b[:, None].",
            "MatrixSolve",
        )
    return _refuse_singular(np.linalg.solve, "MatrixSolve", a, b)


def _cholesky(x: np.ndarray) -> np.ndarray:
    _need_square(x, "Cholesky")
    try:
        return np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        raise InvalidArgumentError(
            f"Cholesky decomposition was not successful for shape {x.shape} [Op:Cholesky]\n"
            "The matrix must be symmetric and positive definite.",
            "Cholesky",
        ) from None


DIAG = define("MatrixDiag", _diag, text="diag({0})", partials=("1",))
DIAG_PART = define("MatrixDiagPart", _diag_part, text="diag_part({0})", partials=("1",))
DIAG_OF_ZEROS = define(
    "MatrixSetDiag", _set_diag_of_zeros, text="diag({0}) among zeros", partials=("1",)
)
BAND_PART = define("MatrixBandPart", _band_part, text="band({0})", partials=("1 in the band",))
DET = define(
    "MatrixDeterminant",
    floats_only("MatrixDeterminant", _det),
    text="det({0})",
    partials=("{y} × {0}⁻ᵀ",),
)
INV = define(
    "MatrixInverse", floats_only("MatrixInverse", _inv), text="{0}⁻¹", partials=("-{y}ᵀ · {y}ᵀ",)
)
SOLVE = define(
    "MatrixSolve",
    floats_only("MatrixSolve", _solve),
    same_dtype=True,
    text="solve({0}, {1})",
    partials=("-{0}⁻ᵀ · {y}ᵀ", "{0}⁻ᵀ ·"),
)
CHOLESKY = define("Cholesky", floats_only("Cholesky", _cholesky), text="cholesky({0})")


def diag(diagonal: Any, name: str | None = None) -> Tensor:
    """A square matrix with the last axis of `diagonal` on its diagonal."""
    return execute(DIAG, (diagonal,))


@gradient("MatrixDiag")
def _diag_grad(call: Any, upstream: Tensor) -> tuple:
    # only the diagonal came from the input
    return (diag_part(upstream),)


def diag_part(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The diagonal of each matrix.

    Raises:
        InvalidArgumentError: rank below 2.
    """
    return execute(DIAG_PART, (_matrix(input, DIAG_PART.name),))


@gradient("MatrixDiagPart")
def _diag_part_grad(call: Any, upstream: Tensor) -> tuple:
    # the diagonal gets its gradient back, the rest zeros
    (x,) = call.inputs
    return (execute(DIAG_OF_ZEROS, (upstream,), {"shape": x._value.shape}),)


@gradient("MatrixSetDiag")
def _diag_of_zeros_grad(call: Any, upstream: Tensor) -> tuple:
    # the adjoint takes the diagonal out again
    return (diag_part(upstream),)


def band_part(input: Any, num_lower: int, num_upper: int, name: str | None = None) -> Tensor:  # noqa: A002
    """The diagonals from `num_lower` below to `num_upper` above the main one; -1 means all."""
    attrs = {"lower": int(num_lower), "upper": int(num_upper)}
    return execute(BAND_PART, (_matrix(input, BAND_PART.name),), attrs)


@gradient("MatrixBandPart")
def _band_part_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 in the band, 0 outside
    return (execute(BAND_PART, (upstream,), call.attrs),)


def trace(x: Any, name: str | None = None) -> Tensor:
    """Sum of the diagonal.

    Raises:
        InvalidArgumentError: rank below 2.
    """
    return reductions.reduce_sum(diag_part(x), axis=-1)


def det(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """Determinant of each square matrix.

    Raises:
        InvalidArgumentError: the matrix is not square.
    """
    return execute(DET, (_matrix(input, DET.name),))


@gradient("MatrixDeterminant")
def _det_grad(call: Any, upstream: Tensor) -> tuple:
    # d det(A) = det(A) tr(A⁻¹ dA), so the gradient is det(A) A⁻ᵀ
    (a,) = call.inputs
    factor = array.expand_dims(array.expand_dims(upstream * call.output, -1), -1)
    return (factor * linalg.matrix_transpose(inv(a)),)


def inv(input: Any, adjoint: bool = False, name: str | None = None) -> Tensor:  # noqa: A002
    """Inverse of each square matrix.

    Raises:
        InvalidArgumentError: the matrix is not square, or has none.
    """
    a = _matrix(input, INV.name)
    return execute(INV, (linalg.matrix_transpose(a) if adjoint else a,))


@gradient("MatrixInverse")
def _inv_grad(call: Any, upstream: Tensor) -> tuple:
    # Y = A⁻¹: dY = -Y dA Y, so the gradient is -Yᵀ U Yᵀ
    y = call.output
    return (-linalg.matmul(y, linalg.matmul(upstream, y, transpose_b=True), transpose_a=True),)


def solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The x with matrix · x = rhs; rhs has one column per system.

    Raises:
        InvalidArgumentError: the matrix is not square or singular, or the shapes do not fit.
    """
    a = _matrix(matrix, SOLVE.name)
    return execute(SOLVE, (linalg.matrix_transpose(a) if adjoint else a, rhs))


@gradient("MatrixSolve")
def _solve_grad(call: Any, upstream: Tensor) -> tuple:
    # x = A⁻¹b:  db = A⁻ᵀ U,  dA = -db xᵀ
    a, b = call.inputs
    grad_b = solve(a, upstream, adjoint=True)
    grad_a = -linalg.matmul(grad_b, call.output, transpose_b=True)
    return unbroadcast(grad_a, a), unbroadcast(grad_b, b)


def cholesky(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The lower triangular L with L Lᵀ = A, for symmetric positive definite A.

    Raises:
        InvalidArgumentError: not square, or not positive definite.
    """
    return execute(CHOLESKY, (_matrix(input, CHOLESKY.name),))


@gradient("Cholesky")
def _cholesky_grad(call: Any, upstream: Tensor) -> tuple:
    # Murray 2016, "Differentiation of the Cholesky decomposition", equation 10:
    # dA = L⁻ᵀ Φ(Lᵀ U) L⁻¹ made symmetric, Φ taking the lower triangle with half the diagonal
    lower = call.output
    product = linalg.matmul(lower, upstream, transpose_a=True)
    middle = band_part(product, -1, 0) - 0.5 * diag(diag_part(product))
    inverse = inv(lower)
    grad = linalg.matmul(inverse, linalg.matmul(middle, inverse), transpose_a=True)
    return (0.5 * (grad + linalg.matrix_transpose(grad)),)


def _matrix(x: Any, op_name: str) -> Tensor:
    x = convert_to_tensor(x)
    if x._value.ndim < 2:
        raise InvalidArgumentError(
            f"Input must be at least rank 2, got shape {x.shape} [Op:{op_name}]\n"
            "The last two axes are rows and columns.",
            op_name,
        )
    return x


def _need_square(x: np.ndarray, op_name: str) -> None:
    if x.shape[-1] != x.shape[-2]:
        raise InvalidArgumentError(
            f"Input matrix must be square, got shape {x.shape} [Op:{op_name}]\n"
            "For more equations than unknowns solve aᵀa x = aᵀb.",
            op_name,
        )


def _refuse_singular(function: Any, op_name: str, *values: np.ndarray) -> np.ndarray:
    try:
        return function(*values)
    except np.linalg.LinAlgError:
        raise InvalidArgumentError(
            f"Input matrix is not invertible, shape {values[0].shape} [Op:{op_name}]\nIts "
            "determinant is 0: one row is a combination of others.",
            op_name,
        ) from None
