"""Sequential: layers one after another.

    model = tf.keras.Sequential([
        tf.keras.Input((28, 28)),            # with it the weights exist at once
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10),
    ])
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minitf import nest
from minitf.keras.layers.base import Layer
from minitf.keras.layers.input import InputLayer
from minitf.keras.layers.shapes import shapes_of
from minitf.keras.layers.symbolic import KerasTensor
from minitf.keras.models.model import Model
from minitf.keras.saving.serialization import deserialize, serialize


class Sequential(Model):
    """A stack of layers: each one's output is the next one's input.

    Args:
        layers: list of layers; an Input may come first.
        trainable, name: as for Layer.

    Raises:
        ValueError: something that is not a layer, a layer twice, or an Input that is not first.
    """

    def __init__(self, layers: Any = None, trainable: bool = True, name: str | None = None) -> None:
        super().__init__(trainable=trainable, name=name)
        self._stack: list[Layer] = []
        self._input_layer: InputLayer | None = None
        self.input_shape: Any = None
        self.output_shape: Any = None
        self.inputs: list[KerasTensor] | None = None
        self.outputs: list[KerasTensor] | None = None
        for layer in [] if layers is None else [layers] if isinstance(layers, Layer) else layers:
            self._append(layer)
        self._build_if_possible()

    def add(self, layer: Any) -> None:
        """Puts a layer at the end."""
        self._append(layer)
        self._build_if_possible()

    def pop(self) -> Layer:
        """Takes the last layer away and returns it.

        Raises:
            IndexError: there is none.
        """
        if not self._stack:
            raise IndexError("There are no layers in the model.")
        layer = self._stack.pop()
        self._build_if_possible()
        return layer

    def build(self, input_shape: Any = None) -> None:
        """Makes all weights by a trial run on zeros; None stands for any batch size."""
        if input_shape is None:
            raise ValueError("build needs the input's shape, for example build((None, 784)).")
        if isinstance(input_shape, dict) or any(not _is_size(size) for size in input_shape):
            return  # several inputs: the layers build as they are called
        first = self._input_layer or InputLayer(input_shape[1:], input_shape[0])
        x = first.output
        self.inputs = [x]
        for layer in self._stack:
            x = layer(x)
            layer._output_shape = x.shape if isinstance(x, KerasTensor) else shapes_of(x)
        self.outputs = nest.flatten(x)
        self.input_shape = first.batch_shape
        self.output_shape = self._output_shape = shapes_of(x)

    @property
    def input(self) -> Any:
        """The KerasTensor the model starts with."""
        return self._symbolic("input", self.inputs)[0]

    @property
    def output(self) -> Any:
        """The KerasTensor the model ends with."""
        outputs = self._symbolic("output", self.outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    def get_config(self) -> dict[str, Any]:
        """Name and layers, the Input first."""
        layers = [self._input_layer] if self._input_layer else []
        return {"name": self.name, "layers": [serialize(x) for x in [*layers, *self._stack]]}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Sequential:
        """A new model with new layers."""
        return cls([deserialize(layer) for layer in config["layers"]], name=config["name"])

    def call(self, inputs: Any) -> Any:
        """The last layer's output."""
        for layer in self._stack:
            inputs = layer(inputs)
        return inputs

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the Input."""
        return list(self._stack)

    def _layers_inside(self) -> Iterable[Layer]:
        return self._stack

    def _symbolic(self, name: str, tensors: list[KerasTensor] | None) -> list[KerasTensor]:
        if tensors is None:
            raise AttributeError(
                f"The layer {self.name!r} has never been called and thus has no defined {name}. "
                "Start the model with tf.keras.Input(shape)."
            )
        return tensors

    def _append(self, layer: Any) -> None:
        if isinstance(layer, KerasTensor):
            layer = layer.node.layer
        if not isinstance(layer, Layer):
            raise ValueError(
                "Only instances of `keras.Layer` can be added to a Sequential model. Received: "
                f"{layer!r} (of type {type(layer).__name__}). A class needs brackets: Flatten()."
            )
        if isinstance(layer, InputLayer):
            if self._stack or self._input_layer:
                raise ValueError(
                    f"Sequential model {self.name!r} already has a first layer: an Input can only "
                    "stand at the start."
                )
            self._input_layer = layer
            return
        if any(layer is other for other in self._stack) or any(
            layer.name == other.name for other in self._stack
        ):
            raise ValueError(
                f"All layers added to a Sequential model should have unique names. Name "
                f"{layer.name!r} is already the name of a layer in this model: make a new layer."
            )
        declared = getattr(layer, "_declared_input_shape", None)
        if declared is not None and not self._stack and self._input_layer is None:
            self._input_layer = InputLayer(declared)
        self._stack.append(layer)

    def _build_if_possible(self) -> None:
        self.built = False
        self.output_shape = None
        if self._input_layer is not None and self._stack:
            self.build(self._input_layer.batch_shape)


def _is_size(size: Any) -> bool:
    return size is None or isinstance(size, int | np.integer)
