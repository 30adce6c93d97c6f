"""Flatten: one row per example.

    tf.keras.layers.Flatten()(tf.zeros([32, 28, 28])).shape      # (32, 784)
"""

from __future__ import annotations

import math
from typing import Any

import minitf as tf
from minitf.keras.layers.base import Layer
from minitf.tensor import Tensor


class Flatten(Layer):
    """Keeps the batch axis and joins all others into one.

    Args:
        input_shape: shape of one example: the older way to start a Sequential model; today
            tf.keras.Input(shape) stands first instead.
    """

    def __init__(self, input_shape: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._declared_input_shape = None if input_shape is None else tuple(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        """(batch, ...) -> (batch, product of the rest)"""
        shape = inputs._value.shape
        if len(shape) < 1:
            raise ValueError(
                f"Input 0 of layer {self.name!r} is incompatible with the layer: expected "
                "min_ndim=1, found ndim=0. Flatten needs a batch axis."
            )
        return tf.reshape(inputs, (shape[0], math.prod(shape[1:])))
