"""Variable: a name for a value that may change; each value itself never does.

    w = tf.Variable(3.0)
    w.assign_sub(0.1)        # w now names a new value
    y = w * 2.0              # reading w is an operation: tapes record it

Using a variable hands the operation a *snapshot*, the tensor it holds now. `assign` replaces the
snapshot and leaves the old one alone, so what a tape saved stays true. No gradient flows through
`assign`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.conversion import to_numpy
from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError
from minitf.shape import TensorShape
from minitf.state import state
from minitf.tensor import Reference, Tensor, next_id, value_text

# TensorFlow's further arguments, which have no meaning here.
_IGNORED = {
    "aggregation", "caching_device", "experimental_enable_variable_lifting",
    "import_scope", "synchronization", "validate_shape", "variable_def",
}  # fmt: skip


class Variable:
    """A tensor-valued cell.

    Args:
        initial_value: number, list, array, tensor, variable, or a function returning one of them.
        trainable: False keeps tapes from watching it by themselves.
        name: shown in pictures and in error messages.
        dtype: the dtype to convert the initial value to.
        shape: if given, must fit the initial value.
        constraint: a function of the value, kept for optimizers and layers.
    Raises:
        ValueError: there is no initial value, or its shape is not `shape`.
        TypeError: the initial value does not fit `dtype`, or an unknown argument.
    """

    __slots__ = (
        "_snapshot", "id", "name", "_trainable", "_auto_watched", "__weakref__", "__dict__"
    )  # fmt: skip
    __array_priority__ = 100
    _is_weight = False  # Keras' layers set it: the weights of a layer can be frozen

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = True,
        *,
        name: str | None = None,
        dtype: Any = None,
        shape: Any = None,
        constraint: Any = None,
        **ignored: Any,
    ) -> None:
        unknown = sorted(set(ignored) - _IGNORED)
        if unknown:
            raise TypeError(
                f"tf.Variable got an unexpected keyword argument {unknown[0]!r}. It knows "
                "initial_value, trainable, name, dtype and shape."
            )
        if callable(initial_value):
            initial_value = initial_value()
        if state.tracer is not None:
            initial_value = state.tracer.value_of(initial_value)
            state.tracer.created_variable(self)
        if initial_value is None:
            raise ValueError(
                "The `initial_value` of a tf.Variable must be given: it fixes the shape and the "
                "dtype. Write tf.Variable(0.0) or tf.Variable(tf.zeros([3]))."
            )
        wanted = dtypes.as_dtype(dtype).dtype if dtype is not None else None
        value = _numpy_of(initial_value, wanted)
        if shape is not None and TensorShape(shape) != value.shape:
            raise ValueError(
                f"The initial value's shape {value.shape} is not compatible with the explicitly "
                f"supplied `shape` argument {TensorShape(shape)}."
            )
        self._snapshot = Tensor(value)
        self.id = next_id()
        self._trainable = trainable is not False  # None: TensorFlow's default, True
        self._auto_watched = self._trainable  # stays: freezing a layer does not blind a tape
        self.name = f"{state.scope}{name or 'Variable'}:0"
        self.constraint = constraint
        for tape in state.tapes:
            tape._note_assign(self, initial_value)

    @property
    def trainable(self) -> bool:
        """Decided when it is made; for a layer's weight, whether the layer is frozen now."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        if not self._is_weight:
            raise AttributeError(
                f"property 'trainable' of variable '{self.name}' has no setter: it is decided when "
                "the variable is made, tf.Variable(..., trainable=False). To leave it as it is in "
                "training, leave it out of the variables you give to the optimizer."
            )
        self._trainable = bool(value)

    @property
    def shape(self) -> TensorShape:
        """Sizes of the axes; assigned values must have the same."""
        return self._snapshot.shape

    @property
    def dtype(self) -> DType:
        """Type of the elements; assigned values are converted to it where nothing is lost."""
        return self._snapshot.dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self._snapshot.ndim

    @property
    def device(self) -> str:
        """Where it lives: minitf knows the CPU only."""
        return self._snapshot.device

    def is_initialized(self, name: str | None = None) -> bool:
        """True: a variable has a value from the start."""
        return True

    @property
    def _value(self) -> np.ndarray | np.generic:
        return self._snapshot._value

    def get_shape(self) -> TensorShape:
        """The same as `shape`."""
        return self.shape

    def read_value(self) -> Tensor:
        """The current value as a tensor of its own; tapes record the reading."""
        if state.tracer is not None:
            return self._read()
        tensor = Tensor(self._snapshot._value)
        for tape in state.tapes:
            tape._record_read(self, tensor)
        return tensor

    value = read_value

    def numpy(self) -> Any:
        """A copy of the current value as a NumPy array or scalar. This leaves the tape."""
        return self._read().numpy()

    def assign(
        self, value: Any, use_locking: Any = None, name: Any = None, read_value: bool = True
    ) -> Variable:
        """Makes the variable name a new value of the same shape and dtype; returns the variable.

        Raises:
            ValueError: the shape differs: assigning never broadcasts.
            TypeError: the value does not fit the dtype.
        """
        if state.tracer is not None:
            return state.tracer.assign("assign", self, value)
        new = _numpy_of(value, self._value.dtype)
        if new.shape != self._value.shape:
            raise ValueError(
                f"Cannot assign value to variable '{self.name}': Shape mismatch. The variable "
                f"shape {self._value.shape} and the assigned value shape {new.shape} are "
                "incompatible. Assigning does not broadcast: build the full shape with "
                "tf.fill or tf.broadcast_to."
            )
        self._replace(new, value)
        return self

    def assign_add(
        self, delta: Any, use_locking: Any = None, name: Any = None, read_value: bool = True
    ) -> Variable:
        """Adds `delta` to the value, in a new snapshot; returns the variable."""
        if state.tracer is not None:
            return state.tracer.assign("assign_add", self, delta)
        change = self._change(delta)
        self._replace(self._value + change, delta)
        return self

    def assign_sub(
        self, delta: Any, use_locking: Any = None, name: Any = None, read_value: bool = True
    ) -> Variable:
        """Subtracts `delta` from the value, in a new snapshot; returns the variable."""
        if state.tracer is not None:
            return state.tracer.assign("assign_sub", self, delta)
        change = self._change(delta)
        self._replace(self._value - change, delta)
        return self

    def ref(self) -> Reference:
        """A hashable stand-in, for dict keys and sets."""
        return Reference(self)

    def _read(self) -> Tensor:
        """The snapshot itself, for an operation that uses the variable."""
        snapshot = self._snapshot if state.tracer is None else state.tracer.read(self)
        for tape in state.tapes:
            tape._record_read(self, snapshot)
        return snapshot

    def _change(self, delta: Any) -> np.ndarray | np.generic:
        change = _numpy_of(delta, self._value.dtype)
        if change.shape != self._value.shape:
            raise InvalidArgumentError(
                f"Cannot add to variable '{self.name}' of shape {self._value.shape} a value of "
                f"shape {change.shape}: assigning does not broadcast. If it is a gradient, check "
                "that it was taken with respect to this variable."
            )
        return change

    def _replace(self, new: np.ndarray | np.generic, source: Any) -> None:
        for tape in state.tapes:
            tape._note_assign(self, source)
        self._snapshot = Tensor(new)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self._read().__array__(dtype)

    def __bool__(self) -> bool:
        return bool(self._read())

    def __float__(self) -> float:
        return float(self._read())

    def __int__(self) -> int:
        return int(self._read())

    def __len__(self) -> int:
        return len(self._snapshot)

    def __iter__(self) -> Any:
        return iter(self._read())

    def __format__(self, spec: str) -> str:
        if spec:
            raise TypeError(
                f"unsupported format string {spec!r} passed to a tf.Variable. Format its value: "
                f"f'{{v.numpy():{spec}}}'."
            )
        return str(self)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            "'Variable' object does not support item assignment. Write v[0].assign(5.0), or "
            "v.assign(...) for the whole value."
        )

    def __hash__(self) -> int:
        raise TypeError(
            "Variable is unhashable, since == compares its elements. As the key of a dict or the "
            "member of a set use v.ref()."
        )

    def __reduce__(self) -> tuple:  # copies and pickles are variables of their own, with an own id
        return _restored, (type(self), self._value, self.trainable, self.name.removesuffix(":0"))

    def __repr__(self) -> str:
        value = value_text(self._value, repr)
        return (
            f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}, numpy={value}>"
        )


