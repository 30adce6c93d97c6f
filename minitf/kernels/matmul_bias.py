"""FusedMatMul: a product, a bias and perhaps relu, in one array.

    relu(a @ b + bias)

The product is written once, and bias and relu change it where it stands, while it is still in the
processor's cache: one array in place of three.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.registry import define


def matmul(a: Any, b: Any, transpose_a: bool, transpose_b: bool, out: Any = None) -> Any:
    """The product, into `out` if given."""
    a = a.swapaxes(-1, -2) if transpose_a else a
    b = b.swapaxes(-1, -2) if transpose_b else b
    return np.matmul(a, b, out)


def matmul_bias(
    a: Any,
    b: Any,
    bias: Any,
    transpose_a: bool,
    transpose_b: bool,
    relu: bool,
    out: Any = None,
) -> Any:
    """a @ b + bias, with negative numbers set to 0 if `relu`."""
    out = matmul(a, b, transpose_a, transpose_b, out)
    np.add(out, bias, out)
    return np.maximum(out, 0, out=out) if relu else out


FUSED_MATMUL = define("FusedMatMul", matmul_bias, text="relu({0} @ {1} + {2})")
