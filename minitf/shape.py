"""TensorShape: the tuple of sizes of a tensor.

shape = tf.constant([[1.0, 2.0]]).shape
shape == (1, 2), shape == [1, 2], shape[0], shape.rank, shape.as_list()
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any


class TensorShape(tuple):
    """Sizes of the axes, outermost first; None stands for a size not known yet."""

    __slots__ = ()

    def __new__(cls, dims: Iterable[int | None] | int = ()) -> TensorShape:
        if dims is None:
            raise NotImplementedError(
                "A shape of None, of which not even the number of axes is known, does not exist in "
                "minitf. Write one None per axis: [None] for a vector, [None, None] for a matrix."
            )
        if isinstance(dims, int):
            dims = (dims,)
        return super().__new__(cls, (None if d is None else int(d) for d in dims))

    @property
    def rank(self) -> int:
        """Number of axes; a scalar has rank 0."""
        return len(self)

    ndims = rank

    def as_list(self) -> list[int | None]:
        """The sizes as a plain list."""
        return list(self)

    def num_elements(self) -> int | None:
        """Product of the sizes, or None while one of them is unknown."""
        return None if None in self else math.prod(self)

    def is_fully_defined(self) -> bool:
        """True if every size is known."""
        return None not in self

    def is_compatible_with(self, other: Iterable[int | None]) -> bool:
        """True if the two shapes agree wherever both are known."""
        other = tuple(other)
        pairs = zip(self, other, strict=False)
        return len(self) == len(other) and all(a is None or b is None or a == b for a, b in pairs)

    def concatenate(self, other: Iterable[int | None]) -> TensorShape:
        """The sizes of both, one after the other."""
        return self + other

    def merge_with(self, other: Iterable[int | None]) -> TensorShape:
        """What either of the two knows.

        Raises:
            ValueError: they contradict each other.
        """
        other = TensorShape(other)
        self.assert_is_compatible_with(other)
        return TensorShape([b if a is None else a for a, b in zip(self, other, strict=True)])

    def with_rank(self, rank: int) -> TensorShape:
        """The shape itself.

        Raises:
            ValueError: it has another rank.
        """
        if len(self) != rank:
            raise ValueError(f"Shape {self} must have rank {rank}.")
        return self

    def assert_has_rank(self, rank: int) -> None:
        """Raises ValueError unless there are `rank` axes."""
        self.with_rank(rank)

    def assert_is_compatible_with(self, other: Iterable[int | None]) -> None:
        """Raises ValueError if the two shapes contradict each other."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {TensorShape(other)} are incompatible.")

    def assert_is_fully_defined(self) -> None:
        """Raises ValueError if a size is unknown."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined.")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, list):
            other = tuple(other)
        return tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __getitem__(self, key: Any) -> Any:
        item = tuple.__getitem__(self, key)
        return TensorShape(item) if isinstance(key, slice) else item

    def __add__(self, other: Iterable[int | None]) -> TensorShape:  # type: ignore[override]
        return TensorShape(tuple(self) + tuple(other))

    __hash__ = tuple.__hash__

    def __repr__(self) -> str:
        return f"TensorShape({self.as_list()})"

    def __str__(self) -> str:
        return str(tuple(self))
