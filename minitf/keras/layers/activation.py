"""Activations as layers: Activation("tanh"), ReLU(), LeakyReLU(), ELU(), Softmax().

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
    """max(x, 0), with an optional slope below the threshold and an optional upper bound.

    Args:
        max_value: larger values are cut off.
        negative_slope: below the threshold, this times (x - threshold) instead of 0.
        threshold: where the function starts to rise.

    Raises:
        ValueError: a negative argument.
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        given = {"max_value": max_value, "negative_slope": negative_slope, "threshold": threshold}
        for name, value in given.items():
            if (value is None and name != "max_value") or (value is not None and value < 0):
                raise ValueError(f"{name} of a ReLU layer cannot be a negative value. Got {value}.")
        self.max_value, self.negative_slope, self.threshold = max_value, negative_slope, threshold

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return activations.relu(
            self._cast(inputs), self.negative_slope, self.max_value, self.threshold
        )


class LeakyReLU(Layer):
    """x where positive, else negative_slope * x."""

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.negative_slope = negative_slope

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return activations.leaky_relu(self._cast(inputs), negative_slope=self.negative_slope)


class ELU(Layer):
    """x where positive, else alpha * (exp(x) - 1)."""

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return activations.elu(self._cast(inputs), alpha=self.alpha)


class Softmax(Layer):
    """Probabilities along an axis. Train on logits instead: see losses/classification.py."""

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        return activations.softmax(self._cast(inputs), axis=self.axis)
