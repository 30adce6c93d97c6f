"""Convolution of pictures: every window times the same kernel.

    tf.nn.conv2d(x, kernel, strides=1, padding="SAME")
        x (batch, height, width, channels), kernel (height, width, channels, filters)

Three operations, each linear in both of its inputs, and each other's gradients:

    Conv2D                 y  = x * k
    Conv2DBackpropInput    dx from k and dy
    Conv2DBackpropFilter   dk from x and dy

So there are gradients of every order. The work is one matrix product: `window_rows` makes each
window a row first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops.checks import alike
from minitf.ops.windows import (
    Frame,
    add_strips,
    frame_of,
    known_frame_sizes,
    pair,
    places,
    refuse_channels_first,
    window_rows,
)
from minitf.registry import define, gradient
from minitf.state import state
from minitf.tensor import Tensor


def _conv2d(x: np.ndarray, kernel: np.ndarray, frame: Frame) -> np.ndarray:
    filters = kernel.shape[-1]
    y = window_rows(x, frame) @ kernel.reshape(-1, filters)
    return y.reshape(frame.shape[0], *frame.out, filters)


def _backprop_input(kernel: np.ndarray, upstream: np.ndarray, frame: Frame) -> np.ndarray:
    """One row of the kernel at a time: what it sends back is as long as a row of the picture."""
    filters = kernel.shape[-1]
    per_window = frame.ksize[1] * frame.shape[3]
    flow = upstream.reshape(-1, filters)
    n, height, _, _ = frame.padded
    strips = np.zeros((n, height, frame.out[1], per_window), upstream.dtype)
    for weights, rows in zip(kernel, places(frame, 0), strict=True):
        part = flow @ weights.reshape(per_window, filters).T
        strips[:, rows] += part.reshape(n, *frame.out, per_window)
    return add_strips(strips, frame)


def _backprop_filter(x: np.ndarray, upstream: np.ndarray, frame: Frame) -> np.ndarray:
    filters = upstream.shape[-1]
    kernel = window_rows(x, frame).T @ upstream.reshape(-1, filters)
    return kernel.reshape(*frame.ksize, frame.shape[3], filters)


CONV2D = define("Conv2D", _conv2d, same_dtype=True, text="conv({0}, {1})")
BACKPROP_INPUT = define(
    "Conv2DBackpropInput", _backprop_input, same_dtype=True, text="conv_input({0}, {1})"
)
BACKPROP_FILTER = define(
    "Conv2DBackpropFilter", _backprop_filter, same_dtype=True, text="conv_filter({0}, {1})"
)


def conv2d(
    input: Any,  # noqa: A002
    filters: Any,
    strides: Any = 1,
    padding: str = "VALID",
    data_format: str = "NHWC",
    dilations: Any = 1,
    name: str | None = None,
) -> Tensor:
    """Slides each filter over the pictures and takes the sum of products at every stop.

    Args:
        input: pictures of shape (batch, height, width, channels).
        filters: shape (height, width, channels, filters).
        strides: step of the window: a number, (height, width) or (1, height, width, 1).
        padding: "VALID" (windows inside the picture) or "SAME" (zeros around it).
        dilations: gap between the entries of a window.

    Returns:
        Shape (batch, out height, out width, filters).

    Raises:
        InvalidArgumentError: wrong ranks, channels that differ, or a window too large.
    """
    name = "Conv2D"
    x, kernel = alike(convert_to_tensor(input), filters, name)
    refuse_channels_first(data_format, name)
    if kernel._value.ndim != 4 or x._value.shape[-1] != kernel._value.shape[2]:
        raise InvalidArgumentError(
            f"input shape {x.shape} and filter shape {kernel.shape} do not go together: the filter "
            "must be (height, width, channels, filters) with as many channels as the input's last "
            f"axis [Op:{name}]\nAre the pictures channels-first, or is the channel axis missing?",
            name,
        )
    window = (
        kernel._value.shape[:2],
        pair(strides, "strides", name),
        padding,
        pair(dilations, "dilations", name),
        name,
    )
    if None in x._value.shape:  # traced for any batch size: waits for the pictures
        sizes = (*known_frame_sizes(x._value.shape, *window), kernel._value.shape[3])
        given = (x, kernel, strides, padding, data_format, dilations)
        return state.tracer.wait(conv2d, given, sizes, x.dtype)
    frame = frame_of(x._value.shape, *window)
    return execute(CONV2D, (x, kernel), {"frame": frame})


@gradient("Conv2D", on_arrays=True)
def _conv2d_grad(call: Any, upstream: Tensor) -> tuple:
    # y = x * k is linear in both: dx = dy * k mirrored, dk = x * dy, as sums over windows
    x, kernel = call.inputs
    want_x, want_kernel = call.wanted
    grad_x = execute(BACKPROP_INPUT, (kernel, upstream), call.attrs) if want_x else None
    grad_kernel = execute(BACKPROP_FILTER, (x, upstream), call.attrs) if want_kernel else None
    return grad_x, grad_kernel


@gradient("Conv2DBackpropInput", on_arrays=True)
def _backprop_input_grad(call: Any, upstream: Tensor) -> tuple:
    # the adjoint in dy is the convolution itself
    kernel, grad_y = call.inputs
    want_kernel, want_y = call.wanted
    grad_kernel = execute(BACKPROP_FILTER, (upstream, grad_y), call.attrs) if want_kernel else None
    return grad_kernel, execute(CONV2D, (upstream, kernel), call.attrs) if want_y else None


@gradient("Conv2DBackpropFilter", on_arrays=True)
def _backprop_filter_grad(call: Any, upstream: Tensor) -> tuple:
    # upstream has the shape of the kernel, and takes its place
    x, grad_y = call.inputs
    want_x, want_y = call.wanted
    grad_x = execute(BACKPROP_INPUT, (upstream, grad_y), call.attrs) if want_x else None
    return grad_x, execute(CONV2D, (x, upstream), call.attrs) if want_y else None
