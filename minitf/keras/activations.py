"""Activation functions by name: Dense(128, activation="relu").

    tf.keras.activations.get("relu")(x)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import minitf as tf
from minitf.keras.identifiers import find, not_understood
from minitf.tensor import Tensor


def linear(x: Any) -> Tensor:
    """x itself."""
    return x


def relu(x: Any, negative_slope: float = 0.0) -> Tensor:
    """max(x, 0); negative values are multiplied by `negative_slope` instead if one is given."""
    if negative_slope:
        return tf.nn.leaky_relu(x, alpha=negative_slope)
    return tf.nn.relu(x)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Tensor:
    """x where positive, else negative_slope * x."""
    return tf.nn.leaky_relu(x, alpha=negative_slope)


def sigmoid(x: Any) -> Tensor:
    """1 / (1 + exp(-x))."""
    return tf.sigmoid(x)


def tanh(x: Any) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    return tf.tanh(x)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """exp(x) / sum(exp(x)) along an axis: positive numbers that add up to 1."""
    return tf.nn.softmax(x, axis=axis)


def softplus(x: Any) -> Tensor:
    """log(1 + exp(x))."""
    return tf.math.softplus(x)


def exponential(x: Any) -> Tensor:
    """exp(x)."""
    return tf.exp(x)


_KNOWN: dict[str, Callable[..., Tensor]] = {
    f.__name__: f
    for f in (linear, relu, leaky_relu, sigmoid, tanh, softmax, softplus, exponential)
}


def get(identifier: Any) -> Callable[..., Tensor]:
    """The activation a name stands for; functions pass through, None is linear.

    Raises:
        ValueError: the name is not known.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, str):
        return find(identifier, _KNOWN, "activation")
    if callable(identifier):
        return identifier
    raise not_understood(identifier, "activation", "relu")
