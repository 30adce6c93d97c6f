"""Tensor: an immutable NumPy value with an identity.

    x = tf.constant([1.0, 2.0])      # float32, like TensorFlow
    x.shape, x.dtype, x.numpy()
    x * 2.0 + x                      # operators are attached in ops/operators.py

A tensor knows nothing about gradients. Its `id` is how a tape recognises it again.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.shape import TensorShape
from minitf.state import state

next_id = itertools.count(1).__next__  # one counter for tensors and variables


class _Elsewhere:
    """An attribute that tensors of other libraries have: the error names TensorFlow's way.

    A `__getattr__` would say the same, but a class that has one looks up every attribute slowly.
    """

    def __init__(self, advice: str) -> None:
        self.advice = advice

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, tensor: Any, owner: type) -> Any:
        raise AttributeError(f"'Tensor' object has no attribute '{self.name}'. {self.advice}")


_ON_THE_TAPE = (
    "TensorFlow keeps the history on a tape: use `with tf.GradientTape() as tape: ...` and "
    "tape.gradient(loss, x)."
)


class Tensor:
    """A value that flows through operations.

    Scalars are held as NumPy scalars, which compute five times faster than 0-d arrays.

    Attributes:
        id: a number no other tensor or variable has; tapes use it as their key.
        origin: the Op that computed it, or None for a constant.
    """

    # `_keras_logits` is set by Keras' softmax and sigmoid alone: what they were computed from.
    # `_slice_of` is set by v[...] alone: the variable and what stood between the brackets.
    __slots__ = ("_value", "id", "origin", "_keras_logits", "_slice_of", "__weakref__")
    _keras_logits: Tensor
    _slice_of: tuple
    __array_priority__ = 100  # so that `array * tensor` is ours, not NumPy's

    def __init__(self, value: Any, origin: Any = None) -> None:
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
        if self._value.size != 1:
            raise ValueError(
                f"A tensor of shape {self.shape} is neither True nor False: it holds "
                f"{self._value.size} values. Use tf.reduce_any(x) or tf.reduce_all(x); to choose "
                "element by element, tf.where."
            )
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
        return operator.index(self._value)

    def __len__(self) -> int:
        if not self._value.ndim:
            raise TypeError("Scalar tensor has no len(): its shape is ().")
        return len(self._value)

    def __iter__(self) -> Iterator[Tensor]:
        if not self._value.ndim:
            raise TypeError("Cannot iterate over a scalar tensor: its shape is ().")
        return (self[i] for i in range(len(self._value)))

    def __format__(self, spec: str) -> str:
        return format(self._value[()] if not self._value.ndim else str(self._value), spec)

    def __hash__(self) -> int:
        raise TypeError(
            "Tensor is unhashable, since == compares its elements. As the key of a dict or the "
            "member of a set use x.ref()."
        )

    def __copy__(self) -> Tensor:
        return self  # a tensor never changes, so it is as good as its copy

    def __deepcopy__(self, memo: dict) -> Tensor:
        return self

    def __reduce__(self) -> tuple:
        return Tensor, (self._value,)  # another process has other ids

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            "'Tensor' object does not support item assignment: a tensor never changes. Build a "
            "new one with tf.where or tf.tensor_scatter_nd_update, or use a tf.Variable and "
            "assign to it."
        )

    name = _Elsewhere("Only the tensors of a graph have names: in a tf.function, x.name.")
    T = _Elsewhere("Use tf.transpose(x).")
    argmax = _Elsewhere("Use tf.argmax(x, axis).")
    astype = _Elsewhere("Use tf.cast(x, dtype).")
    clip = _Elsewhere("Use tf.clip_by_value(x, low, high).")
    copy = _Elsewhere("Use tf.identity(x).")
    detach = _Elsewhere("Use tf.stop_gradient(x).")
    dot = _Elsewhere("Use tf.matmul(x, y), or tf.tensordot.")
    flatten = _Elsewhere("Use tf.reshape(x, [-1]).")
    item = _Elsewhere("Use x.numpy().")
    max = _Elsewhere("Use tf.reduce_max(x).")
    mean = _Elsewhere("Use tf.reduce_mean(x).")
    min = _Elsewhere("Use tf.reduce_min(x).")
    reshape = _Elsewhere("Use tf.reshape(x, shape).")
    size = _Elsewhere("Use tf.size(x).")
    sum = _Elsewhere("Use tf.reduce_sum(x).")
    tolist = _Elsewhere("Use x.numpy().tolist().")
    transpose = _Elsewhere("Use tf.transpose(x).")
    backward = _Elsewhere(_ON_THE_TAPE)
    grad = _Elsewhere(_ON_THE_TAPE)
    grad_fn = _Elsewhere(_ON_THE_TAPE)
    requires_grad = _Elsewhere(_ON_THE_TAPE)

    def __repr__(self) -> str:
        text = value_text(self._value, repr)
        return f"<tf.Tensor: shape={self.shape}, dtype={self.dtype.name}, numpy={text}>"

    def __str__(self) -> str:
        text = value_text(self._value, str)
        return f"tf.Tensor({text}, shape={self.shape}, dtype={self.dtype.name})"


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


def value_text(value: Any, write: Any) -> str:
    """A value as TensorFlow prints it: one that needs several lines starts on a new one."""
    text = write(value) if value.ndim else str(value)
    return f"\n{text}" if "\n" in text else text


def _leaves_the_tape(tensor: Tensor) -> None:
    """What NumPy does with the value is not recorded; tapes note it, to explain a None later."""
    for tape in state.tapes:
        tape._note_numpy(tensor)
