"""Neighbouring elements together: window, padded_batch, rebatch.

    tf.data.Dataset.range(5).window(2)            # datasets: [0, 1], [2, 3], [4]
    ds.padded_batch(32)                           # a batch of sequences of different lengths
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.data.dataset import Dataset, DatasetSpec
from minitf.data.structure import transform
from minitf.data.transformations import Batch, Transformation, positive
from minitf.errors import InvalidArgumentError
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec


class Window(Transformation):
    """Small datasets of neighbouring elements; a tuple of datasets if the elements are tuples."""

    def __init__(
        self, source: Dataset, size: int, shift: int | None, stride: int, drop_remainder: bool
    ) -> None:
        super().__init__(source)
        self._length = positive(size, "Window size")
        self._shift = positive(size if shift is None else shift, "Window shift")
        self._stride = positive(stride, "Window stride")
        self._drop_remainder = drop_remainder

    @property
    def element_spec(self) -> Any:
        return transform(self._source.element_spec, DatasetSpec)

    def _walk(self) -> Iterator[Any]:
        reach = (self._length - 1) * self._stride + 1
        elements = self._source._walk()
        held = deque(itertools.islice(elements, reach))
        while held:
            if len(held) < reach and self._drop_remainder:
                return
            yield self._of(list(held)[:: self._stride])
            for _ in range(self._shift):
                if held:
                    held.popleft()
                else:
                    next(elements, None)  # a shift beyond the window skips elements
            held.extend(itertools.islice(elements, reach - len(held)))

    def _of(self, elements: list[Any]) -> Any:
        columns = transform(elements[0], lambda *parts: list(parts), *elements[1:])
        specs = self._source.element_spec
        return transform(specs, lambda spec, column: Listed(column, spec), columns)

    def _size(self) -> int:
        size = self._source._size()
        if size < 0:
            return size
        if not self._drop_remainder:
            return -(-size // self._shift)
        reach = (self._length - 1) * self._stride + 1
        return 0 if size < reach else (size - reach) // self._shift + 1


class Listed(Dataset):
    """Elements that are there already."""

    def __init__(self, elements: list[Any], spec: Any) -> None:
        self._elements, self._spec = elements, spec

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _walk(self) -> Iterator[Any]:
        return iter(self._elements)

    def _size(self) -> int:
        return len(self._elements)


class PaddedBatch(Batch):
    """Elements filled up to one shape, then stacked."""

    def __init__(
        self,
        source: Dataset,
        batch_size: int,
        padded_shapes: Any,
        padding_values: Any,
        drop_remainder: bool,
    ) -> None:
        super().__init__(source, batch_size, drop_remainder)
        spec = source.element_spec
        self._shapes = transform(spec, _checked_shape, _like(spec, padded_shapes))
        self._values = transform(spec, _checked_value, _like(spec, padding_values))

    @property
    def element_spec(self) -> Any:
        size = self._batch_size if self._drop_remainder else None

        def batched(spec: TensorSpec, shape: Any) -> TensorSpec:
            return TensorSpec((size, *shape[0]), spec.dtype)

        return transform(self._source.element_spec, batched, self._shapes)

    def _walk(self) -> Iterator[Any]:
        elements = self._source._walk()
        while batch := list(itertools.islice(elements, self._batch_size)):
            if len(batch) < self._batch_size and self._drop_remainder:
                return
            columns = transform(batch[0], lambda *parts: list(parts), *batch[1:])
            yield transform(self._source.element_spec, _padded, columns, self._shapes, self._values)


def _like(spec: Any, given: Any) -> Any:
    """One entry per component: None, or a single value for all, is repeated."""
    if isinstance(spec, dict):
        return {k: _like(spec[k], given[k] if isinstance(given, dict) else given) for k in spec}
    if isinstance(spec, tuple):
        parts = given if isinstance(given, tuple) else [given] * len(spec)
        return tuple(_like(part, one) for part, one in zip(spec, parts, strict=True))
    return (given,)  # a leaf, whatever it is


def _checked_shape(spec: TensorSpec, given: tuple) -> tuple:
    shape = tuple(spec.shape) if given[0] is None else tuple(given[0])
    sizes = tuple(None if size in (None, -1) else int(size) for size in shape)
    if len(sizes) != len(spec.shape):
        raise ValueError(
            f"The padded shape {sizes} is not compatible with the shape {spec.shape} of the "
            "corresponding input component."
        )
    return (sizes,)


def _checked_value(spec: TensorSpec, given: tuple) -> tuple:
    value = given[0]
    if value is None:
        empty: Any = b"" if spec.dtype.dtype.kind == "O" else 0
        return (np.full((), empty, spec.dtype.dtype),)
    if isinstance(value, int) and spec.dtype.as_numpy_dtype != np.int32 and spec.dtype.is_integer:
        have = "int32"  # what TensorFlow makes of a Python number
    elif isinstance(value, Tensor):
        have = value.dtype.name
    else:
        have = spec.dtype.name
    if have != spec.dtype.name:
        raise TypeError(
            f"Invalid `padding_values`. `padding_values` values type {have} does not match type "
            f"{spec.dtype.name} of the corresponding input component. Use tf.constant(value, "
            f"tf.{spec.dtype.name})."
        )
    return (np.asarray(value, spec.dtype.as_numpy_dtype),)


def _padded(spec: TensorSpec, column: list[Tensor], shape: tuple, fill: tuple) -> Tensor:
    longest = [max(sizes) for sizes in zip(*(x.shape for x in column), strict=True)]
    sizes = [
        largest if wanted is None else wanted
        for largest, wanted in zip(longest, shape[0], strict=True)
    ]
    if any(largest > size for largest, size in zip(longest, sizes, strict=True)):
        raise InvalidArgumentError(
            f"Attempted to pad to a smaller size than the input element: {sizes} for elements up "
            f"to {longest}."
        )
    batch = np.full((len(column), *sizes), fill[0])
    for i, tensor in enumerate(column):
        batch[(i, *[slice(0, size) for size in tensor.shape])] = tensor._value
    return Tensor(batch)
