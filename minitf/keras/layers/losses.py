"""The losses that layers bring themselves: prices of weights, and what `call` adds.

    class Quiet(tf.keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(0.01 * tf.reduce_sum(tf.square(inputs)))
            return inputs

    model.losses          # all of them: fit adds them to the loss
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.call_context import context
from minitf.keras.layers.weights import WeightHolder


class LossHolder(WeightHolder):
    """The part of Layer that deals with its losses."""

    _regularized: list[tuple[Any, Any]]  # weights with their regularizers
    _added_losses: list[Any]
    _layers_that_added: list[LossHolder] | None = None

    @property
    def losses(self) -> list[tf.Tensor]:
        """What add_loss was given in the last call, then the prices of the trainable weights.

        Computed anew at each look, so that a tape can record it.
        """
        layers = self._all_layers()
        added = [loss for layer in layers for loss in layer._added_losses]
        return added + [
            regularizer(weight)
            for layer in layers
            for weight, regularizer in layer._regularized
            if weight.trainable
        ]

    def add_loss(self, loss: Any) -> None:
        """Adds a scalar, or several, to `losses`, until the outermost layer is called again."""
        for value in loss if isinstance(loss, list | tuple) else [loss]:
            self._added_losses.append(tf.convert_to_tensor(value))
        outermost = context.outermost or self
        if outermost._layers_that_added is None:
            outermost._layers_that_added = []
        outermost._layers_that_added.append(self)

    def _forget_added_losses(self) -> None:
        if self._layers_that_added:
            for layer in self._layers_that_added:
                layer._added_losses.clear()
            self._layers_that_added.clear()

    def _all_layers(self) -> list[Any]:
        """This layer and all inside it, each once."""
        found: dict[int, Any] = {}
        waiting: list[Any] = [self]
        while waiting:
            layer = waiting.pop(0)
            if id(layer) not in found:
                found[id(layer)] = layer
                waiting[:0] = layer._layers_inside()
        return list(found.values())
