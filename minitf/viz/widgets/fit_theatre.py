"""FitTheatre: data, prediction, loss and gradient move together while a model trains.

    w, b = tf.Variable(0.0, name="w"), tf.Variable(0.0, name="b")

    def line(x):
        return w * x + b

    tf.viz.FitTheatre(x, y, line, optimizer=tf.keras.optimizers.SGD(0.1))
    tf.viz.FitTheatre(points, labels, model, loss="binary_crossentropy")     # a boundary

Your own function or model is trained, with your loss. It is only borrowed: its weights stay as
they are, until you choose "Keep these weights".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.viz import theme
from minitf.viz.landscape import log_levels
from minitf.viz.stepwise import StepwiseTraining, is_finite
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

SECONDS = 0.15  # of computing per answer: the browser then asks for more
BOWL_POINTS = 31


class FitTheatre(CourseWidget):
    """A training to step through.

    Keys: Left and Right step, Home and End jump, Space plays, P asks you for the next step, K
    keeps the weights of the step you see, T shows the table.

    With two numbers to learn, as w and b of a line, the loss is shown as a bowl with the gradient
    arrow. With more, the gradient's length is shown for every layer.

    Args:
        x: one feature, shape (n,) or (n, 1), or two, shape (n, 2).
        y: one number per row; with two features the labels of two classes.
        model: a Keras model, or a function of x.
        loss: a name, a Loss, or a function of (y_true, y_pred).
        optimizer: a name or an Optimizer; SGD(0.1) if None. It is copied.
        variables: what to train; by default the model's, or those that the function uses.
        batch_size: rows per step; all if None.
        steps: how many.

    Raises:
        ValueError: data that cannot be drawn, or nothing to train.
        TypeError: the model returns something that is no tensor.
    """

    parts = ("plot", "contours")

    def __init__(
        self,
        x: Any,
        y: Any,
        model: Callable[[Any], Any],
        loss: Any = "mse",
        optimizer: Any = None,
        variables: Sequence[Any] | None = None,
        batch_size: int | None = None,
        steps: int = 40,
    ) -> None:
        chosen = tf.keras.optimizers.get(optimizer or tf.keras.optimizers.SGD(0.1))
        self._training = StepwiseTraining(x, y, model, loss, chosen, variables, batch_size)
        self._steps = int(steps)
        self._rate = float(chosen.learning_rate)
        self._plain = type(chosen) is tf.keras.optimizers.SGD and not chosen.momentum
        self._frames: list[dict[str, Any]] = []
        self._run(float("inf"))
        self._bowl = self._make_bowl()
        super().__init__(
            x=self._training.x, y=self._training.y.reshape(-1), plane=self._training.is_plane,
            limits=self._training.limits, names=self._training.names(), steps=self._steps,
            rate=self._rate, optimizer=type(chosen).__name__, plain=self._plain,
            bowl=self._bowl, frames=[_frame_data(frame) for frame in self._frames],
        )  # fmt: skip

    def answer_train(self, data: dict[str, Any]) -> dict[str, Any]:
        """Some more frames, from the start if `rate` is given."""
        if data.get("rate") is not None:
            self._rate = float(data["rate"])
            self._training.restart(self._rate)
            self._frames = []
        first = len(self._frames)
        self._run(SECONDS)
        frames = [_frame_data(frame) for frame in self._frames[first:]]
        return {"first": first, "frames": frames, "done": self._is_done()}

    def answer_keep(self, data: dict[str, Any]) -> dict[str, Any]:
        """The model gets the weights of one frame."""
        step = int(data["step"])
        self._training.put(self._frames[step]["weights"])
        return {"step": step}

    def describe(self) -> str:
        """Start and end of the training, in numbers."""
        first, last = self._frames[0], self._frames[-1]
        lines = [
            f"Training of {sum(v.numpy().size for v in self._training.variables)} numbers on "
            f"{len(self._training.x)} examples, learning rate {self._rate:g}.",
            f"Before the first step the loss is {first['loss']:.3g}, after step {last['step']} "
            f"{last['loss']:.3g}.",
        ]
        for k, name in enumerate(self._training.names()):
            lines.append(f"- {name}: {first['numbers'][k]:.3g} -> {last['numbers'][k]:.3g}")
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """Data with the last prediction, and the loss."""
        return figure_png(self._draw, width=9, height=3.6)

    def _run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._is_done():
            self._frames.append(self._training.next())
            if time.monotonic() > end:
                break

    def _is_done(self) -> bool:
        enough = len(self._frames) > self._steps
        return enough or bool(self._frames and not is_finite(self._frames[-1]))

    def _make_bowl(self) -> dict[str, Any] | None:
        """The loss around the way that the two numbers took."""
        if not self._training.names():
            return None
        path = np.array([frame["numbers"] for frame in self._frames if is_finite(frame)])
        middle = (path.min(axis=0) + path.max(axis=0)) / 2
        half = np.maximum(0.75 * np.ptp(path, axis=0), 0.5 * np.ptp(path, axis=0).max())
        half = np.maximum(half, 0.5)
        xs, ys = (np.linspace(m - h, m + h, BOWL_POINTS) for m, h in zip(middle, half, strict=True))
        grid = self._training.loss_grid(xs, ys)
        return {"xs": xs, "ys": ys, "grid": _short(grid), "levels": log_levels(grid)}

    def _draw(self, figure: Any) -> None:
        left, right = figure.subplots(1, 2)
        training, last = self._training, self._frames[-1]
        if training.is_plane:
            xs, ys = (np.linspace(*limits, len(last["view"])) for limits in training.limits)
            left.contourf(xs, ys, last["view"], levels=[-2, 0, 2], colors=["#E3D5E6", "#D3E8D8"])
            for marker, label in zip("os", np.unique(training.y), strict=True):
                rows = training.y.reshape(-1) == label
                left.plot(*training.x[rows].T, marker, color=theme.INK, label=f"label {label:g}")
            left.legend(fontsize=9)
        else:
            left.plot(training.x.reshape(-1), training.y.reshape(-1), "o", color=theme.INK)
            xs = np.linspace(*training.limits[0], len(last["view"]))
            left.plot(xs, last["view"], color=theme.FORWARD)
        left.set_title(f"after {last['step']} steps")
        right.plot([frame["loss"] for frame in self._frames], color=theme.FORWARD)
        right.set(xlabel="step", title="loss")


def _frame_data(frame: dict[str, Any]) -> dict[str, Any]:
    """Without the weights, and with four digits: enough for a drawing."""
    kept = {name: value for name, value in frame.items() if name != "weights"}
    kept["view"] = _short(frame["view"])
    if "pulls" in frame:
        kept["pulls"] = _short(frame["pulls"])
    return kept


def _short(numbers: np.ndarray) -> Any:
    if numbers.ndim > 1:
        return [_short(row) for row in numbers]
    return [float(f"{value:.4g}") for value in numbers]
