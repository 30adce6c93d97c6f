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
from typing import Any

from minitf import dtypes, errors, nest
from minitf.dtypes import DType, as_dtype
from minitf.custom_gradient import custom_gradient, grad_pass_through, recompute_grad
from minitf.execute import convert_to_tensor
from minitf.function import function
from minitf.indexed_slices import IndexedSlices
from minitf.ops.array import (
    broadcast_to,
    constant,
    ones_like,
    reshape,
    stack,
    unstack,
    zeros_like,
)
from minitf.ops.linalg import matmul
from minitf.ops.math import abs, add, multiply, negative, sign, square, subtract  # noqa: A004
from minitf.ops.operators import attach_operators
from minitf.ops.reductions import reduce_sum
from minitf.shape import TensorShape
from minitf.tape import GradientTape, UnconnectedGradients
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable

__version__ = "0.1.0"

attach_operators()

float16, float32, float64 = dtypes.float16, dtypes.float32, dtypes.float64
half, double = dtypes.half, dtypes.double
int8, int16, int32, int64 = dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64
uint8, uint16, uint32, uint64 = dtypes.uint8, dtypes.uint16, dtypes.uint32, dtypes.uint64
complex64, complex128 = dtypes.complex64, dtypes.complex128
bool, string = dtypes.bool_, dtypes.string  # noqa: A001 - TensorFlow's name

_LOADED_WHEN_USED = ("keras", "data", "viz", "course", "inspect", "test")


def __getattr__(name: str) -> Any:
    if name in _LOADED_WHEN_USED:
        return importlib.import_module(f"minitf.{name}")
    raise AttributeError(
        f"module 'minitf' has no attribute '{name}'. minitf holds the part of TensorFlow that the "
        "course needs; `dir(tf)` lists it."
    )
