"""Callbacks that change the learning rate between epochs.

tf.keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9)
tf.keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=2)
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.keras.callbacks.base import Callback
from minitf.keras.callbacks.improvement import Improvement


class LearningRateScheduler(Callback):
    """Sets the rate at the start of every epoch.

    Args:
        schedule: function of the epoch's number (from 0) and the rate so far, or of the number
            alone; returns a float.
        verbose: 1 prints the rate.

    Raises:
        ValueError: the schedule returns something else.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Asks the schedule."""
        optimizer = self.model.optimizer
        given = (epoch, float(optimizer.learning_rate))
        rate = self.schedule(*given) if _takes_two(self.schedule) else self.schedule(epoch)
        if not isinstance(rate, float | np.floating):
            raise ValueError(
                f"The output of the `schedule` function should be a float. Got: {rate!r}."
            )
        optimizer.learning_rate = float(rate)
        if self.verbose:
            print(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds the rate to the logs."""
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class ReduceLROnPlateau(Callback):
    """Multiplies the rate by a factor when a metric no longer improves.

    Args:
        monitor: the metric's name in the logs.
        factor: below 1.
        patience: so many epochs without improvement are borne.
        verbose: 1 prints each change.
        mode: "min", "max" or "auto" (max for accuracies, else min).
        min_delta: a smaller change is no improvement.
        cooldown: so many epochs after a change are not looked at.
        min_lr: the rate does not fall below.

    Raises:
        ValueError: a factor of 1 or more, or an unknown mode.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__()
        if factor >= 1.0:
            raise ValueError(
                f"ReduceLROnPlateau does not support a factor >= 1.0. Received factor={factor}"
            )
        self._improvement = Improvement(monitor, mode, min_delta)
        self.monitor, self.factor, self.patience = monitor, factor, patience
        self.verbose, self.cooldown, self.min_lr = verbose, cooldown, min_lr

    def on_train_begin(self, logs: Any = None) -> None:
        """Forgets earlier training."""
        self.best: float | None = None
        self.wait = self.cooldown_counter = 0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Compares the epoch with the best one."""
        logs = {} if logs is None else logs
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        current = logs.get(self.monitor)
        if current is None:
            warnings.warn(
                f"Learning rate reduction is conditioned on metric `{self.monitor}` which is not "
                f"available. Available metrics are: {','.join(logs)}.",
                stacklevel=2,
            )
            return
        if self.cooldown_counter:
            self.cooldown_counter -= 1
            self.wait = 0
        if self._improvement.over(current, self.best):
            self.best, self.wait = current, 0
        elif not self.cooldown_counter:
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch)

    def _reduce(self, epoch: int) -> None:
        optimizer = self.model.optimizer
        old = float(optimizer.learning_rate)
        if old <= np.float32(self.min_lr):
            return
        new = max(old * self.factor, self.min_lr)
        optimizer.learning_rate = new
        self.cooldown_counter, self.wait = self.cooldown, 0
        if self.verbose:
            print(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {new}.")


def _takes_two(schedule: Callable[..., float]) -> bool:
    """Does the function ask for the rate so far? Older ones have the epoch alone."""
    try:
        inspect.signature(schedule).bind(0, 0.0)
    except TypeError:
        return False
    return True
