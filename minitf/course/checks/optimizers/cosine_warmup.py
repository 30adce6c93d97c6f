"""Exercise ch11.cosine_warmup: up in a straight line, down along half a cosine."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe


def probe_cosine_warmup(rng: np.random.Generator) -> Iterator[Probe]:
    """Known cosines, by the half-angle formula elsewhere, and both ends."""
    for step, part in ((5, 0.25), (10, 0.5), (20, 1.0), (60, 0.5)):
        yield Probe(f"step {step} of 100, warm-up 20", (step, 20, 100), part)
    yield Probe("a third of the way down", (6, 3, 12), 0.75)
    yield Probe("step 0", (0, 20, 100), 0.0, edge=True)
    yield Probe("the last step, 100", (100, 20, 100), 0.0, edge=True)
    yield Probe("after the end, step 140", (140, 20, 100), 0.0, edge=True,
                likely="after the end it stays at 0.")  # fmt: skip
    yield Probe("no warm-up, step 0", (0, 0, 50), 1.0, edge=True,
                likely="with a warm-up of 0 steps, step 0 is at the top already.")  # fmt: skip
    warmup, total = int(rng.integers(5, 20)), int(rng.integers(60, 90))
    step = int(rng.integers(warmup + 1, total))
    half_angle = math.pi / 2 * (step - warmup) / (total - warmup)
    yield Probe(f"step {step} of {total}, warm-up {warmup}", (step, warmup, total),
                math.cos(half_angle) ** 2)  # fmt: skip


def _cosine(done):
    return 0.5 * (1 + math.cos(math.pi * done))


def _risen(step, warmup):
    return step / max(warmup, 1)


def _done(step, warmup, total):
    return min(step - warmup, total - warmup) / (total - warmup)


def _down(step, warmup, total):
    return _cosine(_done(step, warmup, total))


def no_half(step, warmup, total):
    if step < warmup:
        return _risen(step, warmup)
    return 2 * _down(step, warmup, total)


def no_warmup(step, warmup, total):
    return _cosine(min(step / total, 1))


def counts_from_start(step, warmup, total):
    return _risen(step, warmup) if step < warmup else _cosine(min(step / total, 1))


def decay_too_long(step, warmup, total):
    return _risen(step, warmup) if step < warmup else _cosine(min((step - warmup) / total, 1))


def rises_again(step, warmup, total):
    if step < warmup:
        return _risen(step, warmup)
    return _cosine((step - warmup) / (total - warmup))


def whole_turn(step, warmup, total):
    if step < warmup:
        return _risen(step, warmup)
    return _cosine(2 * _done(step, warmup, total))


def straight_down(step, warmup, total):
    if step < warmup:
        return _risen(step, warmup)
    return 1 - _done(step, warmup, total)


def starts_at_one_step(step, warmup, total):
    if step < warmup:
        return (step + 1) / warmup
    return _down(step, warmup, total)


def divides_by_zero(step, warmup, total):
    up = step / warmup
    return up if step < warmup else _cosine(min((step - warmup) / (total - warmup), 1))


def warms_up_too_long(step, warmup, total):
    return step / total if step < warmup else _down(step, warmup, total)


def whole_numbers(step, warmup, total):
    return step // warmup if step < warmup else _down(step, warmup, total)


def no_pi(step, warmup, total):
    if step < warmup:
        return _risen(step, warmup)
    return 0.5 * (1 + math.cos(_done(step, warmup, total)))


def in_degrees(step, warmup, total):
    if step < warmup:
        return _risen(step, warmup)
    return 0.5 * (1 + math.cos(180 * _done(step, warmup, total)))


def from_the_bottom(step, warmup, total):
    return _risen(step, warmup) if step < warmup else 1 - _down(step, warmup, total)


def quarter_turn(step, warmup, total):
    if step < warmup:
        return _risen(step, warmup)
    return math.cos(math.pi / 2 * _done(step, warmup, total))


def with_numpy(step, warmup, total):
    if step >= total:
        return 0.0
    down = np.cos(np.pi / 2 * (step - warmup) / (total - warmup)) ** 2
    return np.where(step < warmup, step / (warmup or 1), down)


COSINE_WARMUP = Exercise(
    id="ch11.cosine_warmup",
    title="Warm up, then cool down",
    names=("cosine_warmup",),
    points=1,
    minutes=6,
    difficulty=2,
    importance=3,
    probes=probe_cosine_warmup,
    hints=(
        "Two cases: during the warm-up, and after it. In the second, which part of the way down is "
        "behind you? It is 0 at the end of the warm-up and 1 at total.",
        "done = (step - warmup) / (total - warmup), but never more than 1; min() sees to that. The "
        "cosine goes from 1 to -1 while its angle goes from 0 to pi.",
        "if step < warmup: return step / warmup\n"
        "otherwise: return 0.5 * (1 + math.cos(math.pi * done))",
    ),
    mutants=(
        Mutant("no_half", no_half, "1 + cos reaches 2; half of it goes from 1 to 0."),
        Mutant("no_warmup", no_warmup, "the warm-up is missing: step / warmup while it lasts."),
        Mutant(
            "counts_from_start",
            counts_from_start,
            "the way down starts when the warm-up ends: count from step - warmup.",
        ),
        Mutant(
            "decay_too_long",
            decay_too_long,
            "the way down is total - warmup steps long; yours does not end at total.",
        ),
        Mutant("rises_again", rises_again, "after total the cosine rises again; keep it at 0."),
        Mutant("whole_turn", whole_turn, "down only: the angle ends at pi, not at 2 pi."),
        Mutant("straight_down", straight_down, "a straight line down; the cosine is missing."),
        Mutant("starts_at_one_step", starts_at_one_step, "step 0 has 0 here: step / warmup."),
        Mutant(
            "divides_by_zero",
            divides_by_zero,
            "divide by warmup only while step < warmup: it may be 0.",
        ),
        Mutant(
            "warms_up_too_long",
            warms_up_too_long,
            "the warm-up is over after warmup steps: step / warmup.",
        ),
        Mutant("whole_numbers", whole_numbers, "// cuts off the fraction: divide with /."),
        Mutant("no_pi", no_pi, "done goes from 0 to 1, the angle from 0 to pi: math.pi * done."),
        Mutant("in_degrees", in_degrees, "math.cos counts in radians: half a turn is math.pi."),
        Mutant(
            "from_the_bottom",
            from_the_bottom,
            "yours starts the way down at 0 and climbs: 1 + cos, with the part that is done.",
        ),
        Mutant(
            "quarter_turn",
            quarter_turn,
            "that is a quarter of a cosine, steepest at the end. For half of one go to math.pi.",
        ),
    ),
    alternatives=(with_numpy,),
    meaning="Careful while the averages are empty, fast in the middle, fine at the end.",
)
