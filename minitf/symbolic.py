"""Symbolic tensors: values that do not exist yet.

    @tf.function
    def f(x):
        print(x)          # Tensor("x:0", shape=(), dtype=float32)
        return x * 2.0

While a function is traced its arguments have a shape and a dtype, but no value. Whatever needs the
value (bool, float, numpy, NumPy functions) raises, and says what to write instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.errors import OperatorNotAllowedInGraphError
from minitf.tensor import Tensor, next_id


class Abstract:
    """What is known of a value before it exists; stands where a NumPy array would.

    Attributes:
        shape: sizes, None where unknown.
        dtype: a NumPy dtype.
    """

    __slots__ = ("shape", "dtype")

    def __init__(self, shape: tuple[int | None, ...], dtype: np.dtype) -> None:
        self.shape = tuple(shape)
        self.dtype = dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int | None:
        known = [size for size in self.shape if size is not None]
        return math.prod(known) if len(known) == len(self.shape) else None


class SymbolicTensor(Tensor):
    """A tensor of a graph: shape and dtype, no value.

    Attributes:
        graph: the graph it belongs to; outside of it, it means nothing.
        label: its name there.
    """

    __slots__ = ("graph", "label")

    def __init__(self, abstract: Abstract, origin: Any, graph: Any, label: str) -> None:
        super().__init__(abstract, origin)
        self.graph = graph
        self.label = label

    @property
    def name(self) -> str:
        """Its name in the graph."""
        return f"{self.label}:0"

    def numpy(self) -> Any:
        raise AttributeError(
            "'SymbolicTensor' object has no attribute 'numpy': numpy() is only available for eager "
            "tensors. Inside a tf.function the arguments have no values yet: stay with tf "
            "operations, print with tf.print, or return the tensor and call .numpy() outside."
        )

    def __bool__(self) -> bool:
        raise OperatorNotAllowedInGraphError(
            f"Using a symbolic `tf.Tensor` as a Python `bool` is not allowed: {self} has no value "
            "while the function is traced. AutoGraph converts `if`, `while`, `and`, `or` and `not` "
            "in the source of a tf.function (not with autograph=False, not where the source cannot "
            "be read). Otherwise use tf.cond, tf.while_loop or tf.where, or call the function "
            "eagerly."
        )

    def __iter__(self) -> Iterator[Tensor]:
        raise OperatorNotAllowedInGraphError(
            f"Iterating over a symbolic `tf.Tensor` is not allowed: {self} has no values while the "
            "function is traced. A `for` loop in the source of a tf.function is converted by "
            "AutoGraph; comprehensions and `a, b = x` are not: use tf.unstack(x) or tf.map_fn."
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise NotImplementedError(
            f"Cannot convert a symbolic tf.Tensor ({self.name}) to a NumPy array: it has no value "
            "while the function is traced. Use the tf operation instead of NumPy's, or "
            "tf.numpy_function to run NumPy at each call."
        )

    def _no_number(self) -> Any:
        raise TypeError(
            f"A symbolic tensor has no Python number: {self} has no value while the function is "
            "traced. Use tf.cast instead of int() or float(), or tf.py_function to run Python at "
            "each call."
        )

    __float__ = __int__ = __complex__ = __index__ = _no_number

    def __len__(self) -> int:
        if not self._value.shape or self._value.shape[0] is None:
            raise TypeError(
                f"len() of {self}: its first size is not known while the function is traced. "
                "Use tf.shape(x)[0]."
            )
        return self._value.shape[0]

    def set_shape(self, shape: Any) -> None:
        """Adds what you know of the shape; sizes known already must agree.

        Raises:
            ValueError: the shapes contradict each other.
        """
        sizes, known = tuple(shape), self._value.shape
        if not self.shape.is_compatible_with(sizes):
            raise ValueError(f"Shapes {known} and {sizes} are not compatible.")
        merged = [a if b is None else b for a, b in zip(known, sizes, strict=True)]
        self._value = Abstract(tuple(merged), self._value.dtype)

    def __reduce__(self) -> tuple:  # another process has other ids
        state = (self._value.shape, self._value.dtype, self.origin, self.graph, self.label)
        return _blank, (), state

    def __setstate__(self, state: tuple) -> None:
        shape, dtype, self.origin, self.graph, self.label = state
        self._value = Abstract(shape, dtype)

    def __format__(self, spec: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __str__(self) -> str:
        return f'Tensor("{self.name}", shape={self.shape}, dtype={self.dtype.name})'


def is_symbolic(value: Any) -> bool:
    """True for a symbolic tensor, and for a list, tuple, dict or slice that holds one."""
    if isinstance(value, SymbolicTensor):
        return True
    if isinstance(value, list | tuple):
        return any(is_symbolic(part) for part in value)
    if isinstance(value, dict):
        return any(is_symbolic(part) for part in value.values())
    if isinstance(value, slice):
        return is_symbolic((value.start, value.stop, value.step))
    return False


def _blank() -> SymbolicTensor:
    x = SymbolicTensor.__new__(SymbolicTensor)
    x.id = next_id()
    return x
