"""Exercise ch11.clip_by_global_norm: all gradients shortened alike; their direction stays."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe

THREE_FOUR, TWELVE = np.array([3, 4], np.float32), np.array([0, 12], np.float32)


def probe_clip_by_global_norm(rng: np.random.Generator) -> Iterator[Probe]:
    """13 to 1, too short to clip, None, zeros, infinity, dtypes."""
    yield _probe(
        "(3, 4) and (0, 12) to length 1", [THREE_FOUR, TWELVE], 1.0, 1 / 13, 13.0,
        likely="one norm for all, 13, found before any array changes; one factor for all, 1 / 13.",
    )  # fmt: skip
    yield _probe(
        "the same to length 6.5", [THREE_FOUR, TWELVE], 6.5, 0.5, 13.0,
        likely="the factor is limit / norm, here 6.5 / 13.",
    )  # fmt: skip
    big = rng.uniform(1, 2, (2, 3)).round(2).astype(np.float32)
    norm = math.sqrt(9 + 16 + sum(float(v) ** 2 for v in big.ravel()))
    yield _probe("a vector and a matrix to length 2", [THREE_FOUR, big], 2.0, 2 / norm, norm)
    yield _probe("short enough: limit 20", [THREE_FOUR, TWELVE], 20.0, 1.0, 13.0, edge=True)
    yield _probe("None among them", [THREE_FOUR, None, TWELVE], 1.0, 1 / 13, 13.0, edge=True)
    yield _probe("all zeros", [np.zeros(2, np.float32)], 1.0, 1.0, 0.0, edge=True)
    yield _probe("None alone", [None], 1.0, 1.0, 0.0, edge=True,
                 likely="without any gradient the norm is 0, and None stays.")  # fmt: skip
    infinite = [np.array([3, np.inf], np.float32), THREE_FOUR]
    yield Probe(
        "one number is infinite: all become NaN", (infinite, 1.0),
        ([np.full(2, np.nan)] * 2, np.inf), call=_clip, edge=True,
        likely="an infinite norm leaves no direction: all become NaN, so that you hear of it.",
    )  # fmt: skip
    yield Probe(
        "float32 arrays stay float32", ([THREE_FOUR, TWELVE], 1.0), ["float32"] * 2,
        call=_dtypes, edge=True,
        likely="the factor is a NumPy float64 and spreads: make it a plain number with float().",
    )  # fmt: skip


def _probe(
    label: str, gradients: list[Any], limit: float, scale: float, norm: float, **more: Any
) -> Probe:
    clipped = [None if g is None else g.astype(np.float64) * scale for g in gradients]
    return Probe(
        label, (gradients, limit), (clipped, norm), call=_clip, rtol=1e-5, atol=1e-6, **more
    )


def _clip(names: Any, gradients: list[Any], limit: float) -> Any:
    with np.errstate(all="ignore"):
        return names.clip_by_global_norm(gradients, limit)


def _dtypes(names: Any, gradients: list[Any], limit: float) -> list[str]:
    clipped, _ = names.clip_by_global_norm(gradients, limit)
    return [str(gradient.dtype) for gradient in clipped]


def _length(gradients):
    return math.sqrt(sum(float(np.sum(g * g)) for g in gradients if g is not None))


def _factor(norm, limit):
    if math.isinf(norm):
        return math.nan
    return limit / norm if norm > limit else 1.0


def _scaled(gradients, factor):
    return [None if g is None else g * factor for g in gradients]


def per_array(gradients, limit):
    clipped = [None if g is None else g * _factor(_length([g]), limit) for g in gradients]
    return clipped, _length(gradients)


def by_value(gradients, limit):
    clipped = [None if g is None else np.clip(g, -limit, limit) for g in gradients]
    return clipped, _length(gradients)


def always_scales(gradients, limit):
    norm = _length(gradients)
    factor = limit / norm if 0 < norm < math.inf else _factor(norm, limit)
    return _scaled(gradients, factor), norm


def sum_of_norms(gradients, limit):
    norm = sum(_length([g]) for g in gradients)
    return _scaled(gradients, _factor(norm, limit)), norm


def no_root(gradients, limit):
    norm = _length(gradients) ** 2
    return _scaled(gradients, _factor(norm, limit)), norm


def hides_infinity(gradients, limit):
    norm = _length(gradients)
    return _scaled(gradients, min(1.0, limit / max(norm, limit))), norm


def none_fails(gradients, limit):
    norm = math.sqrt(sum(float(np.sum(g * g)) for g in gradients))
    return [g * _factor(norm, limit) for g in gradients], norm


def drops_none(gradients, limit):
    norm = _length(gradients)
    return [g * _factor(norm, limit) for g in gradients if g is not None], norm


def none_is_zero(gradients, limit):
    norm = _length(gradients)
    factor = _factor(norm, limit)
    return [np.zeros(1) if g is None else g * factor for g in gradients], norm


def divides_by_zero(gradients, limit):
    norm = _length(gradients)
    factor = math.nan if math.isinf(norm) else min(1.0, limit / norm)
    return _scaled(gradients, factor), norm


def only_list(gradients, limit):
    return _scaled(gradients, _factor(_length(gradients), limit))


def norm_afterwards(gradients, limit):
    clipped = _scaled(gradients, _factor(_length(gradients), limit))
    return clipped, _length(clipped)


def per_array_last_norm(gradients, limit):
    norms = [_length([g]) for g in gradients]
    clipped = zip(gradients, norms, strict=True)
    return [None if g is None else g * _factor(norm, limit) for g, norm in clipped], norms[-1]


def wide(gradients, limit):
    norm = np.sqrt(np.sum([np.sum(g.astype(float) ** 2) for g in gradients if g is not None]))
    factor = np.float64(_factor(norm, limit))
    return _scaled(gradients, factor), norm


def one_long_vector(gradients, limit):
    """All numbers side by side, and numpy's norm of that."""
    present = [g.ravel() for g in gradients if g is not None]
    norm = float(np.linalg.norm(np.concatenate(present))) if present else 0.0
    shrink = 1.0
    if norm > limit:
        shrink = float("nan") if norm == float("inf") else limit / norm
    return [g if g is None else shrink * g for g in gradients], norm


