"""The complex conjugate, and what it does in gradients.

    tf.math.conj(tf.constant(1 + 2j))     # 1 - 2j

For a complex y = f(z) TensorFlow's gradient is upstream × conj(f'(z)): it points to where a real
loss grows fastest. The rules in this folder are written for real numbers, without conj;
`backpropagate` puts one before and one after them where the output is complex.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.execute import execute
from minitf.registry import define, gradient
from minitf.tensor import Tensor

CONJ = define("Conj", np.conjugate, text="conj({0})")


def conj(x: Any, name: str | None = None) -> Tensor:
    """The complex conjugate; a real tensor stays as it is."""
    return execute(CONJ, (x,))


@gradient("Conj")
def _conj_grad(call: Any, upstream: Tensor) -> tuple:
    # the conjugate of what flows back
    return (conj(upstream),)
