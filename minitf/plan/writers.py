"""Writers: for some operations, a function that puts the result into a given array.

    WRITERS["MatMul"](a, b, transpose_a=False, transpose_b=True, out=buffer)

Operations without one run their ordinary kernel, which makes a new array. A writer computes exactly
what the kernel does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.kernels.chain import run_chain
from minitf.kernels.conv_pool import conv_pool, conv_pool_grad
from minitf.kernels.cross_entropy_with_gradient import cross_entropy_with_gradient
from minitf.kernels.elementwise import FUNCTIONS
from minitf.kernels.matmul_bias import matmul, matmul_bias


def _sum(x: Any, axis: tuple[int, ...], keepdims: bool, out: Any) -> Any:
    return np.add.reduce(x, axis=axis, keepdims=keepdims, out=out)


def _softmax(x: Any, axis: int, out: Any) -> Any:
    np.subtract(x, np.maximum.reduce(x, axis=axis, keepdims=True), out)
    np.exp(out, out)
    return np.divide(out, np.add.reduce(out, axis=axis, keepdims=True), out)


WRITERS: dict[str, Callable[..., Any]] = {
    **FUNCTIONS,
    "MatMul": matmul,
    "Sum": _sum,
    "Softmax": _softmax,
    "FusedMatMul": matmul_bias,
    "FusedCrossEntropy": cross_entropy_with_gradient,
    "FusedElementwise": run_chain,
    "FusedConvPool": conv_pool,
    "FusedConvPoolGrad": conv_pool_grad,
}

# Operations whose kernel always makes a new array: their result shares no memory with an input.
FRESH = {
    *WRITERS, "Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "ConcatV2", "OneHot",
    "Pack", "SparseSoftmaxCrossEntropyGrad", "SparseSoftmaxCrossEntropyWithLogits",
}  # fmt: skip


def may_work_in_place(op_name: str) -> bool:
    """May the result take the place of an input that has its shape and is needed no more?"""
    return op_name in FUNCTIONS
