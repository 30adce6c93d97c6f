"""softmax and log_softmax: scores to probabilities, without overflow.

    tf.nn.softmax([[1000.0, 0.0]])        [[1., 0.]]
    tf.nn.log_softmax([[1000.0, 0.0]])    [[0., -1000.]]

Both subtract the largest score first, which changes nothing: e^(x-m) / Σ e^(x-m) = e^x / Σ e^x.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor, execute
from minitf.ops import elementary, reductions
from minitf.ops.checks import floats_only, normalize_axis
from minitf.registry import Op, define, gradient
from minitf.tensor import Tensor


def probabilities(x: np.ndarray, axis: int) -> np.ndarray:
    """The kernel of softmax, on arrays."""
    e = np.exp(x - np.maximum.reduce(x, axis=axis, keepdims=True))
    e /= np.add.reduce(e, axis=axis, keepdims=True)
    return e


def _log_softmax(x: np.ndarray, axis: int) -> np.ndarray:
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    shifted -= np.log(np.add.reduce(np.exp(shifted), axis=axis, keepdims=True))
    return shifted


SOFTMAX = define(
    "Softmax",
    floats_only("Softmax", probabilities),
    text="softmax({0})",
    partials=("diag({y}) - {y} {y}ᵀ",),
)
LOG_SOFTMAX = define(
    "LogSoftmax",
    floats_only("LogSoftmax", _log_softmax),
    text="log_softmax({0})",
    partials=("I - softmax({0})",),
)


def softmax(logits: Any, axis: int = -1, name: str | None = None) -> Tensor:
    """e^x divided by its sum along `axis`: positive numbers that add up to 1.

    Raises:
        InvalidArgumentError: a scalar, an axis the tensor does not have, or an integer tensor.
    """
    return _along(SOFTMAX, logits, axis)


@gradient("Softmax", on_arrays=True)
def _softmax_grad(call: Any, upstream: Tensor) -> tuple:
    # dyᵢ/dxⱼ = yᵢ(δᵢⱼ - yⱼ), so the gradient is y · (u - Σ u y)
    y = call.output
    weighted = _total(upstream * y, call.attrs["axis"])
    return ((upstream - weighted) * y,)


def log_softmax(logits: Any, axis: int = -1, name: str | None = None) -> Tensor:
    """log(softmax(x)), precise where the softmax itself would underflow to 0.

    Raises:
        InvalidArgumentError: a scalar, an axis the tensor does not have, or an integer tensor.
    """
    return _along(LOG_SOFTMAX, logits, axis)


@gradient("LogSoftmax", on_arrays=True)
def _log_softmax_grad(call: Any, upstream: Tensor) -> tuple:
    # dyᵢ/dxⱼ = δᵢⱼ - softmaxⱼ, so the gradient is u - softmax · Σ u
    p = execute(elementary.EXP, (call.output,))
    return (upstream - p * _total(upstream, call.attrs["axis"]),)


def _total(x: Any, axis: int) -> Any:
    """The sum along the axis, which stays with size 1."""
    return execute(reductions.SUM, (x,), {"axis": (axis,), "keepdims": True})


def _along(op: Op, logits: Any, axis: int) -> Tensor:
    x = convert_to_tensor(logits)
    return execute(op, (x,), {"axis": normalize_axis(axis, x._value.ndim, op.name)})
