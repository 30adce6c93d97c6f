"""What iter(dataset) returns: one pass over the elements.

    iterator = iter(dataset)
    next(iterator)               # StopIteration at the end
    iterator.get_next()          # OutOfRangeError at the end
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minitf.data.structure import transform
from minitf.errors import OutOfRangeError
from minitf.tensor import Tensor


class DatasetIterator:
    """A Python iterator with TensorFlow's methods.

    Attributes:
        element_spec: shapes and dtypes of the elements.
    """

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset
        self._elements: Iterator[Any] = dataset._walk()

    @property
    def element_spec(self) -> Any:
        return self._dataset.element_spec

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._elements)

    def next(self) -> Any:
        """The next element, as `next(iterator)` gives it."""
        return next(self)

    def get_next(self) -> Any:
        """The next element.

        Raises:
            OutOfRangeError: there is none.
        """
        try:
            return next(self._elements)
        except StopIteration:
            raise OutOfRangeError("End of sequence: the dataset has no further element.") from None


class NumpyIterator(DatasetIterator):
    """The elements as NumPy arrays and scalars."""

    def __next__(self) -> Any:
        return transform(super().__next__(), _to_numpy)

    def get_next(self) -> Any:
        """The next element.

        Raises:
            OutOfRangeError: there is none.
        """
        return transform(super().get_next(), _to_numpy)


def _to_numpy(tensor: Tensor) -> Any:
    return tensor.numpy()
