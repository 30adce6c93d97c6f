"""Activations as layers: Activation("tanh"), ReLU(), LeakyReLU(), Softmax().

    tf.keras.Sequential([tf.keras.layers.Dense(10), tf.keras.layers.Softmax()])
"""

from __future__ import annotations

from typing import Any

from minitf.keras import activations
from minitf.keras.layers.base import Layer
from minitf.tensor import Tensor


class Activation(Layer):
    """Applies an activation function, given by name or as a function."""

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return self.activation(self._cast(inputs))


class ReLU(Layer):
    """max(x, 0), with an optional slope for negative values."""

    def __init__(self, negative_slope: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.negative_slope = negative_slope

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return activations.relu(self._cast(inputs), negative_slope=self.negative_slope)


class LeakyReLU(Layer):
    """x where positive, else negative_slope * x."""

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.negative_slope = negative_slope

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return activations.leaky_relu(self._cast(inputs), negative_slope=self.negative_slope)


class Softmax(Layer):
    """Probabilities along an axis. Train on logits instead: see losses/classification.py."""

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return activations.softmax(self._cast(inputs), axis=self.axis)
