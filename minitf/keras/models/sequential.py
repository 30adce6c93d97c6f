"""Sequential: layers one after another.

    model = tf.keras.Sequential([
        tf.keras.Input((28, 28)),            # with it the weights exist at once
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10),
    ])
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.call_context import unrecorded
from minitf.keras.layers.base import Layer, batch_unknown, shapes_of
from minitf.keras.layers.input import InputLayer, KerasTensor
from minitf.keras.models.model import Model


class Sequential(Model):
    """A stack of layers: each one's output is the next one's input.

    Args:
        layers: list of layers; an Input may come first.
        trainable, name: as for Layer.

    Raises:
        ValueError: something that is not a layer, a layer twice, or an Input that is not first.
    """

    def __init__(
        self, layers: Any = None, trainable: bool = True, name: str | None = None
    ) -> None:
        super().__init__(trainable=trainable, name=name)
        self._stack: list[Layer] = []
        self._input_layer: InputLayer | None = None
        self.input_shape: Any = None
        self.output_shape: Any = None
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
            TypeError: there is none.
        """
        if not self._stack:
            raise TypeError("There are no layers in the model.")
        layer = self._stack.pop()
        self._build_if_possible()
        return layer

    def build(self, input_shape: Any = None) -> None:
        """Makes all weights by a trial run on zeros; None stands for any batch size."""
        if input_shape is None:
            raise ValueError("build needs the input's shape, for example build((None, 784)).")
        if isinstance(input_shape, dict) or any(not _is_size(size) for size in input_shape):
            return  # several inputs: the layers build as they are called
        x = tf.Tensor(np.zeros([size or 1 for size in (None, *input_shape[1:])], self._zeros_dtype))
        with unrecorded():
            for layer in self._stack:
                x = layer(x, training=False)
                layer._output_shape = batch_unknown(shapes_of(x))
        batch = self._input_layer.batch_shape[0] if self._input_layer else None
        self.input_shape = (batch, *input_shape[1:])
        self.output_shape = self._output_shape = batch_unknown(shapes_of(x))

    def call(self, inputs: Any) -> Any:
        """The last layer's output."""
        for layer in self._stack:
            inputs = layer(inputs)
        return inputs

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the Input."""
        return list(self._stack)

    @property
    def _zeros_dtype(self) -> np.dtype:
        return (self._input_layer or self)._dtype.dtype

    def _layers_inside(self) -> Iterator[Layer]:
        return iter(self._stack)

    def _append(self, layer: Any) -> None:
        if isinstance(layer, KerasTensor):
            layer = layer.layer
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
