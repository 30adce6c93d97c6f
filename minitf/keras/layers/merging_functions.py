"""The merging layers as functions: add([a, b]) is Add()([a, b]).

tf.keras.layers.add([tf.ones([1, 2]), tf.ones([1, 2])])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.keras.layers import merging


def add(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """The sum of tensors of one shape."""
    return merging.Add(**kwargs)(inputs)


def subtract(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """The first of two tensors without the second."""
    return merging.Subtract(**kwargs)(inputs)


def multiply(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """The product, element by element."""
    return merging.Multiply(**kwargs)(inputs)


def average(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """The mean, element by element."""
    return merging.Average(**kwargs)(inputs)


def maximum(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """The largest, element by element."""
    return merging.Maximum(**kwargs)(inputs)


def minimum(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """The smallest, element by element."""
    return merging.Minimum(**kwargs)(inputs)


def concatenate(inputs: Sequence[Any], axis: int = -1, **kwargs: Any) -> Any:
    """The tensors side by side along an axis."""
    return merging.Concatenate(axis=axis, **kwargs)(inputs)
