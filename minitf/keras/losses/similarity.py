"""Losses that compare distributions, counts and directions.

    tf.keras.losses.KLDivergence()([[0.5, 0.5]], [[0.9, 0.1]])
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.losses.base import LossFunctionWrapper
from minitf.keras.losses.regression import compared
from minitf.tensor import Tensor

EPSILON = 1e-7


def kl_divergence(y_true: Any, y_pred: Any) -> Tensor:
    """sum(y_true · log(y_true / y_pred)) over the last axis, with both at least 1e-7."""
    y_true, y_pred = compared(y_true, y_pred)
    y_true = tf.clip_by_value(y_true, EPSILON, 1.0)
    y_pred = tf.clip_by_value(y_pred, EPSILON, 1.0)
    return tf.reduce_sum(y_true * tf.math.log(y_true / y_pred), axis=-1)


def poisson(y_true: Any, y_pred: Any) -> Tensor:
    """mean(y_pred - y_true · log(y_pred)) over the last axis: for counts."""
    y_true, y_pred = compared(y_true, y_pred)
    return tf.reduce_mean(y_pred - y_true * tf.math.log(y_pred + EPSILON), axis=-1)


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """-cos of the angle between both: -1 for the same direction, 1 for the opposite one."""
    y_true, y_pred = compared(y_true, y_pred)
    product = tf.nn.l2_normalize(y_true, axis=axis) * tf.nn.l2_normalize(y_pred, axis=axis)
    return -tf.reduce_sum(product, axis=axis)


class KLDivergence(LossFunctionWrapper):
    """How far the prediction is from the distribution of the labels."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "kl_divergence",
        dtype: Any = None,
    ) -> None:
        super().__init__(kl_divergence, reduction, name, dtype)


class Poisson(LossFunctionWrapper):
    """Negative log likelihood of counts, without the part the prediction cannot change."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "poisson",
        dtype: Any = None,
    ) -> None:
        super().__init__(poisson, reduction, name, dtype)


class CosineSimilarity(LossFunctionWrapper):
    """Direction only; lengths do not count."""

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
