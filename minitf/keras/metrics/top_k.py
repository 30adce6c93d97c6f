"""Top-k accuracy: right if the true class is among the k best scores.

    tf.keras.metrics.SparseTopKCategoricalAccuracy(k=5)
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.metrics.mean import MeanMetricWrapper
from minitf.tensor import Tensor


def sparse_top_k_categorical_accuracy(
    y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False
) -> Tensor:
    """1 where the class number is among the k best scores, else 0.

    Args:
        y_true: class numbers.
        y_pred: scores, one per class; or with from_sorted_ids class numbers, the best first.
        k: how many count.
        from_sorted_ids: see y_pred.

    Raises:
        ValueError: there is not one label per row of scores.
    """
    labels = np.asarray(tf.convert_to_tensor(y_true)._value)
    scores = np.asarray(tf.convert_to_tensor(y_pred)._value)
    if labels.ndim == scores.ndim and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if labels.shape != scores.shape[:-1]:
        raise ValueError(
            f"Top-k accuracy: labels of shape {labels.shape} do not fit scores of shape "
            f"{scores.shape}: there must be one class number per row of scores."
        )
    labels = labels.astype(np.int64)[..., None]
    if from_sorted_ids:
        found = (scores[..., :k] == labels).any(axis=-1)
    else:  # equal scores share the better place
        own = np.take_along_axis(scores, labels, axis=-1)
        found = (scores > own).sum(axis=-1) < k
    return Tensor(np.asarray(found, np.float32)[()])


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Tensor:
    """The same for one-hot labels."""
    classes = np.argmax(np.asarray(tf.convert_to_tensor(y_true)._value), axis=-1)
    return sparse_top_k_categorical_accuracy(classes, y_pred, k)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the one-hot label's class is among the k best scores."""

    def __init__(
        self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class number is among the k best scores."""

    def __init__(
        self,
        k: int = 5,
        name: str | None = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ) -> None:
        super().__init__(
            sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids
        )
