"""tf.linalg: matrices, under TensorFlow's names."""

from minitf.ops.clipping import global_norm
from minitf.ops.creation import eye
from minitf.ops.determinants import adjoint, cross, logdet, slogdet
from minitf.ops.einsum import einsum, tensordot
from minitf.ops.linalg import matmul, matrix_transpose, matvec
from minitf.ops.matrix import band_part, cholesky, det, diag, diag_part, inv, solve, trace
from minitf.ops.normalization import l2_normalize
from minitf.ops.statistics import norm, normalize
from minitf.unknown_names import unknown_name

__all__ = [
    "adjoint",
    "band_part",
    "cholesky",
    "cross",
    "det",
    "diag",
    "diag_part",
    "einsum",
    "eye",
    "global_norm",
    "inv",
    "l2_normalize",
    "logdet",
    "matmul",
    "matrix_transpose",
    "matvec",
    "norm",
    "normalize",
    "slogdet",
    "solve",
    "tensordot",
    "trace",
]


def __getattr__(name: str) -> None:
    raise unknown_name(__name__, name, __all__)
