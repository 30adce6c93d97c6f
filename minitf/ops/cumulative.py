"""Running sums and products along an axis.

tf.cumsum([1, 2, 3])                     [1, 3, 6]
tf.cumsum([1, 2, 3], exclusive=True)     [0, 1, 3]
tf.cumsum([1, 2, 3], reverse=True)       [6, 5, 3]
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor, execute
from minitf.ops.checks import normalize_axis
from minitf.registry import Op, define, gradient
from minitf.tensor import Tensor


def _cumsum(x: np.ndarray, axis: int, exclusive: bool, reverse: bool) -> np.ndarray:
    return _running(np.add, 0, x, axis, exclusive, reverse)


def _cumprod(x: np.ndarray, axis: int, exclusive: bool, reverse: bool) -> np.ndarray:
    return _running(np.multiply, 1, x, axis, exclusive, reverse)


CUMSUM = define("Cumsum", _cumsum, text="cumsum({0})")
CUMPROD = define("Cumprod", _cumprod, text="cumprod({0})")


def cumsum(
    x: Any,
    axis: int = 0,
    exclusive: bool = False,
    reverse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Running sum; `exclusive` leaves out the element itself, `reverse` starts at the end.

    Raises:
        InvalidArgumentError: an axis the tensor does not have.
    """
    return _execute_running(CUMSUM, x, axis, exclusive, reverse)


@gradient("Cumsum")
def _cumsum_grad(call: Any, upstream: Tensor) -> tuple:
    # xᵢ is in every later sum: add the upstreams from the other end
    attrs = call.attrs
    return (cumsum(upstream, attrs["axis"], attrs["exclusive"], not attrs["reverse"]),)


def cumprod(
    x: Any,
    axis: int = 0,
    exclusive: bool = False,
    reverse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Running product; `exclusive` leaves out the element itself, `reverse` starts at the end.

    Raises:
        InvalidArgumentError: an axis the tensor does not have.
    """
    return _execute_running(CUMPROD, x, axis, exclusive, reverse)


@gradient("Cumprod")
def _cumprod_grad(call: Any, upstream: Tensor) -> tuple:
    # dPⱼ/dxᵢ = Pⱼ/xᵢ for every product that holds xᵢ; nan where xᵢ is 0 (TensorFlow says 0)
    (x,) = call.inputs
    attrs = call.attrs
    later = cumsum(upstream * call.output, attrs["axis"], attrs["exclusive"], not attrs["reverse"])
    return (later / x,)


def _execute_running(op: Op, x: Any, axis: int, exclusive: bool, reverse: bool) -> Tensor:
    x = convert_to_tensor(x)
    axis = normalize_axis(axis, x._value.ndim, op.name)
    return execute(op, (x,), {"axis": axis, "exclusive": exclusive, "reverse": reverse})


def _running(
    ufunc: np.ufunc, start: int, x: np.ndarray, axis: int, exclusive: bool, reverse: bool
) -> np.ndarray:
    if reverse:
        x = np.flip(x, axis)
    if exclusive:
        first = np.full_like(x.take([0], axis), start) if x.shape[axis] else x
        x = np.concatenate([first, x.take(range(x.shape[axis] - 1), axis)], axis)
    out = ufunc.accumulate(x, axis=axis, dtype=x.dtype)
    return np.flip(out, axis) if reverse else out
