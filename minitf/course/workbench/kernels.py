"""What each operation of the workbench computes: one NumPy function per name.

    KERNELS["mul"](2.0, 3.0)        # 6.0

`cut_windows` and its reverse, `paste_windows`, are given for the rules of convolution and pooling.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.ops.windows import add_strips, frame_of, window_rows


def cut_windows(x: np.ndarray, size: int, padding: str = "SAME") -> np.ndarray:
    """Every window of `size` × `size` pixels as one row.

    Args:
        x: pictures, shape (batch, height, width, channels).
        padding: "SAME" puts zeros around, so that there is one window per pixel; "VALID" does not.

    Returns:
        shape (batch, rows, columns, size * size * channels); a window reads line by line, and
        within a pixel channel by channel.
    """
    frame = frame_of(x.shape, (size, size), (1, 1), padding)
    return window_rows(x, frame).reshape(len(x), *frame.out, -1)


def paste_windows(
    windows: np.ndarray, shape: tuple[int, ...], size: int, padding: str = "SAME"
) -> np.ndarray:
    """The reverse road of `cut_windows`: each number goes back to its pixel; overlaps add up.

    Args:
        windows: as `cut_windows` returns them.
        shape: of the pictures.
    """
    frame = frame_of(shape, (size, size), (1, 1), padding)
    n, rows, columns = windows.shape[:3]
    per_line = size * shape[3]
    lines = windows.reshape(n, rows, columns, size, per_line)
    strips = np.zeros((n, frame.padded[1], columns, per_line), windows.dtype)
    for i in range(size):
        strips[:, i : i + rows] += lines[:, :, :, i]
    return add_strips(strips, frame)


def _conv2d(x: np.ndarray, kernel: np.ndarray, padding: str = "SAME") -> np.ndarray:
    size, _, _, filters = kernel.shape
    return cut_windows(x, size, padding) @ kernel.reshape(-1, filters)


def _maxpool(x: np.ndarray) -> np.ndarray:
    """The largest of each 2 × 2 pixels; a last odd row or column is left out."""
    height, width = x.shape[1] // 2 * 2, x.shape[2] // 2 * 2
    of_lines = np.maximum(x[:, 0:height:2, :width], x[:, 1:height:2, :width])
    return np.maximum(of_lines[:, :, 0::2], of_lines[:, :, 1::2])


def _softmax_xent(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """-log softmax(logits)[label] for each row; the largest logit is taken off first."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(labels)), labels]
    return np.log(np.exp(shifted).sum(axis=1)) - chosen


def _sum(x: np.ndarray, axis: Any = None, keepdims: bool = False) -> np.ndarray:
    return x.sum(axis=axis, keepdims=keepdims)


def _mean(x: np.ndarray, axis: Any = None, keepdims: bool = False) -> np.ndarray:
    return x.mean(axis=axis, keepdims=keepdims)


def _max(x: np.ndarray, axis: Any = None, keepdims: bool = False) -> np.ndarray:
    return x.max(axis=axis, keepdims=keepdims)


def _reshape(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return x.reshape(shape)


def _transpose(x: np.ndarray, axes: tuple[int, ...] | None = None) -> np.ndarray:
    return x.transpose(axes)


def _slice(x: np.ndarray, index: Any) -> np.ndarray:
    return x[index]


def _gather(table: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return table[rows]


def _relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


KERNELS: dict[str, Callable[..., Any]] = {
    # chapter 04: one number at a time, or element by element
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "abs": np.abs,
    "exp": np.exp,
    "sin": np.sin,
    # chapter 06: arrays
    "matmul": np.matmul,
    "sum": _sum,
    "mean": _mean,
    "max": _max,
    "reshape": _reshape,
    "transpose": _transpose,
    "slice": _slice,
    "gather": _gather,
    # chapter 13: networks
    "relu": _relu,
    "softmax_xent": _softmax_xent,
    "conv2d": _conv2d,
    "maxpool": _maxpool,
}
