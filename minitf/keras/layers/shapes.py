"""Shapes of tensors in tuples, lists and dicts.

    shapes_of([tf.zeros([2, 3]), tf.zeros([2])])     # [(2, 3), (2,)]
    batch_unknown((2, 10))                           # (None, 10)
"""

from __future__ import annotations

from typing import Any


def shapes_of(values: Any) -> Any:
    """The shapes of a tensor, or of the tensors in a tuple, list or dict."""
    if isinstance(values, dict):
        return {key: shapes_of(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [shapes_of(value) for value in values]
    return tuple(values.shape)


def batch_unknown(shapes: Any) -> Any:
    """(2, 10) -> (None, 10), in every part."""
    if isinstance(shapes, dict):
        return {key: batch_unknown(shape) for key, shape in shapes.items()}
    if isinstance(shapes, list):
        return [batch_unknown(shape) for shape in shapes]
    return (None, *shapes[1:]) if shapes else shapes
