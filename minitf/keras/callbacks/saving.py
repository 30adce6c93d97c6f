"""ModelCheckpoint: saves the model while it is trained.

tf.keras.callbacks.ModelCheckpoint("best.keras", monitor="val_loss", save_best_only=True)
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from minitf.keras.callbacks.base import Callback
from minitf.keras.callbacks.improvement import Improvement


class ModelCheckpoint(Callback):
    """Saves at the end of epochs, or after every so many batches.

    Args:
        filepath: may hold {epoch:02d} and the names of metrics, such as {val_loss:.2f}; ends in
            .keras, or in .weights.h5 for the weights alone.
        monitor: the metric's name in the logs, for save_best_only.
        verbose: 1 prints what happens.
        save_best_only: True leaves a better file as it is.
        save_weights_only: True for the weights alone.
        mode: "min", "max" or "auto" (max for accuracies, else min).
        save_freq: "epoch", or a number of batches.
        initial_value_threshold: the value to beat at first.

    Raises:
        ValueError: a wrong ending, save_freq or mode.
        KeyError: the path names a metric that there is not.
    """

    def __init__(
        self,
        filepath: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__()
        self.filepath = os.fspath(filepath)
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise ValueError(
                f"Unrecognized save_freq: {save_freq!r}. Expected save_freq are 'epoch' or integer "
                "values."
            )
        endings = (".weights.h5",) if save_weights_only else (".keras", ".h5")
        if not self.filepath.endswith(endings):
            kind = "weights" if save_weights_only else "model"
            raise ValueError(
                f"The filepath provided must end in `{endings[0]}` (for a {kind}). Received: "
                f"filepath={self.filepath}"
            )
        self._improvement = Improvement(monitor, mode)
        self.monitor, self.verbose = monitor, verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.save_freq, self.best = save_freq, initial_value_threshold
        self._epoch = self._batches = 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Notes the epoch's number."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Saves, if it is time."""
        if self.save_freq == "epoch":
            return
        self._batches += 1
        if self._batches >= self.save_freq:
            self._batches = 0
            self._save({"batch": batch + 1} | (logs or {}))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Saves, unless batches are counted."""
        if self.save_freq == "epoch":
            self._save(logs or {})

    def _save(self, logs: dict[str, Any]) -> None:
        path = self._path(logs)
        if not self._is_wanted(logs):
            return
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path)
        else:
            self.model.save(path)
        if self.verbose:
            print(f"\nEpoch {self._epoch + 1}: finished saving model to {path}")

    def _is_wanted(self, logs: dict[str, Any]) -> bool:
        if not self.save_best_only:
            return True
        current = logs.get(self.monitor)
        if current is None:
            warnings.warn(f"Can save best model only with {self.monitor} available.", stacklevel=2)
            return True
        if not self._improvement.over(float(current), self.best):
            if self.verbose:
                print(f"\nEpoch {self._epoch + 1}: {self.monitor} did not improve from {self.best}")
            return False
        self.best = float(current)
        return True

    def _path(self, logs: dict[str, Any]) -> str:
        try:
            return self.filepath.format(epoch=self._epoch + 1, **logs)
        except KeyError as error:
            raise KeyError(
                f"Failed to format this callback filepath: {self.filepath!r}. Reason: {error}. "
                f"There are epoch, {', '.join(logs)}."
            ) from None
