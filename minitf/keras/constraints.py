"""Constraints: after each step of the optimizer a weight is put back into what is allowed.

Dense(1, kernel_constraint=tf.keras.constraints.NonNeg())
tf.keras.constraints.MaxNorm(2.0)(w)        columns no longer than 2
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.configurable import Configurable
from minitf.keras.identifiers import find, not_understood
from minitf.keras.saving import serialization as saving

_TINY = 1e-7  # Keras' epsilon: keeps 0/0 away


class Constraint(Configurable):
    """Base class: a function of the weight that returns what it becomes."""

    def __call__(self, w: Any) -> tf.Tensor:
        raise NotImplementedError(f"{type(self).__name__} must define __call__(w).")


class NonNeg(Constraint):
    """Negative entries become 0."""

    def __call__(self, w: Any) -> tf.Tensor:
        return tf.maximum(tf.convert_to_tensor(w), 0.0)


class MaxNorm(Constraint):
    """Vectors along `axis` that are longer than `max_value` are shortened to it."""

    def __init__(self, max_value: float = 2, axis: int = 0) -> None:
        self.max_value, self.axis = max_value, axis

    def __call__(self, w: Any) -> tf.Tensor:
        length = _length(w, self.axis)
        return w * (tf.clip_by_value(length, 0.0, float(self.max_value)) / (_TINY + length))


class UnitNorm(Constraint):
    """Vectors along `axis` are given length 1."""

    def __init__(self, axis: int = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> tf.Tensor:
        return w / (_TINY + _length(w, self.axis))


class MinMaxNorm(Constraint):
    """Vectors along `axis` go the part `rate` of the way to a length between the two."""

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: int = 0
    ) -> None:
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w: Any) -> tf.Tensor:
        length = _length(w, self.axis)
        allowed = tf.clip_by_value(length, float(self.min_value), float(self.max_value))
        wanted = self.rate * allowed + (1.0 - self.rate) * length
        return w * (wanted / (_TINY + length))


non_neg, max_norm, unit_norm, min_max_norm = NonNeg, MaxNorm, UnitNorm, MinMaxNorm
_KNOWN: dict[str, Any] = {
    **{"non_neg": NonNeg, "nonneg": NonNeg, "max_norm": MaxNorm, "maxnorm": MaxNorm},
    **{"unit_norm": UnitNorm, "unitnorm": UnitNorm},
    **{"min_max_norm": MinMaxNorm, "minmaxnorm": MinMaxNorm},
}


def get(identifier: Any) -> Any:
    """The constraint a name stands for; constraints, functions and None pass through.

    Raises:
        ValueError: the name is not known.
    """
    if isinstance(identifier, str):
        return find(identifier, _KNOWN, "constraint")()
    if isinstance(identifier, type):
        return identifier()
    if isinstance(identifier, dict):
        return saving.deserialize(identifier)
    if identifier is None or callable(identifier):
        return identifier
    raise not_understood(identifier, "constraint", "non_neg")


def _length(w: Any, axis: int) -> tf.Tensor:
    w = tf.convert_to_tensor(w)
    return tf.sqrt(tf.reduce_sum(tf.square(w), axis=axis, keepdims=True))
