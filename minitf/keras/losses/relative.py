"""Losses for numbers of different sizes: errors relative to the label.

    tf.keras.losses.MeanAbsolutePercentageError()([[200.0]], [[210.0]])      # 5.0
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.losses.base import LossFunctionWrapper
from minitf.keras.losses.regression import compared
from minitf.tensor import Tensor

EPSILON = 1e-7


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Tensor:
    """100 · mean(|y_true - y_pred| / |y_true|) over the last axis; labels are at least 1e-7."""
    y_true, y_pred = compared(y_true, y_pred)
    size = tf.maximum(tf.abs(y_true), EPSILON)
    return tf.multiply(tf.reduce_mean(tf.abs((y_true - y_pred) / size), axis=-1), 100.0)


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Tensor:
    """mean((log(1 + y_true) - log(1 + y_pred))²) over the last axis; negative ones count as 0."""
    y_true, y_pred = compared(y_true, y_pred)
    return tf.reduce_mean(tf.square(_log_plus_one(y_pred) - _log_plus_one(y_true)), axis=-1)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """Mean of the errors in percent of the labels."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_percentage_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """Mean of the squared differences of the logarithms."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


def _log_plus_one(x: Tensor) -> Tensor:
    return tf.math.log(tf.maximum(x, EPSILON) + 1.0)
