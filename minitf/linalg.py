"""tf.linalg: matrices, under TensorFlow's names."""

from minitf.ops.creation import eye
from minitf.ops.einsum import einsum, tensordot
from minitf.ops.linalg import matmul, matrix_transpose, matvec
from minitf.ops.matrix import band_part, cholesky, det, diag, diag_part, inv, solve, trace
from minitf.ops.normalization import l2_normalize
from minitf.ops.statistics import norm
from minitf.unknown_names import unknown_name

__all__ = [
    "band_part",
    "cholesky",
    "det",
    "diag",
    "diag_part",
    "einsum",
    "eye",
    "inv",
    "l2_normalize",
    "matmul",
    "matrix_transpose",
    "matvec",
    "norm",
    "solve",
    "tensordot",
    "trace",
]


def __getattr__(name: str) -> None:
    raise unknown_name(__name__, name, __all__)
