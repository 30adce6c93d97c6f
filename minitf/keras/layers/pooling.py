"""Pooling: one number for each window of a picture, or for each whole picture.

    tf.keras.layers.MaxPooling2D(2)(tf.zeros([32, 26, 26, 8])).shape        # (32, 13, 13, 8)
    tf.keras.layers.GlobalAveragePooling2D()(tf.zeros([32, 5, 5, 16])).shape  # (32, 16)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import minitf as tf
from minitf.keras.layers.base import Layer
from minitf.keras.layers.checks import check_channels_last, check_pictures, padding_of, pair
from minitf.tensor import Tensor


class Pooling2D(Layer):
    """Base of the two kinds of pooling over windows.

    Args:
        pool_size: of the window: a number or (height, width).
        strides: step of the window; pool_size if None, so that windows do not overlap.
        padding: "valid" drops what is left at the border, "same" keeps it in smaller windows.
        data_format: "channels_last", the only one.

    Input (batch, height, width, channels), output (batch, out height, out width, channels).

    Raises:
        ValueError: an argument out of range, an input that is not of rank 4, or a picture smaller
            than the window.
    """

    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_channels_last(data_format)
        self.pool_size = pair(pool_size, "pool_size")
        self.strides = self.pool_size if strides is None else pair(strides, "strides")
        self.padding = padding_of(padding)

    def call(self, inputs: Tensor) -> Tensor:
        """(batch, height, width, channels) -> (batch, out height, out width, channels)"""
        shape = inputs._value.shape
        check_pictures(self, shape)
        sizes = zip(shape[1:3], self.pool_size, strict=True)
        if self.padding == "valid" and any(n is not None and n < window for n, window in sizes):
            raise ValueError(
                f"Layer {self.name!r}: computed output size would be zero or negative. Received "
                f"input shape {tuple(shape)} and pool_size {self.pool_size}: the picture is "
                "smaller than the window. Use padding='same', or fewer pooling layers."
            )
        return self._pool(self._cast(inputs), self.pool_size, self.strides, self.padding.upper())

    def _pool(self, x: Tensor, size: Any, strides: Any, padding: str) -> Tensor:
        raise NotImplementedError


class MaxPooling2D(Pooling2D):
    """The largest number of each window; see Pooling2D."""

    def _pool(self, x: Tensor, size: Any, strides: Any, padding: str) -> Tensor:
        return tf.nn.max_pool2d(x, size, strides, padding)


class AveragePooling2D(Pooling2D):
    """The mean of each window; padding does not count. See Pooling2D."""

    def _pool(self, x: Tensor, size: Any, strides: Any, padding: str) -> Tensor:
        return tf.nn.avg_pool2d(x, size, strides, padding)


class GlobalPooling2D(Layer):
    """Base of the two kinds of pooling over whole pictures.

    Args:
        data_format: "channels_last", the only one.
        keepdims: True keeps height and width as axes of size 1.

    Input (batch, height, width, channels), output (batch, channels).
    """

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        check_channels_last(data_format)
        self.keepdims = keepdims

    def call(self, inputs: Tensor) -> Tensor:
        """(batch, height, width, channels) -> (batch, channels)"""
        check_pictures(self, inputs._value.shape)
        return self._reduce()(self._cast(inputs), axis=[1, 2], keepdims=self.keepdims)

    def _reduce(self) -> Callable[..., Tensor]:
        raise NotImplementedError


class GlobalAveragePooling2D(GlobalPooling2D):
    """The mean of each channel; see GlobalPooling2D."""

    def _reduce(self) -> Callable[..., Tensor]:
        return tf.reduce_mean


class GlobalMaxPooling2D(GlobalPooling2D):
    """The largest number of each channel; see GlobalPooling2D."""

    def _reduce(self) -> Callable[..., Tensor]:
        return tf.reduce_max


MaxPool2D, AvgPool2D = MaxPooling2D, AveragePooling2D
GlobalAvgPool2D, GlobalMaxPool2D = GlobalAveragePooling2D, GlobalMaxPooling2D
