"""Metric: a figure collected over many batches.

    accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    for images, labels in test_set:
        accuracy.update_state(labels, model(images))
    accuracy.result()         # over all examples, however the batches were cut
    accuracy.reset_state()
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf import dtypes
from minitf.keras.naming import unique_name
from minitf.keras.variables import Variable
from minitf.module import snake_case


class Metric:
    """Base class: subclasses override `update_state` and `result`.

    Args:
        name: shown in logs.
        dtype: of the variables and the result; float32 if None.
    """

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self.name = name or unique_name(snake_case(type(self).__name__))
        self._dtype = dtypes.as_dtype(dtype or "float32")
        self._variables: list[Variable] = []
        self._starts: list[Any] = []

    @property
    def dtype(self) -> str:
        """Name of the element type."""
        return self._dtype.name

    @property
    def variables(self) -> list[Variable]:
        """What the metric remembers between batches."""
        return list(self._variables)

    def add_variable(
        self, shape: Any, initializer: Any, dtype: Any = None, name: str | None = None
    ) -> Variable:
        """A variable that reset_state() sets back to its first value."""
        variable = Variable(
            initializer, shape=shape, dtype=dtype or self._dtype, trainable=False, name=name
        )
        self._variables.append(variable)
        self._starts.append(variable._value)
        return variable

    def add_weight(
        self, shape: Any = (), initializer: Any = "zeros", dtype: Any = None, name: Any = None
    ) -> Variable:
        """The same as add_variable."""
        return self.add_variable(shape, initializer, dtype, name)

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Takes in one batch."""
        raise NotImplementedError(f"{type(self).__name__} must override update_state().")

    def result(self) -> Any:
        """The figure so far."""
        raise NotImplementedError(f"{type(self).__name__} must override result().")

    def reset_state(self) -> None:
        """Forgets all batches."""
        for variable, start in zip(self._variables, self._starts, strict=True):
            variable._replace(start, None)

    def __call__(self, *args: Any, **kwargs: Any) -> tf.Tensor:
        """update_state, then result."""
        self.update_state(*args, **kwargs)
        return self.result()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"
