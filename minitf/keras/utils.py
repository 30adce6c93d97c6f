"""Small helpers under Keras' names.

    tf.keras.utils.set_random_seed(42)
    tf.keras.utils.to_categorical([0, 2], 3)      # [[1, 0, 0], [0, 0, 1]]
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from minitf import seeds
from minitf.keras.naming import clear_session

__all__ = ["clear_session", "set_random_seed", "to_categorical"]


def set_random_seed(seed: int) -> None:
    """Seeds Python's, NumPy's and minitf's random numbers at once."""
    seeds.set_seed(seed)
    random.seed(seed)
    np.random.seed(seed % 2**32)


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray:
    """Class numbers as one-hot rows.

    Args:
        x: whole numbers from 0, any shape (a last axis of size 1 is dropped).
        num_classes: the largest number plus 1 if None.

    Returns:
        float array of shape (*x.shape, num_classes).

    Raises:
        IndexError: a number outside [0, num_classes).
    """
    labels = np.asarray(x, dtype=np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if num_classes is None:
        num_classes = int(labels.max()) + 1
    if labels.size and not (0 <= labels.min() and labels.max() < num_classes):
        raise IndexError(
            f"to_categorical: labels go from {labels.min()} to {labels.max()}, but must lie in "
            f"[0, {num_classes}) for {num_classes} classes."
        )
    return np.eye(num_classes)[labels]
