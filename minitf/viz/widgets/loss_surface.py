"""LossSurface: optimizers race downhill from a start that you choose.

    tf.viz.LossSurface(lambda x, y: x**2 / 2 + 5 * y**2)
    tf.viz.LossSurface(loss, x=(-2, 2), y=(-1, 3), optimizers=["sgd", "adam"], start=(-1, 2))
    tf.viz.LossSurface.of_model(model, "mse", (features, labels))

Losses and gradients come from your function and the tape; the steps are taken by the optimizers of
tf.keras.optimizers. The browser asks for a new race when start, learning rate or clipping change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.optimizers import Optimizer
from minitf.viz import theme
from minitf.viz.landscape import FunctionSurface, ModelSurface, Surface, log_levels
from minitf.viz.race import CLIPS, Run, descend, fresh, labels
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

MOST = 4  # more lines than that cannot be told apart
POINTS = 41  # of the grid, along each axis
_COLOURS = ("#00805E", "#9A4F80", "#8A6D00", "#5B5B5B")  # --mtf-series-1 to -4 of shared.css
_STYLES = ("-", "--", ":", "-.")
_MARKERS = ("o", "s", "D", "x")

Range = tuple[float, float]


class LossSurface(CourseWidget):
    """Contours of a loss over two numbers, and up to four optimizers on it.

    Keys: with the picture focused the arrows move the start; elsewhere Left and Right step through
    the race, Space plays it, Home and End jump, T shows the table.

    Args:
        loss_function: takes two scalar tensors, returns the loss as one.
        x, y: the part of the plane to show, (low, high).
        optimizers: one to four Optimizers or names. They are copied: yours keep their state.
        start: the point to start from; upper right if None.
        steps: of each optimizer.

    Raises:
        ValueError: too many optimizers, an empty range, a start outside it, a loss that is no
            single number, or that no gradient of x or y reaches.
        TypeError: a loss that is no tensor.
    """

    parts = ("plot", "contours")

    def __init__(
        self,
        loss_function: Callable[[Any, Any], Any] | Surface,
        x: Range = (-3, 3),
        y: Range = (-3, 3),
        optimizers: Sequence[Any] | None = None,
        start: Range | None = None,
        steps: int = 40,
    ) -> None:
        ranges = _checked_range("x", x), _checked_range("y", y)
        start = start or (0.8 * ranges[0][1] + 0.2 * ranges[0][0], 0.7 * ranges[1][1])
        surface = _as_surface(loss_function, start)
        self._surface, self._x, self._y = surface, *ranges
        self._optimizers = _checked_optimizers(optimizers)
        self._names = labels(self._optimizers)
        self._start, self._steps = _checked_start(start, *ranges), int(steps)
        xs, ys = np.linspace(*self._x, POINTS), np.linspace(*self._y, POINTS)
        self._grid = surface.grid(xs, ys)
        self._runs = self._race(self._start)
        super().__init__(
            x=self._x, y=self._y, axes=surface.names, names=self._names, steps=self._steps,
            rates=[float(optimizer.learning_rate) for optimizer in self._optimizers],
            xs=xs, ys=ys, grid=_short(self._grid), levels=log_levels(self._grid),
            start=self._start, runs=_runs_data(self._runs),
        )  # fmt: skip

    @classmethod
    def of_model(
        cls,
        model: Any,
        loss: Any,
        data: tuple[Any, Any],
        x: Range = (-1, 1),
        y: Range = (-1, 1),
        examples: int = 256,
        seed: int = 0,
        **options: Any,
    ) -> LossSurface:
        """The loss of your model around its present weights, along two random directions.

        (0, 0) is the model as it is; (1, 0) is as far away as the weights are long. The model is
        not changed. See minitf/viz/landscape.py for the directions.

        Args:
            model: a Keras model, or anything callable with `trainable_variables`.
            loss: a name, a Loss or a function of (y_true, y_pred).
            data: (features, labels).
            x, y: how far to go along each direction.
            examples: only so many rows of the data are used, to answer quickly.
            seed: another one takes other directions.
            options: `optimizers`, `start`, `steps` as above.
        """
        few = tuple(part[:examples] for part in data)
        options = {"steps": 30} | options  # a step of a model takes longer than one of a formula
        return cls(ModelSurface(model, loss, few, seed), x=x, y=y, **options)

    def answer_race(self, data: dict[str, Any]) -> dict[str, Any]:
        """A race from `start`, with the learning rates times `factor`, clipped by `clip`."""
        clip = data.get("clip")
        if clip is not None and clip not in CLIPS:
            raise ValueError(f"clip is one of {CLIPS}, got {clip!r}.")
        start = _checked_start(data["start"], self._x, self._y)
        runs = self._race(start, float(data.get("factor", 1)), clip, float(data.get("limit", 1)))
        return {"start": start, "runs": _runs_data(runs)}

    def describe(self) -> str:
        """Where the loss is low, and how every optimizer fared."""
        row, column = np.unravel_index(np.nanargmin(self._finite()), self._grid.shape)
        at = np.linspace(*self._x, POINTS)[column], np.linspace(*self._y, POINTS)[row]
        x, y = self._surface.names
        lines = [
            f"Loss over {x} from {self._x[0]:g} to {self._x[1]:g} and {y} from {self._y[0]:g} to "
            f"{self._y[1]:g}: lowest near {_point(at)}, there {self._grid[row, column]:.3g}.",
            f"Starting at {_point(self._start)} with loss {self._runs[0].losses[0]:.3g}:",
        ]
        for name, run in zip(self._names, self._runs, strict=True):
            lines.append(f"- {name}: {_outcome(run)}")
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """Contours, paths and loss curves."""
        return figure_png(self._draw, width=9, height=4)

    def _race(
        self, start: Range, factor: float = 1.0, clip: str | None = None, limit: float = 1.0
    ) -> list[Run]:
        return [
            descend(
                self._surface, fresh(one, factor, clip, limit), start, self._steps, self._too_far
            )
            for one in self._optimizers
        ]

    def _too_far(self, x: float, y: float) -> bool:
        """Ten widths of the picture away from its middle: nobody comes back from there."""
        return any(
            abs(v - (low + high) / 2) > 10 * (high - low)
            for v, (low, high) in ((x, self._x), (y, self._y))
        )

    def _finite(self) -> np.ndarray:
        finite = np.where(np.isfinite(self._grid), self._grid, np.nan)
        return finite if np.isfinite(finite).any() else np.zeros_like(finite)

    def _draw(self, figure: Any) -> None:
        left, right = figure.subplots(1, 2)
        xs, ys = np.linspace(*self._x, POINTS), np.linspace(*self._y, POINTS)
        levels = log_levels(self._grid)
        if levels:
            left.contour(xs, ys, self._finite(), levels, colors=theme.FORWARD, linewidths=0.8)
        for i, (name, run) in enumerate(zip(self._names, self._runs, strict=True)):
            style = {"color": _COLOURS[i], "linestyle": _STYLES[i], "label": name}
            left.plot(*zip(*run.path, strict=True), **style)
            left.plot(*run.path[-1], _MARKERS[i], color=_COLOURS[i])
            right.plot(run.losses, **style)
        left.plot(*self._start, "k*", markersize=11)
        left.set(xlim=self._x, ylim=self._y, title="contours of the loss, and the paths")
        left.set(xlabel=self._surface.names[0], ylabel=self._surface.names[1])
        right.set(xlabel="step", title="loss")
        if all(value > 0 for run in self._runs for value in run.losses):
            right.set_yscale("log")
        right.legend()


def _as_surface(loss_function: Callable[[Any, Any], Any] | Surface, start: Range) -> Surface:
    if isinstance(loss_function, Surface):
        return loss_function
    surface = FunctionSurface(loss_function)
    surface.check(*start)
    return surface


def _runs_data(runs: list[Run]) -> list[dict[str, Any]]:
    return [
        {
            "path": run.path, "losses": run.losses, "gradients": run.gradients,
            "diverged": run.diverged,
        }
        for run in runs
    ]  # fmt: skip


def _short(grid: np.ndarray) -> list[list[float]]:
    """Five digits are enough for a drawing, and a third of the bytes."""
    return [[float(f"{value:.5g}") for value in row] for row in grid]


def _outcome(run: Run) -> str:
    if run.diverged is not None:
        return f"diverged at step {run.diverged}."
    return f"loss {run.losses[-1]:.3g} at {_point(run.path[-1])} after {len(run.path) - 1} steps."


def _point(at: Sequence[float]) -> str:
    return f"({at[0]:.3g}, {at[1]:.3g})"


def _checked_range(name: str, limits: Sequence[float]) -> Range:
    low, high = float(limits[0]), float(limits[1])
    if not low < high:
        raise ValueError(f"{name} is the pair (low, high) with low < high, got {limits!r}.")
    return low, high


def _checked_start(start: Sequence[float], x: Range, y: Range) -> Range:
    at = float(start[0]), float(start[1])
    for name, value, (low, high) in zip("xy", at, (x, y), strict=True):
        if not low <= value <= high:
            raise ValueError(
                f"start is outside the picture: {name} = {value:g} is not between {low:g} and "
                f"{high:g}. Choose another start, or a wider {name}=(low, high)."
            )
    return at


def _checked_optimizers(given: Sequence[Any] | None) -> list[Optimizer]:
    optimizers = tf.keras.optimizers
    if given is None:
        return [
            optimizers.SGD(0.1),
            optimizers.SGD(0.1, momentum=0.9),
            optimizers.RMSprop(0.1),
            optimizers.Adam(0.1),
        ]
    found = [optimizers.get(one) for one in given]
    if not 1 <= len(found) <= MOST:
        raise ValueError(
            f"LossSurface shows 1 to {MOST} optimizers, got {len(found)}. Leave some out: more "
            "lines than that cannot be told apart."
        )
    return found
