"""Tensor: an immutable NumPy value with an identity.

    x = tf.constant([1.0, 2.0])      # float32, like TensorFlow
    x.shape, x.dtype, x.numpy()
    x * 2.0 + x                      # operators are attached in ops/operators.py

A tensor knows nothing about gradients. Its `id` is how a tape recognises it again.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.shape import TensorShape
from minitf.state import state

next_id = itertools.count(1).__next__  # one counter for tensors and variables


class Tensor:
    """A value that flows through operations.

    Scalars are held as NumPy scalars, which compute five times faster than 0-d arrays.

    Attributes:
        id: a number no other tensor or variable has; tapes use it as their key.
        origin: the Op that computed it, or None for a constant.
    """

    __slots__ = ("_value", "id", "origin", "__weakref__")
    __array_priority__ = 100  # so that `array * tensor` is ours, not NumPy's
    __hash__ = None  # == compares elements, so a tensor cannot be a dict key: use ref()

    def __init__(self, value: np.ndarray | np.generic, origin: Any = None) -> None:
        self._value = value
        self.origin = origin
        self.id = next_id()

    @property
    def shape(self) -> TensorShape:
        """Sizes of the axes."""
        return TensorShape(self._value.shape)

    @property
    def dtype(self) -> DType:
        """Type of the elements."""
        return dtypes.of(self._value)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self._value.ndim

    @property
    def name(self) -> str:
        """An eager tensor has no name in a graph; this one is made from its id."""
        return f"tensor_{self.id}"

    @property
    def device(self) -> str:
        """Where it lives: minitf knows the CPU only."""
        return "/job:localhost/replica:0/task:0/device:CPU:0"

    def get_shape(self) -> TensorShape:
        """The same as `shape`."""
        return self.shape

    def numpy(self) -> Any:
        """A copy as a NumPy array, or a NumPy scalar for rank 0. This leaves the tape."""
        _leaves_the_tape(self)
        value = self._value
        return value.copy() if value.ndim else value[()]

    def ref(self) -> Reference:
        """A hashable stand-in, for dict keys and sets."""
        return Reference(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        _leaves_the_tape(self)
        return np.array(self._value, dtype=dtype)

    def __bool__(self) -> bool:
        _leaves_the_tape(self)
        return bool(self._value)

    def __float__(self) -> float:
        _leaves_the_tape(self)
        return float(self._value)

    def __int__(self) -> int:
        _leaves_the_tape(self)
        return int(self._value)

    def __complex__(self) -> complex:
        _leaves_the_tape(self)
        return complex(self._value)

    def __index__(self) -> int:
        return self._value.__index__()

    def __len__(self) -> int:
        if not self._value.ndim:
            raise TypeError("Scalar tensor has no len(): its shape is ().")
        return len(self._value)

    def __iter__(self):
        if not self._value.ndim:
            raise TypeError("Cannot iterate over a scalar tensor: its shape is ().")
        return (self[i] for i in range(len(self._value)))

    def __format__(self, spec: str) -> str:
        return format(self._value[()], spec) if not self._value.ndim else format(str(self), spec)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            "'Tensor' object does not support item assignment: a tensor never changes. Build a "
            "new one with tf.where or tf.tensor_scatter_nd_update, or use a tf.Variable and "
            "assign to it."
        )

    def __getattr__(self, name: str) -> Any:
        if name in ("grad", "grad_fn", "backward", "requires_grad"):
            raise AttributeError(
                f"A tensor has no .{name}: TensorFlow keeps the history on a tape. Use "
                "`with tf.GradientTape() as tape: ...` and tape.gradient(loss, x)."
            )
        raise AttributeError(f"'Tensor' object has no attribute '{name}'")

    def __repr__(self) -> str:
        text = f"\n{self._value!r}" if self._value.ndim else f"{self._value}"
        return f"<tf.Tensor: shape={self.shape}, dtype={self.dtype.name}, numpy={text}>"

    def __str__(self) -> str:
        return f"tf.Tensor({self._value}, shape={self.shape}, dtype={self.dtype.name})"


class Reference:
    """Hashable stand-in for a tensor or variable: equal if it stands for the same object."""

    __slots__ = ("_object",)

    def __init__(self, obj: Any) -> None:
        self._object = obj

    def deref(self) -> Any:
        """The tensor or variable it stands for."""
        return self._object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._object is other._object

    def __hash__(self) -> int:
        return id(self._object)

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._object!r}>"


def _leaves_the_tape(tensor: Tensor) -> None:
    """What NumPy does with the value is not recorded; tapes note it, to explain a None later."""
    for tape in state.tapes:
        tape._note_numpy(tensor)
