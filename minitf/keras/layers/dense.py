"""Dense: every output is a weighted sum of all inputs.

layer = tf.keras.layers.Dense(10, activation="relu")
layer(tf.zeros([32, 784])).shape       # (32, 10)
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras import activations, constraints, initializers, regularizers
from minitf.keras.layers.base import Layer
from minitf.tensor import Tensor


class Dense(Layer):
    """activation(x @ kernel + bias), over the last axis of x.

    Args:
        units: number of outputs.
        activation: name or function; None for none.
        use_bias: False leaves the bias out.
        kernel_initializer, bias_initializer: names, initializers or functions.
        kernel_regularizer, bias_regularizer: names, regularizers or functions.
        kernel_constraint, bias_constraint: names, constraints or functions.
        input_shape: shape of one example: the older way to start a Sequential model.

    Input (batch, ..., n), output (batch, ..., units), kernel (n, units), bias (units,).

    Raises:
        ValueError: `units` is not a positive whole number, or an input has another last size than
            the kernel was built for.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        input_shape: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(units, bool) or not isinstance(units, int) or units < 1:
            raise ValueError(
                f"Dense: `units`, the number of outputs, must be a positive integer, got {units!r}."
            )
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self._declared_input_shape = None if input_shape is None else tuple(input_shape)
        self.kernel: Any = None
        self.bias: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes the kernel, and the bias if there is one."""
        self._check_input(input_shape)
        size = input_shape[-1]
        self.kernel = self.add_weight(
            (size, self.units),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def call(self, inputs: Tensor) -> Tensor:
        """(batch, ..., n) -> (batch, ..., units)"""
        shape = inputs._value.shape
        if len(shape) < 2 or shape[-1] != self.kernel._value.shape[0]:
            self._check_input(shape)
        y = tf.matmul(self._cast(inputs), self.kernel)
        if self.bias is not None:
            y = y + self.bias
        return self.activation(y)

    def _check_input(self, shape: tuple[int | None, ...]) -> None:
        shape = tuple(shape)
        if len(shape) < 2:
            raise ValueError(
                f"Input 0 of layer {self.name!r} is incompatible with the layer: expected "
                f"min_ndim=2, found ndim={len(shape)}. Full shape received: {shape}. Dense needs a "
                "batch axis first: for a single example use x[None, :]."
            )
        if self.kernel is not None and shape[-1] != self.kernel.shape[0]:
            raise ValueError(
                f"Input 0 of layer {self.name!r} is incompatible with the layer: expected axis -1 "
                f"of input shape to have value {self.kernel.shape[0]}, but received input with "
                f"shape {shape}. The layer was built for {self.kernel.shape[0]} features per "
                "example. Images need a Flatten layer first; else check the data, or make a new "
                "layer."
            )
