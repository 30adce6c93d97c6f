"""A drawing made into a 28 x 28 picture the way MNIST's pictures were made.

    bitmap = bitmap_of([[(80, 40), (80, 200)]], side=280, pen=22)    # strokes of a pen
    picture = centred(bitmap)                                       # (28, 28), 0 to 1

MNIST's authors scaled every digit into a box of 20 x 20 pixels, keeping its proportions, and moved
it so that its centre of mass lies at the middle pixel of 28 x 28
(http://yann.lecun.com/exdb/mnist/). A net that has only seen such pictures reads badly drawn in a
corner. In the embedded digits the centre of mass is at (14.0, 14.0), give or take 0.3.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

SIZE = 28  # pixels of a side
BOX = 20  # a digit fits into that many
MIDDLE = 14.5  # edge of pixel 0 is at 0, so pixel 14 has its middle here
CELLS = 140  # of the bitmap that strokes are drawn into


def bitmap_of(strokes: Sequence[ArrayLike], side: float, pen: float) -> np.ndarray:
    """Strokes of a round pen, as a bitmap of CELLS x CELLS zeros and ones.

    Args:
        strokes: lists of points (x, y) with 0 <= x, y <= side; y grows downwards. A stroke of one
            point is a dot.
        side: length of the drawing area's sides.
        pen: diameter of the pen, in the same units.

    Raises:
        ValueError: a stroke without points, or points that are no pairs of finite numbers.
    """
    bitmap = np.zeros((CELLS, CELLS))
    for stroke in strokes:
        points = np.asarray(stroke, float)
        if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
            raise ValueError(f"A stroke is a list of points (x, y); got {stroke!r}.")
        points = points * CELLS / side
        for start, end in zip(points[:-1], points[1:], strict=True):
            _draw_segment(bitmap, start, end, pen / 2 * CELLS / side)
        if len(points) == 1:
            _draw_segment(bitmap, points[0], points[0], pen / 2 * CELLS / side)
    return bitmap


def centred(bitmap: np.ndarray) -> np.ndarray:
    """The ink of a bitmap as MNIST would show it: at most 20 x 20, its mass in the middle.

    Args:
        bitmap: (height, width), numbers from 0 to 1.

    Returns:
        float32 (28, 28) from 0 to 1. Zeros if there is no ink.
    """
    rows, columns = np.flatnonzero(bitmap.any(1)), np.flatnonzero(bitmap.any(0))
    if rows.size == 0:
        return np.zeros((SIZE, SIZE), np.float32)
    ink = bitmap[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(ink.shape)
    down = _averaging(ink.shape[0], scale, _centre_of_mass(ink.sum(1)))
    across = _averaging(ink.shape[1], scale, _centre_of_mass(ink.sum(0)))
    return (down @ ink @ across.T).astype(np.float32)


def _draw_segment(bitmap: np.ndarray, start: np.ndarray, end: np.ndarray, radius: float) -> None:
    """Sets the cells whose middles are at most `radius` away from the line start - end."""
    low = np.clip(np.floor(np.minimum(start, end) - radius).astype(int), 0, CELLS)
    high = np.clip(np.ceil(np.maximum(start, end) + radius).astype(int), 0, CELLS)
    x = np.arange(low[0], high[0]) + 0.5 - start[0]
    y = (np.arange(low[1], high[1]) + 0.5 - start[1])[:, None]
    along = end - start
    length = max(float(along @ along), 1e-12)
    share = np.clip((x * along[0] + y * along[1]) / length, 0, 1)  # of the way to `end`
    near = (x - share * along[0]) ** 2 + (y - share * along[1]) ** 2 <= radius**2
    bitmap[low[1] : high[1], low[0] : high[0]][near] = 1


def _centre_of_mass(weights: np.ndarray) -> float:
    return float(weights @ (np.arange(weights.size) + 0.5) / weights.sum())


def _averaging(cells: int, scale: float, centre: float) -> np.ndarray:
    """The matrix (28, cells) that scales one axis and puts `centre` at the middle.

    Entry (i, j) is the part of pixel i that cell j covers. Nothing is pushed over the edge: there
    the mass has to stay off the middle.
    """
    start = np.clip(MIDDLE - centre * scale, 0, SIZE - cells * scale)
    low = start + np.arange(cells) * scale
    pixels = np.arange(SIZE)[:, None]
    overlap = np.minimum(low + scale, pixels + 1) - np.maximum(low, pixels)
    return np.maximum(overlap, 0)
