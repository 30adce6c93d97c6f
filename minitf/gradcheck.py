"""Is a gradient right? Compare it with central differences, element by element.

    tf.test.compute_gradient(f, [x])        the Jacobians, by the rules and by differences
    gradcheck(f, [x, y])                    raises if they differ, naming the worst element
    gradcheck(f, [x, y], order=2)           checks the gradient of the gradient as well

A central difference (f(x + d) - f(x - d)) / 2d is off by d² · f'''/6, plus rounding of about
eps / d. In float64 with d = 1e-5 both are near 1e-10; in float32 they cannot be below 1e-3 or so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor
from minitf.ops.reductions import reduce_sum
from minitf.tape import GradientTape, UnconnectedGradients
from minitf.tensor import Tensor


class GradientMismatch(AssertionError):
    """A gradient rule and the central difference disagree."""


def compute_gradient(
    f: Callable[..., Any], x: Any, delta: float | None = None
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The Jacobian of f by each argument, twice: by the gradient rules and by differences.

    Args:
        f: function of tensors that returns one tensor.
        x: list of its arguments (tensors, arrays, numbers), floating.
        delta: step of the central difference; 1/1024 by default, as in TensorFlow.

    Returns:
        (theoretical, numerical): one matrix per argument, of shape (elements of the output,
        elements of the argument).

    Raises:
        ValueError: `x` is no list, or an argument is not floating.
    """
    args = _floating_args(x)
    return _jacobians(f, args), _differences(f, args, 1.0 / 1024 if delta is None else delta)


def gradcheck(
    f: Callable[..., Any],
    args: Any,
    order: int = 1,
    tolerance: float = 1e-6,
    delta: float = 1e-5,
) -> float:
    """Compares the gradients of f with central differences in float64.

    Args:
        f: function of tensors that returns one tensor.
        args: list of its arguments; they are converted to float64.
        order: 1 checks the gradients, 2 also the gradients of the gradients.
        tolerance: largest error allowed, relative to max(1, |difference|).
        delta: step of the central difference.

    Returns:
        The largest error found.

    Raises:
        GradientMismatch: an error above the tolerance, or nan where the difference is a number.
        ValueError: `args` is no list, an argument is not floating, or an order below 1.
    """
    if order < 1:
        raise ValueError(f"order must be 1 or more, got {order}.")
    args = [Tensor(x._value.astype(np.float64)) for x in _floating_args(args)]
    worst = _compare(_jacobians(f, args), _differences(f, args, delta), args, tolerance)
    if order > 1:
        for i in range(len(args)):
            worst = max(worst, gradcheck(_Slope(f, i), args, order - 1, tolerance, delta))
    return worst


class _Slope:
    """The gradient of a weighted sum of f by one argument: a function to be checked itself."""

    def __init__(self, f: Callable[..., Any], index: int) -> None:
        self.f = f
        self.index = index

    def __call__(self, *args: Tensor) -> Tensor:
        with GradientTape() as tape:
            tape.watch(args)
            y = self.f(*args)
            # unequal weights: a plain sum would hide errors that cancel
            weights = np.cos(np.arange(y._value.size, dtype=np.float64)).reshape(y._value.shape)
            target = reduce_sum(y * Tensor(weights[()]))
        grad = tape.gradient(target, args[self.index], unconnected_gradients="zero")
        return convert_to_tensor(grad)


def _floating_args(args: Any) -> list[Tensor]:
    if not isinstance(args, list | tuple):
        raise ValueError(f"The arguments must be given as a list, got {type(args).__name__}.")
    tensors = [convert_to_tensor(x) for x in args]
    for i, x in enumerate(tensors):
        if not x.dtype.is_floating:
            raise ValueError(
                f"Argument {i} has dtype {x.dtype.name}: only floating tensors have gradients. "
                "Put integers (labels, indices) into the function itself."
            )
    return tensors


def _jacobians(f: Callable[..., Any], args: list[Tensor]) -> list[np.ndarray]:
    with GradientTape() as tape:
        tape.watch(args)
        y = f(*args)
    found = tape.jacobian(y, args, unconnected_gradients=UnconnectedGradients.ZERO)
    shapes = [(y._value.size, x._value.size) for x in args]
    return [np.reshape(j._value, shape) for j, shape in zip(found, shapes, strict=True)]


def _differences(f: Callable[..., Any], args: list[Tensor], delta: float) -> list[np.ndarray]:
    return [_differences_by(f, args, i, delta) for i in range(len(args))]


def _differences_by(
    f: Callable[..., Any], args: list[Tensor], index: int, delta: float
) -> np.ndarray:
    value = args[index]._value
    columns = []
    for k in range(value.size):
        ends = []
        for step in (delta, -delta):
            moved = np.array(value)
            moved.flat[k] += step
            changed = [*args[:index], Tensor(moved[()]), *args[index + 1 :]]
            ends.append(np.ravel(f(*changed)._value))
        columns.append((ends[0] - ends[1]) / (2 * delta))
    if not columns:
        return np.zeros((np.size(f(*args)._value), 0), value.dtype)
    return np.stack(columns, axis=1)


def _compare(
    by_rule: list[np.ndarray], by_difference: list[np.ndarray], args: list[Tensor], tolerance: float
) -> float:
    worst = 0.0
    for i, (rule, difference) in enumerate(zip(by_rule, by_difference, strict=True)):
        if not rule.size:
            continue
        error = np.abs(rule - difference) / np.maximum(1.0, np.abs(difference))
        error[np.isnan(rule) & ~np.isnan(difference)] = np.inf
        row, column = np.unravel_index(np.argmax(error), error.shape)
        if not error[row, column] <= tolerance:
            place = [int(p) for p in np.unravel_index(column, args[i]._value.shape)]
            raise GradientMismatch(
                f"The gradient by argument {i} at {place} (value "
                f"{args[i]._value.reshape(-1)[column]:.6g}), of output element {row}: the rule "
                f"gives {rule[row, column]:.8g}, the central difference "
                f"{difference[row, column]:.8g}. Look at that input's line of the gradient rule: "
                "a sign, a factor, a missing sum over a broadcast axis?"
            )
        worst = max(worst, float(error[row, column]))
    return worst
