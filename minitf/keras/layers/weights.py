"""The weights of a layer and of all layers inside it: listing, reading, setting, counting.

    layer.weights              # its own first, trainable ones before the others; then those inside
    layer.get_weights()        # NumPy copies
    layer.set_weights(arrays)
    layer.count_params()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from minitf.keras.variables import Variable
from minitf.module import Module


class WeightHolder(Module):
    """The half of Layer that deals with its weights.

    Attributes:
        built: True once the weights exist.
    """

    built = False
    _deferred_restore: Any = None
    _found: dict[str, Any] | None = None  # what was found among the attributes since one was set
    _trainable: bool
    _weights: list[Variable]  # made trainable by add_weight
    _states: list[Variable]  # made not trainable

    @property
    def trainable(self) -> bool:
        """Whether training may change the weights; setting it reaches the layers inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for weight in self._weights:
            weight.trainable = self._trainable
        for layer in self._layers_inside():
            layer.trainable = value

    @property
    def variables(self) -> list[Variable]:
        """All weights, each once."""
        found: dict[int, Variable] = {}
        self._collect(found)
        return list(found.values())

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training may change."""
        return [v for v in self.variables if v.trainable] if self.trainable else []

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The weights that training leaves alone."""
        return [v for v in self.variables if not (v.trainable and self.trainable)]

    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables

    def get_weights(self) -> list[Any]:
        """The values of all weights, as NumPy copies."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: list[Any]) -> None:
        """Assigns all weights at once; nothing changes if one of them does not fit.

        Raises:
            ValueError: another number of arrays, or another shape.
        """
        own = self.weights
        if len(weights) != len(own):
            hint = "" if self.built else self._how_to_build()
            raise ValueError(
                f"You called set_weights(weights) on layer {self.name!r} with a weight list of "
                f"length {len(weights)}, but the layer was expecting {len(own)} weights.{hint}"
            )
        for variable, value in zip(own, weights, strict=True):
            if np.shape(value) != tuple(variable.shape):
                raise ValueError(
                    f"Layer {self.name!r}: weight {variable.path} has shape "
                    f"{tuple(variable.shape)}, but the value for it has shape {np.shape(value)}. "
                    "get_weights() shows the order and the shapes."
                )
        for variable, value in zip(own, weights, strict=True):
            variable.assign(np.asarray(value, dtype=variable.dtype.dtype))

    def count_params(self) -> int:
        """How many numbers the weights hold.

        Raises:
            ValueError: the layer is not built yet.
        """
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer {self.name!r}, but the layer isn't "
                f"built.{self._how_to_build()}"
            )
        return sum(int(np.prod(weight.shape)) for weight in self.weights)

    def _trackable_children(self) -> dict[str, Any]:
        """What a checkpoint saves of a layer: all it holds but its bookkeeping."""
        return {key: value for key, value in vars(self).items() if key not in _BOOKKEEPING}

    def _variables_were_made(self) -> None:
        """Values of a checkpoint that was restored before may be waiting for them."""
        if self._deferred_restore is not None:
            self._deferred_restore()

    def _how_to_build(self) -> str:
        return (
            f" Weights exist once the input's shape is known: call {self.name!r} on a batch, call "
            "build(input_shape), or start a Sequential model with tf.keras.Input(shape)."
        )

    def _layers_inside(self) -> Iterable[WeightHolder]:
        """Layers held in attributes, or in lists, tuples and dicts there, as they were assigned."""
        found: dict[int, WeightHolder] = {}
        _, holders = self._attributes_to_search()
        if holders:
            _find_layers(holders, found)
        return found.values()

    def _collect(self, found: dict[int, Variable]) -> None:
        shared, _ = self._attributes_to_search()
        for weights in (self._weights, self._states, shared):
            for weight in weights:
                found.setdefault(weight.id, weight)
        for layer in self._layers_inside():
            layer._collect(found)

    def _attributes_to_search(self) -> tuple[list[Variable], list[Any]]:
        """Weights assigned to an attribute, and what is, or may hold, a layer.

        What a list holds may change at any time: that is not remembered.
        """

        def search() -> tuple[list[Variable], list[Any]]:
            own = [value for key, value in vars(self).items() if key not in _NO_LAYERS]
            weights = [value for value in own if isinstance(value, Variable)]
            return weights, [value for value in own if _may_hold_layers(value)]

        return self._remember("layers", search)

    def _remember(self, key: str, search: Callable[[], Any]) -> Any:
        """What `search` finds among the attributes, until one of them is set.

        Every training step asks for the weights, the losses and the metrics of all layers.
        """
        if self._found is None:
            self._found = {}
        if key not in self._found:
            self._found[key] = search()
        return self._found[key]

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name != "_found":
            self._found = None

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        self._found = None


_BOOKKEEPING = {
    "_added_losses",
    "_found",
    "_layers_that_added",
    "_nodes",
    "_order",
    "_regularized",
    "_variables_in_training",
    "_compile_arguments",
    "_compiled_metrics",
    "_loss_tracker",
    "_train_function",
}


_NO_LAYERS = _BOOKKEEPING | {"_weights", "_states"}


def _find_layers(values: Iterable[Any], found: dict[int, WeightHolder]) -> None:
    for value in values:
        if isinstance(value, WeightHolder):
            found.setdefault(id(value), value)
        elif isinstance(value, list | tuple):
            _find_layers(value, found)
        elif isinstance(value, dict):
            _find_layers(value.values(), found)


def _may_hold_layers(value: Any) -> bool:
    if isinstance(value, tuple):  # never changes: (3, 3) will hold no layer tomorrow either
        return any(map(_may_hold_layers, value))
    return isinstance(value, WeightHolder | list | dict)
