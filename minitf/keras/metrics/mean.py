"""Mean: a sum and a count, so that batches of different sizes count as they should.

    m = tf.keras.metrics.Mean()
    m.update_state([1.0, 2.0, 3.0])
    m.update_state([10.0])
    m.result()        # 4.0; the mean of the two batch means would be 6.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.identifiers import name_of
from minitf.keras.losses.base import as_float, even_ranks
from minitf.keras.metrics.base import Metric


class Sum(Metric):
    """Sum of all values, each times its weight."""

    def __init__(self, name: str | None = "sum", dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.total = self.add_variable((), "zeros", name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Adds the values.

        Args:
            values: tensor or array of any shape.
            sample_weight: one factor per value (or per row), or a single one.
        """
        weighted, _ = _weighted(values, sample_weight, self._dtype)
        self.total._replace(self.total._value + weighted, None)

    def result(self) -> tf.Tensor:
        """The sum so far."""
        return tf.Tensor(self.total._value)


class Mean(Metric):
    """Mean of all values: the sum of value * weight, divided by the sum of the weights."""

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.total = self.add_variable((), "zeros", name="total")
        self.count = self.add_variable((), "zeros", name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Adds the values.

        Args:
            values: tensor or array of any shape.
            sample_weight: one factor per value (or per row), or a single one.
        """
        weighted, weight = _weighted(values, sample_weight, self._dtype)
        self.total._replace(self.total._value + weighted, None)
        self.count._replace(self.count._value + weight, None)

    def result(self) -> tf.Tensor:
        """The mean so far; 0 before the first value."""
        count = self.count._value
        return tf.Tensor(self.total._value / count if count else count)


class MeanMetricWrapper(Mean):
    """Mean of fn(y_true, y_pred, **kwargs) over all examples."""

    def __init__(
        self,
        fn: Callable[..., Any],
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name or name_of(fn), dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Takes in a batch.

        Args:
            y_true: labels.
            y_pred: predictions.
            sample_weight: one factor per example.
        """
        super().update_state(self._fn(y_true, y_pred, **self._fn_kwargs), sample_weight)


def _weighted(values: Any, weights: Any, dtype: Any) -> tuple[Any, Any]:
    """The sum of values * weights, and the sum of the weights: all outside the tapes."""
    number = dtype.dtype.type
    array = _array(values, dtype)
    if weights is None:
        return number(np.add.reduce(array, axis=None)), number(array.size)
    if isinstance(weights, int | float):
        factor = number(weights)
        return number(np.add.reduce(array, axis=None)) * factor, factor * number(array.size)
    factor = _array(weights, dtype)
    a, b = even_ranks(tf.Tensor(array), tf.Tensor(factor))
    array, factor = a._value, b._value
    if array.ndim > factor.ndim:
        array = array.mean(axis=tuple(range(factor.ndim, array.ndim)))  # one value per weight
    try:
        factor = np.broadcast_to(factor, array.shape)
    except ValueError:
        raise tf.errors.InvalidArgumentError(
            f"sample_weight of shape {factor.shape} does not fit values of shape {array.shape}: "
            "give one weight per example."
        ) from None
    return number((array * factor).sum()), number(factor.sum())


def _array(values: Any, dtype: Any) -> Any:
    return np.asarray(as_float(values, dtype)._value)
