"""JacobianPainter: a Jacobian row by row (reverse passes) or column by column (forward passes).

    def f(x):
        return tf.stack([x[0] * x[1], tf.sin(x[2])])
    tf.viz.JacobianPainter(f, tf.constant([1.0, 2.0, 3.0]))

The matrix is empty at first. An output paints its row: one reverse pass with a 1 at that output. An
input paints its column: one forward pass with a 1 at that input. Every pass calls your function.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import minitf as tf
from minitf.graph_spec import short
from minitf.viz import theme
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

MOST = 32  # rows and columns; more cannot be read
_ZERO = tf.UnconnectedGradients.ZERO


class JacobianPainter(CourseWidget):
    """Asks which way is cheaper, then lets the learner paint and counts the passes.

    Args:
        function: takes one tensor, returns one tensor of floats.
        x: where to differentiate; arrays and numbers become float32 tensors.

    Raises:
        TypeError: `function` cannot be called, or returns something else than a tensor of floats;
            x holds no floats.
        ValueError: there are more than 32 inputs or outputs, or none.
    """

    def __init__(self, function: Callable[[Any], Any], x: Any) -> None:
        self._function, self._x = function, _floats(x)
        self._y = _checked(function, self._x)
        super().__init__(
            inputs=_labels("x", self._x),
            outputs=_labels("y", self._y),
            x=self._x.numpy().ravel(),
            y=self._y.numpy().ravel(),
        )

    def answer_row(self, data: dict[str, Any]) -> dict[str, Any]:
        """Row i: one reverse pass, started with a 1 at output i."""
        i = int(data["index"])
        return {"index": i, "numbers": reverse_pass(self._function, self._x, i).ravel()}

    def answer_column(self, data: dict[str, Any]) -> dict[str, Any]:
        """Column j: one forward pass, started with a 1 at input j."""
        j = int(data["index"])
        return {"index": j, "numbers": forward_pass(self._function, self._x, j).ravel()}

    def answer_check(self, data: dict[str, Any]) -> dict[str, Any]:
        """What tape.jacobian says, as rows of outputs."""
        return {"jacobian": self._jacobian()}

    def describe(self) -> str:
        """The whole Jacobian, and what it costs either way."""
        rows, columns = self._y.numpy().size, self._x.numpy().size
        lines = [
            f"JacobianPainter: {rows} outputs by {columns} inputs. By rows it takes {rows} reverse "
            f"passes, by columns {columns} forward passes."
        ]
        for label, row in zip(_labels("y", self._y), self._jacobian(), strict=True):
            lines.append(f"∂{label}/∂x = {', '.join(short(number) for number in row)}")
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """The Jacobian as a heat map."""
        return figure_png(self._draw, width=6, height=4)

    def _jacobian(self) -> np.ndarray:
        with tf.GradientTape() as tape:
            tape.watch(self._x)
            y = self._function(self._x)
        full = tape.jacobian(y, self._x, unconnected_gradients=_ZERO)
        return full.numpy().reshape(self._y.numpy().size, self._x.numpy().size)

    def _draw(self, figure: Any) -> None:
        jacobian, axes = self._jacobian(), figure.subplots()
        most = float(np.max(np.abs(jacobian), initial=0, where=np.isfinite(jacobian))) or 1.0
        image = axes.imshow(jacobian, cmap="PRGn", vmin=-most, vmax=most, aspect="auto")
        axes.set_xticks(range(jacobian.shape[1]), _labels("x", self._x), fontsize=9)
        axes.set_yticks(range(jacobian.shape[0]), _labels("y", self._y), fontsize=9)
        axes.set_title("Jacobian: a row per output, a column per input")
        if jacobian.size <= 100:
            for (i, j), number in np.ndenumerate(jacobian):
                dark = abs(number) > 0.6 * most
                colour = theme.PAPER if dark else theme.INK
                axes.text(j, i, short(number), ha="center", va="center", color=colour, fontsize=9)
        figure.colorbar(image)


def reverse_pass(function: Callable[[Any], Any], x: tf.Tensor, i: int) -> np.ndarray:
    """The derivatives of output number i by all of x."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    found = tape.gradient(y, x, output_gradients=_one_at(i, y), unconnected_gradients=_ZERO)
    return found.numpy()


def forward_pass(function: Callable[[Any], Any], x: tf.Tensor, j: int) -> np.ndarray:
    """The derivatives of all outputs by input number j."""
    with tf.autodiff.ForwardAccumulator(x, _one_at(j, x)) as accumulator:
        y = function(x)
    return accumulator.jvp(y, unconnected_gradients=_ZERO).numpy()


def _one_at(index: int, like: tf.Tensor) -> tf.Tensor:
    """Zeros of that shape, with a single 1."""
    numbers: np.ndarray = np.zeros(math.prod(like.shape), like.dtype.as_numpy_dtype)
    numbers[index] = 1
    return tf.constant(numbers.reshape(tuple(like.shape)))


def _floats(x: Any) -> tf.Tensor:
    x = tf.identity(x) if isinstance(x, tf.Tensor | tf.Variable) else tf.constant(x, tf.float32)
    if not x.dtype.is_floating:
        raise TypeError(
            f"x holds {x.dtype.name}, which has no derivatives. Write its numbers with a point, or "
            "use tf.cast(x, tf.float32)."
        )
    _check_count("inputs", x)
    return x


def _checked(function: Callable[[Any], Any], x: tf.Tensor) -> tf.Tensor:
    """The result of the function, if it can be shown."""
    if not callable(function):
        raise TypeError(
            f"JacobianPainter takes the function first, then x; got {type(function).__name__}. "
            "Give the function itself, without brackets: JacobianPainter(f, x)."
        )
    y = function(x)
    if not isinstance(y, tf.Tensor) or not y.dtype.is_floating:
        raise TypeError(
            f"The function must return one tensor of floats; it returned {type(y).__name__}. Join "
            "several results with tf.stack."
        )
    _check_count("outputs", y)
    return y


def _check_count(what: str, x: tf.Tensor) -> None:
    count = math.prod(x.shape)
    if not 1 <= count <= MOST:
        raise ValueError(
            f"There are {count} {what} (shape {x.shape}); 1 to {MOST} can be painted. Take a slice."
        )


def _labels(name: str, x: tf.Tensor) -> list[str]:
    """ "x[0, 1]" for each element; just "x" for a scalar."""
    if not x.shape:
        return [name]
    return [f"{name}[{', '.join(map(str, place))}]" for place in np.ndindex(*x.shape)]
