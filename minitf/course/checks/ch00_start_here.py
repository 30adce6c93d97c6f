"""Exercises of chapter 00: one warm-up, to meet check, hint, solution and reset."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe


def probe_step(rng: np.random.Generator) -> Iterator[Probe]:
    """Numbers worked out by hand, then random ones, an array, and a slope of zero."""
    yield Probe("step(w=3.0, gradient=2.0, learning_rate=0.1)", (3.0, 2.0, 0.1), 2.8)
    yield Probe("step(w=1.0, gradient=-4.0, learning_rate=0.5)", (1.0, -4.0, 0.5), 3.0)
    w, gradient, rate = (float(number) for number in rng.uniform(0.2, 0.9, size=3).round(3))
    # Reached by another road than the solution's: interpolate between w and w - gradient.
    expected = (1 - rate) * w + rate * (w - gradient)
    label = f"step(w={w}, gradient={gradient}, learning_rate={rate})"
    yield Probe(label, (w, gradient, rate), expected)
    yield Probe("a flat spot: step(5.0, 0.0, 0.1) stays", (5.0, 0.0, 0.1), 5.0, edge=True)
    yield Probe(
        "two weights at once: step([1, 2], [10, -10], 0.1)",
        (np.array([1.0, 2.0]), np.array([10.0, -10.0]), 0.1),
        np.array([0.0, 3.0]),
        edge=True,
        likely="each weight moves by its own gradient: plain array arithmetic does that.",
    )


def step_uphill(w, gradient, learning_rate):
    return w + learning_rate * gradient


def step_without_rate(w, gradient, learning_rate):
    return w - gradient


def step_without_gradient(w, gradient, learning_rate):
    return w - learning_rate


def step_only_the_change(w, gradient, learning_rate):
    return -learning_rate * gradient


def step_how_far(w, gradient, learning_rate):
    return learning_rate * gradient


def step_turned_round(w, gradient, learning_rate):
    return learning_rate * gradient - w


def step_fixed_rate(w, gradient, learning_rate):
    return w - 0.1 * gradient


def step_own_gradient(w, gradient, learning_rate):
    return w - learning_rate * 2 * w


def step_scales_the_weight(w, gradient, learning_rate):
    return w * (1 - learning_rate * gradient)


def step_in_place(w, gradient, learning_rate):
    w -= learning_rate * gradient
    return w


def step_other_style(w, gradient, learning_rate):
    return np.add(w, np.negative(np.multiply(gradient, learning_rate)))


EXERCISES = (
    Exercise(
        id="ch00.warm_up",
        title="One step downhill",
        names=("step",),
        points=1,
        minutes=3,
        difficulty=1,
        importance=5,
        probes=probe_step,
        hints=(
            "The gradient says which way the loss grows. You want the loss to shrink.",
            "Take the learning rate times the gradient, and move w the other way by that much.",
            "return w - (how far?), where how far is a product of the two other arguments.",
        ),
        mutants=(
            Mutant(
                "uphill",
                step_uphill,
                "the sign: the gradient points to where the loss grows. Adding it climbs.",
            ),
            Mutant(
                "no_learning_rate",
                step_without_rate,
                "the learning rate is not used: you moved by the whole gradient.",
            ),
            Mutant(
                "no_gradient",
                step_without_gradient,
                "the gradient is not used: how far to move is learning_rate times gradient.",
            ),
            Mutant(
                "only_the_change",
                step_only_the_change,
                "you returned how far to move; the new weight is w plus that change.",
            ),
            Mutant(
                "how_far",
                step_how_far,
                "you returned how far to move. The new weight is w minus that.",
            ),
            Mutant(
                "turned_round",
                step_turned_round,
                "turned round: begin with w, and subtract how far to move.",
            ),
            Mutant(
                "fixed_rate",
                step_fixed_rate,
                "0.1 belongs to the example. Use the argument: learning_rate.",
            ),
            Mutant(
                "own_gradient",
                step_own_gradient,
                "2w is the gradient of w². Here the gradient is given: use the argument.",
            ),
            Mutant(
                "scales_the_weight",
                step_scales_the_weight,
                "you scaled w; the step is a distance to subtract.",
            ),
            Mutant(
                "in_place",
                step_in_place,
                "`w -= ...` overwrites the caller's array. `return w - ...` makes a new one.",
            ),
        ),
        alternatives=(step_other_style,),
        meaning="This line, run for every weight again and again, is all of gradient descent.",
    ),
)
