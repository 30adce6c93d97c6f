"""Class weights: some classes count more than others, as one factor per example.

sample_weights([0, 1, 1], {0: 5.0})          # [5, 1, 1]
model.fit(x, y, class_weight={0: 5.0})
"""

from __future__ import annotations

from typing import Any

import numpy as np


def sample_weights(y: Any, class_weight: dict[int, float]) -> np.ndarray:
    """The factor of each example, float32 of shape (examples,); 1 for a class without an entry.

    Args:
        y: class numbers of shape (examples,) or (examples, 1), or one row of probabilities each.
        class_weight: factor by class number.

    Raises:
        ValueError: there are no labels, or several outputs have some.
    """
    several = isinstance(y, list | tuple) and hasattr(next(iter(y), None), "shape")
    if y is None or isinstance(y, dict) or several:
        raise ValueError(
            "`class_weight` needs the labels of a single output, as one array y. For several "
            "outputs, give one factor per example in `sample_weight`."
        )
    labels = np.asarray(y)
    if labels.ndim > 1:
        labels = labels.argmax(-1) if labels.shape[-1] > 1 else labels[..., 0]
    numbers = np.round(labels).astype(int)
    return np.array([class_weight.get(int(n), 1.0) for n in numbers.flat], "float32").reshape(
        numbers.shape
    )
