"""Gradients as the optimizers take them: dense, of the variable's shape and dtype.

    gradient = dense(tape.gradient(loss, table), table)     # IndexedSlices are filled up
    squared(gradient)                                       # what Adam averages

A sparse gradient may hold several rows for one index. They add up to the gradient, 1 + 1 = 2. Its
square is not 4, though: TensorFlow squares the rows first and adds then, 1 + 1 = 2.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

import minitf as tf
from minitf.indexed_slices import IndexedSlices


class FilledGradient(tf.Tensor):
    """A sparse gradient filled up with zeros, which still knows its rows.

    Attributes:
        rows: array, the sparse gradient's values.
        indices: array, which row each of them was added to.
    """

    __slots__ = ("rows", "indices")
    rows: Any
    indices: Any

    def __init__(self, rows: Any, indices: Any, shape: tuple[int, ...]) -> None:
        super().__init__(_summed(rows, indices, shape))
        self.rows, self.indices = rows, indices

    def with_rows(self, rows: Any) -> FilledGradient:
        """The same places, other values."""
        return FilledGradient(rows, self.indices, self._value.shape)


def dense(gradient: Any, variable: tf.Variable) -> tf.Tensor:
    """The gradient as a tensor of the variable's shape and dtype.

    Raises:
        InvalidArgumentError: its shape is another.
    """
    if isinstance(gradient, IndexedSlices):
        rows = gradient.values._value.astype(variable._value.dtype, copy=False)
        gradient = FilledGradient(rows, gradient.indices._value, variable._value.shape)
    elif type(gradient) is not tf.Tensor:
        gradient = tf.convert_to_tensor(gradient, dtype_hint=variable.dtype)
    value, old = gradient._value, variable._value
    if value.shape != old.shape:
        raise tf.errors.InvalidArgumentError(
            f"The gradient for variable {variable.name!r} has shape {tuple(value.shape)}, but the "
            f"variable has shape {tuple(old.shape)}. Were gradients and variables zipped in "
            "different orders?"
        )
    if value.dtype != old.dtype:
        return tf.Tensor(value.astype(old.dtype))
    return gradient


def squared(gradient: tf.Tensor, out: Any = None) -> Any:
    """The array of the gradient's squares, in `out` if given."""
    if type(gradient) is not FilledGradient:
        return np.multiply(gradient._value, gradient._value, out=out)
    squares = _summed(gradient.rows * gradient.rows, gradient.indices, gradient._value.shape)
    if out is not None:
        np.copyto(out, squares)
    return squares


def divided(gradient: tf.Tensor, number: float) -> tf.Tensor:
    """The gradient divided by a number, its rows' squares with it."""
    factor = gradient._value.dtype.type(1.0 / number)
    if isinstance(gradient, FilledGradient):
        return gradient.with_rows(gradient.rows * factor)
    return tf.Tensor(gradient._value * factor)


def without_none(grads: list, variables: list) -> tuple[list, list]:
    """The pairs whose gradient is not None; warns about the others.

    Raises:
        ValueError: all are None.
    """
    missing = [v.name for gradient, v in zip(grads, variables, strict=True) if gradient is None]
    if not missing:
        return grads, variables
    if len(missing) == len(grads):
        raise ValueError(
            f"No gradients provided for any variable: {missing}. The loss does not depend on them "
            "as the tape saw it. Compute the loss inside `with tf.GradientTape()`, from the "
            "variables, with tf operations; tape.explain says where a path ends."
        )
    warnings.warn(
        f"Gradients do not exist for variables {missing} when minimizing the loss: they are "
        "skipped. The loss does not depend on them.",
        stacklevel=4,
    )
    pairs = [(g, v) for g, v in zip(grads, variables, strict=True) if g is not None]
    return [g for g, _ in pairs], [v for _, v in pairs]


def _summed(rows: Any, indices: Any, shape: tuple[int, ...]) -> Any:
    whole = np.zeros(shape, rows.dtype)
    np.add.at(whole, np.asarray(indices), rows)
    return whole
