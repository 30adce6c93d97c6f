"""Losses that want a margin: no price for what is right by 1 or more.

    tf.keras.losses.Hinge()([[1.0]], [[0.3]])        # 0.7

Labels are -1 and 1; labels of 0 and 1 are converted.
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.losses.base import LossFunctionWrapper
from minitf.keras.losses.regression import compared
from minitf.tensor import Tensor


def hinge(y_true: Any, y_pred: Any) -> Tensor:
    """mean(max(1 - y_true · y_pred, 0)) over the last axis."""
    y_true, y_pred = compared(y_true, y_pred)
    return tf.reduce_mean(tf.maximum(1.0 - _signed(y_true) * y_pred, 0.0), axis=-1)


def squared_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """mean(max(1 - y_true · y_pred, 0)²) over the last axis."""
    y_true, y_pred = compared(y_true, y_pred)
    return tf.reduce_mean(tf.square(tf.maximum(1.0 - _signed(y_true) * y_pred, 0.0)), axis=-1)


def categorical_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """max(largest wrong score - right score + 1, 0) for one-hot labels."""
    y_true, y_pred = compared(y_true, y_pred)
    right = tf.reduce_sum(y_true * y_pred, axis=-1)
    wrong = tf.reduce_max((1.0 - y_true) * y_pred, axis=-1)
    return tf.maximum(wrong - right + 1.0, 0.0)


class Hinge(LossFunctionWrapper):
    """Loss of the support vector machine."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(hinge, reduction, name, dtype)


class SquaredHinge(LossFunctionWrapper):
    """The same, squared."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "squared_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(squared_hinge, reduction, name, dtype)


class CategoricalHinge(LossFunctionWrapper):
    """Margin between the right class and the best wrong one."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(categorical_hinge, reduction, name, dtype)


def _signed(labels: Tensor) -> Tensor:
    """0 and 1 become -1 and 1, if there is nothing else among the labels."""
    binary = tf.reduce_all(tf.logical_or(tf.equal(labels, 0.0), tf.equal(labels, 1.0)))
    return tf.where(binary, 2.0 * labels - 1.0, labels)
