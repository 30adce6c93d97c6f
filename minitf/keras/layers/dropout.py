"""Dropout: in training, forget a random part of the inputs.

    layer = tf.keras.layers.Dropout(0.5, seed=1)
    layer(x, training=True)        # about half are 0, the others doubled
    layer(x)                       # x itself
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf import seeds
from minitf.keras.layers.base import Layer
from minitf.later import call_later
from minitf.state import state
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec


class Dropout(Layer):
    """Sets each input to 0 with probability `rate`, and scales the others by 1 / (1 - rate).

    The scaling keeps the expected sum as it is, so that nothing needs to change at test time.
    Only active with training=True.

    Args:
        rate: from 0 up to, but not including, 1.
        noise_shape: shape of the mask if not the input's; sizes of 1 are broadcast, None stands
            for the input's size.
        seed: repeats the same masks in every run.

    Raises:
        ValueError: `rate` lies outside.
        TypeError: it is no number.
    """

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if not isinstance(rate, int | float):
            raise TypeError(f"Dropout: `rate` must be a number such as 0.5, got {rate!r}.")
        if not 0 <= rate < 1:
            raise ValueError(
                f"Dropout: `rate` is the part to drop, from 0 up to (not including) 1, got {rate}."
            )
        self.rate, self.noise_shape = rate, noise_shape
        self._rng = seeds.generator(seed)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Any shape, kept."""
        if not training or not self.rate:
            return inputs
        inputs = self._cast(inputs)
        if state.tracer is not None:  # a new mask at each call, not one for all
            spec = TensorSpec(self._mask_shape(inputs), inputs.dtype)
            return inputs * call_later(self._mask, (tf.stop_gradient(inputs),), spec)
        return inputs * self._mask(inputs)

    def _mask(self, inputs: Tensor) -> Tensor:
        """0 for what is dropped, 1 / (1 - rate) for what stays."""
        dtype = inputs._value.dtype
        kept = self._rng.random(self._mask_shape(inputs), dtype=np.float32) >= self.rate
        return Tensor(kept.astype(dtype) / dtype.type(1.0 - self.rate))

    def _mask_shape(self, inputs: Tensor) -> tuple[int, ...]:
        sizes = inputs._value.shape
        if self.noise_shape is None:
            return sizes
        return tuple(n if m is None else m for m, n in zip(self.noise_shape, sizes, strict=True))
