"""DepthwiseConv2D: each channel of a picture has filters of its own.

    layer = tf.keras.layers.DepthwiseConv2D(3, depth_multiplier=2)
    layer(tf.zeros([32, 28, 28, 3])).shape       # (32, 26, 26, 6)
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.layers.checks import positive
from minitf.keras.layers.conv2d import Conv2D
from minitf.tensor import Tensor


class DepthwiseConv2D(Conv2D):
    """A convolution that does not mix channels; far fewer weights than Conv2D.

    Args:
        kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias: see
            Conv2D.
        depth_multiplier: filters per channel.
        depthwise_initializer, depthwise_regularizer: of the kernel.
        kwargs: bias_initializer, bias_regularizer, input_shape, name ...: see Conv2D.

    Output (batch, out height, out width, channels · depth_multiplier), kernel (height, width,
    channels, depth_multiplier).

    Raises:
        ValueError: see Conv2D.
    """

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        depthwise_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        self.depth_multiplier = positive(depth_multiplier, "depth_multiplier", "DepthwiseConv2D")
        super().__init__(
            depth_multiplier,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            kernel_initializer=depthwise_initializer,
            kernel_regularizer=depthwise_regularizer,
            **kwargs,
        )

    def build(self, input_shape: Any) -> None:
        """Makes the kernel, and the bias if there is one: now the channels are known."""
        self.filters = input_shape[-1] * self.depth_multiplier
        super().build(input_shape)

    def _kernel_shape(self, channels: int) -> tuple[int, ...]:
        return (*self.kernel_size, channels, self.depth_multiplier)

    def _convolved(self, x: Tensor) -> Tensor:
        return tf.nn.depthwise_conv2d(
            x,
            self.kernel,
            strides=(1, *self.strides, 1),
            padding=self.padding.upper(),
            dilations=self.dilation_rate,
        )
