"""FBetaScore and F1Score: precision and recall in one number.

    score = tf.keras.metrics.F1Score(average="macro", threshold=0.5)
    score.update_state([[1, 0], [0, 1], [1, 1]], [[0.9, 0.2], [0.1, 0.4], [0.8, 0.7]])
    score.result()      # (1 + 2/3) / 2
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.metrics.base import Metric
from minitf.keras.metrics.confusion import divided

_AVERAGES = (None, "micro", "macro", "weighted")


class FBetaScore(Metric):
    """(1 + β²) · precision · recall / (β² · precision + recall), for each class.

    Args:
        average: None for one figure per class; "macro" for their mean; "weighted" for the mean
            weighted by how many examples a class has; "micro" counts all classes together.
        beta: how many times as much recall weighs as precision.
        threshold: a prediction above it is a yes; if None, only the largest of a row is.
        name, dtype: see Metric.

    Labels and predictions have shape (batch, classes), labels being 0 or 1.

    Raises:
        ValueError: an unknown average, beta not above 0, a threshold outside (0, 1].
    """

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        if average not in _AVERAGES:
            raise ValueError(f"`average` must be one of {_AVERAGES}, got {average!r}.")
        if not isinstance(beta, float) or beta <= 0:
            raise ValueError(f"`beta` must be a Python float above 0, got {beta!r}.")
        if threshold is not None and not (isinstance(threshold, float) and 0 < threshold <= 1):
            raise ValueError(f"`threshold` must be a float with 0 < it <= 1, got {threshold!r}.")
        self.average, self.beta, self.threshold = average, beta, threshold
        self._counters: list[Any] = []

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Counts a batch.

        Raises:
            ValueError: shapes other than (batch, classes) for both.
        """
        number = self._dtype.dtype
        true = np.asarray(tf.convert_to_tensor(y_true)._value, number)
        pred = np.asarray(tf.convert_to_tensor(y_pred)._value, number)
        if true.ndim != 2 or true.shape != pred.shape:
            raise ValueError(
                f"{type(self).__name__} expects labels and predictions of shape (batch, classes), "
                f"got {true.shape} and {pred.shape}. Class numbers need tf.one_hot first."
            )
        if not self._counters:
            shape = () if self.average == "micro" else pred.shape[1:]
            names = ("true_positives", "false_positives", "false_negatives")
            self._counters = [self.add_variable(shape, "zeros", name=name) for name in names]
        yes = self._yeses(pred).astype(number)
        weight = np.asarray(1.0 if sample_weight is None else sample_weight, number).reshape(-1, 1)
        axis = None if self.average == "micro" else 0
        batch = (yes * true, yes * (1 - true), (1 - yes) * true)
        for counter, cases in zip(self._counters, batch, strict=True):
            counter.assign(counter._value + (weight * cases).sum(axis, dtype=number))

    def result(self) -> tf.Tensor:
        """The figure so far: one number, or one per class."""
        if not self._counters:
            return tf.Tensor(self._dtype.dtype.type(0))
        hits, wrong, missed = (counter._value for counter in self._counters)
        precision, recall = divided(hits, hits + wrong), divided(hits, hits + missed)
        square = self._dtype.dtype.type(self.beta**2)
        scores = divided((1 + square) * precision * recall, square * precision + recall)
        if self.average == "macro":
            scores = scores.mean()
        elif self.average == "weighted":
            examples = hits + missed
            scores = (scores * divided(examples, examples.sum())).sum()
        return tf.Tensor(scores[()])

    def _yeses(self, pred: np.ndarray) -> np.ndarray:
        if self.threshold is not None:
            return pred > self.threshold
        return (pred >= pred.max(axis=-1, keepdims=True)) & (np.abs(pred) > 1e-9)


class F1Score(FBetaScore):
    """The harmonic mean of precision and recall. Arguments: see FBetaScore."""

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)
