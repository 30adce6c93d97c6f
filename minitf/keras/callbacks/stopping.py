"""Callbacks that stop training: EarlyStopping, TerminateOnNaN.

model.fit(x, y, epochs=100, callbacks=[tf.keras.callbacks.EarlyStopping(monitor="loss")])
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from minitf.keras.callbacks.base import Callback
from minitf.keras.callbacks.improvement import Improvement


class TerminateOnNaN(Callback):
    """Stops training at the first batch whose loss is nan or infinite."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Looks at the loss."""
        loss = float((logs or {}).get("loss", 0.0))
        if math.isnan(loss) or math.isinf(loss):
            print(f"Batch {batch}: Invalid loss, terminating training")
            self.model.stop_training = True


class EarlyStopping(Callback):
    """Stops training when a metric no longer improves.

    Args:
        monitor: the metric's name in the logs.
        min_delta: a smaller change is no improvement.
        patience: so many epochs without improvement are borne.
        verbose: 1 prints when it stops.
        mode: "min", "max" or "auto" (max for accuracies, else min).
        baseline: training stops unless this value is beaten.
        restore_best_weights: True goes back to the weights of the best epoch at the end.
        start_from_epoch: the first epochs are not looked at.

    Raises:
        ValueError: an unknown mode, or (in training) a metric that the model does not have.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__()
        self._improvement, self._mode = Improvement(monitor, mode, min_delta), mode
        self.monitor, self.patience, self.verbose = monitor, patience, verbose
        self.baseline = baseline
        self.restore_best_weights, self.start_from_epoch = restore_best_weights, start_from_epoch

    def on_train_begin(self, logs: Any = None) -> None:
        """Forgets earlier training."""
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best: float | None = None
        self.best_weights: list[Any] | None = None

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Compares the epoch with the best one."""
        current = (logs or {}).get(self.monitor)
        if current is None:
            if self._mode == "auto" and self.monitor.removeprefix("val_") not in (logs or {}):
                raise ValueError(
                    f"EarlyStopping received monitor={self.monitor!r}, which is neither the loss "
                    "nor a metric of this model, so it cannot be known whether more or less is "
                    f"better. There are {sorted(logs or {})}. Check the name, or "
                    "pass mode='min' or 'max'."
                )
            warnings.warn(
                f"Early stopping conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs or {})}. val_ metrics need "
                "validation_data.",
                stacklevel=2,
            )
            return
        if epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._remember(epoch)
        self.wait += 1
        if self._improvement.over(current, self.best):
            self.best = current
            self._remember(epoch)
            if self.baseline is None or self._improvement.over(current, self.baseline):
                self.wait = 0
            return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Any = None) -> None:
        """Reports, and goes back to the best weights if asked to."""
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            self.model.set_weights(self.best_weights)

    def _remember(self, epoch: int) -> None:
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()
