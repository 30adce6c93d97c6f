"""Exercise ch13.glorot_uniform: random numbers of the right size to start from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe

DENSE, KERNEL = (784, 128), (5, 5, 16, 64)
# By hand: sqrt(6 / (784 + 128)), and sqrt(6 / (25 * 16 + 25 * 64)).
LIMITS = {DENSE: 0.0811107, KERNEL: 0.0547723}


def probe_glorot_uniform(rng: np.random.Generator) -> Iterator[Probe]:
    """Form, reach and spread of the numbers, for a dense layer and for a convolution."""
    seed = int(rng.integers(1, 10_000))
    for shape in (DENSE, KERNEL):
        limit = LIMITS[shape]
        yield _about("shape and dtype", _form, shape, seed, (shape, "float32"))
        yield _about("largest distance from 0", _reach, shape, seed, limit, rtol=0.01)
        yield _about("standard deviation", _spread, shape, seed, limit / 3**0.5, rtol=0.02)
        yield _about("mean", _mean, shape, seed, 0.0, atol=0.02 * limit)
    yield _about("the same seed gives the same numbers", _repeats, (3, 2), seed, True, edge=True)
    yield _about("two calls with one rng differ", _goes_on, (3, 2), seed, True, edge=True)


def _about(
    what: str, call: Any, shape: tuple[int, ...], seed: int, expected: Any, **options: Any
) -> Probe:
    return Probe(f"glorot_uniform({shape}, rng): {what}", (shape, seed), expected, None, None,
                 call, **options)  # fmt: skip


def _numbers(names: Any, shape: tuple[int, ...], seed: int) -> np.ndarray:
    return names.glorot_uniform(shape, np.random.default_rng(seed))


def _form(names: Any, shape: tuple[int, ...], seed: int) -> tuple[tuple[int, ...], str]:
    numbers = np.asarray(_numbers(names, shape, seed))
    return numbers.shape, str(numbers.dtype)


def _reach(names: Any, shape: tuple[int, ...], seed: int) -> float:
    return float(np.abs(_numbers(names, shape, seed)).max())


def _spread(names: Any, shape: tuple[int, ...], seed: int) -> float:
    return float(np.std(_numbers(names, shape, seed)))


def _mean(names: Any, shape: tuple[int, ...], seed: int) -> float:
    return float(np.mean(_numbers(names, shape, seed)))


def _repeats(names: Any, shape: tuple[int, ...], seed: int) -> bool:
    once, again = (_numbers(names, shape, seed) for _ in range(2))
    return bool(np.array_equal(once, again))


def _goes_on(names: Any, shape: tuple[int, ...], seed: int) -> bool:
    rng = np.random.default_rng(seed)
    once, again = (names.glorot_uniform(shape, rng) for _ in range(2))
    return not np.array_equal(once, again)


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    area = int(np.prod(shape[:-2]))
    return area * shape[-2], area * shape[-1]


def _uniform(shape: tuple[int, ...], limit: float, rng: Any) -> np.ndarray:
    return rng.uniform(-limit, limit, shape).astype("float32")


def glorot_forgets_window(shape, rng):
    return _uniform(shape, np.sqrt(6 / (shape[-2] + shape[-1])), rng)


def glorot_first_two(shape, rng):
    return _uniform(shape, np.sqrt(6 / (shape[0] + shape[1])), rng)


def glorot_deviation_as_limit(shape, rng):
    return _uniform(shape, np.sqrt(2 / sum(_fans(shape))), rng)


def glorot_window_in_fan_in_only(shape, rng):
    return _uniform(shape, np.sqrt(6 / (_fans(shape)[0] + shape[-1])), rng)


def glorot_dense_only(shape, rng):
    fan_in, fan_out = shape
    return _uniform(shape, np.sqrt(6 / (fan_in + fan_out)), rng)


def glorot_no_parentheses(shape, rng):
    fan_in, fan_out = _fans(shape)
    return _uniform(shape, np.sqrt(6 / fan_in + fan_out), rng)


def glorot_limit_as_deviation(shape, rng):
    return rng.normal(0, np.sqrt(6 / sum(_fans(shape))), shape).astype("float32")


def glorot_no_root(shape, rng):
    return _uniform(shape, 6 / sum(_fans(shape)), rng)


def glorot_fan_in_only(shape, rng):
    return _uniform(shape, np.sqrt(6 / _fans(shape)[0]), rng)


def glorot_normal(shape, rng):
    return rng.normal(0, np.sqrt(2 / sum(_fans(shape))), shape).astype("float32")


def glorot_one_sided(shape, rng):
    limit = np.sqrt(6 / sum(_fans(shape)))
    return rng.uniform(0, limit, shape).astype("float32")


def glorot_float64(shape, rng):
    limit = np.sqrt(6 / sum(_fans(shape)))
    return rng.uniform(-limit, limit, shape)


def glorot_own_generator(shape, rng):
    return _uniform(shape, np.sqrt(6 / sum(_fans(shape))), np.random.default_rng(0))


def glorot_global_generator(shape, rng):
    return _uniform(shape, np.sqrt(6 / sum(_fans(shape))), np.random)


def glorot_other_style(shape, rng):
    fan_in, fan_out = shape[-2:]
    for size in shape[:-2]:
        fan_in, fan_out = fan_in * size, fan_out * size
    between_0_and_1 = rng.random(shape, dtype=np.float32)
    return np.float32(np.sqrt(6 / (fan_in + fan_out))) * (2 * between_0_and_1 - 1)


GLOROT_UNIFORM = Exercise(
    id="ch13.glorot_uniform",
    title="A start of the right size",
    names=("glorot_uniform",),
    points=2,
    minutes=6,
    difficulty=2,
    importance=4,
    probes=probe_glorot_uniform,
    hints=(
        "How many numbers does one output add up? That is fan_in. How many outputs does one input "
        "reach? That is fan_out. In a convolution the window counts for both.",
        "The last two sizes of the shape are inputs and outputs; what stands before them is the "
        "window. np.prod(()) is 1, so one formula serves both kinds of layer.",
        "area = np.prod(shape[:-2]); limit = np.sqrt(6 / (area * (shape[-2] + shape[-1]))); then "
        'rng.uniform(-limit, limit, shape).astype("float32").',
    ),
    mutants=(
        Mutant(
            "forgets_window",
            glorot_forgets_window,
            "a 5 × 5 window has 25 pixels, and each channel counts 25 times: multiply both fans.",
        ),
        Mutant(
            "first_two",
            glorot_first_two,
            "in a kernel's shape the channels come last: (height, width, inputs, outputs).",
        ),
        Mutant(
            "deviation_as_limit",
            glorot_deviation_as_limit,
            "√(2 / (fan_in + fan_out)) is the standard deviation. The limit is √3 times as large.",
        ),
        Mutant(
            "window_in_fan_in_only",
            glorot_window_in_fan_in_only,
            "the window counts for both fans: fan_out is height · width · outputs, too.",
        ),
        Mutant(
            "dense_only",
            glorot_dense_only,
            "a convolution's kernel has four sizes: the window first, inputs and outputs last.",
        ),
        Mutant(
            "no_parentheses",
            glorot_no_parentheses,
            "Python divides before it adds: write 6 / (fan_in + fan_out), in parentheses.",
        ),
        Mutant(
            "limit_as_deviation",
            glorot_limit_as_deviation,
            "a bell curve has no limit: some numbers lie far outside. Use rng.uniform.",
        ),
        Mutant("no_root", glorot_no_root, "the square root is missing: 6 / (…) is limit squared."),
        Mutant(
            "fan_in_only",
            glorot_fan_in_only,
            "that is He's rule, with fan_in alone. Glorot's has fan_in + fan_out below the 6.",
        ),
        Mutant(
            "normal",
            glorot_normal,
            "the spread is right, but these come from a bell curve: use rng.uniform.",
        ),
        Mutant(
            "one_sided",
            glorot_one_sided,
            "all numbers are positive: the interval goes from -limit to limit.",
        ),
        Mutant(
            "float64",
            glorot_float64,
            'rng.uniform gives float64, twice the memory and time: add .astype("float32").',
        ),
        Mutant(
            "own_generator",
            glorot_own_generator,
            "two layers of one shape would start alike: take the numbers from the given rng.",
        ),
        Mutant(
            "global_generator",
            glorot_global_generator,
            "the same seed gives other numbers: take them from the given rng, not from np.random.",
        ),
    ),
    alternatives=(glorot_other_style,),
    meaning="Signals keep their size on the way through the layers, in both directions. Keras "
    "starts its Dense and Conv2D kernels with the same rule.",
)
