"""Is this number better than that? For a loss, smaller is; for an accuracy, larger.

Improvement("val_accuracy").over(0.98, 0.97)      # True
"""

from __future__ import annotations

# What is better the larger it is; of these metrics Keras says so itself.
_RISING = (
    "acc", "accuracy", "auc", "precision", "recall", "f1_score", "fbeta_score",
    "cosine_similarity",
)  # fmt: skip


class Improvement:
    """Compares values of one metric.

    Args:
        monitor: the metric's name.
        mode: "min", "max", or "auto": max for accuracies and the like, else min.
        min_delta: a smaller change is no improvement.

    Raises:
        ValueError: an unknown mode.
    """

    def __init__(self, monitor: str, mode: str = "auto", min_delta: float = 0.0) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"`mode` must be 'auto', 'min' or 'max', got {mode!r}.")
        rising = mode == "max" or (mode == "auto" and monitor.endswith(_RISING))
        self._sign = -1.0 if rising else 1.0  # times this, smaller is always better
        self._min_delta = abs(min_delta)

    def over(self, current: float, reference: float | None) -> bool:
        """True if `current` is better than `reference`, or there is none yet."""
        if reference is None:
            return True
        return self._sign * (current - reference) < -self._min_delta
