"""Clipping: keep gradients from being too large, in three ways.

    clipvalue=0.5          each element into [-0.5, 0.5]: turns the gradient's direction
    clipnorm=1.0           each variable's gradient to length 1: keeps its direction
    global_clipnorm=1.0    all gradients as one long vector: keeps the direction of the whole step
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.keras.optimizers.gradients import FilledGradient
from minitf.tensor import Tensor


def clip_gradients(
    grads: list[Tensor],
    clipnorm: float | None,
    clipvalue: float | None,
    global_clipnorm: float | None,
) -> list[Tensor]:
    """New gradients, clipped in the one way that is asked for."""
    if clipvalue:
        return [_with(g, np.clip(_numbers(g), -clipvalue, clipvalue)) for g in grads]
    if clipnorm:
        return [_with(g, _shortened(_numbers(g), _norm([g]), clipnorm)) for g in grads]
    if global_clipnorm:
        norm = _norm(grads)  # infinite gradients make it, and then all of them, NaN: as in Keras
        norm = math.nan if math.isinf(norm) else norm
        return [Tensor(_shortened(g._value, norm, global_clipnorm)) for g in grads]
    return grads


def _numbers(gradient: Tensor) -> Any:
    """What is clipped: of a sparse gradient its rows, before they are added up."""
    return gradient.rows if isinstance(gradient, FilledGradient) else gradient._value


def _with(gradient: Tensor, numbers: Any) -> Tensor:
    if isinstance(gradient, FilledGradient):
        return gradient.with_rows(numbers)
    return Tensor(numbers)


def _norm(grads: list[Tensor]) -> float:
    """Length of all gradients taken as one vector."""
    squares = [np.sum(np.square(_numbers(g)), dtype=np.float64) for g in grads]
    return math.sqrt(sum(float(square) for square in squares))


def _shortened(value: Any, norm: float, limit: float) -> Any:
    """value scaled by limit / norm if norm is above the limit."""
    if norm <= limit:
        return value
    return value * value.dtype.type(limit / norm)
