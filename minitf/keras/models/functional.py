"""Functional models: layers wired up by calling them on Inputs.

    a, b = tf.keras.Input((2,)), tf.keras.Input((3,))
    x = tf.keras.layers.Concatenate()([a, b])
    y = tf.keras.layers.Dense(1)(x)
    model = tf.keras.Model([a, b], y)
    model([tf.ones([5, 2]), tf.ones([5, 3])]).shape      # (5, 1)

Several inputs, several outputs, shared layers and skipped ones are all the same here: nodes, each
run once, after those it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import minitf as tf
from minitf import nest
from minitf.keras.layers.base import Layer
from minitf.keras.layers.input import InputLayer
from minitf.keras.layers.shapes import shapes_of
from minitf.keras.layers.symbolic import KerasTensor
from minitf.keras.models import wiring
from minitf.keras.models.model import Model


class Functional(Model):
    """What tf.keras.Model(inputs, outputs) returns.

    Args:
        inputs, outputs: KerasTensors, or lists, tuples or dicts of them.
        trainable, name: as for Layer.

    Raises:
        ValueError: something else than KerasTensors, or an output that needs another Input.
    """

    def __init__(
        self, inputs: Any, outputs: Any, trainable: bool = True, name: str | None = None
    ) -> None:
        super().__init__(trainable=trainable, name=name)
        for kind, tensors in (("inputs", inputs), ("outputs", outputs)):
            for x in nest.flatten(tensors):
                if not isinstance(x, KerasTensor):
                    raise ValueError(
                        f"All `{kind}` values must be KerasTensors. Received: {x!r}. Start with "
                        "tf.keras.Input(shape) and call layers on it."
                    )
        self._input_structure, self._output_structure = inputs, outputs
        self.inputs, self.outputs = nest.flatten(inputs), nest.flatten(outputs)
        self.output_names = [x.node.layer.name for x in self.outputs]
        self._order = wiring.nodes_between(self.inputs, self.outputs)
        self._layer_list = wiring.layers_of(self._order, self.inputs)
        self.built = True
        self.input_shape, self.output_shape = shapes_of(inputs), shapes_of(outputs)
        self._output_shape = self.output_shape
        for node in self._order:
            node.layer._output_shape = shapes_of(node.outputs)

    def call(self, inputs: Any) -> Any:
        """Runs the nodes in order.

        Raises:
            ValueError: another number of inputs, or another shape than was declared.
        """
        known = dict(zip(map(id, self.inputs), self._matched(inputs), strict=True))

        def value(x: Any) -> Any:
            return known[id(x)] if isinstance(x, KerasTensor) else x

        for node in self._order:
            given, args, kwargs = nest.map_structure(value, (node.inputs, node.args, node.kwargs))
            outputs = node.layer(given, *args, **kwargs)
            known.update(zip(_ids(node.outputs), nest.flatten(outputs), strict=True))
        return nest.map_structure(value, self._output_structure)

    @property
    def input(self) -> Any:
        """The KerasTensors the model starts with."""
        return self._input_structure

    @property
    def output(self) -> Any:
        """The KerasTensors the model ends with."""
        return self._output_structure

    @property
    def layers(self) -> list[Layer]:
        """All layers, Inputs included, in the order of the wiring."""
        return list(self._layer_list)

    def get_config(self) -> dict[str, Any]:
        """Name, layers, and how they are wired; or the arguments of a subclass' own __init__."""
        if type(self).__init__ is not Functional.__init__:
            return super().get_config()
        return wiring.describe(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new model with new layers."""
        if cls.__init__ is not Functional.__init__:
            return super().from_config(config)
        inputs, outputs = wiring.rebuilt(config)
        return cls(inputs, outputs, name=config["name"])

    def _layers_inside(self) -> Iterator[Layer]:
        return iter(self._layer_list)

    def _matched(self, inputs: Any) -> list[Any]:
        """The inputs in the order of `self.inputs`; a dict is looked up by the Inputs' names."""
        if isinstance(inputs, dict) and not isinstance(self._input_structure, dict):
            names = [x.node.layer.name for x in self.inputs]
            missing = [name for name in names if name not in inputs]
            if missing:
                raise ValueError(f"Layer {self.name!r} misses the inputs {missing}.")
            given = [inputs[name] for name in names]
        else:
            given = nest.flatten(inputs)
        if len(given) != len(self.inputs):
            names = [x.node.layer.name for x in self.inputs]
            raise ValueError(
                f"Layer {self.name!r} expects {len(self.inputs)} input(s), {names}, but it "
                f"received {len(given)}. Give them as a list in this order, or as a dict by name."
            )
        return [self._fitted(x, have) for x, have in zip(self.inputs, given, strict=True)]

    def _fitted(self, promised: KerasTensor, given: Any) -> tf.Tensor:
        tensor = tf.convert_to_tensor(given)
        have, want = tuple(tensor.shape), promised.shape
        if len(have) == len(want) - 1 and want[-1] == 1:  # Keras adds an axis of size 1
            tensor = tf.expand_dims(tensor, -1)
        elif len(have) == len(want) + 1 and have[-1] == 1:  # or drops one
            tensor = tf.squeeze(tensor, -1)
        have = tuple(tensor.shape)
        fits = len(have) == len(want) and all(
            w is None or h is None or h == w for h, w in zip(have, want, strict=True)
        )
        if not fits:
            raise ValueError(
                f"Input with name {promised.node.layer.name!r} of layer {self.name!r} is "
                f"incompatible with the layer: expected shape={want}, found shape={have}."
            )
        wanted = promised.dtype
        if tensor.dtype.name != wanted and isinstance(promised.node.layer, InputLayer):
            tensor = tf.cast(tensor, wanted)
        return tensor


def become_functional(
    model: Any, inputs: Any, outputs: Any, trainable: bool, name: str | None
) -> None:
    """Turn a model whose __init__ is running into one that is wired from inputs to outputs."""
    model.__class__ = functional_class(type(model))
    Functional.__init__(model, inputs, outputs, trainable, name)


def functional_class(kind: Any) -> Any:
    """Functional, with the methods of `kind` (a train_step, for example) before its own."""
    if kind is Model:
        return Functional
    if "_functional_class" not in vars(kind):  # made once, so that two models are of one class
        parts = {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
        kind._functional_class = type(kind.__name__, (kind, Functional), parts)
    return kind._functional_class


def _ids(outputs: Any) -> list[int]:
    return [id(x) for x in nest.flatten(outputs)]
