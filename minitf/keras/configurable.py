"""Configurable: an object that remembers how it was made, and can be made again.

    layer = tf.keras.layers.Dense(10, activation="relu")
    config = layer.get_config()       # {"units": 10, "activation": "relu", ...}
    Dense.from_config(config)         # a new layer, with new weights

Whole models are saved as such configs: plain data, that JSON can hold and that nothing executes.
"""

from __future__ import annotations

import inspect
from typing import Any


class Configurable:
    """Base of layers, optimizers, losses, metrics, initializers ..."""

    _made_with: MadeWith

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        self = super().__new__(cls)
        self._made_with = MadeWith(args, kwargs)
        return self

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor, as plain data.

        Raises:
            TypeError: an argument that is not plain data and has no name, such as a lambda.
        """
        from minitf.keras.saving.serialization import serialize

        return {name: serialize(value) for name, value in self._made_with.arguments(self).items()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new object, made with the arguments in `config`."""
        from minitf.keras.saving.serialization import deserialize

        return cls(**{name: deserialize(value) for name, value in config.items()})


class MadeWith:
    """The arguments an object was made with. Opaque: no walk over attributes looks inside."""

    def __init__(self, args: tuple, kwargs: dict[str, Any]) -> None:
        self._args, self._kwargs = args, kwargs

    def arguments(self, made: Any) -> dict[str, Any]:
        """Name and value of each argument, defaults included."""
        signature = inspect.signature(type(made).__init__)
        bound = signature.bind(made, *self._args, **self._kwargs)
        bound.apply_defaults()
        found: dict[str, Any] = {}
        for name, value in list(bound.arguments.items())[1:]:  # without self
            kind = signature.parameters[name].kind
            if kind is inspect.Parameter.VAR_KEYWORD:
                found |= value
            elif kind is not inspect.Parameter.VAR_POSITIONAL:
                found[name] = value
        return found
