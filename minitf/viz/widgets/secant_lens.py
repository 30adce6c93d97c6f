"""SecantLens: a secant turns into a tangent, until rounding takes over.

    tf.viz.SecantLens(lambda x: x**3, x=2.0)

The slope through two points a step apart is compared with the slope of the tape, in float32 and in
float64, for steps from 1 down to 1e-14. Every number comes from calling your function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minitf as tf
from minitf.viz import theme
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

_PER_DECADE = 4
_DECADES = 14
_CURVE_POINTS = 161
_SMALLEST_SHOWN = 1e-17  # a difference quotient without any error still needs a place on the axis


class SecantLens(CourseWidget):
    """A curve with a secant beside the error of its slope, over the size of the step.

    The step is yours to choose: Left makes it ten times smaller by quarters, Right larger. First
    you say which step is best in float32.

    Args:
        function: takes a scalar tensor and returns one; smooth near `x`.
        x: where the slope is taken.
        around: the part of the curve that is drawn reaches this far on both sides.

    Raises:
        ValueError: the function returns no single number, or has no finite slope at `x`.
    """

    parts = ("plot",)

    def __init__(self, function: Callable[[Any], Any], x: float = 2.0, around: float = 1.5) -> None:
        self._function, self._x = function, float(x)
        self._slope = self._exact()
        self._steps = 10.0 ** (-np.arange(_DECADES * _PER_DECADE + 1) / _PER_DECADE)
        self._quotients = {
            kind: [self._quotient(step, kind) for step in self._steps]
            for kind in ("float32", "float64")
        }
        self._errors = {
            kind: np.abs(np.array(found) - self._slope) for kind, found in self._quotients.items()
        }
        self._best = {kind: _flattest(errors) for kind, errors in self._errors.items()}
        ends = [[(x, self._value(x, "float32")) for x in self._points(h)] for h in self._steps]
        xs = np.linspace(self._x - around, self._x + around, _CURVE_POINTS)
        super().__init__(
            x=self._x,
            ends=ends,
            slope=self._slope,
            steps=self._steps,
            quotients=self._quotients,
            errors={kind: np.maximum(e, _SMALLEST_SHOWN) for kind, e in self._errors.items()},
            best=self._best,
            curve=np.stack([xs, [self._value(v, "float64") for v in xs]], axis=1),
        )

    @property
    def best_step(self) -> float:
        """The step with the smallest error in float32, of those that were tried."""
        return float(self._steps[self._best["float32"]])

    def describe(self) -> str:
        parts = [f"The slope at x = {self._x:g} is {self._slope:.6g}."]
        for kind, errors in self._errors.items():
            best = self._best[kind]
            parts.append(
                f"In {kind} the best step is about {self._steps[best]:.0e}, with an error of "
                f"{errors[best]:.0e}; step 1 errs by {errors[0]:.0e} and step "
                f"{self._steps[-1]:.0e} by {errors[-1]:.0e}."
            )
        return " ".join(parts)

    def picture(self) -> bytes | None:
        return figure_png(self._draw, width=6.5, height=3.6)

    def _value(self, x: float, kind: str) -> float:
        return float(self._tensor(tf.constant(x, kind)))

    def _tensor(self, x: Any) -> Any:
        y = self._function(x)
        if not isinstance(y, tf.Tensor) or y.shape != ():
            raise ValueError(
                f"SecantLens needs a function from one number to one number; at x = {float(x):g} "
                f"yours returned {y!r}."
            )
        return y

    def _quotient(self, step: float, kind: str) -> float:
        """(f(x + step) - f(x - step)) / (2 step), every number in that dtype."""
        number = np.dtype(kind).type
        below, above = (number(self._value(x, kind)) for x in self._points(step, kind))
        return float((above - below) / (2 * number(step)))

    def _points(self, step: float, kind: str = "float32") -> tuple[float, float]:
        x, h = np.dtype(kind).type(self._x), np.dtype(kind).type(step)
        return float(x - h), float(x + h)

    def _exact(self) -> float:
        x = tf.constant(self._x, "float64")
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = self._tensor(x)
        slope = tape.gradient(y, x)
        if slope is None or not np.isfinite(float(slope)):
            raise ValueError(
                f"The function has no finite slope at x = {self._x:g} that the tape can find "
                f"({slope}). Choose another x, or stay with tf operations inside the function."
            )
        return float(slope)

    def _draw(self, figure: Any) -> None:
        axes = figure.subplots()
        for kind, style, colour in (("float32", "-", theme.FORWARD), ("float64", "--", theme.INK)):
            shown = np.maximum(self._errors[kind], _SMALLEST_SHOWN)
            axes.loglog(self._steps, shown, style, color=colour, label=kind)
        axes.invert_xaxis()
        axes.set(xlabel="step (smaller to the right)", ylabel="error of the slope")
        axes.set_title(f"Central differences at x = {self._x:g}")
        axes.legend(frameon=False)


def _flattest(errors: np.ndarray) -> int:
    """Where the error is smallest over five neighbouring steps; one alone may just be lucky."""
    logs = np.log(np.maximum(errors, _SMALLEST_SHOWN))
    return int(np.argmin(np.convolve(logs, np.ones(5), "valid"))) + 2
