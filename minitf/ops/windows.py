"""The geometry of windows that slide over a picture, for convolution and pooling.

    frame = frame_of((1, 5, 5, 2), ksize=(3, 3), strides=(2, 2), padding="SAME")
    frame.out                       (3, 3): sizes of the result
    window_rows(x, frame)           one row per window: "im2col"
    add_strips(strips, frame)       half of its adjoint, adding overlaps: "col2im"

Pictures have shape (batch, height, width, channels), TensorFlow's NHWC. With few channels NumPy
spends its time on starting loops, not on numbers: so all that follows moves runs that are as long
as possible. Neighbours in a row of a picture lie side by side in memory, whole rows too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from minitf.errors import InvalidArgumentError
from minitf.ops.checks import as_shape


class Frame(NamedTuple):
    """Where the windows lie; plain numbers, so that it can be an attribute of an operation."""

    shape: tuple[int, ...]
    ksize: tuple[int, int]
    strides: tuple[int, int]
    dilations: tuple[int, int]
    pads: tuple[tuple[int, int], tuple[int, int]]
    out: tuple[int, int]

    @property
    def padded(self) -> tuple[int, int, int, int]:
        """Shape of the picture with its padding."""
        n, h, w, c = self.shape
        (top, bottom), (left, right) = self.pads
        return n, h + top + bottom, w + left + right, c


def frame_of(
    shape: tuple[int, ...],
    ksize: tuple[int, int],
    strides: tuple[int, int],
    padding: str,
    dilations: tuple[int, int] = (1, 1),
    op_name: str = "Conv2D",
) -> Frame:
    """Sizes and padding as TensorFlow has them.

    VALID: only windows inside the picture. SAME: ceil(size / stride) windows; the padding is split
    evenly, an odd row goes to the bottom and the right.

    Raises:
        InvalidArgumentError: not a picture of rank 4, an unknown padding, or a window too large.
    """
    if len(shape) != 4:
        raise InvalidArgumentError(
            f"input must be 4-dimensional, got shape {shape} [Op:{op_name}]\nThe axes are (batch, "
            "height, width, channels). One grey picture x of shape (h, w) is x[None, :, :, None].",
            op_name,
        )
    padding = padding.upper() if isinstance(padding, str) else padding
    if padding not in ("VALID", "SAME"):
        raise InvalidArgumentError(
            f"padding must be 'VALID' or 'SAME', got {padding!r} [Op:{op_name}]\n"
            "For a border of your own use tf.pad first, then padding='VALID'.",
            op_name,
        )
    rows = _along(shape[1], (ksize[0] - 1) * dilations[0] + 1, strides[0], padding)
    columns = _along(shape[2], (ksize[1] - 1) * dilations[1] + 1, strides[1], padding)
    out = rows[0], columns[0]
    if min(out) < 1:
        raise InvalidArgumentError(
            f"a window of {ksize} does not fit into a picture of shape {shape} [Op:{op_name}]\n"
            "Use a smaller window, or padding='SAME'.",
            op_name,
        )
    return Frame(shape, ksize, strides, dilations, (rows[1], columns[1]), out)


def pair(value: Any, what: str, op_name: str) -> tuple[int, int]:
    """One number, a pair, or TensorFlow's [1, height, width, 1], as (height, width).

    Raises:
        InvalidArgumentError: other counts of numbers, a number below 1, or a step over the batch.
    """
    numbers = as_shape(value)
    if len(numbers) == 4 and numbers[0] == numbers[3] == 1:
        numbers = numbers[1:3]
    if len(numbers) == 1:
        numbers *= 2
    if len(numbers) != 2 or min(numbers) < 1:
        raise InvalidArgumentError(
            f"{what} must be one number, (height, width) or (1, height, width, 1), all at least 1; "
            f"got {value!r} [Op:{op_name}]",
            op_name,
        )
    return numbers


def known_frame_sizes(shape: tuple[int | None, ...], *rest: Any) -> tuple[int | None, ...]:
    """(batch, out height, out width) as far as a shape with unknown sizes tells."""
    known = [size for size in shape[1:] if size is not None]
    if None in shape[1:3]:
        return (shape[0], None, None)
    return (shape[0], *frame_of((1, *known), *rest).out)


def refuse_channels_first(data_format: Any, op_name: str) -> None:
    """Pictures are NHWC here.

    Raises:
        InvalidArgumentError: another data format.
    """
    if data_format not in (None, "NHWC", "channels_last"):
        raise InvalidArgumentError(
            f"minitf knows the data format NHWC only, got {data_format!r} [Op:{op_name}]\n"
            "Move the channels to the end: tf.transpose(x, [0, 2, 3, 1]).",
            op_name,
        )


def padded(x: np.ndarray, frame: Frame, value: float = 0.0) -> np.ndarray:
    """The picture with `value` around it."""
    if frame.padded == x.shape:
        return x
    return np.pad(x, ((0, 0), *frame.pads, (0, 0)), constant_values=value)


def cropped(x: np.ndarray, frame: Frame) -> np.ndarray:
    """The picture without its padding."""
    (top, _), (left, _) = frame.pads
    _, h, w, _ = frame.shape
    return x[:, top : top + h, left : left + w, :]


def places(frame: Frame, axis: int) -> list[slice]:
    """For each row (axis 0) or column (axis 1) of the window, which ones of the picture it sees."""
    gap, step, count = frame.dilations[axis], frame.strides[axis], frame.out[axis]
    starts = [i * gap for i in range(frame.ksize[axis])]
    return [slice(start, start + step * (count - 1) + 1, step) for start in starts]


def offsets(frame: Frame) -> Iterator[tuple[int, int, tuple]]:
    """For each place (i, j) in the window, the slice of the padded picture it sees."""
    for i, rows in enumerate(places(frame, 0)):
        for j, columns in enumerate(places(frame, 1)):
            yield i, j, (slice(None), rows, columns)


def window_rows(x: np.ndarray, frame: Frame) -> np.ndarray:
    """All windows: (batch · out height · out width, window height · window width · channels)."""
    x = padded(x, frame)
    n, _, _, c = frame.shape
    count = frame.ksize[0] * frame.ksize[1] * c
    if c > 1:
        return _all_windows(x, frame).reshape(-1, count)  # copies a row of a window at a time
    planes = np.empty((*frame.ksize, n, *frame.out), x.dtype)  # a row of a picture at a time
    for i, j, seen in offsets(frame):
        planes[i, j] = x[seen][..., 0]
    return planes.reshape(count, -1).T


def add_strips(strips: np.ndarray, frame: Frame) -> np.ndarray:
    """Adds rows of windows back to where they were cut from; what overlaps adds up.

    Args:
        strips: (batch, padded height, out width, window width · channels).
    """
    n, h, w, c = frame.padded
    width, apart = frame.ksize[1], frame.strides[1]
    x = np.zeros((n, h, w, c), strips.dtype)
    if apart == frame.dilations[1] == 1:
        # Window j ends where window j + width starts: such windows are added together.
        rows = x.reshape(n, h, w * c)
        for j in range(width):
            some = strips[:, :, j::width]
            run = rows[:, :, j * c : (j + width * some.shape[2]) * c].reshape(some.shape)
            np.add(run, some, out=run)
    else:
        strips = strips.reshape(n, h, frame.out[1], width, c)
        for j in range(width):
            x[:, :, places(frame, 1)[j]] += strips[:, :, :, j]
    return cropped(x, frame)


def _all_windows(x: np.ndarray, frame: Frame) -> np.ndarray:
    """(batch, out height, out width, window height, window width, channels), without a copy."""
    n, _, _, c = frame.shape
    a, b, d, e = x.strides
    (down, right), (gap_down, gap_right) = frame.strides, frame.dilations
    steps = (a, b * down, d * right, b * gap_down, d * gap_right, e)
    return as_strided(x, (n, *frame.out, *frame.ksize, c), steps, writeable=False)


def _along(size: int, reach: int, stride: int, padding: str) -> tuple[int, tuple[int, int]]:
    """Along one axis: how many windows, and the padding before and after."""
    if padding == "VALID":
        return (size - reach) // stride + 1, (0, 0)
    count = -(-size // stride)  # rounded up
    missing = max((count - 1) * stride + reach - size, 0)
    return count, (missing // 2, missing - missing // 2)
