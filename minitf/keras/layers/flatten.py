"""Flatten: one row per example.

    tf.keras.layers.Flatten()(tf.zeros([32, 28, 28])).shape      # (32, 784)
"""

from __future__ import annotations

import math
from typing import Any

import minitf as tf
from minitf.keras.layers.base import Layer
from minitf.keras.layers.checks import check_channels_last
from minitf.tensor import Tensor


class Flatten(Layer):
    """Keeps the batch axis and joins all others into one.

    Args:
        data_format: "channels_last", the only one.
        input_shape: shape of one example: the older way to start a Sequential model; today
            tf.keras.Input(shape) stands first instead.
    """

    def __init__(
        self, data_format: str | None = None, input_shape: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        check_channels_last(data_format)
        self._declared_input_shape = None if input_shape is None else tuple(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        """(batch, ...) -> (batch, product of the rest)"""
        shape = inputs._value.shape
        if len(shape) < 1:
            raise ValueError(
                f"Input 0 of layer {self.name!r} is incompatible with the layer: expected "
                "min_ndim=1, found ndim=0. Flatten needs a batch axis."
            )
        if None in shape[1:]:  # traced for any size
            return tf.reshape(inputs, [tf.shape(inputs)[0], -1])
        batch = -1 if shape[0] is None else shape[0]
        return tf.reshape(inputs, (batch, math.prod(shape[1:])))
