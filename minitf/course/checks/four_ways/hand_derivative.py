"""Exercise ch01.hand_derivative: the slope of a function with a corner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe


def probe_hand_derivative(rng: np.random.Generator) -> Iterator[Probe]:
    """Both sides by hand, random weights against differences, and the corner."""
    yield Probe("hand_derivative(0.5), left of the corner", (0.5,), -2.0)
    yield Probe("hand_derivative(3.0), right of the corner", (3.0,), 2.0)
    yield Probe("hand_derivative(2.0), nearer to the corner", (2.0,), 2.0)
    yield Probe("hand_derivative(6.0), far from the corner", (6.0,), 2.0)
    for side in (-1, 1):
        w = round(1.5 + side * float(rng.uniform(0.3, 4.0)), 3)
        yield Probe(f"hand_derivative({w})", (w,), _by_differences(w), rtol=1e-5)
    yield Probe("hand_derivative(-4.0): 2w + 1 is negative here", (-4.0,), -2.0, edge=True)
    yield Probe(
        "hand_derivative(1.5 + 1e-9), just right of the corner", (1.5 + 1e-9,), 2.0, edge=True,
        likely="the inside is negative here, if only a little: the slope is 2.",
    )  # fmt: skip
    yield Probe(
        "hand_derivative(1.5), the corner itself",
        (1.5,),
        0.0,
        edge=True,
        likely="at w = 1.5 the inside is 0: neither side. Return 0 there.",
    )


def _by_differences(w: float) -> float:
    h = 1e-4  # both points stay on one side of the corner
    return (abs(4 - (2 * (w + h) + 1)) - abs(4 - (2 * (w - h) + 1))) / (2 * h)


def inside_only(w):
    return -2.0


def sign_swapped(w):
    return 2.0 * np.sign(4 - (2 * w + 1))


def forgets_the_two(w):
    return -1.0 * np.sign(4 - (2 * w + 1))


def returns_the_loss(w):
    return abs(4 - (2 * w + 1))


def one_side_as_a_line(w):
    return 3.0 - 2.0 * w


def other_side_as_a_line(w):
    return 2.0 * w - 3.0


def corner_at_zero(w):
    return 2.0 * np.sign(w)


def corner_at_three(w):
    return 2.0 * np.sign(w - 3)


def corner_at_four(w):
    return 2.0 * np.sign(w - 4)


def of_the_square(w):
    return -2.0 * (4 - (2 * w + 1))


def no_corner(w):
    return -2.0 if 2 * w + 1 < 4 else 2.0


def brackets_forgotten(w):
    inside = 4 - 2 * w + 1
    return -2.0 * np.sign(inside)


def by_steps(w):
    return _by_differences(w)


def by_sign(w):
    return float(np.sign(2 * w - 3)) * 2


HAND_DERIVATIVE = Exercise(
    id="ch01.hand_derivative",
    title="A slope with a corner, by hand",
    names=("hand_derivative",),
    points=1,
    minutes=5,
    difficulty=1,
    importance=3,
    probes=probe_hand_derivative,
    hints=(
        "Look at the picture in the lesson: two straight lines. Which slope has each of them?",
        "Compute the inside, 4 - (2w + 1). Three cases: positive, negative, zero.",
        "If the inside is positive the loss is 3 - 2w: return -2.0. If it is negative, the loss is "
        "2w - 3: return 2.0. Else return 0.0.",
    ),
    mutants=(
        Mutant(
            "by_steps",
            by_steps,
            "this looks like small steps to both sides. So near to the corner they end on both "
            "sides of it. Decide by the sign of the inside.",
        ),
        Mutant(
            "inside_only",
            inside_only,
            "-2 is the slope of the inside. Where the inside is negative the bars turn it round.",
        ),
        Mutant(
            "sign_swapped",
            sign_swapped,
            "the two sides are exchanged. At w = 3 a larger w makes the loss larger.",
        ),
        Mutant(
            "forgets_the_two",
            forgets_the_two,
            "the loss changes twice as fast as w: the factor 2 in 2w is missing.",
        ),
        Mutant(
            "returns_the_loss",
            returns_the_loss,
            "that is the loss itself. Return its slope: how fast it changes with w.",
        ),
        Mutant(
            "one_side_as_a_line",
            one_side_as_a_line,
            "3 - 2w is the loss left of the corner. Return how fast it changes: one number.",
        ),
        Mutant(
            "other_side_as_a_line",
            other_side_as_a_line,
            "2w - 3 is the loss right of the corner. Return how fast it changes: one number.",
        ),
        Mutant(
            "corner_at_zero",
            corner_at_zero,
            "the corner is where the inside is 0, not where w is 0: 2w + 1 = 4 at w = 1.5.",
        ),
        Mutant(
            "corner_at_three",
            corner_at_three,
            "the corner is where 3 - 2w is 0: at w = 1.5, not at 3.",
        ),
        Mutant(
            "corner_at_four",
            corner_at_four,
            "compare 2w + 1 with 4, not w: the corner is at w = 1.5.",
        ),
        Mutant(
            "of_the_square",
            of_the_square,
            "your slope grows with the inside, as for a square. Bars only drop the sign.",
        ),
        Mutant(
            "brackets_forgotten",
            brackets_forgotten,
            "4 - (2w + 1) is 3 - 2w, not 5 - 2w: keep the brackets. The corner is at w = 1.5.",
        ),
        Mutant(
            "no_corner",
            no_corner,
            "right on both sides, but at w = 1.5 the inside is 0. Return 0 there.",
        ),
    ),
    alternatives=(by_sign,),
    meaning="The outside's slope times the inside's: sign times -2. That is a chain rule already.",
)
