"""TrainingMonitor: loss, metrics and gradient norms while a model trains, and a stop button.

    monitor = tf.viz.TrainingMonitor()
    model.fit(x, y, epochs=5, callbacks=[monitor.callback])

    monitor = tf.viz.TrainingMonitor(steps=1000)
    for step in range(1000):                    # or in a loop of your own
        ...
        monitor.log(step, loss=loss, gradients=zip(gradients, variables))
        if monitor.stop_wanted:
            break

How the button is heard while a cell runs: JupyterLab sends what widgets say through a "subshell", a
thread of its own in the kernel (ipykernel 7 and newer), and the handler here only notes the wish.
The training looks at the note after each batch; see hear_while_busy. A front end without subshells
delivers the message after the cell: the browser's half then names the kernel's interrupt button.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from typing import Any

import minitf as tf
from minitf.keras.callbacks import Callback
from minitf.viz import theme
from minitf.viz.notebook import after_cell, cell_number, hear_while_busy, show_now
from minitf.viz.training_record import TrainingRecord, by_layer, norm_of
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

SECONDS = 0.2  # between two messages to the browser: five a second are as many as one can read


class TrainingMonitor(CourseWidget):
    """Live curves of a training. Shows itself when training begins, if no cell has shown it.

    Keys: S stops the training after the running batch, T shows the table.

    With `fit` the loss is what Keras logs: the mean over the epoch so far. Gradients are seen as
    the optimizer gets them, before clipping; a layer's norm is that of its kernel and bias
    together.

    Args:
        steps: how many steps a loop of your own will take, for the progress bar; `fit` tells it.

    Attributes:
        callback: for `fit(callbacks=[...])`.
        stop_wanted: True once the button was pressed.
    """

    parts = ("plot",)

    def __init__(self, steps: int = 0) -> None:
        self.callback = _MonitorCallback(self)
        self.stop_wanted = False
        self._steps = int(steps)
        self._record = TrainingRecord()
        self._status, self._total, self._epoch = "waiting", 0, ""
        self._sent, self._waiting_for_end = 0.0, False
        self._handle: Any = None
        self._shown_by_learner = False
        self._shown_in: int | None = None  # the cell in which it showed itself
        super().__init__(**self._state())

    def log(
        self,
        step: int,
        loss: Any = None,
        gradients: Any = None,
        **metrics: Any,
    ) -> None:
        """Notes one step of a training loop of your own.

        Args:
            step: its number; grows from call to call.
            loss: a number or tensor of shape ().
            gradients: {name: gradient}, (gradient, variable) pairs, or a list of gradients.
            metrics: more numbers, as accuracy=0.9.

        Raises:
            TypeError: a loss or metric that is no single number.
        """
        if self._status in ("waiting", "finished", "stopped", "interrupted"):
            self._begin(self._steps)
        given = {"loss": loss, **metrics}
        numbers = {name: _number(name, v) for name, v in given.items() if v is not None}
        norms = None if gradients is None else _norms(gradients)
        self._note(int(step), numbers, norms)

    def clear(self) -> None:
        """Forgets everything noted so far."""
        self._record = TrainingRecord()
        self._status = "waiting"
        self.flush()

    def answer_stop(self, data: dict[str, Any]) -> dict[str, Any]:
        """The button was pressed. Runs in another thread than the training: it only notes it."""
        self.stop_wanted = True
        return {"status": self._status}

    def flush(self) -> None:
        """Sends the browser what it does not know yet."""
        self._sent = time.monotonic()
        self.update(**self._state())
        hear_while_busy(self)

    def describe(self) -> str:
        """The last numbers in words."""
        last = self._record.last
        if last is None:
            return (
                "TrainingMonitor: no step yet. Give it to training: "
                "model.fit(..., callbacks=[monitor.callback])."
            )
        lines = [f"Training, {self._status}, at step {last[0]}: {_in_words(last[1])}."]
        if self._record.bad:
            lines.append(_about_bad(*self._record.bad))
        norms = self._record.curves()["norms"]
        lines += [f"- gradient of {name}: {_brief(p[-1][1])}" for name, p in norms.items()]
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """The loss, and the gradient norms, over the steps."""
        return figure_png(self._draw, width=9, height=3.4)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
        self.flush()
        if self._shown_in is not None and self._shown_in == cell_number():
            return {"text/plain": "(The monitor is shown above.)"}, {}
        self._shown_by_learner = True
        return super()._repr_mimebundle_(**options)

    # -- called by the callback and by log ----------------------------------------------------

    def _begin(self, total: int = 0) -> None:
        self.stop_wanted = False
        self._status, self._total = "training", total
        if not self._waiting_for_end:
            after_cell(self._cell_ended)
            self._waiting_for_end = True
        self.flush()
        if not self._shown_by_learner and self._shown_in != cell_number():
            self._handle = show_now(self)
            self._shown_by_learner, self._shown_in = False, cell_number()

    def _note(
        self, step: int, metrics: dict[str, float], norms: dict[str, float | None] | None
    ) -> None:
        self._record.add(step, metrics, norms)
        if time.monotonic() - self._sent >= SECONDS:
            self.flush()

    def _end(self, status: str) -> None:
        self._status = status
        self.flush()
        if self._handle is not None:
            self._shown_in = None
            self._handle.update(self)  # the stored notebook keeps the last picture
            self._shown_by_learner, self._shown_in, self._handle = False, cell_number(), None

    def _cell_ended(self) -> None:
        """The cell is over, whether it ran to its end or was interrupted."""
        self._waiting_for_end = False
        if self._status == "training":
            self.callback.detach()
            stopped = "stopped" if self.stop_wanted else "finished"
            self._end("interrupted" if self.callback.running else stopped)
            self.callback.running = False

    def _state(self) -> dict[str, Any]:
        bad = self._record.bad
        return {
            **self._record.curves(),
            "status": self._status,
            "total": self._total,
            "epoch": self._epoch,
            "bad": _about_bad(*bad) if bad else "",
        }

    def _draw(self, figure: Any) -> None:
        left, right = figure.subplots(1, 2)
        curves = self._record.curves()
        for name, points in curves["metrics"].items():
            if "loss" in name:
                style = "--" if name.startswith("val_") else "-"
                left.plot(*_finite(points), style, color=theme.FORWARD, label=name)
        for k, (name, points) in enumerate(curves["norms"].items()):
            right.plot(*_finite(points), ("-", "--", ":", "-.")[k % 4], label=name)
        left.set(xlabel="step", title="loss")
        right.set(xlabel="step", title="gradient norm of each layer")
        if any(v and v > 0 for points in curves["norms"].values() for _, v in points):
            right.set_yscale("log")
        for axes in (left, right):
            if axes.lines:
                axes.legend(fontsize=9)


class _MonitorCallback(Callback):
    """What fit calls; `observe` is what the optimizer calls at each step, with the gradients."""

    def __init__(self, monitor: TrainingMonitor) -> None:
        super().__init__()
        self.running = False
        self._monitor = monitor
        self._step = 0
        self._norms: dict[str, float | None] | None = None
        self._optimizer: Any = None

    def on_train_begin(self, logs: Any = None) -> None:
        monitor = self._monitor
        self.detach()  # an earlier training may have been interrupted
        self._optimizer = getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)
        self._optimizer.observers.append(self._observe)
        self.running = True
        last = monitor._record.last
        self._step = last[0] + 1 if last else 0  # a second fit goes on where the first one ended
        steps = self.params.get("steps") or 0
        monitor._begin(self._step + steps * (self.params.get("epochs") or 1))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._monitor._epoch = f"epoch {epoch + 1} of {self.params.get('epochs')}"

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        numbers = {name: float(value) for name, value in (logs or {}).items()}
        self._monitor._note(self._step, numbers, self._norms)
        self._norms = None
        self._step += 1
        if self._monitor.stop_wanted:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        found = {n: float(v) for n, v in (logs or {}).items() if n.startswith("val_")}
        if found:
            self._monitor._note(self._step - 1, found, None)

    def on_train_end(self, logs: Any = None) -> None:
        self.detach()
        self.running = False
        self._monitor._end("stopped" if self._monitor.stop_wanted else "finished")

    def detach(self) -> None:
        """No longer looks at the gradients."""
        if self._optimizer is not None and self._observe in self._optimizer.observers:
            self._optimizer.observers.remove(self._observe)

    def _observe(self, gradients: list[tf.Tensor], variables: list[tf.Variable]) -> None:
        if self._monitor._record.wants_norms():
            self._norms = by_layer(gradients, variables)
        else:
            self._monitor._record.skip_norms()


def _norms(gradients: Any) -> dict[str, float | None]:
    if isinstance(gradients, Mapping):
        return {str(name): norm_of([gradient]) for name, gradient in gradients.items()}
    if not isinstance(gradients, Iterable):
        raise TypeError(
            "gradients are a dict by name, (gradient, variable) pairs or a list, got "
            f"{gradients!r}."
        )
    listed = list(gradients)
    if listed and all(isinstance(entry, tuple) and len(entry) == 2 for entry in listed):
        return by_layer([gradient for gradient, _ in listed], [variable for _, variable in listed])
    return {f"gradient {k}": norm_of([gradient]) for k, gradient in enumerate(listed)}


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{name} must be a single number, got {value!r}. Is a tf.reduce_mean missing?"
        ) from error


def _about_bad(step: int, name: str) -> str:
    return (
        f"The {name} was no longer a finite number at step {step}. What came later means nothing. "
        "Usual causes: a learning rate that is too large (try a tenth of it, or clipnorm=1), "
        "log(0) or a division by 0 in the loss, or nan in the data."
    )


def _in_words(metrics: dict[str, float]) -> str:
    return ", ".join(f"{name} {_brief(value)}" for name, value in metrics.items())


def _brief(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"


def _finite(points: list[list[Any]]) -> tuple[list[int], list[float]]:
    kept = [(s, v) for s, v in points if v is not None and math.isfinite(v)]
    return [s for s, _ in kept], [v for _, v in kept]
