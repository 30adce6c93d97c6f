"""Regularizers: a price on large weights, added to the loss.

    tf.keras.layers.Dense(10, kernel_regularizer="l2")
    tf.keras.layers.Dense(10, kernel_regularizer=tf.keras.regularizers.L2(1e-4))
    model.losses        # the prices, one tensor per regularized weight
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.configurable import Configurable
from minitf.keras.identifiers import find, not_understood
from minitf.keras.saving import serialization as saving


class Regularizer(Configurable):
    """Base class: a function from a weight to a scalar."""

    def __call__(self, x: Any) -> tf.Tensor:
        """The price of x."""
        raise NotImplementedError(f"{type(self).__name__} must override __call__(x).")


class L1(Regularizer):
    """l1 · Σ|x|: pushes small weights to exactly 0.

    Raises:
        ValueError: the factor is negative or not finite (for L2 and L1L2 as well).
    """

    def __init__(self, l1: float = 0.01) -> None:
        self.l1 = _checked(l1, 0.01)

    def __call__(self, x: Any) -> tf.Tensor:
        """The price of x."""
        return tf.multiply(tf.reduce_sum(tf.abs(x)), self.l1)


class L2(Regularizer):
    """l2 · Σx²: shrinks all weights."""

    def __init__(self, l2: float = 0.01) -> None:
        self.l2 = _checked(l2, 0.01)

    def __call__(self, x: Any) -> tf.Tensor:
        """The price of x."""
        return tf.multiply(tf.reduce_sum(tf.square(x)), self.l2)


class L1L2(Regularizer):
    """l1 · Σ|x| + l2 · Σx²."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1, self.l2 = _checked(l1, 0.0), _checked(l2, 0.0)

    def __call__(self, x: Any) -> tf.Tensor:
        """The price of x."""
        total: Any = tf.zeros([], tf.convert_to_tensor(x).dtype)
        if self.l1:
            total = total + tf.reduce_sum(tf.abs(x)) * self.l1
        if self.l2:
            total = total + tf.reduce_sum(tf.square(x)) * self.l2
        return total


class OrthogonalRegularizer(Regularizer):
    """factor · Σ|cos| over all pairs of rows: pushes them apart.

    Args:
        factor: the price.
        mode: "rows" or "columns": what is to become orthogonal.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        if mode not in ("rows", "columns"):
            raise ValueError(f'mode must be "rows" or "columns", got {mode!r}.')
        self.factor, self.mode = _checked(factor, 0.01), mode

    def __call__(self, x: Any) -> tf.Tensor:
        """The price of a matrix."""
        x = tf.convert_to_tensor(x)
        if x._value.ndim != 2:
            raise ValueError(f"OrthogonalRegularizer takes matrices, not shape {tuple(x.shape)}.")
        rows = x if self.mode == "rows" else tf.transpose(x)
        rows = tf.nn.l2_normalize(rows, axis=1)
        cosines = tf.matmul(rows, rows, transpose_b=True)
        size = int(rows.shape[0])
        pairs = cosines * (1.0 - tf.eye(size, dtype=x.dtype))
        return tf.multiply(tf.reduce_sum(tf.abs(pairs)), self.factor / max(size * (size - 1), 1))


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer

_KNOWN: dict[str, Any] = {
    "l1": L1,
    "l2": L2,
    "l1_l2": L1L2,
    "l1l2": L1L2,
    "orthogonal_regularizer": OrthogonalRegularizer,
}


def get(identifier: Any) -> Any:
    """The regularizer a name stands for; regularizers, functions and None pass through.

    Raises:
        ValueError: the name is not known.
    """
    if isinstance(identifier, str):
        return find(identifier, _KNOWN, "regularizer")()
    if isinstance(identifier, type):
        return identifier()
    if isinstance(identifier, dict):
        return saving.deserialize(identifier)
    if identifier is None or callable(identifier):
        return identifier
    raise not_understood(identifier, "regularizer", "l2")


def _checked(factor: Any, default: float) -> float:
    factor = default if factor is None else factor
    good = isinstance(factor, int | float) and not isinstance(factor, bool)
    if not good or not 0 <= factor < float("inf"):
        raise ValueError(
            f"Invalid value for a regularization factor: expected a non-negative float, got "
            f"{factor!r}."
        )
    return float(factor)
