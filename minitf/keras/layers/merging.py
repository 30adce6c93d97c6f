"""Merging: several inputs, one output.

    tf.keras.layers.Add()([a, b])                 # a + b, element by element
    tf.keras.layers.Concatenate()([a, b])         # side by side along the last axis
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.layers.base import Layer
from minitf.tensor import Tensor


class Merge(Layer):
    """Base of the layers that combine a list of inputs element by element.

    Sizes of 1 are repeated; the batch sizes must be equal. An input with fewer axes gets axes of
    size 1 behind the batch axis: (2, 3) and (2, 4, 3) give (2, 4, 3). Integers stay integers.

    Raises:
        ValueError: not a list, or shapes that do not go together.
    """

    def call(self, inputs: Any) -> Tensor:
        """A list of tensors -> one tensor."""
        tensors = _checked_list(self, inputs)
        _check_batches(tensors)
        _check_shapes(tensors)
        rank = max(x._value.ndim for x in tensors)
        return self._merge([_with_rank(x, rank) for x in tensors])

    def _merge(self, tensors: list[Tensor]) -> Tensor:
        total = tensors[0]
        for tensor in tensors[1:]:
            total = self._combine(total, tensor)
        return total

    def _combine(self, a: Tensor, b: Tensor) -> Tensor:
        raise NotImplementedError


class Add(Merge):
    """The sum."""

    def _combine(self, a: Tensor, b: Tensor) -> Tensor:
        return a + b


class Subtract(Merge):
    """The first of two minus the second."""

    def _merge(self, tensors: list[Tensor]) -> Tensor:
        if len(tensors) != 2:
            raise ValueError(
                "A `Subtract` layer should be called on exactly 2 inputs. Received: "
                f"{len(tensors)}."
            )
        return tensors[0] - tensors[1]


class Multiply(Merge):
    """The product."""

    def _combine(self, a: Tensor, b: Tensor) -> Tensor:
        return a * b


class Average(Merge):
    """The mean."""

    def _merge(self, tensors: list[Tensor]) -> Tensor:
        total: Any = super()._merge(tensors)
        return total / len(tensors)

    def _combine(self, a: Tensor, b: Tensor) -> Tensor:
        return a + b


class Maximum(Merge):
    """The larger of both, element by element."""

    def _combine(self, a: Tensor, b: Tensor) -> Tensor:
        return tf.maximum(a, b)


class Minimum(Merge):
    """The smaller of both, element by element."""

    def _combine(self, a: Tensor, b: Tensor) -> Tensor:
        return tf.minimum(a, b)


class Concatenate(Layer):
    """Joins along an axis.

    Args:
        axis: the axis; all other sizes must agree.

    Raises:
        ValueError: not a list, or another size that differs.
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Tensor:
        """A list of tensors -> one tensor."""
        tensors = _checked_list(self, inputs)
        shapes = [tuple(x.shape) for x in tensors]
        ranks = {len(shape) for shape in shapes}
        axis = self.axis % max(ranks) if len(ranks) == 1 else 0
        others = {shape[:axis] + shape[axis + 1 :] for shape in shapes}
        if len(ranks) > 1 or len(others) > 1:
            raise ValueError(
                "A `Concatenate` layer requires inputs with matching shapes except for the "
                f"concatenation axis. Received: input_shape={shapes} with axis={self.axis}."
            )
        return tf.concat(tensors, axis=self.axis)


def _checked_list(layer: Layer, inputs: Any) -> list[Tensor]:
    if not isinstance(inputs, list | tuple) or not inputs:
        raise ValueError(
            f"A `{type(layer).__name__}` layer should be called on a list of at least 1 input. "
            f"Received: {inputs!r}. Write layer([a, b])."
        )
    return [tf.convert_to_tensor(x) for x in inputs]


def _with_rank(x: Tensor, rank: int) -> Tensor:
    while x._value.ndim < rank:
        x = tf.expand_dims(x, 1)
    return x


def _check_batches(tensors: list[Tensor]) -> None:
    sizes = {tuple(x.shape)[0] for x in tensors if len(x.shape)} - {None}
    if len(sizes) > 1:
        raise ValueError(
            "Cannot merge tensors with different batch sizes. Received tensors with shapes "
            f"{[tuple(x.shape) for x in tensors]}."
        )


def _check_shapes(tensors: list[Tensor]) -> None:
    first = tuple(tensors[0].shape)[1:]
    for other in tensors[1:]:
        shape = tuple(other.shape)[1:]
        pairs = zip(reversed(first), reversed(shape), strict=False)
        if any(a != b and 1 not in (a, b) and None not in (a, b) for a, b in pairs):
            raise ValueError(
                f"Inputs have incompatible shapes. Received shapes {first} and {shape} (without "
                "the batch axis)."
            )
