"""Jacobians: one backward pass per element of the target.

    rows = jacobian(backpropagate, records, target, [x])[0]      # shape target.shape + x.shape

The tape's methods of these names check their arguments and call the functions here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.backward import dense
from minitf.ops import array
from minitf.tensor import Tensor


def jacobian(
    backpropagate: Callable[..., list], records: list[tuple], target: Any, sources: list[Any]
) -> list[Tensor | None]:
    """Per source, the derivative of every element of the target by every element of the source."""
    shape = tuple(target.shape)
    rows = [
        backpropagate(records, [target], [Tensor(seed)], sources)
        for seed in _one_hots(shape, target._value.dtype)
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(sources)
    return [
        _stacked(column, source, 0, shape + tuple(source.shape))
        for column, source in zip(columns, sources, strict=True)
    ]


def batch_jacobian(
    backpropagate: Callable[..., list], records: list[tuple], target: Any, source: Any
) -> Tensor | None:
    """The Jacobian of target[b] by source[b] for every b: the others are taken to be zero."""
    inner = tuple(target.shape[1:])
    columns = []
    for seed in _one_hots(inner, target._value.dtype):
        for_each_example = Tensor(np.broadcast_to(seed, target._value.shape))
        columns += backpropagate(records, [target], [for_each_example], [source])
    return _stacked(columns, source, 1, (*target.shape[:1], *inner, *source.shape[1:]))


def _one_hots(shape: tuple[int, ...], dtype: np.dtype) -> Iterator[np.ndarray]:
    """Seeds that pick one element of a target each."""
    for i in range(math.prod(shape)):
        seed = np.zeros(math.prod(shape), dtype)
        seed[i] = 1
        yield seed.reshape(shape)


def _stacked(rows: Any, source: Any, axis: int, shape: tuple[int, ...]) -> Tensor | None:
    """Rows side by side in one tensor; None if there is no path for any of them."""
    if all(row is None for row in rows):
        return None
    rows = [array.zeros_like(source) if row is None else dense(row) for row in rows]
    return array.reshape(array.stack(rows, axis=axis), shape)
