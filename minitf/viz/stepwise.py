"""StepwiseTraining: a training of the learner's model, one step at a time, each step written down.

    training = StepwiseTraining(x, y, line, "mse", tf.keras.optimizers.SGD(0.1))
    training.next()          # {"loss": 4.2, "weights": ..., "view": ..., ...} before the first step
    training.next()          # after it
    training.restart(rate=0.2)

Between calls the model's variables hold what they held before: a training only borrows them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras import losses
from minitf.viz.race import fresh
from minitf.viz.training_record import by_layer

CURVE_POINTS = 61
PLANE_POINTS = 31


class StepwiseTraining:
    """Trains with batches in the order of the data, or with all data at once.

    Args:
        x: features, shape (n,), (n, 1) or (n, 2).
        y: labels, n numbers; for two features two classes, 0 and 1 or -1 and 1.
        model: a Keras model or a function of x.
        loss: a name, a Loss or a function of (y_true, y_pred).
        optimizer: is copied, not changed.
        variables: what to train; the model's, or those the function uses, if None.
        batch_size: rows per step; all if None.

    Raises:
        ValueError: shapes that cannot be drawn, or nothing to train.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        model: Callable[[Any], Any],
        loss: Any,
        optimizer: Any,
        variables: Sequence[Any] | None = None,
        batch_size: int | None = None,
    ) -> None:
        self.x, self.y = _as_floats(x), np.asarray(tf.convert_to_tensor(y))
        _check_shapes(self.x, self.y)
        self.is_plane = self.x.ndim == 2 and self.x.shape[1] == 2
        self._model = model
        found = losses.as_loss(loss)
        if found is None:
            raise ValueError("FitTheatre needs a loss: a name such as 'mse', or your function.")
        self._loss = found
        self.variables = self._found_variables(variables)
        self._start = [variable.numpy() for variable in self.variables]
        self._optimizer_given = optimizer
        self._batch = batch_size or len(self.x)
        self.limits = [_limits(column) for column in self.x.reshape(len(self.x), -1).T]
        self.restart()

    def restart(self, rate: float | None = None) -> None:
        """Back to the first weights, with a fresh optimizer of this learning rate."""
        own = float(self._optimizer_given.learning_rate)
        self._optimizer = fresh(self._optimizer_given, 1.0 if rate is None else rate / own)
        self._now = [np.copy(value) for value in self._start]
        self._pending: list[Any] | None = None
        self._step = 0

    def next(self) -> dict[str, Any]:
        """The next frame: the first one shows the start, each later one follows a step."""
        before = [variable.numpy() for variable in self.variables]
        self._put(self._now)
        try:
            with np.errstate(all="ignore"):
                if self._pending is not None:
                    pairs = zip(self._pending, self.variables, strict=True)
                    self._optimizer.apply_gradients(pairs)
                    self._now = [variable.numpy() for variable in self.variables]
                return self._frame()
        finally:
            self._put(before)

    def put(self, weights: list[np.ndarray]) -> None:
        """Gives the model these weights, to keep."""
        self._put(weights)

    def loss_grid(self, firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """The loss on all data for pairs of the two numbers; shape (len(seconds), len(firsts))."""
        before = [variable.numpy() for variable in self.variables]
        try:
            with np.errstate(all="ignore"):
                return np.array([[self._loss_at(a, b) for a in firsts] for b in seconds])
        finally:
            self._put(before)

    def names(self) -> list[str]:
        """A name for each number of the model, if it has two."""
        plain = [str(variable.name).split(":")[0] for variable in self.variables]
        sizes = [int(np.size(value)) for value in self._start]
        if sizes == [2]:
            return [f"{plain[0]}[0]", f"{plain[0]}[1]"]
        return plain if sizes == [1, 1] else []

    def _frame(self) -> dict[str, Any]:
        rows = self._rows()
        x, y = tf.constant(self.x[rows]), tf.constant(self.y[rows])
        with tf.GradientTape() as tape:
            predictions = self._call(x)
            loss = self._loss(y, predictions)
        zero = tf.UnconnectedGradients.ZERO
        found = tape.gradient(loss, [*self.variables, predictions], unconnected_gradients=zero)
        self._pending, pull = found[:-1], found[-1]
        frame = {
            "step": self._step,
            "loss": float(loss),
            "norms": by_layer(self._pending, self.variables),
            "view": self._view(),
            "weights": self._now,
        }
        if self.names():
            flat = [np.concatenate([np.ravel(v) for v in values]) for values in (
                self._now, [gradient.numpy() for gradient in self._pending]
            )]  # fmt: skip
            frame |= {"numbers": flat[0], "gradient": flat[1]}
        if not self.is_plane:
            pairs = [self.x[rows].reshape(-1), predictions.numpy().reshape(-1)]
            frame["pulls"] = np.stack([*pairs, pull.numpy().reshape(-1)], axis=1)
        self._step += 1
        return frame

    def _rows(self) -> slice:
        """The rows of this step; a last batch that is too short starts the data anew."""
        batches = max(1, len(self.x) // self._batch)
        first = (self._step % batches) * self._batch
        return slice(first, first + self._batch)

    def _view(self) -> np.ndarray:
        """What the model says all over the picture: a curve, or a score for each point."""
        if not self.is_plane:
            at = np.linspace(*self.limits[0], CURVE_POINTS, dtype=np.float32)
            given = at.reshape(-1, 1) if self.x.ndim == 2 else at
            return self._call(tf.constant(given)).numpy().reshape(-1)
        xs, ys = (np.linspace(*limits, PLANE_POINTS, dtype=np.float32) for limits in self.limits)
        points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        scores = self._scores(self._call(tf.constant(points)).numpy())
        return scores.reshape(PLANE_POINTS, PLANE_POINTS)

    def _scores(self, outputs: np.ndarray) -> np.ndarray:
        """From -1, surely the first class, to 1, surely the second; 0 is the boundary."""
        if outputs.ndim == 2 and outputs.shape[1] == 2:
            difference = outputs[:, 1] - outputs[:, 0]
            return np.tanh(difference / 2) if self._gives_logits() else difference
        outputs = outputs.reshape(-1)
        if self.y.min() < 0:  # labels -1 and 1
            return np.clip(outputs, -1, 1)
        return np.tanh(outputs / 2) if self._gives_logits() else np.clip(2 * outputs - 1, -1, 1)

    def _gives_logits(self) -> bool:
        return bool(getattr(self._loss, "_fn_kwargs", {}).get("from_logits", False))

    def _loss_at(self, first: float, second: float) -> float:
        numbers, used = np.array([first, second]), 0
        for variable, start in zip(self.variables, self._start, strict=True):
            part = numbers[used : used + start.size]
            variable.assign(part.reshape(start.shape).astype(start.dtype))
            used += start.size
        return float(self._loss(tf.constant(self.y), self._call(tf.constant(self.x))))

    def _call(self, x: tf.Tensor) -> Any:
        outputs = self._model(x)
        if not isinstance(outputs, tf.Tensor):
            raise TypeError(
                f"The model returned a {type(outputs).__name__}, and no gradient can flow through "
                "that. Compute the prediction from x with tf operations, without .numpy()."
            )
        return outputs

    def _found_variables(self, given: Sequence[Any] | None) -> list[Any]:
        with tf.GradientTape() as tape:
            outputs = self._call(tf.constant(self.x))
        if tuple(outputs.shape[:1]) != (len(self.x),):
            raise ValueError(
                f"The model must return one prediction per row: for {len(self.x)} rows it returned "
                f"shape {outputs.shape}."
            )
        seen = getattr(self._model, "trainable_variables", tape.watched_variables())
        found = list(seen if given is None else given)
        if not found:
            raise ValueError(
                "There is nothing to train: the model uses no tf.Variable. Keep what is to be "
                "learned in variables, as w = tf.Variable(0.0)."
            )
        return found

    def _put(self, values: list[np.ndarray]) -> None:
        for variable, value in zip(self.variables, values, strict=True):
            variable.assign(value)


def is_finite(frame: dict[str, Any]) -> bool:
    """False once the training has diverged."""
    return math.isfinite(frame["loss"]) and all(np.isfinite(w).all() for w in frame["weights"])


def _as_floats(x: Any) -> np.ndarray:
    return np.asarray(tf.convert_to_tensor(x)).astype(np.float32, copy=False)


def _limits(column: np.ndarray) -> tuple[float, float]:
    low, high = float(column.min()), float(column.max())
    extra = 0.1 * (high - low) or 1.0
    return low - extra, high + extra


def _check_shapes(x: np.ndarray, y: np.ndarray) -> None:
    if x.ndim not in (1, 2) or (x.ndim == 2 and x.shape[1] not in (1, 2)):
        raise ValueError(
            f"FitTheatre draws data with one or two features: x of shape (n,), (n, 1) or (n, 2), "
            f"got {x.shape}. Pick two columns, or use tf.viz.TrainingMonitor."
        )
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} rows, but y has {len(y)}.")
    if y.size != len(y):
        raise ValueError(f"y holds one number per row, got shape {y.shape}.")
    if x.ndim == 2 and x.shape[1] == 2 and len(np.unique(y)) != 2:
        raise ValueError(
            f"With two features FitTheatre draws the boundary of two classes, and y has "
            f"{len(np.unique(y))} different values. Use the labels 0 and 1, or -1 and 1."
        )
