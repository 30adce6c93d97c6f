"""Conv2DTranspose: from a small picture with many channels to a larger one.

    layer = tf.keras.layers.Conv2DTranspose(1, 3, strides=2, padding="same")
    layer(tf.zeros([32, 14, 14, 8])).shape       # (32, 28, 28, 1)
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.layers.checks import check_pictures
from minitf.keras.layers.conv2d import Conv2D
from minitf.tensor import Tensor


class Conv2DTranspose(Conv2D):
    """The way back of a convolution: each number of the input adds a scaled kernel to the output.

    Arguments: see Conv2D; strides, padding and dilations are those of the convolution that goes
    the other way. With padding "same" the output is strides times as large as the input.

    Input (batch, height, width, channels), output (batch, out height, out width, filters), kernel
    (height, width, filters, channels).

    Raises:
        ValueError: see Conv2D.
    """

    def _kernel_shape(self, channels: int) -> tuple[int, ...]:
        return (*self.kernel_size, self.filters, channels)

    def _convolved(self, x: Tensor) -> Tensor:
        batch, height, width, _ = x._value.shape
        sizes = [self._out_size(size, axis) for axis, size in enumerate((height, width))]
        return tf.nn.conv2d_transpose(
            x,
            self.kernel,
            (tf.shape(x)[0] if batch is None else batch, *sizes, self.filters),
            strides=self.strides,
            padding=self.padding.upper(),
            dilations=self.dilation_rate,
        )

    def _out_size(self, size: int, axis: int) -> int:
        step = self.strides[axis]
        if self.padding == "same":
            return size * step
        window = (self.kernel_size[axis] - 1) * self.dilation_rate[axis] + 1
        return size * step + max(window - step, 0)

    def _check_input(self, shape: Any) -> None:
        check_pictures(self, shape)
        if self.kernel is not None and shape[-1] != self.kernel.shape[3]:
            raise ValueError(
                f"Input 0 of layer {self.name!r} is incompatible with the layer: expected axis -1 "
                f"of input shape to have value {self.kernel.shape[3]}, but received input with "
                f"shape {tuple(shape)}. The kernel was made for {self.kernel.shape[3]} channels."
            )


Convolution2DTranspose = Conv2DTranspose
