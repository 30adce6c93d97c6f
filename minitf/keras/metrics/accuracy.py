"""Accuracies: the part of examples that is predicted right.

    Accuracy                      labels against labels
    BinaryAccuracy                labels 0/1 against probabilities and a threshold
    CategoricalAccuracy           one-hot labels against scores
    SparseCategoricalAccuracy     class numbers against scores

Scores may be logits or probabilities: only which one is largest counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.losses.base import even_ranks
from minitf.keras.metrics.base import Metric
from minitf.keras.metrics.mean import MeanMetricWrapper
from minitf.tensor import Tensor


def accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the labels agree, else 0."""
    a, b = even_ranks(_tensor(y_true), _tensor(y_pred))
    _check_same_shape(a._value.shape, b._value.shape)
    return _hits(a._value == b._value)


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Tensor:
    """1 where y_pred lies on the label's side of the threshold, else 0."""
    a, b = even_ranks(_tensor(y_true), _tensor(y_pred))
    _check_same_shape(a._value.shape, b._value.shape)
    return _hits(a._value == (b._value > threshold))


def categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where label and prediction are largest at the same class, else 0."""
    true, scores = _tensor(y_true)._value, _tensor(y_pred)._value
    _check_same_shape(true.shape, scores.shape)
    return _hits(true.argmax(axis=-1) == scores.argmax(axis=-1))


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the prediction is largest at the class of the label, else 0."""
    labels, scores = _tensor(y_true)._value, _tensor(y_pred)._value
    if labels.ndim == scores.ndim and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if labels.shape != scores.shape[:-1]:
        raise ValueError(
            f"SparseCategoricalAccuracy: labels of shape {tuple(labels.shape)} do not fit "
            f"predictions of shape {tuple(scores.shape)}: there must be one class number per "
            "example. For one-hot labels use CategoricalAccuracy."
        )
    return _hits(scores.argmax(axis=-1) == labels)


class Accuracy(MeanMetricWrapper):
    """How often labels equal predicted labels."""

    def __init__(self, name: str | None = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often probabilities are on the right side of the threshold."""

    def __init__(
        self, name: str | None = "binary_accuracy", dtype: Any = None, threshold: float = 0.5
    ) -> None:
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the largest score is that of the one-hot label."""

    def __init__(self, name: str | None = "categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the largest score is that of the class number."""

    def __init__(self, name: str | None = "sparse_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


def accuracy_for(y_true: Any, y_pred: Any) -> type[Metric]:
    """Which accuracy "accuracy" means, by the shapes, as in Keras."""
    true, scores = tuple(y_true.shape), tuple(y_pred.shape)
    if scores[-1:] == (1,) or len(scores) < 2:
        return BinaryAccuracy
    if len(true) < len(scores) or (true[-1] == 1 and scores[-1] > 1):
        return SparseCategoricalAccuracy
    return CategoricalAccuracy


def _tensor(x: Any) -> Tensor:
    return x if type(x) is Tensor else tf.convert_to_tensor(x)


def _hits(equal: Any) -> Tensor:
    return Tensor(np.asarray(equal, dtype=np.float32)[()])


def _check_same_shape(true: tuple[int, ...], pred: tuple[int, ...]) -> None:
    if true != pred:
        raise tf.errors.InvalidArgumentError(
            f"The accuracy compares labels of shape {tuple(true)} with predictions of shape "
            f"{tuple(pred)}: the shapes must be equal. For class numbers and one score per class "
            "use SparseCategoricalAccuracy."
        )
