"""Small building blocks of layers: bias_add, batch_normalization, dropout, l2_loss, l2_normalize.

tf.nn.dropout(x, rate=0.5)      half of the entries 0, the others doubled
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, powers, random, reductions, selection
from minitf.ops.division import divide
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _bias_add(value: np.ndarray, bias: np.ndarray) -> np.ndarray:
    if value.ndim < 2:
        raise InvalidArgumentError(
            f"Input tensor must be at least 2D, got shape {value.shape} [Op:BiasAdd]\n"
            "bias_add wants a batch axis first: x[None, :]. For one example write x + bias.",
            "BiasAdd",
        )
    if bias.ndim != 1 or value.shape[-1:] != bias.shape:
        raise InvalidArgumentError(
            f"Must provide as many biases as the last dimension of the input: {value.shape} vs. "
            f"{bias.shape} [Op:BiasAdd]\nThe bias has one entry per unit (or channel).",
            "BiasAdd",
        )
    if value.ndim < 3 or not value.size:
        return value + bias
    # To add 8 numbers at a time is slow: a whole row of a picture gets its copies of the bias.
    row = np.tile(bias, value.shape[-2])
    return (value.reshape(-1, row.size) + row).reshape(value.shape)


BIAS_ADD = define("BiasAdd", _bias_add, same_dtype=True, text="{0} + {1}", partials=("1", "1"))


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """value + bias, the bias being a vector along the last axis.

    Raises:
        InvalidArgumentError: the bias is no vector, or not as long as the last axis.
    """
    return execute(BIAS_ADD, (value, bias))


@gradient("BiasAdd", on_arrays=True)
def _bias_add_grad(call: Any, upstream: Tensor) -> tuple:
    # each entry of the bias was added in many places: their gradients add up
    if not call.wanted[1]:
        return upstream, None
    leading = tuple(range(upstream.ndim - 1))
    return upstream, execute(reductions.SUM, (upstream,), {"axis": leading, "keepdims": False})


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: float,
    name: str | None = None,
) -> Tensor:
    """scale · (x - mean) / √(variance + epsilon) + offset; offset and scale may be None.

    Source: Ioffe and Szegedy 2015, "Batch Normalization", algorithm 1.
    """
    x = convert_to_tensor(x)
    factor = powers.rsqrt(convert_to_tensor(variance, dtype_hint=x.dtype) + variance_epsilon)
    if scale is not None:
        factor = factor * scale
    shift = -(mean * factor) if offset is None else offset - mean * factor
    return x * factor + shift


def dropout(
    x: Any, rate: float, noise_shape: Any = None, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Sets a fraction `rate` of the entries to 0 and divides the others by 1 - rate.

    Args:
        noise_shape: shape of the random mask, which broadcasts to x; x's own shape by default.

    Raises:
        ValueError: a rate outside [0, 1), or a tensor that is not floating.
    """
    x = convert_to_tensor(x)
    if not x.dtype.is_floating:
        raise ValueError(
            f"dropout needs a floating-point tensor, since it scales what it keeps; got "
            f"{x.dtype.name}. Use tf.cast(x, tf.float32) first."
        )
    if not 0 <= rate < 1:
        raise ValueError(
            f"rate must be a number in the range [0, 1), got {rate}: the part dropped."
        )
    if rate == 0:
        return x
    shape = array.shape(x) if noise_shape is None else noise_shape
    keep = random.uniform(shape, dtype=x.dtype, seed=seed) >= rate
    return x * (array.cast(keep, x.dtype) / (1.0 - rate))


def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """Σ t² / 2."""
    return divide(reductions.reduce_sum(powers.square(t)), 2.0)


def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None
) -> Tensor:
    """x divided by its length along `axis`; lengths below √epsilon count as that."""
    x = convert_to_tensor(x)
    total = reductions.reduce_sum(powers.square(x), axis, keepdims=True)
    return x * powers.rsqrt(selection.maximum(total, epsilon))
