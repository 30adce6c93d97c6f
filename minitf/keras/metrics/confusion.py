"""Counts of right and wrong yeses and noes, and what is made of them.

    precision = tf.keras.metrics.Precision()      # of all yeses, how many are right
    recall = tf.keras.metrics.Recall()            # of all that should be yes, how many are found
    precision.update_state([0, 1, 1, 1], [1, 0, 1, 1])
    precision.result()                            # 2/3
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.losses.base import even_ranks
from minitf.keras.metrics.base import Metric


class ConfusionMetric(Metric):
    """Base: keeps the counts that a metric needs, for each threshold.

    Args:
        thresholds: a prediction above it is a yes: a number, or several for several results;
            0.5 if None.
        top_k: instead, the k largest predictions of each row are the yeses.
        class_id: looks at this column only.
        name, dtype: see Metric.

    Raises:
        ValueError: a threshold outside [0, 1].
    """

    counts: tuple[str, ...] = ()

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        default = 0.5 if top_k is None else -np.inf
        self.thresholds = _checked_thresholds(default if thresholds is None else thresholds)
        self.top_k, self.class_id = top_k, class_id
        shape = (len(self.thresholds),)
        self._counters = {key: self.add_variable(shape, "zeros", name=key) for key in self.counts}

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Counts a batch.

        Args:
            y_true: labels 0 and 1.
            y_pred: probabilities from 0 to 1, of the same shape.
            sample_weight: what each example counts.

        Raises:
            ValueError: shapes that differ, or a prediction outside [0, 1].
        """
        true, pred, weight = self._prepared(y_true, y_pred, sample_weight)
        yes = pred > np.asarray(self.thresholds, pred.dtype).reshape(-1, *[1] * pred.ndim)
        cases = {
            "true_positives": true & yes,
            "false_positives": ~true & yes,
            "false_negatives": true & ~yes,
            "true_negatives": ~true & ~yes,
        }
        for key, counter in self._counters.items():
            found = np.broadcast_to(cases[key] * weight, yes.shape)
            count = found.reshape(len(self.thresholds), -1).sum(axis=1)
            counter.assign(counter._value + count.astype(self._dtype.dtype))

    def _prepared(self, y_true: Any, y_pred: Any, sample_weight: Any) -> tuple[Any, Any, Any]:
        a, b = even_ranks(tf.convert_to_tensor(y_true), tf.convert_to_tensor(y_pred))
        true, pred = np.asarray(a._value), np.asarray(b._value, self._dtype.dtype)
        if true.shape != pred.shape:
            raise ValueError(
                f"{type(self).__name__}: labels of shape {true.shape} do not fit predictions of "
                f"shape {pred.shape}: there must be one label, 0 or 1, per prediction."
            )
        if self.top_k is not None:
            pred = _only_largest(pred, self.top_k)
        elif pred.size and not (0 <= pred.min() and pred.max() <= 1):
            raise ValueError(
                f"{type(self).__name__} takes probabilities from 0 to 1, got predictions from "
                f"{pred.min()} to {pred.max()}. Put logits through a sigmoid first."
            )
        weight = np.asarray(1.0 if sample_weight is None else sample_weight, self._dtype.dtype)
        while 0 < weight.ndim < pred.ndim:
            weight = weight[..., None]
        weight = np.broadcast_to(weight, pred.shape)
        if self.class_id is not None:
            true, pred, weight = (x[..., self.class_id] for x in (true, pred, weight))
        return true.astype(bool), pred, weight

    def _of(self, key: str) -> Any:
        return self._counters[key]._value

    def _figure(self, values: Any) -> tf.Tensor:
        return tf.Tensor(values[0] if len(self.thresholds) == 1 else values)


class Precision(ConfusionMetric):
    """Right yeses of all yeses; 0 if there is none."""

    counts = ("true_positives", "false_positives")

    def result(self) -> tf.Tensor:
        """The figure so far, one for each threshold."""
        hits = self._of("true_positives")
        return self._figure(divided(hits, hits + self._of("false_positives")))


class Recall(ConfusionMetric):
    """Right yeses of all that should be yes; 0 if there is none."""

    counts = ("true_positives", "false_negatives")

    def result(self) -> tf.Tensor:
        """The figure so far, one for each threshold."""
        hits = self._of("true_positives")
        return self._figure(divided(hits, hits + self._of("false_negatives")))


class CountMetric(ConfusionMetric):
    """Base of the four plain counts. Arguments: thresholds, name, dtype."""

    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(thresholds, name=name, dtype=dtype)

    def result(self) -> tf.Tensor:
        """The count so far, one for each threshold."""
        return self._figure(self._of(self.counts[0]))


class TruePositives(CountMetric):
    """Number of right yeses."""

    counts = ("true_positives",)


class FalsePositives(CountMetric):
    """Number of wrong yeses."""

    counts = ("false_positives",)


class TrueNegatives(CountMetric):
    """Number of right noes."""

    counts = ("true_negatives",)


class FalseNegatives(CountMetric):
    """Number of wrong noes."""

    counts = ("false_negatives",)


def _checked_thresholds(thresholds: Any) -> list[float]:
    listed = np.ravel(thresholds).tolist()
    if any(t != -np.inf and not 0 <= t <= 1 for t in listed):
        raise ValueError(f"Invalid thresholds {listed}: they must lie in [0, 1].")
    return [float(t) for t in listed]


def _only_largest(pred: np.ndarray, count: int) -> np.ndarray:
    """The `count` largest of each row as they are, the others -inf."""
    order = np.argsort(-pred, axis=-1, kind="stable")
    kept = np.full_like(pred, -np.inf)
    top = order[..., :count]
    np.put_along_axis(kept, top, np.take_along_axis(pred, top, axis=-1), axis=-1)
    return kept


def divided(part: Any, whole: Any) -> Any:
    """part / whole, 0 where the whole is 0."""
    part, whole = np.asarray(part), np.asarray(whole)
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.divide(part, whole, out=np.zeros(shape, part.dtype), where=whole != 0)
