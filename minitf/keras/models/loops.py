"""fit, evaluate, predict: the steps of trainer.py, repeated over batches and epochs.

history = model.fit(x, y, epochs=5, validation_data=(x_test, y_test))
history.history["loss"]      # one number per epoch
model.evaluate(x_test, y_test)
model.predict(x_test)
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.arguments import as_list
from minitf.keras.callbacks import CallbackList, History
from minitf.keras.models.batches import batches_of, size_of, split_off
from minitf.keras.models.trainer import Trainer, as_numbers
from minitf.keras.progress import progress_callback


class Loops(Trainer):
    """The loops of Model."""

    history: History | None = None

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
    ) -> History:
        """Trains for a number of epochs.

        Args:
            x: arrays with one row per example, or a dataset of (x, y) batches.
            y: labels, one per example.
            batch_size: 32 if None; not with a dataset.
            epochs: number of the epoch to end with, counted from `initial_epoch`.
            verbose: 1 a progress bar, 2 one line per epoch without timings, 0 silent; "auto" is
                1 in a terminal or notebook, else 2.
            callbacks: list of Callback objects.
            validation_split: this last part of the arrays is kept for validation.
            validation_data: (x, y) or a dataset to evaluate on after each epoch.
            shuffle: False keeps the order of the arrays; a dataset shuffles by itself.
            class_weight: factor by class number, 1 for those without one, for data in which some
                classes are rare.
            sample_weight: one factor per example.
            initial_epoch: number of the first epoch.
            steps_per_epoch: batches per epoch, for datasets without an end.
            validation_steps: batches of the validation data to use.
            validation_batch_size: batch_size if None.
            validation_freq: validates after every so many epochs.

        Returns:
            History: `.history` has a list with one number per epoch for each metric.

        Raises:
            ValueError: compile() is missing, arrays of different lengths, or one that is too
                small to split, or both class_weight and sample_weight.
        """
        self._check_compiled("fit")
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = split_off(
                x, y, sample_weight, validation_split
            )
        batches = batches_of(x, y, sample_weight, batch_size, shuffle, class_weight)
        steps = steps_per_epoch or size_of(batches)
        progress = progress_callback(verbose)
        group = CallbackList(
            [*as_list(callbacks), progress],
            self,
            {"epochs": epochs, "steps": steps, "verbose": verbose},
        )
        self.history, self.stop_training = group.history, False
        source = _Steps(batches, steps_per_epoch)
        validating = {
            "batch_size": validation_batch_size or batch_size,
            "steps": validation_steps,
            "callbacks": group.without(progress),
        }
        logs: dict[str, Any] = {}
        group("on_train_begin")
        for epoch in range(initial_epoch, epochs):
            logs = self._train_epoch(epoch, source, group)
            if validation_data is not None and (epoch + 1) % validation_freq == 0:
                logs |= self._validate(validation_data, validating)
            group("on_epoch_end", epoch, logs)
            _warn_about_nan(logs, epoch)
            if self.stop_training:
                break
        self.optimizer.finalize_variable_values(self.trainable_variables)
        group("on_train_end", logs)
        return self.history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Loss and metrics on data the model is not trained on.

        Args:
            x, y, batch_size, verbose, sample_weight, callbacks: as for fit.
            steps: number of batches to use; all if None.
            return_dict: True for a dict by name.

        Returns:
            The loss, or a list [loss, *metrics] in the order of `metrics_names`.
        """
        self._check_compiled("evaluate")
        batches = batches_of(x, y, sample_weight, batch_size)
        group = self._one_pass(callbacks, verbose, steps or size_of(batches))
        self.reset_metrics()
        group("on_test_begin")
        logs: dict[str, Any] = {}
        for step, data in enumerate(_Steps(batches, steps).epoch()):
            group("on_test_batch_begin", step)
            logs = self.test_step(data)
            group("on_test_batch_end", step, logs)
        numbers = as_numbers(logs)
        group("on_test_end", numbers)
        return numbers if return_dict else self._in_order(numbers)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> Any:
        """The model's outputs for all rows of x, as NumPy arrays.

        Args:
            x: arrays, or a dataset of x or (x, y) batches.
            batch_size, verbose, steps, callbacks: as for evaluate.
        """
        batches = batches_of(x, batch_size=batch_size)
        group = self._one_pass(callbacks, verbose, steps or size_of(batches))
        group("on_predict_begin")
        outputs = []
        for step, data in enumerate(_Steps(batches, steps).epoch()):
            group("on_predict_batch_begin", step)
            outputs.append(self.predict_step(data))
            group("on_predict_batch_end", step, {"outputs": outputs[-1]})
        group("on_predict_end")
        return tf.nest.map_structure(_joined, *outputs)

    def _one_pass(self, callbacks: Any, verbose: int | str, steps: int | None) -> CallbackList:
        """The callbacks of evaluate and predict; those of a running fit are ready."""
        if isinstance(callbacks, CallbackList):
            return callbacks
        params = {"epochs": 1, "steps": steps, "verbose": verbose}
        return CallbackList([*as_list(callbacks), progress_callback(verbose)], self, params)

    def _train_epoch(self, epoch: int, source: _Steps, group: CallbackList) -> dict[str, Any]:
        self.reset_metrics()
        group("on_epoch_begin", epoch)
        self._variables_in_training = None  # a callback may have frozen a layer
        self._train_function.begin_epoch()
        logs: dict[str, Any] = {}
        for step, data in enumerate(source.epoch()):
            group("on_train_batch_begin", step)
            logs = self._train_function(data)
            group("on_train_batch_end", step, logs)
            if self.stop_training:
                break
        return as_numbers(logs)

    def _validate(self, data: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        if isinstance(data, list | tuple):
            x, y, *rest = data
            weights = rest[0] if rest else None
            arguments = arguments | {"y": y, "sample_weight": weights}
        else:
            x = data
            arguments = {key: arguments[key] for key in ("steps", "callbacks")}
        logs = self.evaluate(x, verbose=0, return_dict=True, **arguments)
        return {f"val_{name}": value for name, value in logs.items()}


class _Steps:
    """The batches of one epoch after another.

    With a number of steps per epoch, an epoch takes up where the last one ended.
    """

    def __init__(self, batches: Any, steps: int | None) -> None:
        self._batches, self._steps = batches, steps
        self._running: Iterator[Any] | None = None

    def epoch(self) -> Iterator[Any]:
        if self._steps is None:
            yield from self._batches
            return
        for done in range(self._steps):
            data = self._next()
            if data is None:
                warnings.warn(
                    f"Your input ran out of data after {done} of {self._steps} steps: the epoch "
                    "ends here. Use dataset.repeat(), or fewer steps.",
                    stacklevel=4,
                )
                return
            yield data

    def _next(self) -> Any:
        """The next batch, from a new pass if this one is over; None if there is nothing at all."""
        for _ in range(2):
            if self._running is None:
                self._running = iter(self._batches)
            for data in self._running:
                return data
            self._running = None
        return None


def _warn_about_nan(logs: dict[str, Any], epoch: int) -> None:
    if math.isnan(logs.get("loss", 0.0)):
        warnings.warn(
            f"The loss became nan in epoch {epoch + 1}. Usual causes: a learning rate that is too "
            "large, log(0) or a division by 0 in a loss of your own, or nan in the data "
            "(np.isnan(x).any()). callbacks=[tf.keras.callbacks.TerminateOnNaN()] stops at the "
            "first such batch.",
            stacklevel=3,
        )


def _joined(*parts: tf.Tensor) -> np.ndarray:
    return np.concatenate([np.atleast_1d(part._value) for part in parts])
