"""Metric: a figure collected over many batches.

    accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    for images, labels in test_set:
        accuracy.update_state(labels, model(images))
    accuracy.result()         # over all examples, however the batches were cut
    accuracy.reset_state()
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import minitf as tf
from minitf import dtypes
from minitf.graph import tracing
from minitf.keras.configurable import Configurable
from minitf.keras.naming import unique_name
from minitf.keras.variables import Variable
from minitf.later import call_later
from minitf.module import snake_case
from minitf.state import state, unobserved
from minitf.tensor_spec import TensorSpec


def _at_each_call(method: Callable[..., Any]) -> Callable[..., Any]:
    """While a function is traced, the call of the method is added to the graph."""

    @functools.wraps(method)
    def wrapped(self: Metric, *args: Any, **kwargs: Any) -> Any:
        if state.tracer is None:
            return method(self, *args, **kwargs)
        returns: Any = ()
        if method.__name__ == "result":
            with unobserved(), tracing(None):  # only to see what kind of figure it is
                returns = tf.nest.map_structure(TensorSpec.from_tensor, method(self))
        return call_later(method, (self, *args), returns, kwargs, effect=True)

    return wrapped


class Metric(Configurable):
    """Base class: subclasses override `update_state` and `result`.

    In a tf.function its methods become part of the graph, and run at each call.

    Args:
        name: shown in logs.
        dtype: of the variables and the result; float32 if None.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for method in ("update_state", "result", "reset_state"):
            if method in vars(cls):
                setattr(cls, method, _at_each_call(getattr(cls, method)))

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

    @_at_each_call
    def reset_state(self) -> None:
        """Forgets all batches."""
        for variable, start in zip(self._variables, self._starts, strict=True):
            variable._replace(start, None)

    def __call__(self, *args: Any, **kwargs: Any) -> tf.Tensor:
        """update_state, then result."""
        self.update_state(*args, **kwargs)
        return self.result()

    def _trackable_children(self) -> dict[str, Any]:
        """What a checkpoint saves."""
        return {"variables": self._variables}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"