def tensor_within(value: Any) -> Any:
    """The first tensor or variable in a nested list, or None."""
    if isinstance(value, Tensor | Variable):
        return value
    parts = value if isinstance(value, list | tuple) else ()
    return next((x for x in map(tensor_within, parts) if x is not None), None)


def _numpy_of(value: Any, dtype: np.dtype | None) -> np.ndarray | np.generic:
    """A NumPy value for what is to be stored; a tensor must already have the dtype."""
    if isinstance(value, Variable):
        value = value._read()
    if not isinstance(value, Tensor):
        if hasattr(value, "__tf_tensor__"):
            value = value.__tf_tensor__()
        elif (inner := tensor_within(value)) is not None:
            value, dtype = np.asarray(value), dtype or inner._value.dtype
    if not isinstance(value, Tensor):
        return to_numpy(value, dtype)
    if dtype is not None and value._value.dtype != dtype:
        want, have = dtypes.as_dtype(dtype).name, value.dtype.name
        raise ValueError(
            f"Tensor conversion requested dtype {want} for Tensor with dtype {have}. "
            f"Convert it on purpose: tf.cast(x, tf.{want})."
        )
    return value._value


def _restored(kind: type[Variable], value: Any, trainable: bool, name: str) -> Variable:
    return kind(value, trainable=trainable, name=name)
