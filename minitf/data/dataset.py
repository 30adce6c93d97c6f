"""Dataset: a recipe for a sequence of elements, walked anew by every `for`.

    ds = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(1000).batch(32)
    for images, labels in ds:       # one pass; the next `for` shuffles again
        ...

Each method returns a new dataset and leaves the old one alone. The datasets themselves are in
sources.py (where elements come from) and transformations.py (what is done to them).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.data.iterator import DatasetIterator, NumpyIterator
from minitf.data.structure import transform
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.ops.checks import as_integer
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec

AUTOTUNE = -1
INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2


class Dataset:
    """Base class: subclasses say how to walk the elements.

    A dataset whose elements are rows of arrays it holds in memory also says in which order it
    visits them (`_rows`). `batch` then picks a whole batch with one indexing operation.
    """

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> Dataset:
        """One element per entry of the first axis; tuples and dicts are sliced side by side.

        Raises:
            ValueError: a scalar, or first axes of different lengths.
        """
        return _sources().TensorSlices(tensors)

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> Dataset:
        """A single element: the whole of `tensors`."""
        return _sources().Tensors(tensors)

    @staticmethod
    def range(*args: int, output_type: Any = dtypes.int64, name: str | None = None) -> Dataset:
        """Whole numbers, with the arguments of Python's range."""
        return _sources().Range(args, output_type)

    @staticmethod
    def from_generator(
        generator: Callable[..., Any],
        output_types: Any = None,
        output_shapes: Any = None,
        args: tuple = (),
        output_signature: Any = None,
        name: str | None = None,
    ) -> Dataset:
        """Elements from a function that returns an iterable; it is called once per pass.

        Args:
            generator: the function.
            output_types, output_shapes: the older way to write the signature.
            output_signature: tf.TensorSpec, or a tuple or dict of them, one per component.
            args: arguments for `generator`.
        """
        if output_signature is None and output_types is not None:
            if output_shapes is None:
                output_shapes = _sources().shapes_seen(output_types, generator, args)
            output_signature = _sources().signature_of(output_types, output_shapes)
        return _sources().FromGenerator(generator, output_signature, args)

    @staticmethod
    def zip(*datasets: Any, name: str | None = None) -> Dataset:
        """Tuples with one element of each dataset; ends with the shortest."""
        return _transformations().Zip(datasets[0] if len(datasets) == 1 else tuple(datasets))

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """Applies a function to every element; a tuple is passed as separate arguments.

        The function is traced, as by tf.function: its Python code runs once.

        Raises:
            InvalidArgumentError: the function returns None.
        """
        return _mapping().Map(self, map_func)

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Dataset:
        """Keeps the elements for which `predicate` is true.

        Raises:
            ValueError: it does not return a single bool.
        """
        return _mapping().Filter(self, predicate)

    def take_while(self, predicate: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements before the first for which `predicate` is false."""
        return _mapping().TakeWhile(self, predicate)

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements of the datasets that a function makes of the elements."""
        return _mapping().Interleave(self, map_func, 1, 1)

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: int | None = None,
        block_length: int = 1,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """The same, but of `cycle_length` datasets in turns, `block_length` elements of each."""
        return _mapping().Interleave(self, map_func, cycle_length or 1, block_length)

    def batch(
        self,
        batch_size: int,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """Stacks `batch_size` elements along a new first axis; the last batch may be smaller.

        Args:
            batch_size: at least 1.
            drop_remainder: True leaves a smaller last batch out.
        """
        return _transformations().Batch(self, batch_size, drop_remainder)

    def padded_batch(
        self,
        batch_size: int,
        padded_shapes: Any = None,
        padding_values: Any = None,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Dataset:
        """Batches elements of different shapes, filled up to the largest of their batch.

        Args:
            batch_size: at least 1.
            padded_shapes: shape to fill up to, None for the largest, per component.
            padding_values: what to fill with; 0 if None.
            drop_remainder: True leaves a smaller last batch out.

        Raises:
            TypeError: a padding value of another dtype.
            InvalidArgumentError: an element is larger than its padded shape.
        """
        return _windows().PaddedBatch(
            self, batch_size, padded_shapes, padding_values, drop_remainder
        )

    def window(
        self,
        size: int,
        shift: int | None = None,
        stride: int = 1,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Dataset:
        """Datasets of `size` neighbouring elements each.

        Args:
            size: elements per window.
            shift: distance from one window to the next; `size` if None.
            stride: distance of the elements in a window.
            drop_remainder: True leaves smaller windows at the end out.
        """
        return _windows().Window(self, size, shift, stride, drop_remainder)

    def rebatch(
        self, batch_size: int, drop_remainder: bool = False, name: str | None = None
    ) -> Dataset:
        """Other batches of the same rows."""
        return self.unbatch().batch(batch_size, drop_remainder)

    def unbatch(self, name: str | None = None) -> Dataset:
        """The entries of each element's first axis, one by one."""
        return _transformations().Unbatch(self)

    def shuffle(
        self,
        buffer_size: int,
        seed: int | None = None,
        reshuffle_each_iteration: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """Random order, drawn from a buffer that holds the next `buffer_size` elements.

        A buffer as large as the dataset shuffles fully; a small one moves elements only a little
        forward.

        Args:
            buffer_size: at least 1.
            seed: repeats the same sequence of orders in every run.
            reshuffle_each_iteration: False repeats one order in every pass (default: a new one).
        """
        reshuffle = reshuffle_each_iteration is None or reshuffle_each_iteration
        return _transformations().Shuffle(self, buffer_size, seed, reshuffle)

    def repeat(self, count: int | None = None, name: str | None = None) -> Dataset:
        """Walks the dataset `count` times; None or -1 for ever."""
        return _transformations().Repeat(self, -1 if count is None else as_integer(count, "count"))

    def take(self, count: int, name: str | None = None) -> Dataset:
        """The first `count` elements; -1 for all."""
        return _transformations().Take(self, as_integer(count, "count"))

    def skip(self, count: int, name: str | None = None) -> Dataset:
        """All but the first `count` elements; -1 skips all."""
        return _transformations().Skip(self, as_integer(count, "count"))

    def shard(self, num_shards: int, index: int, name: str | None = None) -> Dataset:
        """Every `num_shards`-th element, starting with number `index`."""
        return _transformations().Shard(self, int(num_shards), int(index))

    def enumerate(self, start: int = 0, name: str | None = None) -> Dataset:
        """Pairs of a running int64 number and the element."""
        return _transformations().Enumerate(self, start)

    def cache(self, filename: str = "", name: str | None = None) -> Dataset:
        """Keeps the elements of the first full pass in memory for the next ones.

        Raises:
            ValueError: a file name: minitf caches in memory only.
        """
        if filename:
            raise ValueError("minitf caches in memory only: call .cache() without a file name.")
        return _transformations().Cache(self)

    def prefetch(self, buffer_size: int, name: str | None = None) -> Dataset:
        """The same elements, made ahead by a thread.

        Args:
            buffer_size: so many at most wait to be used; tf.data.AUTOTUNE for 2; 0 for no thread.
        """
        return _prefetching().Prefetch(self, int(buffer_size))

    def get_single_element(self, name: str | None = None) -> Any:
        """The only element.

        Raises:
            InvalidArgumentError: there is none, or more than one.
        """
        found = list(itertools.islice(self._walk(), 2))
        if len(found) != 1:
            more = "had more than one element" if found else "was empty"
            raise InvalidArgumentError(f"Dataset {more}: get_single_element() takes exactly one.")
        return found[0]

    def concatenate(self, dataset: Dataset, name: str | None = None) -> Dataset:
        """The elements of this dataset, then those of the other."""
        return _transformations().Concatenate(self, dataset)

    def apply(self, transformation_func: Callable[[Dataset], Dataset]) -> Dataset:
        """transformation_func(self): puts a function of datasets into a chain of methods."""
        return transformation_func(self)

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any]) -> Any:
        """Folds the elements: state = reduce_func(state, element), from `initial_state`."""
        state = transform(initial_state, as_tensor)
        for element in self:
            state = reduce_func(state, element)
        return state

    def scan(self, initial_state: Any, scan_func: Callable[..., Any]) -> Dataset:
        """The second results of `scan_func(state, element)`; the first is the next state."""
        return _scanning().Scan(self, initial_state, scan_func)

    def unique(self, name: str | None = None) -> Dataset:
        """Each element once, in the order of their first appearance."""
        return _scanning().Unique(self)

    def as_numpy_iterator(self) -> NumpyIterator:
        """The elements as NumPy arrays and scalars."""
        return NumpyIterator(self)

    def cardinality(self) -> Tensor:
        """Number of elements as an int64 tensor: -1 if infinite, -2 if unknown."""
        return Tensor(np.int64(self._size()))

    @property
    def element_spec(self) -> Any:
        """Shapes and dtypes of an element, in its structure."""
        raise NotImplementedError

    def __iter__(self) -> DatasetIterator:
        return DatasetIterator(self)

    def __len__(self) -> int:
        size = self._size()
        if size == INFINITE_CARDINALITY:
            raise TypeError("The dataset is infinite: it has no len(). Use .take(n) before.")
        if size == UNKNOWN_CARDINALITY:
            raise TypeError(
                "The dataset length is unknown: it depends on what a function yields. Count with "
                "sum(1 for _ in ds)."
            )
        return size

    def __bool__(self) -> bool:
        return True  # a dataset is one even if its length is unknown

    def __repr__(self) -> str:
        return f"<{type(self).__name__}Dataset element_spec={self.element_spec}>"

    def _walk(self) -> Iterator[Any]:
        """One pass over the elements."""
        raise NotImplementedError

    def _size(self) -> int:
        """Number of elements, or one of the two constants above."""
        raise NotImplementedError

    def _rows(self) -> tuple[Any, np.ndarray] | None:
        """For one pass: the arrays whose rows are the elements, and the order of the rows.

        None if the elements are not rows of arrays.
        """
        return None


class DatasetSpec:
    """Stands in an element_spec for a dataset, as the elements of window() are."""

    def __init__(self, element_spec: Any) -> None:
        self.element_spec = element_spec

    def __repr__(self) -> str:
        return f"DatasetSpec({self.element_spec}, TensorShape([]))"


def as_tensor(value: Any) -> Tensor:
    """A component of an element as a tensor."""
    return convert_to_tensor(value)


def spec_of(element: Any) -> Any:
    """The element_spec that exactly this element has."""
    return transform(element, TensorSpec.from_tensor)


def _sources() -> Any:
    from minitf.data import sources

    return sources


def _transformations() -> Any:
    from minitf.data import transformations

    return transformations


def _mapping() -> Any:
    from minitf.data import mapping

    return mapping


def _scanning() -> Any:
    from minitf.data import scanning

    return scanning


def _windows() -> Any:
    from minitf.data import windows

    return windows


def _prefetching() -> Any:
    from minitf.data import prefetching

    return prefetching
