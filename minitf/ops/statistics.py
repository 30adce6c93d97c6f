"""Reductions made of other reductions: logsumexp, variance, standard deviation, norms, moments.

    tf.reduce_logsumexp(x, axis=-1)      log Σ eˣ, without overflow
    tf.math.reduce_variance(x)           mean squared distance from the mean
    tf.norm(x)                           √ Σ x²; its gradient at the zero vector is nan

No operation of their own: each is written with others, and so has gradients of every order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor
from minitf.ops import array, comparison, elementary, math, powers, reductions, selection
from minitf.tensor import Tensor


def reduce_logsumexp(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """log(Σ eˣ); the maximum is taken out first, so nothing overflows. The gradient is softmax."""
    x = convert_to_tensor(input_tensor)
    top = array.stop_gradient(reductions.reduce_max(x, axis, keepdims=True))
    top = selection.where(comparison.is_finite(top), top, 0.0)
    total = reductions.reduce_sum(elementary.exp(x - top), axis, keepdims=True)
    result = elementary.log(total) + top
    return result if keepdims else _without(result, x, axis)


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Mean of (x - mean)², divided by n (not n - 1).

    Raises:
        TypeError: an integer tensor.
    """
    x = convert_to_tensor(input_tensor)
    if x._value.dtype.kind not in "fc":
        raise TypeError(
            f"Input must be floating to have a variance, got {x.dtype.name}: use tf.cast(x, "
            "tf.float32)."
        )
    mean = reductions.reduce_mean(x, axis, keepdims=True)
    return reductions.reduce_mean(powers.square(x - mean), axis, keepdims)


def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Square root of the variance; its gradient is nan where all values are equal.

    Raises:
        TypeError: an integer tensor.
    """
    return powers.sqrt(reduce_variance(input_tensor, axis, keepdims))


def reduce_euclidean_norm(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """√ Σ x²."""
    squares = powers.square(convert_to_tensor(input_tensor))
    return powers.sqrt(reductions.reduce_sum(squares, axis, keepdims))


def norm(
    tensor: Any,
    ord: Any = "euclidean",  # noqa: A002
    axis: Any = None,
    keepdims: bool = False,
    name: str | None = None,
) -> Tensor:
    """Length of a vector: √ Σ x² ("euclidean", 2), Σ |x| (1), max |x| (inf), (Σ |x|ᵖ)^(1/p).

    With two axes the norm of matrices: √ Σ x² ("fro", "euclidean"), the largest sum of a column's
    |x| (1), the largest sum of a row's |x| (inf).

    Raises:
        ValueError: an order that is none of these.
    """
    x = convert_to_tensor(tensor)
    size = math.abs(x) if x.dtype.is_complex else x
    of_matrices = isinstance(axis, list | tuple) and len(axis) == 2
    if ord in ("euclidean", "fro") or (ord in (2, 2.0) and not of_matrices):
        return reduce_euclidean_norm(size, axis, keepdims)
    size = math.abs(x)
    if of_matrices:
        return _norm_of_matrices(size, ord, axis, keepdims)
    if ord in (1, 1.0):
        return reductions.reduce_sum(size, axis, keepdims)
    if ord == np.inf:
        return reductions.reduce_max(size, axis, keepdims)
    if not isinstance(ord, int | float) or ord <= 0:
        raise ValueError(f"'ord' must be 'euclidean', a positive number or np.inf, got {ord!r}.")
    total = reductions.reduce_sum(size ** float(ord), axis, keepdims)
    return total ** (1.0 / ord)


def _norm_of_matrices(size: Tensor, order: Any, axes: Any, keepdims: bool) -> Tensor:
    rows, columns = axes
    if order in (1, 1.0):
        added, compared = rows, columns
    elif order == np.inf:
        added, compared = columns, rows
    else:
        raise ValueError(
            f"'ord' of a matrix norm must be 'fro', 'euclidean', 1 or np.inf, got {order!r}: "
            "minitf has no singular values, which 2 would need."
        )
    sums = reductions.reduce_sum(size, added, keepdims=True)
    largest = reductions.reduce_max(sums, compared, keepdims=True)
    return largest if keepdims else _without(largest, size, axes)


def normalize(
    tensor: Any,
    ord: Any = "euclidean",  # noqa: A002
    axis: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The tensor divided by its norm, and that norm (with the reduced axes kept)."""
    x = convert_to_tensor(tensor)
    length = norm(x, ord, axis, keepdims=True)
    return x / length, length


def moments(
    x: Any, axes: Any, shift: None = None, keepdims: bool = False, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Mean and variance over the given axes (the variance divided by n)."""
    x = convert_to_tensor(x)
    mean = reductions.reduce_mean(x, axes, keepdims=True)
    squares = math.squared_difference(x, mean)
    variance = reductions.reduce_mean(squares, axes, keepdims=True)
    if keepdims:
        return mean, variance
    return _without(mean, x, axes), _without(variance, x, axes)


def _without(reduced: Tensor, x: Tensor, axis: Any) -> Tensor:
    """Drops the reduced axes, which have size 1."""
    axes = array.normalize_axes(x, axis, "Squeeze")
    return array.squeeze(reduced, axes)
