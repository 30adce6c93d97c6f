"""Random tensors: normal, uniform, truncated_normal, shuffle, categorical.

    tf.random.set_seed(42)
    tf.random.normal([2, 3])             repeats after each set_seed(42)
    tf.random.normal([2, 3], seed=7)     has a sequence of its own, restarted by set_seed too

As in TensorFlow the sequence is fixed by the two seeds together; the numbers are NumPy's, not
TensorFlow's. Nothing here has a gradient, except with respect to mean and stddev.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, seeds
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.ops import creation
from minitf.tensor import Tensor


def normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Numbers from the bell curve with the given mean and standard deviation.

    Raises:
        InvalidArgumentError: a negative size, or a dtype that is not floating.
    """
    dtype = _floating(dtype, "RandomStandardNormal")
    drawn = seeds.sequence(seed).standard_normal(_sizes(shape))
    return _scaled(drawn, mean, stddev, dtype)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """As `normal`, but numbers more than two standard deviations away are drawn again.

    Raises:
        InvalidArgumentError: a negative size, or a dtype that is not floating.
    """
    dtype = _floating(dtype, "TruncatedNormal")
    rng = seeds.sequence(seed)
    drawn = np.atleast_1d(rng.standard_normal(_sizes(shape)))
    while (far := np.abs(drawn) > 2).any():
        drawn[far] = rng.standard_normal(far.sum())
    return _scaled(drawn.reshape(_sizes(shape)), mean, stddev, dtype)


def uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Numbers from [minval, maxval), all equally likely; floats lie in [0, 1) by default.

    Raises:
        ValueError: an integer dtype without `maxval`.
        InvalidArgumentError: a negative size.
    """
    dtype = dtypes.as_dtype(dtype)
    rng = seeds.sequence(seed)
    if dtype.is_integer:
        if maxval is None:
            raise ValueError(f"Must specify maxval for integer dtype {dtype.name}.")
        drawn = rng.integers(int(minval), int(maxval), _sizes(shape), dtype=dtype.dtype)
        return Tensor(drawn)
    # NumPy rounds float64 draws up to 1.0 in float32: draw in the dtype itself
    kind = np.float64 if dtype is dtypes.float64 else np.float32
    drawn = rng.random(_sizes(shape), dtype=kind)
    low = convert_to_tensor(minval, dtype)
    high = convert_to_tensor(1 if maxval is None else maxval, dtype)
    return Tensor(np.asarray(drawn, dtype.dtype)[()]) * (high - low) + low


def shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """The entries along the first axis in random order."""
    from_here = convert_to_tensor(value)
    return Tensor(seeds.sequence(seed).permutation(from_here._value))


def categorical(
    logits: Any,
    num_samples: int,
    dtype: Any = dtypes.int64,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Class numbers drawn with probabilities softmax(logits): shape (batch, num_samples).

    Raises:
        InvalidArgumentError: the logits are no matrix.
    """
    scores = convert_to_tensor(logits)._value
    if scores.ndim != 2:
        raise InvalidArgumentError(
            f"logits should be a matrix (batch, classes), got shape {scores.shape} "
            "[Op:Multinomial]\nOne row of logits is x[None, :].",
            "Multinomial",
        )
    # Gumbel's trick: the largest of score + noise is class i with probability softmax(scores)[i]
    noise = seeds.sequence(seed).gumbel(size=(scores.shape[0], int(num_samples), scores.shape[1]))
    drawn = np.argmax(scores[:, None, :] + noise, axis=-1)
    return Tensor(drawn.astype(dtypes.as_dtype(dtype).dtype))


def _sizes(shape: Any) -> tuple[int, ...]:
    return creation.checked_sizes(shape, "RandomUniform")


def _scaled(drawn: Any, mean: Any, stddev: Any, dtype: dtypes.DType) -> Tensor:
    standard = Tensor(np.asarray(drawn, dtype.dtype)[()])
    plain = type(mean) is float and mean == 0.0 and type(stddev) is float and stddev == 1.0
    return standard if plain else standard * stddev + mean


def _floating(dtype: Any, op_name: str) -> dtypes.DType:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise InvalidArgumentError(
            f"a bell curve needs a floating dtype, got {dtype.name} [Op:{op_name}]\n"
            "For random integers use tf.random.uniform([n], 0, 10, dtype=tf.int32).",
            op_name,
        )
    return dtype