CLIP_BY_GLOBAL_NORM = Exercise(
    id="ch11.clip_by_global_norm",
    title="Shorten all of them alike",
    names=("clip_by_global_norm",),
    points=2,
    minutes=8,
    difficulty=2,
    importance=4,
    probes=probe_clip_by_global_norm,
    hints=(
        "First one number, the length of everything together. Then one factor for all arrays.",
        "For each g that is not None take float(np.sum(g * g)). The root of all these together is "
        "the norm. The factor has three cases: the norm is infinite, is above limit, or neither.",
        "if math.isinf(norm): factor = math.nan\n"
        "elif norm > limit: factor = limit / norm\n"
        "else: factor = 1.0\n"
        "return [None if g is None else g * factor for g in gradients], norm",
    ),
    mutants=(
        Mutant("per_array", per_array, "each array was shortened by itself: the direction turns."),
        Mutant("by_value", by_value, "you clip each number: (3, 4) becomes (1, 1) and turns."),
        Mutant("always_scales", always_scales, "what is short enough stays; yours grows."),
        Mutant("sum_of_norms", sum_of_norms, "5 + 12 is 17; add squares, then take one root: 13."),
        Mutant("no_root", no_root, "169 is the sum of squares; its root is the length."),
        Mutant(
            "hides_infinity",
            hides_infinity,
            "an infinite norm makes the factor 0, and other gradients 0: let it be NaN for all.",
        ),
        Mutant("none_fails", none_fails, "None has no square: leave it out, and pass it through."),
        Mutant("drops_none", drops_none, "None stays in the list, or all positions shift."),
        Mutant("none_is_zero", none_is_zero, "None is not 0: it stays None."),
        Mutant("divides_by_zero", divides_by_zero, "all zeros: do not divide by a norm of 0."),
        Mutant("only_list", only_list, "return both: the list, and the norm before clipping."),
        Mutant("norm_afterwards", norm_afterwards, "return the norm as it was before clipping."),
        Mutant(
            "per_array_last_norm",
            per_array_last_norm,
            "each array has a norm of its own here. One norm for all is needed, before the loop.",
        ),
        Mutant("wide", wide, "the factor is a NumPy float64 and widens float32: use float()."),
    ),
    alternatives=(one_long_vector,),
    meaning="One factor for all: the step is shorter and points where it pointed before.",
)
