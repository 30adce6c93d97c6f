"""Reductions: sums, means, maxima over axes.

    tf.reduce_sum(x)                      over all axes, a scalar
    tf.reduce_mean(x, axis=0)             over the first axis
    tf.reduce_sum(x, axis=1, keepdims=True)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor, execute
from minitf.ops import array
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _sum(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return np.add.reduce(x, axis=axis, keepdims=keepdims, dtype=x.dtype)


SUM = define("Sum", _sum, text="sum({0})", partials=("1",))


def reduce_sum(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Sum over the given axes (all by default); the dtype stays.

    Raises:
        InvalidArgumentError: an axis the tensor does not have.
    """
    x = convert_to_tensor(input_tensor)
    return execute(SUM, (x,), {"axis": array.normalize_axes(x, axis, "Sum"), "keepdims": keepdims})


@gradient("Sum")
def _sum_grad(call: Any, upstream: Tensor) -> tuple:
    # every element counts once: copy the upstream along the axes that were summed
    (x,) = call.inputs
    return (spread(upstream, x, call.attrs),)


def spread(upstream: Tensor, x: Tensor, attrs: dict[str, Any]) -> Tensor:
    """Copies a reduced value along the reduced axes, back to the shape of `x`."""
    if not attrs["keepdims"]:
        kept = [1 if i in attrs["axis"] else size for i, size in enumerate(x._value.shape)]
        upstream = array.reshape(upstream, kept)
    return array.broadcast_to(upstream, x._value.shape)
