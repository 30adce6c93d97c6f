"""Is it the same maths? Compares a contestant's first results with the NumPy reference.

    worst, ok = compare(results, expected)      # largest relative difference, and the verdict

A time is worth nothing if the loss is a sum in one library and a mean in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

TOLERANCE = 2e-3


def compare(results: Sequence[Any], expected: Sequence[Any]) -> tuple[float, bool]:
    """Compares step by step.

    A step's result is a number or array, or a tuple of them (a loss, then gradients). One that
    returns fewer values than the reference is compared in these.

    Args:
        results: the first results of the contestant.
        expected: as many of the reference.

    Returns:
        The largest difference, relative to the largest number of the expected array, and whether
        it is within TOLERANCE. A wrong shape or a nan is infinitely far.
    """
    if len(results) != len(expected):
        raise ValueError(f"{len(results)} results, but {len(expected)} expected ones.")
    worst = 0.0
    for result, wanted in zip(results, expected, strict=True):
        have, want = as_arrays(result), as_arrays(wanted)
        if not have or len(have) > len(want):
            raise ValueError(f"A step returned {len(have)} values, the reference {len(want)}.")
        for a, b in zip(have, want, strict=False):
            worst = max(worst, difference(a, b))
    return worst, worst <= TOLERANCE


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference, relative to the largest number in b."""
    if a.shape != b.shape or not np.isfinite(a).all():
        return float("inf")
    scale = float(np.abs(b).max()) or 1.0
    return float(np.abs(a - b).max()) / scale


def as_arrays(result: Any) -> list[np.ndarray]:
    """The values of one step in float64. Any library's tensors become arrays by themselves."""
    values = result if isinstance(result, tuple | list) else (result,)
    return [np.asarray(value, dtype=np.float64) for value in values]
