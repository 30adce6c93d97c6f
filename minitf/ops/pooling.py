"""Pooling: one number per window, the largest or the mean.

    tf.nn.max_pool2d(x, ksize=2, strides=2, padding="VALID")
    tf.nn.avg_pool2d(x, ksize=2, strides=2, padding="SAME")

Max pooling sends the gradient to the largest entry of each window, the first one if several are
equal. Padding never wins, and does not count in a mean.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor, execute
from minitf.ops.windows import (
    Frame,
    cropped,
    frame_of,
    known_frame_sizes,
    offsets,
    padded,
    pair,
    places,
    refuse_channels_first,
)
from minitf.registry import Op, define, gradient
from minitf.state import state
from minitf.tensor import Tensor


def _max_pool(x: np.ndarray, frame: Frame) -> np.ndarray:
    return _combined(np.maximum, padded(x, frame, -np.inf), frame)


def _max_pool_grad_kernel(
    x: np.ndarray, y: np.ndarray, upstream: np.ndarray, frame: Frame
) -> np.ndarray:
    if frame.strides == frame.ksize and frame.padded == frame.shape:
        return _unpool(x, y, upstream, frame)
    out = np.zeros(frame.padded, upstream.dtype)
    for seen, chosen in _first_maxima(x, y, frame):
        out[seen] += upstream * chosen
    return cropped(out, frame)


def _max_pool_pick(x: np.ndarray, y: np.ndarray, values: np.ndarray, frame: Frame) -> np.ndarray:
    values = padded(values, frame)
    out = np.zeros(y.shape, values.dtype)
    for seen, chosen in _first_maxima(x, y, frame):
        out += values[seen] * chosen
    return out


def _avg_pool(x: np.ndarray, frame: Frame) -> np.ndarray:
    return _combined(np.add, padded(x, frame), frame) / _counts(frame, x.dtype)


def _avg_pool_grad_kernel(upstream: np.ndarray, frame: Frame) -> np.ndarray:
    share = upstream / _counts(frame, upstream.dtype)
    n, height, width, c = frame.padded
    wide = np.zeros((n, frame.out[0], width, c), upstream.dtype)
    for columns in places(frame, 1):
        wide[:, :, columns] += share
    out = np.zeros(frame.padded, upstream.dtype)
    for rows in places(frame, 0):
        out[:, rows] += wide
    return cropped(out, frame)


MAX_POOL = define("MaxPool", _max_pool, text="max_pool({0})", partials=("1 at each maximum",))
MAX_POOL_GRAD = define(
    "MaxPoolGrad",
    _max_pool_grad_kernel,
    same_dtype=True,
    text="{2} at the maxima of {0}",
    partials=("0", "0", "1"),
)
MAX_POOL_GRAD_GRAD = define(
    "MaxPoolGradGrad",
    _max_pool_pick,
    same_dtype=True,
    text="{2} where {0} is largest",
    partials=("0", "0", "1"),
)
AVG_POOL = define("AvgPool", _avg_pool, text="avg_pool({0})", partials=("1 / count",))
AVG_POOL_GRAD = define(
    "AvgPoolGrad", _avg_pool_grad_kernel, text="{0} spread over windows", partials=("1 / count",)
)


def max_pool2d(
    input: Any,  # noqa: A002
    ksize: Any,
    strides: Any = None,
    padding: str = "VALID",
    data_format: str = "NHWC",
    name: str | None = None,
) -> Tensor:
    """The largest entry of each window, channel by channel.

    Raises:
        InvalidArgumentError: not a picture of rank 4, or a window too large.
    """
    return _pool(MAX_POOL, input, ksize, strides, padding, data_format)


@gradient("MaxPool", on_arrays=True)
def _max_pool_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 for the first maximum of each window, 0 elsewhere
    (x,) = call.inputs
    return (execute(MAX_POOL_GRAD, (x, call.output, upstream), call.attrs),)


@gradient("MaxPoolGrad", on_arrays=True)
def _max_pool_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # linear in the upstream: the adjoint picks at the same places; flat in x
    x, y, _ = call.inputs
    return None, None, execute(MAX_POOL_GRAD_GRAD, (x, y, upstream), call.attrs)


@gradient("MaxPoolGradGrad", on_arrays=True)
def _max_pool_pick_grad(call: Any, upstream: Tensor) -> tuple:
    # and back again
    x, y, _ = call.inputs
    return None, None, execute(MAX_POOL_GRAD, (x, y, upstream), call.attrs)


def avg_pool2d(
    input: Any,  # noqa: A002
    ksize: Any,
    strides: Any = None,
    padding: str = "VALID",
    data_format: str = "NHWC",
    name: str | None = None,
) -> Tensor:
    """The mean of each window, channel by channel; padding does not count.

    Raises:
        InvalidArgumentError: not a picture of rank 4, or a window too large.
    """
    return _pool(AVG_POOL, input, ksize, strides, padding, data_format)


@gradient("AvgPool", on_arrays=True)
def _avg_pool_grad(call: Any, upstream: Tensor) -> tuple:
    # each of the n entries of a window counts 1/n
    return (execute(AVG_POOL_GRAD, (upstream,), call.attrs),)


@gradient("AvgPoolGrad", on_arrays=True)
def _avg_pool_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # the adjoint of spreading is averaging
    return (execute(AVG_POOL, (upstream,), call.attrs),)


def _pool(op: Op, x: Any, ksize: Any, strides: Any, padding: str, data_format: str) -> Tensor:
    x = convert_to_tensor(x)
    refuse_channels_first(data_format, op.name)
    size = pair(ksize, "ksize", op.name)
    step = (1, 1) if strides is None else pair(strides, "strides", op.name)
    window = (size, step, padding, (1, 1), op.name)
    if None in x._value.shape:  # traced for any batch size: waits for the pictures
        sizes = (*known_frame_sizes(x._value.shape, *window), x._value.shape[3])
        function = max_pool2d if op is MAX_POOL else avg_pool2d
        given = (x, ksize, strides, padding, data_format)
        return state.tracer.wait(function, given, sizes, x.dtype)
    frame = frame_of(x._value.shape, *window)
    return execute(op, (x,), {"frame": frame})


def _combined(combine: np.ufunc, x: np.ndarray, frame: Frame) -> np.ndarray:
    """All entries of each window combined: down the rows first, since these are long runs."""
    strips = _fold(combine, [x[:, rows] for rows in places(frame, 0)])
    return _fold(combine, [strips[:, :, columns] for columns in places(frame, 1)])


def _fold(combine: np.ufunc, parts: list[np.ndarray]) -> np.ndarray:
    """combine(combine(a, b), c) ... in a new array."""
    if len(parts) == 1:
        return parts[0].copy()
    out = combine(parts[0], parts[1])
    for part in parts[2:]:
        combine(out, part, out=out)
    return out


def _unpool(x: np.ndarray, y: np.ndarray, upstream: np.ndarray, frame: Frame) -> np.ndarray:
    """The gradient of max pooling for windows side by side, whole rows of the picture at a time."""
    height, width = frame.ksize
    top, flow = np.repeat(y, width, axis=2), np.repeat(upstream, width, axis=2)
    out = np.zeros(frame.shape, upstream.dtype)
    taken = _packed(np.zeros(y.shape, bool))
    for i in range(height):
        rows = (slice(None), slice(i, frame.out[0] * height, height), slice(0, top.shape[2]))
        largest = x[rows] == top
        _keep_first(largest.reshape(*y.shape[:3], width, y.shape[3]), taken)
        np.multiply(flow, largest, out=out[rows])
    return out


def _keep_first(largest: np.ndarray, taken: np.ndarray) -> None:
    """Clears the flags where the window's maximum is taken already, and notes those it leaves."""
    flags = _packed(largest)
    for j in range(flags.shape[3]):
        flag = flags[:, :, :, j]
        flag &= ~taken
        taken |= flag


def _packed(flags: np.ndarray) -> np.ndarray:
    """The same bytes as integers of up to 8 flags: what & and | do then goes 8 times as fast."""
    size = math.gcd(flags.shape[-1], 8)
    return flags.view(f"u{size}")


def _first_maxima(x: np.ndarray, y: np.ndarray, frame: Frame) -> Any:
    """For each place in the window, a mask: is it the first maximum there?"""
    x = padded(x, frame, -np.inf)
    taken = np.zeros(y.shape, bool)
    for _, _, seen in offsets(frame):
        chosen = (x[seen] == y) & ~taken
        taken |= chosen
        yield seen, chosen


def _counts(frame: Frame, dtype: np.dtype) -> np.ndarray:
    """How many entries of each window lie inside the picture."""
    _, h, w, _ = frame.shape
    one = frame._replace(shape=(1, h, w, 1))
    return _combined(np.add, padded(np.ones(one.shape, dtype), one), one)
