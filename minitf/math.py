"""tf.math: element-wise functions and reductions, under TensorFlow's names."""

from minitf.ops.activations import log_sigmoid, softplus, softsign
from minitf.ops.clipping import global_norm
from minitf.ops.comparison import (
    equal,
    greater,
    greater_equal,
    is_finite,
    is_inf,
    is_nan,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
)
from minitf.ops.complex_numbers import angle, imag, real
from minitf.ops.conjugate import conj
from minitf.ops.counting import bincount, confusion_matrix, count_nonzero, zero_fraction
from minitf.ops.cumulative import cumprod, cumsum
from minitf.ops.division import divide, divide_no_nan, floordiv, floormod, multiply_no_nan
from minitf.ops.division import divide as truediv
from minitf.ops.division import floormod as mod
from minitf.ops.elementary import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    erf,
    exp,
    expm1,
    log,
    log1p,
    sigmoid,
    sin,
    sinh,
    tan,
    tanh,
)
from minitf.ops.guarded import reciprocal_no_nan, xdivy, xlog1py, xlogy
from minitf.ops.indexing import unsorted_segment_sum
from minitf.ops.math import (  # noqa: A004
    abs,
    add,
    add_n,
    ceil,
    floor,
    multiply,
    negative,
    round,
    sign,
    squared_difference,
    subtract,
)
from minitf.ops.math import round as rint
from minitf.ops.normalization import l2_normalize
from minitf.ops.ordering import argmax, argmin, in_top_k, top_k
from minitf.ops.polynomials import accumulate_n, polyval, scalar_mul
from minitf.ops.powers import pow, reciprocal, rsqrt, sqrt, square  # noqa: A004
from minitf.ops.reductions import (
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from minitf.ops.segments import segment_mean, segment_sum, unsorted_segment_mean
from minitf.ops.selection import maximum, minimum
from minitf.ops.softmax import log_softmax, softmax
from minitf.ops.statistics import (
    reduce_euclidean_norm,
    reduce_logsumexp,
    reduce_std,
    reduce_variance,
)
from minitf.unknown_names import unknown_name

__all__ = [name for name in dir() if not name.startswith("_") and name != "unknown_name"]


def __getattr__(name: str) -> None:
    raise unknown_name(__name__, name, __all__)
