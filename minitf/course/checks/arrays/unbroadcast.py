"""Exercise ch06.unbroadcast: add up what broadcasting copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe

# (shape of the gradient, shape to reach, what is special, edge case?)
_CASES = (
    ((4, 3), (4, 1), "", False),
    ((2, 3, 4), (3, 1), "both kinds of axes", False),
    ((2, 3, 4), (1, 3, 1), "", False),
    ((3, 3), (3,), "a square: which axis?", False),
    ((3, 4), (), "a single number was copied everywhere", True),
    ((2, 3), (2, 3), "nothing was copied", True),
    ((1, 3), (3,), "an axis of size 1 in front", True),
    ((3, 1), (3, 1), "an axis of size 1 that was not copied", True),
)


def probe_unbroadcast(rng: np.random.Generator) -> Iterator[Probe]:
    """A bias by hand, then random numbers against sums over the places each number went to."""
    bias = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    yield Probe(
        "the bias of the lesson: (3, 2) to (2,)", (bias, (2,)), np.array([9.0, 12.0]),
        likely=copied_axes((3, 2), (2,)),
    )  # fmt: skip
    for big, small, about, edge in _CASES:
        gradient = rng.normal(size=big).round(2)
        label = f"{big} to {small}" + (f": {about}" if about else "")
        yield Probe(
            label, (gradient, small), sums_by_place(gradient, small), edge=edge,
            likely=copied_axes(big, small),
        )  # fmt: skip
    yield Probe("float32 stays float32", (np.ones((3, 2), np.float32), (2,)), accept=_threes,
                edge=True)  # fmt: skip


def copied_axes(big: tuple[int, ...], small: tuple[int, ...]) -> str:
    """Which axes of `big` are copies, and what is to be done with them."""
    skipped = len(big) - len(small)
    gone = list(range(skipped))
    kept = [axis + skipped for axis in _ones(small) if big[axis + skipped] > 1]
    parts = [f"add up axis {axis}; it disappears" for axis in gone]
    parts += [f"add up axis {axis}; it stays, with size 1" for axis in kept]
    return f"{big} over {small}, flush right: {'. '.join(parts) or 'nothing was copied'}."


def _threes(got: Any) -> str:
    if np.shape(got) != (2,) or not np.allclose(got, 3):
        return f"three rows of ones add up to [3, 3], got {got!r}."
    if got.dtype != np.float32:
        return f"the gradient came in as float32 and goes out as {got.dtype}."
    return ""


def sums_by_place(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Another road: number the places of `shape`, copy the numbers, and add up per number."""
    count = int(np.prod(shape))
    went_to = np.broadcast_to(np.arange(count).reshape(shape), gradient.shape)
    return np.bincount(went_to.ravel(), gradient.ravel(), count).reshape(shape)


def _lead(gradient, shape):
    """The axes that shape does not have."""
    return tuple(range(gradient.ndim - len(shape)))


def _ones(shape):
    return tuple(axis for axis, size in enumerate(shape) if size == 1)


def as_it_is(gradient, shape):
    return gradient


def sums_everything(gradient, shape):
    return gradient.sum()


def only_leading(gradient, shape):
    return gradient.sum(axis=_lead(gradient, shape))


def only_ones(gradient, shape):
    skipped = gradient.ndim - len(shape)
    axes = tuple(axis + skipped for axis in _ones(shape))
    return gradient.sum(axis=axes, keepdims=True)


def keepdims_lost(gradient, shape):
    return gradient.sum(axis=_lead(gradient, shape)).sum(axis=_ones(shape))


def leading_kept(gradient, shape):
    skipped = gradient.ndim - len(shape)
    axes = tuple(range(skipped)) + tuple(axis + skipped for axis in _ones(shape))
    return gradient.sum(axis=axes, keepdims=True)


def from_the_left(gradient, shape):
    summed = gradient.sum(axis=tuple(range(len(shape), gradient.ndim)))
    return summed.sum(axis=_ones(shape), keepdims=True)


def pairs_from_the_left(gradient, shape):
    pairs = zip(gradient.shape, shape, strict=False)
    axes = tuple(axis for axis, (many, size) in enumerate(pairs) if many != size)
    return gradient.sum(axis=axes, keepdims=True).reshape(shape)


