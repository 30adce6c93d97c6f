"""Layers called on promises instead of values: the functional way to build a model.

    x = tf.keras.Input((784,))           # a KerasTensor: a shape and a dtype, no values
    h = tf.keras.layers.Dense(128)(x)    # another: (None, 128)
    model = tf.keras.Model(x, h)

Each call on KerasTensors is noted as a Node. A model walks its nodes with real values later.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

import minitf as tf
from minitf import dtypes, nest
from minitf.keras.call_context import unrecorded
from minitf.keras.naming import unique_name
from minitf.tensor import Tensor

_next_number = itertools.count().__next__
_TRIALS = (32, 48)  # sizes to put in the place of unknown ones; what changes in between is unknown


class KerasTensor:
    """A promise of a tensor of some shape. It holds no values.

    Attributes:
        shape: with None where a size is not known, as the batch size.
        dtype: name of the element type.
        node: the call that it comes out of.
    """

    def __init__(self, shape: tuple, dtype: str, node: Node | None = None, name: Any = None):
        self.shape = tuple(shape)
        self.dtype = dtype
        self.node: Any = node
        self.name = name or unique_name("keras_tensor")

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def __tf_tensor__(self) -> Any:
        raise ValueError(
            "A KerasTensor cannot be used as input to a TensorFlow function: it is a promise, made "
            "by tf.keras.Input, and holds no values. Put the operation into the call() of a Layer, "
            "or use a layer that does it."
        )

    __array__ = __float__ = __int__ = __iter__ = __tf_tensor__

    def __bool__(self) -> bool:
        raise TypeError(
            "A symbolic KerasTensor cannot be used as a boolean: it is a promise, made by "
            "tf.keras.Input, and holds no values. Put the `if` into the call() of a Layer."
        )

    def __add__(self, other: Any) -> Any:
        return _computed("add", self, other)

    def __sub__(self, other: Any) -> Any:
        return _computed("subtract", self, other)

    def __mul__(self, other: Any) -> Any:
        return _computed("multiply", self, other)

    def __truediv__(self, other: Any) -> Any:
        return _computed("divide", self, other)

    def __radd__(self, other: Any) -> Any:
        return _computed("add", other, self)

    def __rsub__(self, other: Any) -> Any:
        return _computed("subtract", other, self)

    def __rmul__(self, other: Any) -> Any:
        return _computed("multiply", other, self)

    def __rtruediv__(self, other: Any) -> Any:
        return _computed("divide", other, self)

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"


class Node:
    """One call of a layer on KerasTensors.

    Attributes:
        layer: what was called.
        inputs: KerasTensors, in the structure the layer was given.
        args, kwargs: the call's other arguments.
        outputs: KerasTensors, in the structure the layer returned.
        number: rises with each call.
    """

    def __init__(self, layer: Any, inputs: Any, args: tuple, kwargs: dict[str, Any]) -> None:
        self.layer, self.inputs, self.args, self.kwargs = layer, inputs, args, kwargs
        self.outputs: Any = None
        self.number = _next_number()

    def before(self) -> list[Node]:
        """The nodes that made the inputs; none for an Input."""
        everything = nest.flatten((self.inputs, self.args, self.kwargs))
        return [x.node for x in everything if isinstance(x, KerasTensor)]

    def __deepcopy__(self, memo: dict) -> Node:
        return self  # a copied layer is another layer, and was never called


def holds_keras_tensor(inputs: Any) -> bool:
    """True for a KerasTensor, and for lists, tuples and dicts with one."""
    if isinstance(inputs, KerasTensor):
        return True
    if isinstance(inputs, list | tuple):
        return any(holds_keras_tensor(part) for part in inputs)
    return isinstance(inputs, dict) and any(holds_keras_tensor(x) for x in inputs.values())


def call_symbolically(layer: Any, inputs: Any, args: tuple, training: Any, kwargs: dict) -> Any:
    """KerasTensors for the outputs; builds the layer, by a trial run on zeros, if need be."""
    node = Node(
        layer, inputs, args, kwargs if training is None else kwargs | {"training": training}
    )
    everything = nest.flatten((inputs, args, kwargs))
    promised = [x for x in everything if isinstance(x, KerasTensor)]
    outputs = _trial(layer, inputs, args, kwargs, _TRIALS[0])
    shapes = [tuple(x.shape) for x in nest.flatten(outputs)]
    if any(None in x.shape[1:] for x in promised):
        others = nest.flatten(_trial(layer, inputs, args, kwargs, _TRIALS[1]))
        shapes = [_common(a, tuple(b.shape)) for a, b in zip(shapes, others, strict=True)]
    batch = promised[0].shape[:1]
    made = [
        KerasTensor(batch + shape[1:], x.dtype.name, node)
        for shape, x in zip(shapes, nest.flatten(outputs), strict=True)
    ]
    node.outputs = nest.pack_like(outputs, made)
    layer._nodes.append(node)
    return node.outputs


def _trial(layer: Any, inputs: Any, args: tuple, kwargs: dict, size: int) -> Any:
    def zeros(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return x
        batch, *others = x.shape
        shape = (batch or 1, *[other or size for other in others])
        return Tensor(np.zeros(shape, dtypes.as_dtype(x.dtype).dtype))

    arguments = nest.map_structure(zeros, (inputs, args, kwargs))
    with unrecorded():
        outputs = layer(arguments[0], *arguments[1], training=False, **arguments[2])
    layer._forget_added_losses()  # those of zeros mean nothing
    return outputs


def _common(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int | None, ...]:
    return tuple(m if m == n else None for m, n in zip(a, b, strict=True))


def _computed(operation: str, x: Any, y: Any) -> Any:
    from minitf.keras.layers.arithmetic import Arithmetic  # a layer itself: imported when needed

    if isinstance(x, KerasTensor) and isinstance(y, KerasTensor):
        return Arithmetic(operation)([x, y])
    if isinstance(x, KerasTensor):
        return Arithmetic(operation, right=tf.convert_to_tensor(y).numpy())(x)
    return Arithmetic(operation, left=tf.convert_to_tensor(x).numpy())(y)
