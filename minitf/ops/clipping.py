"""Clipping of gradients by their length, which keeps their direction.

    tf.clip_by_norm(g, 1.0)                      one tensor
    grads, norm = tf.clip_by_global_norm(grads, 5.0)    all together

tf.clip_by_value (ops/selection.py) limits each entry by itself, which turns the gradient.
"""

from __future__ import annotations

from typing import Any

from minitf.execute import convert_to_tensor
from minitf.indexed_slices import IndexedSlices
from minitf.ops import array, comparison, powers, reductions, selection
from minitf.tensor import Tensor


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """t, scaled down to the length `clip_norm` if it is longer."""
    x = convert_to_tensor(t)
    squares = reductions.reduce_sum(powers.square(x), axes, keepdims=True)
    positive = squares > 0.0
    # the root of a safe number: at 0 its slope would be infinite
    length = powers.sqrt(selection.where(positive, squares, 1.0))
    length = selection.where(positive, length, squares)
    return x * clip_norm / selection.maximum(length, clip_norm)


def global_norm(t_list: Any, name: str | None = None) -> Tensor | None:
    """√ of the sum of all squares in a list of tensors; None entries count nothing.

    Raises:
        TypeError: not a list.
    """
    tensors = _listed(t_list)
    total = None
    for t in tensors:
        if t is not None:
            values = t.values if isinstance(t, IndexedSlices) else t
            squares = reductions.reduce_sum(powers.square(values))
            total = squares if total is None else total + squares
    return None if total is None else powers.sqrt(total)


def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Tensor | None]:
    """Scales all tensors by one factor, so that their global norm is at most `clip_norm`.

    Returns:
        (the scaled list, the global norm before). An infinite norm turns everything into nan, so
        that it does not go unseen.

    Raises:
        TypeError: not a list.
    """
    tensors = _listed(t_list)
    norm = global_norm(tensors) if use_norm is None else convert_to_tensor(use_norm)
    if norm is None:
        return tensors, norm
    factor = clip_norm * selection.minimum(1.0 / norm, array.ones_like(norm) / clip_norm)
    factor = selection.where(comparison.is_finite(norm), factor, float("nan"))
    clipped: list[Any] = []
    for t in tensors:
        if isinstance(t, IndexedSlices):
            clipped.append(IndexedSlices(t.values * factor, t.indices, t.dense_shape))
        else:
            clipped.append(None if t is None else t * factor)
    return clipped, norm


def _listed(t_list: Any) -> list[Any]:
    if not isinstance(t_list, list | tuple):
        raise TypeError(
            f"t_list should be a sequence of tensors, got {type(t_list).__name__}. For a single "
            "tensor use tf.clip_by_norm, or write [t]."
        )
    return list(t_list)
