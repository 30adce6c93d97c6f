"""Sums and means of groups of rows that stand together.

tf.math.segment_sum([1, 2, 3], [0, 0, 1])        [3, 3]
tf.math.segment_mean([1.0, 2.0, 3.0], [0, 0, 1]) [1.5, 3]

Each row's gradient is the upstream of its group: that of unsorted_segment_sum, on which these rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.ops import array, selection
from minitf.ops.indexing import unsorted_segment_sum
from minitf.tensor import Tensor


def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Row k: the sum of the rows of `data` with id k. The ids must be in order.

    Raises:
        InvalidArgumentError: the ids fall somewhere, or are not one per row.
    """
    data, ids, count = _checked(data, segment_ids)
    return unsorted_segment_sum(data, ids, count)


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Row k: the mean of the rows of `data` with id k; zeros for an id that does not occur.

    Raises:
        InvalidArgumentError: the ids fall somewhere, or are not one per row.
    """
    return unsorted_segment_mean(*_checked(data, segment_ids))


def unsorted_segment_mean(
    data: Any, segment_ids: Any, num_segments: int, name: str | None = None
) -> Tensor:
    """As segment_mean, for ids in any order, and as many rows as `num_segments` says."""
    data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
    total = unsorted_segment_sum(data, ids, num_segments)
    ones = array.ones_like(ids, dtype=data.dtype)
    counts = selection.maximum(unsorted_segment_sum(ones, ids, num_segments), 1)
    return total / array.reshape(counts, [-1] + [1] * (total.shape.rank - 1))


def _checked(data: Any, segment_ids: Any) -> tuple[Tensor, Tensor, int]:
    data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
    numbers = ids.numpy()
    if numbers.shape != data.shape[:1] or np.any(np.diff(numbers) < 0):
        raise InvalidArgumentError(
            f"segment_ids must be one number per row, never falling; got {numbers.tolist()} for "
            f"data of shape {data.shape} [Op:SegmentSum]\nFor ids in any order use "
            "tf.math.unsorted_segment_sum.",
            "SegmentSum",
        )
    return data, ids, int(numbers[-1]) + 1 if numbers.size else 0
