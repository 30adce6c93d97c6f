"""What functions do to a dataset: map, filter, take_while, flat_map, interleave.

    ds.map(lambda image, label: (image / 255.0, label))

As in TensorFlow the function is traced, once, into a graph that runs for every element: Python code
in it (print, append, random) runs once, too. tf.py_function runs Python for each element.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from minitf import dtypes
from minitf.data.dataset import UNKNOWN_CARDINALITY, Dataset, DatasetSpec, as_tensor, spec_of
from minitf.data.structure import leaves, transform
from minitf.data.transformations import Transformation, positive
from minitf.errors import InvalidArgumentError
from minitf.function import function as traced
from minitf.tensor_spec import TensorSpec


class Map(Transformation):
    """A function of every element."""

    def __init__(self, source: Dataset, function: Callable[..., Any]) -> None:
        super().__init__(source)
        if not callable(function):
            raise ValueError(
                f"Argument `map_func` must be a function of one element, got {function!r}."
            )
        self._function = ElementFunction(function, source.element_spec)
        if self._function.element_spec is None:
            raise InvalidArgumentError(
                "The function of map() returned None. It must return the new element: is a "
                "`return` missing?"
            )

    @property
    def element_spec(self) -> Any:
        return self._function.element_spec

    def _walk(self) -> Iterator[Any]:
        return map(self._function, self._source._walk())


class Filter(Transformation):
    """The elements a predicate accepts."""

    def __init__(self, source: Dataset, predicate: Callable[..., Any]) -> None:
        super().__init__(source)
        self._predicate = _predicate(predicate, source)

    def _walk(self) -> Iterator[Any]:
        return (element for element in self._source._walk() if self._predicate(element))

    def _size(self) -> int:
        return UNKNOWN_CARDINALITY


class TakeWhile(Filter):
    """The elements before the first that the predicate refuses."""

    def _walk(self) -> Iterator[Any]:
        return itertools.takewhile(self._predicate, self._source._walk())


class Interleave(Transformation):
    """The elements of a dataset made from each element, some of them at a time in turns.

    With a cycle of 1 it is flat_map: one after the other.
    """

    def __init__(
        self, source: Dataset, function: Callable[..., Any], cycle_length: int, block_length: int
    ) -> None:
        super().__init__(source)
        self._function = function
        self._cycle = positive(cycle_length, "cycle_length")
        self._block = positive(block_length, "block_length")

    @property
    def element_spec(self) -> Any:
        for element in self._source._walk():
            return self._dataset_of(element).element_spec
        raise ValueError("The element_spec of a flat-mapped dataset without elements is not known.")

    def _walk(self) -> Iterator[Any]:
        elements = self._source._walk()
        cycle: list[Iterator[Any] | None] = []
        for element in itertools.islice(elements, self._cycle):
            cycle.append(self._dataset_of(element)._walk())
        while any(running is not None for running in cycle):
            for place, running in enumerate(cycle):
                if running is None:
                    continue
                block = list(itertools.islice(running, self._block))
                yield from block
                if len(block) < self._block:  # this one is at its end: the next takes its place
                    following = next(elements, None)
                    more = None if following is None else self._dataset_of(following)._walk()
                    cycle[place] = more

    def _size(self) -> int:
        return UNKNOWN_CARDINALITY

    def _dataset_of(self, element: Any) -> Dataset:
        made = _called(self._function, element)
        if not isinstance(made, Dataset):
            raise TypeError(
                f"The function of flat_map() or interleave() must return a Dataset, got {made!r}. "
                "For one element per element use map()."
            )
        return made


class ElementFunction:
    """A function of an element, traced for one element_spec.

    Attributes:
        element_spec: of what it returns; None if it returns None.
    """

    def __init__(self, function: Callable[..., Any], spec: Any) -> None:
        self._run: Callable[..., Any]
        if any(isinstance(leaf, DatasetSpec) for leaf in leaves(spec)):
            self._run = function  # windows: datasets cannot be inputs of a graph
            self.element_spec: Any = DatasetSpec(None)
            return
        arguments = spec if _is_plain_tuple(spec) else (spec,)
        concrete = traced(function).get_concrete_function(*arguments)
        self._run, result = concrete, concrete.structured_outputs
        self.element_spec = None if result is None else transform(_as_element(result), _spec)

    def __call__(self, element: Any) -> Any:
        result = _as_element(_called(self._run, element))
        return transform(result, _as_component)


def _predicate(function: Callable[..., Any], source: Dataset) -> ElementFunction:
    predicate = ElementFunction(function, source.element_spec)
    spec = predicate.element_spec
    good = isinstance(spec, DatasetSpec) or (
        isinstance(spec, TensorSpec) and spec.dtype is dtypes.bool_ and len(spec.shape) == 0
    )
    if not good:
        raise ValueError(
            "Invalid `predicate`. `predicate` must return a `tf.bool` scalar tensor, but its "
            f"return type is {spec}. Compare: lambda x: x > 0."
        )
    return predicate


def _called(function: Callable[..., Any], element: Any) -> Any:
    return function(*element) if _is_plain_tuple(element) else function(element)


def _is_plain_tuple(element: Any) -> bool:
    return isinstance(element, tuple) and not hasattr(element, "_fields")


def _as_element(result: Any) -> Any:
    """Lists are tuples in an element."""
    if isinstance(result, list):
        return tuple(_as_element(part) for part in result)
    if isinstance(result, dict):
        return {key: _as_element(part) for key, part in result.items()}
    return tuple(map(_as_element, result)) if _is_plain_tuple(result) else result


def _as_component(value: Any) -> Any:
    return value if isinstance(value, Dataset) else as_tensor(value)


def _spec(value: Any) -> Any:
    return spec_of(as_tensor(value))
