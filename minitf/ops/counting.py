"""Counting: how many are not zero, how often each value occurs, who was taken for whom.

    tf.math.count_nonzero([0, 3, 0])                    1
    tf.math.bincount([1, 1, 3])                         [0, 2, 0, 1]
    tf.math.confusion_matrix([0, 1, 1], [0, 1, 0])      [[1, 0], [1, 1]]

Counts are integers, so no gradient passes; for bincount's weights TensorFlow has no rule either.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, comparison, reductions
from minitf.registry import define
from minitf.tensor import Tensor


def _bincount(values: Any, weights: Any = None, *, length: int, dtype: np.dtype) -> np.ndarray:
    if values.dtype.kind not in "iu" or values.size and values.min() < 0:
        raise InvalidArgumentError(
            f"bincount needs integers from 0 up, got {dtypes.of(values).name} with smallest value "
            f"{values.min() if values.size else None} [Op:Bincount]",
            "Bincount",
        )
    heavy = None if weights is None else weights.reshape(-1)
    return np.bincount(values.reshape(-1), heavy, length)[:length].astype(dtype)


BINCOUNT = define("DenseBincount", _bincount, text="bincount({0})")


def count_nonzero(
    input: Any,  # noqa: A002
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """How many elements along the axes are not zero (not False)."""
    x = convert_to_tensor(input)
    other = comparison.not_equal(x, array.zeros_like(x))
    return reductions.reduce_sum(array.cast(other, dtype), axis, bool(keepdims))


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """The part of the elements that is zero, from 0 to 1: how sparse a ReLU's output is."""
    x = convert_to_tensor(value)
    zero = comparison.equal(x, array.zeros_like(x))
    return reductions.reduce_mean(array.cast(zero, dtypes.float32))


def bincount(
    arr: Any,
    weights: Any = None,
    minlength: int | None = None,
    maxlength: int | None = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """How often each of 0, 1, 2 ... occurs in `arr`; with weights, what they add up to.

    Raises:
        InvalidArgumentError: negative numbers, or no integers.
    """
    values = convert_to_tensor(arr)
    largest = int(values.numpy().max()) if values.shape.num_elements() else -1
    length = max(largest + 1, minlength or 0)
    if maxlength is not None:
        length = min(length, maxlength)
    if weights is None:
        attrs = {"length": length, "dtype": dtypes.as_dtype(dtype).dtype}
        return execute(BINCOUNT, (values,), attrs)
    heavy = convert_to_tensor(weights)
    return execute(BINCOUNT, (values, heavy), {"length": length, "dtype": heavy.dtype.dtype})


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: int | None = None,
    weights: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Row i, column j: how many examples of class i were taken for class j.

    Args:
        labels, predictions: class numbers, one per example; a last axis of size 1 that only one
            of them has is dropped.

    Raises:
        InvalidArgumentError: a class below 0, or of `num_classes` or more, or not one prediction
            per label.
    """
    true, guessed = _class_numbers(labels, predictions)
    count = int(max(true.max(), guessed.max())) + 1 if num_classes is None else int(num_classes)
    if min(true.min(), guessed.min()) < 0 or max(true.max(), guessed.max()) >= count:
        raise InvalidArgumentError(
            f"classes must lie between 0 and {count - 1}, but labels and predictions span "
            f"{min(true.min(), guessed.min())} to {max(true.max(), guessed.max())} "
            "[Op:ConfusionMatrix]\nGive num_classes, or take the argmax of scores first.",
            "ConfusionMatrix",
        )
    matrix = np.zeros((count, count), dtypes.as_dtype(dtype).dtype)
    np.add.at(matrix, (true, guessed), 1 if weights is None else convert_to_tensor(weights).numpy())
    return Tensor(matrix)


def _class_numbers(labels: Any, predictions: Any) -> tuple[np.ndarray, np.ndarray]:
    """Both as integers of one shape: (n,) and (n, 1) would broadcast to n² pairs in silence."""
    true, guessed = [convert_to_tensor(x).numpy().astype(np.int64) for x in (labels, predictions)]
    if true.ndim == guessed.ndim + 1 and true.shape[-1] == 1:
        true = true[..., 0]
    if guessed.ndim == true.ndim + 1 and guessed.shape[-1] == 1:
        guessed = guessed[..., 0]
    if true.shape != guessed.shape:
        raise InvalidArgumentError(
            f"labels of shape {true.shape} and predictions of shape {guessed.shape}: there must be "
            "one prediction per label [Op:ConfusionMatrix]\nBoth are class numbers: for scores "
            "take tf.argmax(scores, axis=1) first.",
            "ConfusionMatrix",
        )
    return true, guessed
