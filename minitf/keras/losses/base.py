"""Loss: one number for a batch, from the labels and the predictions.

    loss = tf.keras.losses.MeanSquaredError()
    loss(y_true, y_pred)                     # mean over the batch
    loss(y_true, y_pred, sample_weight=w)    # each example's loss times its weight, then the mean

A loss function gives one value per example; the class around it weights and reduces them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import minitf as tf
from minitf import dtypes
from minitf.keras.configurable import Configurable
from minitf.keras.identifiers import name_of
from minitf.tensor import Tensor

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)


class Loss(Configurable):
    """Base class: subclasses override `call(y_true, y_pred)`, one value per example.

    Args:
        name: shown in logs.
        reduction: "sum_over_batch_size" (the mean over the batch), "sum",
            "mean_with_sample_weight" (divides by the sum of the weights), or None / "none" for
            one value per example.
        dtype: of the computation; float32 if None.

    Raises:
        ValueError: an unknown reduction.
    """

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: Any = None,
    ) -> None:
        if reduction not in REDUCTIONS:
            raise ValueError(f"Loss: `reduction` must be one of {REDUCTIONS}, got {reduction!r}.")
        self.name = name or type(self).__name__
        self.reduction = reduction
        self._dtype = dtypes.as_dtype(dtype or "float32")

    @property
    def dtype(self) -> str:
        """Name of the element type the loss is computed in."""
        return self._dtype.name

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One loss per example."""
        raise NotImplementedError(
            f"{type(self).__name__} must override call(y_true, y_pred) and return one loss per "
            "example."
        )

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """The loss of a batch.

        Args:
            y_true: labels.
            y_pred: predictions.
            sample_weight: one factor per example, or a single one.

        Raises:
            ValueError: shapes that do not belong together.
        """
        y_pred = as_float(y_pred, self._dtype)
        losses = self.call(tf.convert_to_tensor(y_true), y_pred)
        return reduce_weighted(losses, sample_weight, self.reduction)


class LossFunctionWrapper(Loss):
    """A Loss made of a function fn(y_true, y_pred, **kwargs) with one value per example."""

    def __init__(
        self,
        fn: Callable[..., Tensor],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name or name_of(fn), reduction, dtype)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """fn(y_true, y_pred), after an axis of size 1 that only one of them has is evened out."""
        y_true, y_pred = even_ranks(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._fn_kwargs)


def as_float(value: Any, dtype: dtypes.DType) -> Tensor:
    """A tensor of the float dtype, whatever came in."""
    tensor = value if type(value) is Tensor else tf.convert_to_tensor(value)
    return tensor if tensor._value.dtype is dtype.dtype else tf.cast(tensor, dtype)


def even_ranks(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Shapes (n,) and (n, 1) become alike. Broadcasting them would give (n, n) in silence."""
    difference = a._value.ndim - b._value.ndim
    if difference == 1 and a._value.shape[-1] == 1:
        return _match(a, b)
    if difference == -1 and b._value.shape[-1] == 1:
        b, a = _match(b, a)
    return a, b


def reduce_weighted(values: Tensor, sample_weight: Any, reduction: str | None) -> Tensor:
    """Multiplies by the weights, then reduces.

    "sum_over_batch_size" divides by the number of values, not by the sum of the weights.
    """
    weights = None
    if sample_weight is not None:
        weights = as_float(sample_weight, values.dtype)
        values, weights = even_ranks(values, weights)
        while 0 < weights._value.ndim < values._value.ndim:
            weights = weights[..., None]  # one weight per example, for all values of the example
        _check_weights(values, weights)
        values = values * weights
    if reduction in (None, "none"):
        return values
    if reduction == "sum":
        return tf.reduce_sum(values)
    if reduction == "mean_with_sample_weight" and weights is not None:
        return tf.reduce_sum(values) / tf.reduce_sum(tf.broadcast_to(weights, values.shape))
    return tf.reduce_mean(values)


def _match(longer: Tensor, shorter: Tensor) -> tuple[Tensor, Tensor]:
    if shorter._value.ndim == 1:
        return longer, tf.reshape(shorter, (-1, 1))
    return tf.reshape(longer, longer._value.shape[:-1]), shorter


def _check_weights(values: Tensor, weights: Tensor) -> None:
    shape, target = weights._value.shape, values._value.shape
    if any(size not in (1, wanted) for size, wanted in zip(shape, target, strict=False)):
        raise tf.errors.InvalidArgumentError(
            f"sample_weight of shape {tuple(shape)} does not fit losses of shape {tuple(target)}: "
            "give one weight per example."
        )
