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
from minitf.errors import InvalidArgumentError, WrongTypeError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import creation
from minitf.ops.checks import known_sizes
from minitf.registry import Op, define
from minitf.state import state
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor


def _standard_normal(shape: tuple[int, ...], seed: int | None, dtype: np.dtype) -> Any:
    return np.asarray(seeds.sequence(seed).standard_normal(shape), dtype)[()]


def _truncated_normal(shape: tuple[int, ...], seed: int | None, dtype: np.dtype) -> Any:
    rng = seeds.sequence(seed)
    drawn = np.atleast_1d(rng.standard_normal(shape))
    while (far := np.abs(drawn) > 2).any():
        drawn[far] = rng.standard_normal(far.sum())
    return drawn.reshape(shape).astype(dtype)[()]


def _uniform(shape: tuple[int, ...], seed: int | None, dtype: np.dtype) -> Any:
    # float64 draws can round up to 1.0 in float32: draw in the precision that is wanted
    kind = np.float64 if dtype == np.float64 else np.float32
    return np.asarray(seeds.sequence(seed).random(shape, dtype=kind), dtype)[()]


def _integers(
    shape: tuple[int, ...], seed: int | None, dtype: np.dtype, low: int, high: int
) -> Any:
    return np.asarray(seeds.sequence(seed).integers(low, high, shape, dtype=dtype))[()]


def _shuffle(x: np.ndarray, seed: int | None) -> np.ndarray:
    return seeds.sequence(seed).permutation(x)


def _categorical(logits: np.ndarray, count: int, seed: int | None, dtype: np.dtype) -> np.ndarray:
    # Gumbel's trick: the largest of score + noise is class i with probability softmax(scores)[i]
    noise = seeds.sequence(seed).gumbel(size=(logits.shape[0], count, logits.shape[1]))
    return np.argmax(logits[:, None, :] + noise, axis=-1).astype(dtype)


def _draw(name: str, kernel: Any, text: str) -> Op:
    return define(name, kernel, differentiable=False, text=text, stateful=True)


NORMAL = _draw("RandomStandardNormal", _standard_normal, "random")
TRUNCATED = _draw("TruncatedNormal", _truncated_normal, "random")
UNIFORM = _draw("RandomUniform", _uniform, "random")
INTEGERS = _draw("RandomUniformInt", _integers, "random")
SHUFFLE = _draw("RandomShuffle", _shuffle, "shuffle({0})")
MULTINOMIAL = _draw("Multinomial", _categorical, "draw from {0}")


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
    return _scaled(NORMAL, shape, seed, dtype, mean, stddev)


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
    return _scaled(TRUNCATED, shape, seed, dtype, mean, stddev)


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
    waits = state.tracer is not None and is_symbolic(shape)
    if dtype.is_integer:
        if maxval is None:
            raise ValueError(f"Must specify maxval for integer dtype {dtype.name}.")
        if waits or is_symbolic((minval, maxval)):
            given = (shape, minval, maxval, dtype, seed)
            return state.tracer.wait(uniform, given, known_sizes(shape), dtype)
        attrs = {"shape": creation.checked_sizes(shape, UNIFORM.name), "seed": seed}
        bounds = {"dtype": dtype.dtype, "low": int(minval), "high": int(maxval)}
        if bounds["low"] >= bounds["high"]:
            raise InvalidArgumentError(
                f"Need minval < maxval, got {minval} >= {maxval} [Op:{INTEGERS.name}]\n"
                "maxval itself is never drawn: for 0 to 9 use maxval=10.",
                INTEGERS.name,
            )
        return execute(INTEGERS, (), attrs | bounds)
    if waits:
        drawn = state.tracer.wait(uniform, (shape, 0, None, dtype, seed), known_sizes(shape), dtype)
    else:
        attrs = {"shape": creation.checked_sizes(shape, UNIFORM.name), "seed": seed}
        drawn = execute(UNIFORM, (), attrs | {"dtype": dtype.dtype})
    if maxval is None and type(minval) is int and minval == 0:
        return drawn
    low = convert_to_tensor(minval, dtype)
    return drawn * (convert_to_tensor(1 if maxval is None else maxval, dtype) - low) + low


def shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """The entries along the first axis in random order."""
    return execute(SHUFFLE, (value,), {"seed": seed})


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
    scores = convert_to_tensor(logits)
    if scores.ndim != 2:
        raise InvalidArgumentError(
            f"logits should be a matrix (batch, classes), got shape {scores.shape} "
            "[Op:Multinomial]\nOne row of logits is x[None, :].",
            "Multinomial",
        )
    attrs = {"count": int(num_samples), "seed": seed, "dtype": dtypes.as_dtype(dtype).dtype}
    return execute(MULTINOMIAL, (scores,), attrs)


def _scaled(op: Op, shape: Any, seed: int | None, dtype: Any, mean: Any, stddev: Any) -> Tensor:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise WrongTypeError(
            f"a bell curve needs a floating dtype, got {dtype.name} [Op:{op.name}]\n"
            "For random integers use tf.random.uniform([n], 0, 10, dtype=tf.int32).",
            op.name,
        )
    if state.tracer is not None and is_symbolic(shape):
        function = normal if op is NORMAL else truncated_normal
        given = (shape, 0.0, 1.0, dtype, seed)
        drawn = state.tracer.wait(function, given, known_sizes(shape), dtype)
    else:
        sizes = creation.checked_sizes(shape, op.name)
        drawn = execute(op, (), {"shape": sizes, "seed": seed, "dtype": dtype.dtype})
    plain = type(mean) is float and mean == 0.0 and type(stddev) is float and stddev == 1.0
    return drawn if plain else drawn * stddev + mean
