"""minitf: TensorFlow 2's way of computing gradients, small enough to read.

    import minitf as tf

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)          # 6.0

Names are TensorFlow's. Everything here needs NumPy alone; `tf.keras`, `tf.data`, `tf.viz` and
`tf.course` are loaded when first used.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

from minitf import config, dtypes, errors, linalg, math, nest, nn, random
from minitf.context import (
    control_dependencies,
    device,
    executing_eagerly,
    init_scope,
    inside_function,
    name_scope,
)
from minitf.control_flow import case, cond, switch_case
from minitf.custom_gradient import custom_gradient, grad_pass_through, recompute_grad
from minitf.debugging import assert_equal, assert_greater, assert_less, assert_rank
from minitf.dtypes import DType, as_dtype
from minitf.execute import convert_to_tensor
from minitf.function import function
from minitf.indexed_slices import IndexedSlices
from minitf.large_arrays import keep_freed_memory
from minitf.later import group, no_op
from minitf.module import Module
from minitf.ops import variable_parts
from minitf.ops.array import (
    broadcast_to,
    cast,
    constant,
    ensure_shape,
    expand_dims,
    identity,
    is_tensor,
    ones_like,
    rank,
    reshape,
    shape,
    size,
    squeeze,
    stack,
    stop_gradient,
    transpose,
    unstack,
    zeros_like,
)
from minitf.ops.clipping import clip_by_global_norm, clip_by_norm
from minitf.ops.comparison import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    not_equal,
)
from minitf.ops.complex_numbers import complex  # noqa: A004
from minitf.ops.creation import eye, fill, linspace, one_hot, ones, range, zeros  # noqa: A004
from minitf.ops.cumulative import cumsum
from minitf.ops.division import divide, floordiv, floormod
from minitf.ops.division import divide as realdiv
from minitf.ops.division import divide as truediv
from minitf.ops.einsum import einsum, tensordot
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
    exp,
    sigmoid,
    sin,
    sinh,
    tan,
    tanh,
)
from minitf.ops.functional import foldl, foldr, map_fn, scan, vectorized_map
from minitf.ops.indexing import (
    boolean_mask,
    gather,
    gather_nd,
    scatter_nd,
    tensor_scatter_nd_add,
    tensor_scatter_nd_sub,
    tensor_scatter_nd_update,
)
from minitf.ops.joining import concat, meshgrid, repeat, sequence_mask, split, tile
from minitf.ops.linalg import matmul
from minitf.ops.math import (  # noqa: A004
    abs,
    add,
    add_n,
    floor,
    multiply,
    negative,
    round,
    sign,
    subtract,
)
from minitf.ops.moving import pad, reverse, roll
from minitf.ops.operators import attach_operators
from minitf.ops.ordering import (
    argmax,
    argmin,
    argsort,
    searchsorted,
    sort,
    unique,
    unique_with_counts,
)
from minitf.ops.polynomials import scalar_mul
from minitf.ops.powers import pow, sqrt, square  # noqa: A004
from minitf.ops.reductions import (
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from minitf.ops.selection import clip_by_value, maximum, minimum, saturate_cast, where
from minitf.ops.several import identity_n, shape_n
from minitf.ops.slicing import slice, strided_slice  # noqa: A004
from minitf.ops.statistics import norm, reduce_logsumexp
from minitf.printing import Assert
from minitf.printing import print_tensors as print  # noqa: A004
from minitf.py_function import numpy_function, py_function
from minitf.shape import TensorShape
from minitf.symbolic_gradients import gradients, hessians
from minitf.tape import GradientTape, UnconnectedGradients
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_spec import TensorSpec
from minitf.unknown_names import unknown_name
from minitf.variable import Variable
from minitf.while_loop import while_loop

__version__ = "0.1.0"

keep_freed_memory()
attach_operators()
variable_parts.attach()
# log(0) is -inf and 0/0 is nan, quietly, as in TensorFlow; NumPy would warn each time.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"minitf\.")

float16, float32, float64 = dtypes.float16, dtypes.float32, dtypes.float64
half, double = dtypes.half, dtypes.double
int8, int16, int32, int64 = dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64
uint8, uint16, uint32, uint64 = dtypes.uint8, dtypes.uint16, dtypes.uint32, dtypes.uint64
complex64, complex128 = dtypes.complex64, dtypes.complex128
bool, string = dtypes.bool_, dtypes.string  # noqa: A001 - TensorFlow's name
newaxis = None

_LOADED_WHEN_USED = (
    "autodiff", "autograph", "bitwise", "course", "data", "debugging", "image", "inspect", "keras",
    "test", "train", "viz",
)  # fmt: skip


_OF_KERAS = ("initializers", "losses", "metrics", "optimizers")


def __getattr__(name: str) -> Any:
    if name in _LOADED_WHEN_USED:
        return importlib.import_module(f"minitf.{name}")
    if name in _OF_KERAS:
        return importlib.import_module(f"minitf.keras.{name}")
    raise unknown_name("minitf", name, __dir__())


def __dir__() -> list[str]:
    return sorted({*globals(), *_LOADED_WHEN_USED, *_OF_KERAS})
