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


def relu(
    x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Tensor:
    """max(x, 0), or more generally:

    x from `threshold` up, but at most `max_value`; below, negative_slope * (x - threshold).
    """
    x = tf.convert_to_tensor(x)
    if threshold:
        kept = x * tf.cast(x > threshold, x.dtype)
        y = kept - negative_slope * tf.nn.relu(threshold - x) if negative_slope else kept
    else:
        y = tf.nn.leaky_relu(x, alpha=negative_slope) if negative_slope else tf.nn.relu(x)
    return y if max_value is None else tf.minimum(y, tf.cast(max_value, y.dtype))


def relu6(x: Any) -> Tensor:
    """min(max(x, 0), 6)."""
    return tf.nn.relu6(x)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Tensor:
    """x where positive, else negative_slope * x."""
    return tf.nn.leaky_relu(x, alpha=negative_slope)


def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """x where positive, else alpha * (exp(x) - 1)."""
    if alpha == 1.0:
        return tf.nn.elu(x)
    x = tf.convert_to_tensor(x)
    return tf.where(x > 0, x, alpha * tf.nn.elu(x))


def selu(x: Any) -> Tensor:
    """1.0507 * elu(x, 1.6733): keeps mean 0 and variance 1 through many layers."""
    return tf.nn.selu(x)


def gelu(x: Any, approximate: bool = False) -> Tensor:
    """x times the normal distribution's probability of a value below x."""
    return tf.nn.gelu(x, approximate=approximate)


def silu(x: Any) -> Tensor:
    """x * sigmoid(x), also called swish."""
    return tf.nn.silu(x)


def softsign(x: Any) -> Tensor:
    """x / (1 + |x|)."""
    return tf.nn.softsign(x)


def hard_sigmoid(x: Any) -> Tensor:
    """relu6(x + 3) / 6: a sigmoid of straight lines."""
    return tf.divide(tf.nn.relu6(tf.convert_to_tensor(x) + 3.0), 6.0)


def log_softmax(x: Any, axis: int = -1) -> Tensor:
    """log(softmax(x)), without the overflow."""
    return tf.nn.log_softmax(x, axis=axis)


def mish(x: Any) -> Tensor:
    """x * tanh(softplus(x))."""
    x = tf.convert_to_tensor(x)
    return x * tf.tanh(tf.math.softplus(x))


def sigmoid(x: Any) -> Tensor:
    """1 / (1 + exp(-x)). The result remembers x: see softmax."""
    x = tf.convert_to_tensor(x)
    return _remembering(tf.sigmoid(x), x)


def tanh(x: Any) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    return tf.tanh(x)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """exp(x) / sum(exp(x)) along an axis: positive numbers that add up to 1.

    The result remembers x, as in Keras: a cross-entropy that is given it goes back to x, the
    logits, and stays exact where the probabilities are 0 or 1. tf.nn.softmax does not.
    """
    x = tf.convert_to_tensor(x)
    return _remembering(tf.nn.softmax(x, axis=axis), x)


def softplus(x: Any) -> Tensor:
    """log(1 + exp(x))."""
    return tf.math.softplus(x)


def exponential(x: Any) -> Tensor:
    """exp(x)."""
    return tf.exp(x)


swish = silu

_KNOWN: dict[str, Callable[..., Tensor]] = {
    f.__name__: f
    for f in (
        linear, relu, relu6, leaky_relu, elu, selu, gelu, silu, softsign, hard_sigmoid, sigmoid,
        tanh, softmax, log_softmax, softplus, exponential, mish,
    )
} | {"swish": silu}  # fmt: skip


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


def serialize(activation: Callable[..., Any]) -> Any:
    """The name of an activation."""
    return activation.__name__


def _remembering(y: Tensor, logits: Tensor) -> Tensor:
    y._keras_logits = logits
    return y
