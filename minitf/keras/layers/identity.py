"""Layers without weights that wrap a function, or nothing at all.

    tf.keras.layers.Lambda(lambda x: x ** 2)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.keras import regularizers
from minitf.keras.layers.base import Layer


class Identity(Layer):
    """The inputs, unchanged."""

    def call(self, inputs: Any) -> Any:
        """Any shape, kept."""
        return inputs


class ActivityRegularization(Identity):
    """The inputs, unchanged, at a price: l1 · Σ|x| + l2 · Σx² per example joins the losses."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=regularizers.L1L2(l1, l2), **kwargs)


class Lambda(Layer):
    """A function as a layer. A model with a lambda cannot be saved as a whole: name the function.

    Args:
        function: of the inputs, and of `arguments`.
        arguments: further keyword arguments.
    """

    def __init__(
        self, function: Callable[..., Any], arguments: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.function, self.arguments = function, arguments or {}

    def call(self, inputs: Any) -> Any:
        """function(inputs, **arguments)"""
        return self.function(inputs, **self.arguments)
