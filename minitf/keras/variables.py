"""Keras' Variable: a tf.Variable with a path, made from an initializer.

    kernel = Variable("zeros", shape=(784, 10), name="kernel")
    kernel.path      # "dense/kernel" if a layer named "dense" was being built
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.call_context import context


class Variable(tf.Variable):
    """A variable that layers, metrics and optimizers list among their own.

    Args:
        initializer: an initial value, or an initializer (its name, or a function of shape and
            dtype), which then needs `shape`.
        shape: shape of the value, for an initializer.
        dtype: element type; float32 for an initializer if not given.
        trainable: False keeps optimizers away.
        name: short name such as "kernel".

    Raises:
        ValueError: an initializer without a shape.
    """

    def __init__(
        self,
        initializer: Any,
        shape: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        name: str | None = None,
    ) -> None:
        if isinstance(initializer, str):
            from minitf.keras import initializers

            initializer = initializers.get(initializer)
        if callable(initializer):
            if shape is None:
                raise ValueError(
                    "A Variable made from an initializer needs its shape: "
                    "Variable('zeros', shape=(3, 2))."
                )
            initializer = initializer(tuple(shape), dtype=dtype or "float32")
        super().__init__(initializer, trainable=trainable, dtype=dtype, name=name)
        self.name = name or "variable"
        self.path = "/".join([*context.names, self.name])

    @property
    def value(self) -> tf.Tensor:  # type: ignore[override]
        """The current value; tapes record the reading."""
        return self.read_value()

    def __deepcopy__(self, memo: dict) -> Variable:
        copy = type(self)(self._value, trainable=self.trainable, name=self.name)
        copy.path, copy.constraint = self.path, self.constraint
        return copy

    def __repr__(self) -> str:
        return (
            f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype.name}, "
            f"value={self._value}>"
        )


class AutocastVariable(Variable):
    """A weight of a layer with a mixed policy: kept in float32, read in float16 during `call`."""

    def _read(self) -> tf.Tensor:
        value = super()._read()
        dtype = context.weights_dtype
        return value if dtype is None else tf.cast(value, dtype)

    def read_value(self) -> tf.Tensor:
        """The current value, in the compute dtype of the layer now being called."""
        value = super().read_value()
        dtype = context.weights_dtype
        return value if dtype is None else tf.cast(value, dtype)
