"""What can be done to a dataset: batch, shuffle, repeat, take, ... (mapping.py: map and its kin)

    Batch(Shuffle(source, 1000, seed=None, reshuffle=True), 32, drop_remainder=False)

Users write source.shuffle(1000).batch(32); dataset.py documents the arguments.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import seeds
from minitf.data.dataset import (
    INFINITE_CARDINALITY,
    UNKNOWN_CARDINALITY,
    Dataset,
)
from minitf.data.structure import leaves, row_at, transform
from minitf.errors import InvalidArgumentError
from minitf.ops.checks import as_integer
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec


class Transformation(Dataset):
    """A dataset made from one other; by default it keeps the form of the elements."""

    def __init__(self, source: Dataset) -> None:
        self._source = source

    @property
    def element_spec(self) -> Any:
        return self._source.element_spec

    def _size(self) -> int:
        return self._source._size()


class Batch(Transformation):
    """Several elements stacked into one."""

    def __init__(self, source: Dataset, batch_size: int, drop_remainder: bool) -> None:
        super().__init__(source)
        self._batch_size = positive(batch_size, "batch_size")
        self._drop_remainder = drop_remainder

    @property
    def element_spec(self) -> Any:
        size = self._batch_size if self._drop_remainder else None
        return transform(
            self._source.element_spec, lambda spec: TensorSpec((size, *spec.shape), spec.dtype)
        )

    def _walk(self) -> Iterator[Any]:
        rows = self._source._rows()
        batches = self._of_elements() if rows is None else self._of_rows(*rows)
        return batches

    def _of_rows(self, arrays: Any, order: np.ndarray) -> Iterator[Any]:
        """Picks all rows of a batch at once."""
        for start in range(0, len(order), self._batch_size):
            picked = order[start : start + self._batch_size]
            if len(picked) < self._batch_size and self._drop_remainder:
                return
            yield transform(arrays, row_at(picked))

    def _of_elements(self) -> Iterator[Any]:
        elements = self._source._walk()
        while batch := list(itertools.islice(elements, self._batch_size)):
            if len(batch) < self._batch_size and self._drop_remainder:
                return
            yield transform(batch[0], stacked, *batch[1:])

    def _size(self) -> int:
        size = self._source._size()
        if size < 0:
            return size
        return size // self._batch_size if self._drop_remainder else -(-size // self._batch_size)


class Unbatch(Transformation):
    """The rows of every element."""

    @property
    def element_spec(self) -> Any:
        return transform(
            self._source.element_spec, lambda spec: TensorSpec(spec.shape[1:], spec.dtype)
        )

    def _walk(self) -> Iterator[Any]:
        for element in self._source._walk():
            yield from Dataset.from_tensor_slices(element)._walk()

    def _size(self) -> int:
        return UNKNOWN_CARDINALITY


class Shuffle(Transformation):
    """Random order from a buffer."""

    def __init__(
        self, source: Dataset, buffer_size: int, seed: int | None, reshuffle: bool
    ) -> None:
        super().__init__(source)
        self._buffer_size = positive(buffer_size, "buffer_size")
        self._reshuffle = reshuffle
        self._rng = seeds.generator(seed)  # one draw from it per pass
        self._pass_seed: int | None = None

    def _walk(self) -> Iterator[Any]:
        return _drawn(self._source._walk(), self._buffer_size, self._next_rng())

    def _rows(self) -> tuple[Any, np.ndarray] | None:
        rows = self._source._rows()
        if rows is None:
            return None
        arrays, order = rows
        rng = self._next_rng()
        if self._buffer_size >= len(order):
            return arrays, rng.permutation(order)  # what a buffer that holds everything does
        drawn = _drawn(iter(order.tolist()), self._buffer_size, rng)
        return arrays, np.fromiter(drawn, dtype=np.int64, count=len(order))

    def _next_rng(self) -> np.random.Generator:
        """The generator of one pass: a new one each time, unless told to keep the order."""
        if self._pass_seed is None or self._reshuffle:
            self._pass_seed = int(self._rng.integers(2**63))
        return np.random.default_rng(self._pass_seed)


class Repeat(Transformation):
    """The same dataset several times, or for ever."""

    def __init__(self, source: Dataset, count: int) -> None:
        super().__init__(source)
        self._count = count

    def _walk(self) -> Iterator[Any]:
        passes = itertools.count() if self._count < 0 else range(self._count)
        for _ in passes:
            empty = True
            for element in self._source._walk():
                empty = False
                yield element
            if empty:
                return  # repeating nothing for ever would never come back

    def _size(self) -> int:
        size = self._source._size()
        if size == 0 or self._count == 0:
            return 0
        if self._count < 0:
            return INFINITE_CARDINALITY
        return size if size < 0 else size * self._count

    def _rows(self) -> tuple[Any, np.ndarray] | None:
        if self._count < 1:
            return None
        passes = [self._source._rows() for _ in range(self._count)]
        rows = [one for one in passes if one is not None]
        if not rows:
            return None
        return rows[0][0], np.concatenate([order for _, order in rows])


class Slice(Transformation):
    """Elements start, start + step, ... before stop: what take, skip and shard have in common."""

    def __init__(self, source: Dataset, start: int, stop: int | None, step: int = 1) -> None:
        super().__init__(source)
        self._slice = slice(start, stop, step)

    def _walk(self) -> Iterator[Any]:
        part = self._slice
        return itertools.islice(self._source._walk(), part.start, part.stop, part.step)

    def _size(self) -> int:
        size = self._source._size()
        if size == INFINITE_CARDINALITY and self._slice.stop is not None:
            return len(range(self._slice.stop)[self._slice])
        return size if size < 0 else len(range(size)[self._slice])

    def _rows(self) -> tuple[Any, np.ndarray] | None:
        rows = self._source._rows()
        return None if rows is None else (rows[0], rows[1][self._slice])


class Take(Slice):
    """The first elements."""

    def __init__(self, source: Dataset, count: int) -> None:
        super().__init__(source, 0, None if count < 0 else count)


class Skip(Slice):
    """All but the first elements."""

    def __init__(self, source: Dataset, count: int) -> None:
        super().__init__(source, 0 if count < 0 else count, 0 if count < 0 else None)


class Shard(Slice):
    """Every n-th element."""

    def __init__(self, source: Dataset, num_shards: int, index: int) -> None:
        if not 0 <= index < num_shards:
            raise InvalidArgumentError(
                f"Index must be between 0 and {num_shards - 1} (currently index = {index})."
            )
        super().__init__(source, index, None, num_shards)


class Enumerate(Transformation):
    """Elements with their numbers."""

    def __init__(self, source: Dataset, start: int) -> None:
        super().__init__(source)
        self._start = start

    @property
    def element_spec(self) -> Any:
        return TensorSpec((), np.int64), self._source.element_spec

    def _walk(self) -> Iterator[Any]:
        for i, element in enumerate(self._source, self._start):
            yield Tensor(np.int64(i)), element


class Cache(Transformation):
    """Elements remembered after the first full pass."""

    def __init__(self, source: Dataset) -> None:
        super().__init__(source)
        self._elements: list[Any] | None = None
        self._order: tuple[Any, np.ndarray] | None = None

    def _walk(self) -> Iterator[Any]:
        if self._elements is not None:
            yield from self._elements
            return
        rows = self._rows()
        if rows is not None:
            arrays, order = rows
            for i in order:
                yield transform(arrays, row_at(i))
            return
        elements = []
        for element in self._source._walk():
            elements.append(element)
            yield element
        self._elements = elements

    def _rows(self) -> tuple[Any, np.ndarray] | None:
        if self._order is None:
            self._order = self._source._rows()  # the rows stay where they are: keep their order
        return self._order


class Concatenate(Transformation):
    """One dataset after another."""

    def __init__(self, source: Dataset, other: Dataset) -> None:
        super().__init__(source)
        self._other = other
        try:
            self._spec = transform(source.element_spec, _covering, other.element_spec)
        except (TypeError, ValueError, KeyError):
            raise TypeError(
                f"Incompatible dataset elements: {source.element_spec} vs. {other.element_spec}. "
                "The parts must have one structure, and the same dtypes in it."
            ) from None

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _walk(self) -> Iterator[Any]:
        return itertools.chain(self._source._walk(), self._other._walk())

    def _size(self) -> int:
        sizes = (self._source._size(), self._other._size())
        for special in (INFINITE_CARDINALITY, UNKNOWN_CARDINALITY):
            if special in sizes:
                return special
        return sum(sizes)


class Zip(Dataset):
    """Several datasets side by side."""

    def __init__(self, datasets: Any) -> None:
        for part in leaves(datasets):
            if not isinstance(part, Dataset):
                raise TypeError(
                    f"Dataset.zip takes datasets, or a tuple or dict of them, got {part!r}."
                )
        self._datasets = datasets

    @property
    def element_spec(self) -> Any:
        return transform(self._datasets, lambda dataset: dataset.element_spec)

    def _walk(self) -> Iterator[Any]:
        iterators = transform(self._datasets, lambda dataset: dataset._walk())
        while True:
            try:
                element = transform(iterators, next)
            except StopIteration:
                return
            yield element

    def _size(self) -> int:
        sizes = [dataset._size() for dataset in leaves(self._datasets)]
        finite = [size for size in sizes if size != INFINITE_CARDINALITY]
        if UNKNOWN_CARDINALITY in finite:
            return UNKNOWN_CARDINALITY
        return min(finite) if finite else INFINITE_CARDINALITY


def _covering(a: TensorSpec, b: TensorSpec) -> TensorSpec:
    """The spec of both: None where their sizes differ."""
    if not isinstance(b, TensorSpec) or a.dtype != b.dtype or len(a.shape) != len(b.shape):
        raise TypeError(f"{a} and {b} have nothing in common.")
    sizes = [m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)]
    return TensorSpec(sizes, a.dtype)


def _drawn(elements: Iterator[Any], size: int, rng: np.random.Generator) -> Iterator[Any]:
    """Fills a buffer; then hands out a random entry and puts the next element in its place."""
    buffer = list(itertools.islice(elements, size))
    for element in elements:
        place = int(rng.integers(size))
        yield buffer[place]
        buffer[place] = element
    for place in rng.permutation(len(buffer)):
        yield buffer[place]


def stacked(first: Tensor, *others: Tensor) -> Tensor:
    """The tensors along a new first axis.

    Raises:
        InvalidArgumentError: their shapes differ.
    """
    values = [first._value, *(other._value for other in others)]
    shapes = {value.shape for value in values}
    if len(shapes) > 1:
        raise InvalidArgumentError(
            f"Cannot batch tensors with different shapes: {sorted(shapes)}. Elements of a batch "
            "need one shape: pad, crop or resize them in a map() before batch()."
        )
    return Tensor(np.stack(values))


def positive(number: Any, name: str) -> int:
    """`number` as an int.

    Raises:
        InvalidArgumentError: it is below 1.
    """
    number = as_integer(number, name)
    if number < 1:
        raise InvalidArgumentError(f"{name} must be greater than zero, got {number}.")
    return number
