"""AUC: the area under the curve that all thresholds together draw.

    auc = tf.keras.metrics.AUC()
    auc.update_state([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
    auc.result()        # 0.75: of the four pairs (a yes, a no) three have the yes scored higher

The thresholds lie on a grid, so the area is an approximation: 200 of them by default.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.metrics.confusion import ConfusionMetric, divided

EPSILON = 1e-7
_METHODS = ("interpolation", "minoring", "majoring")


class AUC(ConfusionMetric):
    """Area under the ROC or the precision-recall curve.

    Args:
        num_thresholds: how many, from just below 0 to just above 1.
        curve: "ROC" (part of the yeses found, over part of the noes taken for yeses) or "PR"
            (precision over recall).
        summation_method: "interpolation", "minoring" (always the lower edge of a step) or
            "majoring" (the upper one).
        name, dtype: see Metric.
        thresholds: the inner thresholds themselves, in place of an even grid.
        from_logits: True if predictions have not been through a sigmoid.

    Raises:
        ValueError: fewer than 2 thresholds, one outside [0, 1], an unknown curve or method.
    """

    counts = ("true_positives", "false_positives", "true_negatives", "false_negatives")

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Any = None,
        from_logits: bool = False,
    ) -> None:
        if thresholds is None:
            if num_thresholds < 2:
                raise ValueError(
                    f"Argument `num_thresholds` must be an integer > 1, got {num_thresholds}."
                )
            thresholds = [i / (num_thresholds - 1) for i in range(1, num_thresholds - 1)]
        if curve not in ("ROC", "PR"):
            raise ValueError(f"AUC: `curve` must be 'ROC' or 'PR', got {curve!r}.")
        if summation_method not in _METHODS:
            raise ValueError(
                f"AUC: `summation_method` must be one of {_METHODS}, got {summation_method!r}."
            )
        super().__init__([0.0, *sorted(thresholds), 1.0], name=name, dtype=dtype)
        self.thresholds[0], self.thresholds[-1] = -EPSILON, 1.0 + EPSILON  # all, and none
        self.num_thresholds = len(self.thresholds)
        self.curve, self.summation_method, self.from_logits = curve, summation_method, from_logits

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Counts a batch. Arguments: see ConfusionMetric."""
        if self.from_logits:
            y_pred = tf.sigmoid(y_pred)
        super().update_state(y_true, y_pred, sample_weight)

    def result(self) -> tf.Tensor:
        """The area so far."""
        if self.curve == "PR" and self.summation_method == "interpolation":
            return tf.Tensor(self._area_of_precision())
        hits, wrong = self._of("true_positives"), self._of("false_positives")
        recall = divided(hits, hits + self._of("false_negatives"))
        if self.curve == "ROC":
            x, y = divided(wrong, wrong + self._of("true_negatives")), recall
        else:
            x, y = recall, divided(hits, hits + wrong)
        heights = {
            "interpolation": (y[:-1] + y[1:]) / 2,
            "minoring": np.minimum(y[:-1], y[1:]),
            "majoring": np.maximum(y[:-1], y[1:]),
        }
        return tf.Tensor(((x[:-1] - x[1:]) * heights[self.summation_method]).sum())

    def _area_of_precision(self) -> Any:
        """Between two thresholds hits and yeses grow in proportion, precision does not.

        hits = slope · yeses + offset, and ∫ hits / yeses d(hits) is taken in closed form. Source:
        Davis and Goadrich (2006), section 4.
        """
        hits, missed = self._of("true_positives"), self._of("false_negatives")
        yeses = hits + self._of("false_positives")
        more_hits = hits[:-1] - hits[1:]
        slope = divided(more_hits, yeses[:-1] - yeses[1:])
        offset = hits[1:] - slope * yeses[1:]
        both = (yeses[:-1] > 0) & (yeses[1:] > 0)
        growth = np.where(both, divided(yeses[:-1], yeses[1:]), 1)
        areas = slope * (more_hits + offset * np.log(growth))
        return divided(areas, hits[1:] + missed[1:]).sum()
