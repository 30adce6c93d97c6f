"""Buffers: where the values of a plan live, and when their place is free again.

    a = x * 2        buffer 0
    b = exp(a)       buffer 0: the value of a is needed no more
    c = b @ w        buffer 1: a product cannot be written over its own factors
    d = c + x        buffer 1

A value is alive until the last step that may look at its memory. Reshaping gives a view of the same
memory, so views keep alive what they look at; of a kernel that is not known to make a new array,
that is assumed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.plan.writers import FRESH


class Memory:
    """Which values may share memory, and until which step each piece of memory is needed.

    Args:
        nodes: the nodes in the order they run.
        escaping: for each node the inputs that it hands to someone outside of the plan.
        outputs: what the plan returns.
    """

    def __init__(self, nodes: list[Any], escaping: list[tuple], outputs: list[Any]) -> None:
        self.owners: dict[int, frozenset[int]] = {}  # value -> the values whose memory it may be
        self.last_use: dict[int, int] = {}  # owner -> number of the last step that needs it
        self.kept: set[int] = set()  # owners that someone outside may hold on to
        for i, node in enumerate(nodes):
            seen = [self._owners_of(x) for x in node.inputs]
            for owner in frozenset().union(*seen):
                self.last_use[owner] = i
            shared = frozenset() if node.op.name in FRESH else frozenset().union(*seen)
            for x in node.outputs:
                self.owners[x.id] = shared | {x.id}
                self.last_use[x.id] = i
            for x in escaping[i]:
                self.kept |= self._owners_of(x)
        for x in outputs:
            self.kept |= self._owners_of(x)

    def _owners_of(self, x: Any) -> frozenset[int]:
        return self.owners.get(x.id, frozenset())


class Pool:
    """Pieces of memory that can be taken and given back.

    Attributes:
        pieces: all of them, as arrays of bytes.
    """

    def __init__(self) -> None:
        self.pieces: list[np.ndarray] = []
        self._free: list[int] = []

    def take(self, size: int) -> int:
        """Number of a free piece of at least `size` bytes: the smallest that fits, or a new one."""
        fitting = [i for i in self._free if self.pieces[i].size >= size]
        if fitting:
            best = min(fitting, key=self._size)
            self._free.remove(best)
            return best
        self.pieces.append(np.empty(size, np.uint8))
        return len(self.pieces) - 1

    def give_back(self, number: int) -> None:
        """The piece may serve again."""
        self._free.append(number)

    def array(self, number: int, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """The piece as an array."""
        size = int(np.prod(shape)) * dtype.itemsize
        return self.pieces[number][:size].view(dtype).reshape(shape)

    def _size(self, number: int) -> int:
        return self.pieces[number].size
