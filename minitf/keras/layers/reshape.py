"""Reshape: other sizes for the axes of each example; Permute: another order.

    tf.keras.layers.Reshape((28, 28, 1))(tf.zeros([32, 784])).shape      # (32, 28, 28, 1)
    tf.keras.layers.Permute((2, 1))(tf.zeros([32, 3, 5])).shape          # (32, 5, 3)
"""

from __future__ import annotations

import math
from typing import Any

import minitf as tf
from minitf.keras.layers.base import Layer
from minitf.tensor import Tensor


class Reshape(Layer):
    """Keeps the batch axis and the order of the numbers.

    Args:
        target_shape: sizes without the batch axis; one of them may be -1 (what is left).

    Raises:
        ValueError: two -1, or sizes that do not hold as many numbers.
    """

    def __init__(self, target_shape: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        target_shape = tuple(target_shape)
        if target_shape.count(-1) > 1:
            raise ValueError(
                "There must be at most one unknown dimension (-1) in `target_shape`. Received: "
                f"target_shape={target_shape}."
            )
        self.target_shape = target_shape

    def call(self, inputs: Tensor) -> Tensor:
        """(batch, ...) -> (batch, *target_shape)"""
        batch, *others = inputs._value.shape
        if None not in others:
            self._check_size(others)
        return tf.reshape(inputs, (-1 if batch is None else batch, *self._sizes(others)))

    def _sizes(self, others: list[int]) -> tuple[int, ...]:
        """-1 written out, for the batch axis may need the only -1 that reshape allows."""
        if -1 not in self.target_shape or None in others:
            return self.target_shape
        known = math.prod(size for size in self.target_shape if size != -1)
        missing = math.prod(others) // max(known, 1)
        return tuple(missing if size == -1 else size for size in self.target_shape)

    def _check_size(self, others: list[int]) -> None:
        have = math.prod(others)
        want = math.prod(size for size in self.target_shape if size != -1)
        fits = have % max(want, 1) == 0 if -1 in self.target_shape else have == want
        if not fits:
            raise ValueError(
                "The total size of the tensor must be unchanged. Received: "
                f"input_shape={tuple(others)} ({have} numbers per example), "
                f"target_shape={self.target_shape}."
            )


class Permute(Layer):
    """Another order of the axes behind the batch axis.

    Args:
        dims: axis numbers, counted from 1.

    Raises:
        ValueError: not each number once.
    """

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"Permute: `dims` must name each axis from 1 on once. Received: dims={dims}."
            )

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape of as many axes."""
        return tf.transpose(inputs, [0, *self.dims])
