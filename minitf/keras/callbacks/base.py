"""Callbacks: code that fit calls at the start and end of epochs and batches.

class Shout(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(epoch, logs["loss"])

model.fit(x, y, callbacks=[Shout()])
"""

from __future__ import annotations

import copy
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


class CallbackList:
    """Calls a number of callbacks, each only for the moments that it overrides.

    group("on_epoch_end", 3, logs)
    group("on_epoch_begin", 3)           # the callbacks get {} for the logs
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
        # History comes last: other callbacks may have added to the logs.
        everyone = given if found else [*given, self.history]
        for callback in everyone:
            callback.set_params(params)
            callback.set_model(model)
        self._functions = {
            moment: [getattr(callback, moment) for callback in everyone if _has(callback, moment)]
            for moment in vars(Callback)
            if moment.startswith("on_")
        }

    def __call__(self, moment: str, *args: Any) -> None:
        functions = self._functions[moment]
        if functions and len(args) < (2 if "epoch" in moment or "batch" in moment else 1):
            args = (*args, {})  # `logs` has no default in many a callback
        for function in functions:
            function(*args)

    def without(self, callback: Callback | None) -> CallbackList:
        """The same callbacks but one."""
        fewer = copy.copy(self)
        fewer._functions = {
            moment: [f for f in functions if getattr(f, "__self__", self) is not callback]
            for moment, functions in self._functions.items()
        }
        return fewer


def _has(callback: Callback, moment: str) -> bool:
    overridden = getattr(type(callback), moment) is not getattr(Callback, moment)
    return overridden or moment in vars(callback)
