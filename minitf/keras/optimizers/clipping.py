"""Clipping: keep gradients from being too large, in three ways.

    clipvalue=0.5          each element into [-0.5, 0.5]: turns the gradient's direction
    clipnorm=1.0           each variable's gradient to length 1: keeps its direction
    global_clipnorm=1.0    all gradients as one long vector: keeps the direction of the whole step
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.tensor import Tensor


def clip_gradients(
    grads: list[Tensor],
    clipnorm: float | None,
    clipvalue: float | None,
    global_clipnorm: float | None,
) -> list[Tensor]:
    """New gradients, clipped in the one way that is asked for."""
    values = [gradient._value for gradient in grads]
    if clipvalue:
        clipped = [np.clip(value, -clipvalue, clipvalue) for value in values]
    elif clipnorm:
        clipped = [_shortened(value, _norm([value]), clipnorm) for value in values]
    elif global_clipnorm:
        norm = _norm(values)  # infinite gradients make it, and then all of them, NaN: as in Keras
        norm = math.nan if math.isinf(norm) else norm
        clipped = [_shortened(value, norm, global_clipnorm) for value in values]
    else:
        return grads
    return [Tensor(value) for value in clipped]


def _norm(values: list[Any]) -> float:
    """Length of all values taken as one vector."""
    return math.sqrt(sum(float(np.sum(np.square(value), dtype=np.float64)) for value in values))


def _shortened(value: Any, norm: float, limit: float) -> Any:
    """value scaled by limit / norm if norm is above the limit."""
    if norm <= limit:
        return value
    return value * value.dtype.type(limit / norm)
