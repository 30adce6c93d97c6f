"""Conv2D: every window of a picture times the same few kernels.

    layer = tf.keras.layers.Conv2D(8, 3, activation="relu")
    layer(tf.zeros([32, 28, 28, 1])).shape       # (32, 26, 26, 8)
    layer.kernel.shape                           # (3, 3, 1, 8)
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras import activations, initializers, regularizers
from minitf.keras.layers.base import Layer
from minitf.keras.layers.checks import (
    check_channels_last,
    check_pictures,
    padding_of,
    pair,
    positive,
)
from minitf.tensor import Tensor


class Conv2D(Layer):
    """activation(windows of x · kernel + bias).

    Args:
        filters: number of kernels, and of output channels.
        kernel_size: of the window: a number or (height, width).
        strides: step of the window.
        padding: "valid" (windows inside the picture) or "same" (zeros around it; with stride 1 the
            output is as large as the input).
        data_format: "channels_last", the only one.
        dilation_rate: distance between the entries of a window.
        activation: name or function; None for none.
        use_bias: False leaves the bias out.
        kernel_initializer, bias_initializer: names, initializers or functions.
        kernel_regularizer, bias_regularizer: names, regularizers or functions.

    Input (batch, height, width, channels), output (batch, out height, out width, filters), kernel
    (height, width, channels, filters), bias (filters,).

    Raises:
        ValueError: an argument out of range, an input that is not of rank 4, other channels than
            the kernel was made for, or a picture smaller than the window.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        input_shape: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_channels_last(data_format)
        self.filters = positive(filters, "filters", "Conv2D")
        self.kernel_size = pair(kernel_size, "kernel_size")
        self.strides = pair(strides, "strides")
        self.padding = padding_of(padding)
        self.dilation_rate = pair(dilation_rate, "dilation_rate")
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self._declared_input_shape = None if input_shape is None else tuple(input_shape)
        self.kernel: Any = None
        self.bias: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes the kernel, and the bias if there is one."""
        self._check_input(input_shape)
        self.kernel = self.add_weight(
            self._kernel_shape(input_shape[-1]),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                (self.filters,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                name="bias",
            )

    def call(self, inputs: Tensor) -> Tensor:
        """(batch, height, width, channels) -> (batch, out height, out width, filters)"""
        self._check_input(inputs._value.shape)
        y = self._convolved(self._cast(inputs))
        if self.bias is not None:
            y = tf.nn.bias_add(y, self.bias)
        return self.activation(y)

    def _kernel_shape(self, channels: int) -> tuple[int, ...]:
        return (*self.kernel_size, channels, self.filters)

    def _convolved(self, x: Tensor) -> Tensor:
        return tf.nn.conv2d(
            x,
            self.kernel,
            strides=self.strides,
            padding=self.padding.upper(),
            dilations=self.dilation_rate,
        )

    def _check_input(self, shape: tuple[int | None, ...]) -> None:
        check_pictures(self, shape)
        if self.kernel is not None and shape[-1] != self.kernel.shape[2]:
            raise ValueError(
                f"Input 0 of layer {self.name!r} is incompatible with the layer: expected axis -1 "
                f"of input shape to have value {self.kernel.shape[2]}, but received input with "
                f"shape {tuple(shape)}. The kernel was made for {self.kernel.shape[2]} channels."
            )
        for size, kernel, gap in zip(shape[1:3], self.kernel_size, self.dilation_rate, strict=True):
            window = (kernel - 1) * gap + 1
            if self.padding == "valid" and size is not None and size < window:
                raise ValueError(
                    f"Layer {self.name!r}: computed output size would be zero or negative. "
                    f"Received input shape {tuple(shape)} and kernel_size {self.kernel_size} with "
                    "padding 'valid': the picture is smaller than the window. Use padding='same', "
                    "a smaller kernel, or fewer pooling layers before this one."
                )


Convolution2D = Conv2D
