"""Callbacks: code that fit calls at the start and end of epochs and batches.

    class Shout(tf.keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            print(epoch, logs["loss"])

    model.fit(x, y, callbacks=[Shout(), tf.keras.callbacks.EarlyStopping(monitor="loss")])
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any


class Callback:
    """Base class: override the moments you need. `self.model` is the model being trained."""

    def __init__(self) -> None:
        self.model: Any = None
        self.params: dict[str, Any] = {}

    def set_model(self, model: Any) -> None:
        """Called before anything else."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Called before anything else: epochs, steps, verbose."""
        self.params = params

    def on_train_begin(self, logs: Any = None) -> None: ...
    def on_train_end(self, logs: Any = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None: ...
    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_test_begin(self, logs: Any = None) -> None: ...
    def on_test_end(self, logs: Any = None) -> None: ...
    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_test_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_begin(self, logs: Any = None) -> None: ...
    def on_predict_end(self, logs: Any = None) -> None: ...
    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None: ...


class History(Callback):
    """What fit returns.

    Attributes:
        epoch: numbers of the epochs, from 0.
        history: for each metric a list with its value after each epoch.
    """

    def on_train_begin(self, logs: Any = None) -> None:
        """Starts empty."""
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Notes the epoch's values."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """A callback from functions: LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs)).

    Raises:
        TypeError: a name that is no moment of training.
    """

    def __init__(self, **functions: Callable[..., None]) -> None:
        super().__init__()
        for name, function in functions.items():
            if not name.startswith("on_") or not hasattr(Callback, name):
                known = [key for key in vars(Callback) if key.startswith("on_")]
                raise TypeError(f"LambdaCallback does not know {name!r}, but {known}.")
            if function is not None:
                setattr(self, name, function)


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
        ValueError: an unknown mode.
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
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"EarlyStopping: mode must be 'auto', 'min' or 'max', got {mode!r}.")
        rising = mode == "max" or (mode == "auto" and monitor.endswith(("acc", "accuracy")))
        self._sign = -1.0 if rising else 1.0  # times this, smaller is always better
        self.monitor, self.patience, self.verbose = monitor, patience, verbose
        self.min_delta, self.baseline = abs(min_delta), baseline
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
        if self._improves(current, self.best):
            self.best = current
            self._remember(epoch)
            if self.baseline is None or self._improves(current, self.baseline):
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

    def _improves(self, current: float, reference: float | None) -> bool:
        if reference is None:
            return True
        return self._sign * (current - reference) < -self.min_delta

    def _remember(self, epoch: int) -> None:
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()


class CallbackList:
    """Calls a number of callbacks, each only for the moments that it overrides.

    group("on_epoch_end", 3, logs)
    """

    def __init__(self, callbacks: list[Any], model: Any, params: dict[str, Any]) -> None:
        given = [callback for callback in callbacks if callback is not None]
        for callback in given:
            if not isinstance(callback, Callback):
                raise TypeError(
                    f"callbacks must be Callback objects, got {callback!r}. Make one of a function "
                    "with LambdaCallback(on_epoch_end=function)."
                )
        found = [callback for callback in given if isinstance(callback, History)]
        self.history = found[0] if found else History()
        for callback in [self.history, *given]:
            callback.set_params(params)
            callback.set_model(model)
        everyone = given if found else [self.history, *given]
        self._functions = {
            moment: [getattr(callback, moment) for callback in everyone if _has(callback, moment)]
            for moment in vars(Callback)
            if moment.startswith("on_")
        }

    def __call__(self, moment: str, *args: Any) -> None:
        for function in self._functions[moment]:
            function(*args)


def _has(callback: Callback, moment: str) -> bool:
    overridden = getattr(type(callback), moment) is not getattr(Callback, moment)
    return overridden or moment in vars(callback)
