"""Rescaling: x * scale + offset, for example image bytes to numbers from 0 to 1.

    tf.keras.layers.Rescaling(1 / 255)
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.layers.base import Layer
from minitf.tensor import Tensor


class Rescaling(Layer):
    """inputs * scale + offset, in the layer's dtype."""

    def __init__(self, scale: float, offset: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale, self.offset = scale, offset

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return tf.add(tf.multiply(self._cast(inputs), self.scale), self.offset)
