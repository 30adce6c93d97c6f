"""Kin of conv2d: made of the same three operations, so with gradients of every order.

    tf.nn.conv2d_transpose(y, kernel, (1, 28, 28, 1), strides=2)   # from few numbers to a picture
    tf.nn.depthwise_conv2d(x, kernel, strides=(1, 1, 1, 1), padding="SAME")
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array
from minitf.ops.checks import alike, as_shape, known_sizes
from minitf.ops.conv import BACKPROP_INPUT, conv2d
from minitf.ops.windows import frame_of, pair, refuse_channels_first
from minitf.state import state
from minitf.tensor import Tensor


def conv2d_transpose(
    input: Any,  # noqa: A002
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str = "NHWC",
    dilations: Any = 1,
    name: str | None = None,
) -> Tensor:
    """What the gradient of a convolution does to its upstream: every number becomes a window.

    Args:
        input: shape (batch, height, width, channels).
        filters: shape (height, width, out channels, channels): as for the convolution that goes
            the other way.
        output_shape: (batch, out height, out width, out channels); a stride leaves several
            heights possible, so it must be told.
        strides, padding, dilations: of the convolution that goes the other way.

    Raises:
        InvalidArgumentError: a convolution of `output_shape` does not give the input's shape.
    """
    op = "Conv2DTranspose"
    y, kernel = alike(convert_to_tensor(input), filters, op)
    refuse_channels_first(data_format, op)
    sizes = known_sizes(output_shape)
    if None in sizes and state.tracer is not None:  # traced for any batch size: waits for the run
        given = (y, kernel, output_shape, strides, padding, data_format, dilations)
        return state.tracer.wait(conv2d_transpose, given, sizes, y.dtype)
    shape, have = as_shape(output_shape), tuple(y._value.shape)
    window = (tuple(kernel._value.shape[:2]), pair(strides, "strides", op), padding)
    fits = len(shape) == kernel._value.ndim == 4
    if fits:
        frame = frame_of(shape, *window, pair(dilations, "dilations", op), op)
        fits = have == (shape[0], *frame.out, kernel._value.shape[3])
    if not fits or shape[3] != kernel._value.shape[2]:
        raise InvalidArgumentError(
            f"output_shape {shape}, input shape {have} and filter shape {tuple(kernel.shape)} do "
            f"not go together [Op:{op}]\nA convolution of a picture of output_shape must give the "
            "input's shape. The filters are (height, width, out channels, channels of the input).",
            op,
        )
    return execute(BACKPROP_INPUT, (kernel, y), {"frame": frame})


def depthwise_conv2d(
    input: Any,  # noqa: A002
    filter: Any,  # noqa: A002
    strides: Any,
    padding: str,
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Each channel has filters of its own, which see no other channel.

    It is an ordinary convolution whose kernel is 0 between different channels.

    Args:
        input: shape (batch, height, width, channels).
        filter: shape (height, width, channels, filters per channel).
        strides, padding, dilations: see conv2d.

    Returns:
        Shape (batch, out height, out width, channels · filters per channel).

    Raises:
        InvalidArgumentError: wrong ranks, channels that differ, or a window too large.
    """
    op = "DepthwiseConv2dNative"
    x, kernel = alike(convert_to_tensor(input), filter, op)
    if kernel._value.ndim != 4 or x._value.shape[-1] != kernel._value.shape[2]:
        raise InvalidArgumentError(
            f"input shape {x.shape} and filter shape {kernel.shape} do not go together: the filter "
            f"must be (height, width, channels, filters per channel) [Op:{op}]\nIt has one set of "
            "filters for each channel of the input.",
            op,
        )
    height, width, channels, each = kernel._value.shape
    own = np.eye(channels, dtype=kernel._value.dtype)[:, :, None]
    apart = array.reshape(kernel, (height, width, channels, 1, each)) * own
    whole = array.reshape(apart, (height, width, channels, channels * each))
    return conv2d(x, whole, strides, padding, data_format or "NHWC", dilations or 1)
