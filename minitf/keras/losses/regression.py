"""Losses for numbers: squared error, absolute error, Huber's mixture of both, and log-cosh.

    tf.keras.losses.MeanSquaredError()(y_true, y_pred)
    tf.keras.losses.mean_squared_error(y_true, y_pred)     # one value per example
"""

from __future__ import annotations

import math
from typing import Any

import minitf as tf
from minitf.keras.losses.base import LossFunctionWrapper, as_float, even_ranks
from minitf.tensor import Tensor


def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """mean((y_true - y_pred)²) over the last axis."""
    y_true, y_pred = compared(y_true, y_pred)
    return tf.reduce_mean(tf.square(y_true - y_pred), axis=-1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """mean(|y_true - y_pred|) over the last axis."""
    y_true, y_pred = compared(y_true, y_pred)
    return tf.reduce_mean(tf.abs(y_true - y_pred), axis=-1)


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Tensor:
    """e²/2 for errors up to delta, delta·|e| - delta²/2 beyond; mean over the last axis."""
    y_true, y_pred = compared(y_true, y_pred)
    size = tf.abs(y_true - y_pred)
    losses = tf.where(size <= delta, 0.5 * tf.square(size), delta * size - 0.5 * delta * delta)
    return tf.reduce_mean(losses, axis=-1)


def log_cosh(y_true: Any, y_pred: Any) -> Tensor:
    """log(cosh(y_pred - y_true)): like e²/2 for small errors, |e| - log 2 for large ones.

    Written as e + softplus(-2e) - log 2, which does not overflow.
    """
    y_true, y_pred = compared(y_true, y_pred)
    error = y_pred - y_true
    return tf.reduce_mean(error + tf.math.softplus(-2.0 * error) - math.log(2.0), axis=-1)


class MeanSquaredError(LossFunctionWrapper):
    """Mean of the squared errors."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(LossFunctionWrapper):
    """Mean of the absolute errors; its gradient at an error of 0 is 0."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_error, reduction, name, dtype)


class Huber(LossFunctionWrapper):
    """Quadratic for small errors, linear for large ones. Source: Huber (1964)."""

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "huber_loss",
        dtype: Any = None,
    ) -> None:
        super().__init__(huber, reduction, name, dtype, delta=delta)


class LogCosh(LossFunctionWrapper):
    """Smooth everywhere, and not led astray by outliers."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "log_cosh",
        dtype: Any = None,
    ) -> None:
        super().__init__(log_cosh, reduction, name, dtype)


def compared(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors of the predictions' dtype and of one rank.

    Raises:
        ValueError: shapes that do not belong together.
    """
    y_pred = y_pred if type(y_pred) is Tensor else tf.convert_to_tensor(y_pred)
    if not y_pred.dtype.is_floating:
        y_pred = tf.cast(y_pred, tf.float32)
    y_true, y_pred = even_ranks(as_float(y_true, y_pred.dtype), y_pred)
    have, want = y_true._value.shape, y_pred._value.shape
    if have != want and not _broadcast(have, want):
        raise tf.errors.InvalidArgumentError(
            f"y_true of shape {tuple(have)} does not fit y_pred of shape {tuple(want)}: the loss "
            "compares them element by element. Check the last layer's number of units."
        )
    return y_true, y_pred


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(a), reversed(b), strict=False))