def counts_past_the_end(gradient, shape):
    for axis in _lead(gradient, shape):
        gradient = gradient.sum(axis=axis)
    return gradient.sum(axis=_ones(shape), keepdims=True)


def in_float64(gradient, shape):
    return one_axis_at_a_time(gradient, shape).astype(float)


def always_axis_0(gradient, shape):
    return gradient.sum(axis=0)


def reshapes(gradient, shape):
    return gradient.reshape(shape)


def ones_before_lead(gradient, shape):
    for axis in _ones(shape):
        gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient.sum(axis=_lead(gradient, shape))


def means(gradient, shape):
    fewer = gradient.mean(axis=_lead(gradient, shape))
    return fewer.mean(axis=_ones(shape), keepdims=True)


def first_copy(gradient, shape):
    fewer = gradient[(0,) * (gradient.ndim - len(shape))]
    return fewer[tuple(slice(1) if size == 1 else slice(None) for size in shape)]


def one_axis_at_a_time(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def sum_then_reshape(gradient, shape):
    padded = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    return gradient.sum(axis=_ones(padded)).reshape(shape)


UNBROADCAST = Exercise(
    id="ch06.unbroadcast",
    title="Copied forward, added up backward",
    names=("unbroadcast",),
    points=3,
    minutes=10,
    difficulty=3,
    importance=5,
    probes=probe_unbroadcast,
    hints=(
        "Write both shapes below each other, flush right. Which axes of the gradient have no "
        "partner, or a partner of size 1?",
        "First add up the axes in front that `shape` does not have: they disappear. Then add up "
        "the axes where `shape` has a 1: they stay, with size 1. sum takes a tuple of axes, and "
        "keepdims=True.",
        "extra = gradient.ndim - len(shape); gradient = gradient.sum(axis=tuple(range(extra))). "
        "Then gradient.sum(axis=tuple(k for k, size in enumerate(shape) if size == 1), "
        "keepdims=True).",
    ),
    mutants=(
        Mutant("as_it_is", as_it_is, "nothing is added up: this is the shape of the result."),
        Mutant(
            "sums_everything",
            sums_everything,
            "you add up all axes. Only those along which copies were made belong in the sum.",
        ),
        Mutant(
            "only_leading",
            only_leading,
            "the axes in front are done; an axis of size 1 was copied too, and is still long.",
        ),
        Mutant(
            "only_ones",
            only_ones,
            "axes of size 1 are done; the axes in front that `shape` lacks are still there.",
        ),
        Mutant(
            "keepdims_lost",
            keepdims_lost,
            "where `shape` has a 1 the axis has to stay: sum with keepdims=True.",
        ),
        Mutant(
            "leading_kept",
            leading_kept,
            "axes that `shape` does not have must disappear; you keep them with size 1.",
        ),
        Mutant(
            "from_the_left",
            from_the_left,
            "shapes are aligned at the last axis: the missing ones are in front, not at the end.",
        ),
        Mutant(
            "pairs_from_the_left",
            pairs_from_the_left,
            "zip pairs the first axis with the first. Pair the last with the last: skip the axes "
            "that `shape` lacks.",
        ),
        Mutant(
            "counts_past_the_end",
            counts_past_the_end,
            "after sum(axis=0) the next axis is axis 0 again. Give sum a tuple, or take 0 each "
            "time.",
        ),
        Mutant(
            "in_float64",
            in_float64,
            "the sum is right; leave the dtype as it came. Most models are float32.",
        ),
        Mutant(
            "always_axis_0",
            always_axis_0,
            "axis 0 is right for a bias. In general: axes that `shape` lacks, and those of size 1.",
        ),
        Mutant(
            "reshapes",
            reshapes,
            "reshape adds nothing up. Add up what was copied first, along the right axes: shapes "
            "are aligned at the last one.",
        ),
        Mutant(
            "ones_before_lead",
            ones_before_lead,
            "you count the axes of `shape` in a gradient that has more. Drop those in front first.",
        ),
        Mutant("means", means, "copies add up; you take their mean."),
        Mutant(
            "first_copy",
            first_copy,
            "you take the gradient of the first copy alone. All copies belong in the sum.",
        ),
    ),
    alternatives=(one_axis_at_a_time, sum_then_reshape),
    meaning="One function, and every rule for numbers becomes a rule for arrays: your engine calls "
    "it after each of them.",
)
