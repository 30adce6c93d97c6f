"""Exercise ch11.sgd: a step against the gradient."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.optimizers.looping import Looping
from minitf.course.checks.optimizers.rounds import common_probes, probe_of, rate_of, sgd_change
from minitf.course.registry import Exercise, Mutant, Probe


def probe_sgd(rng: np.random.Generator) -> Iterator[Probe]:
    """By hand, then several arrays, schedules, None, dtypes."""
    yield probe_of("from 0, rate 0.1, gradients 1, 1, -3", (0.1,), (1, 1, -3), sgd_change)
    yield from common_probes(rng, (), sgd_change)


class Uphill(Looping):
    def moved(self, k, value, gradient, rate):
        return value + rate * gradient


class ForgetsRate(Looping):
    def moved(self, k, value, gradient, rate):
        return value - gradient


class ReturnsChange(Looping):
    def moved(self, k, value, gradient, rate):
        return -rate * gradient


class InPlace(Looping):
    def moved(self, k, value, gradient, rate):
        value -= rate * gradient
        return value


class NoneFails(Looping):
    def update(self, values, gradients):
        self.t += 1
        rate = rate_of(self.learning_rate, self.t - 1)
        return [v - rate * g for v, g in zip(values, gradients, strict=True)]


class DropsNone(Looping):
    def update(self, values, gradients):
        news = super().update(values, gradients)
        return [v for v, g in zip(news, gradients, strict=True) if g is not None]

    def moved(self, k, value, gradient, rate):
        return value - rate * gradient


class AppendsNothing(Looping):
    def update(self, values, gradients):
        super().update(values, gradients)
        return []

    def moved(self, k, value, gradient, rate):
        return value - rate * gradient


class ReturnsNone(Looping):
    def update(self, values, gradients):
        news = super().update(values, gradients)
        return [None if g is None else v for v, g in zip(news, gradients, strict=True)]

    def moved(self, k, value, gradient, rate):
        return value - rate * gradient


class AsksForTruth(Looping):
    def moved(self, k, value, gradient, rate):
        return value - rate * gradient if gradient else value


class InOneLine(Looping):
    def update(self, values, gradients):
        rate, self.t = rate_of(self.learning_rate, self.t), self.t + 1
        return [
            v if g is None else np.subtract(v, g * rate)
            for v, g in zip(values, gradients, strict=True)
        ]


SGD = Exercise(
    id="ch11.sgd",
    title="A step against the gradient",
    names=("SGD",),
    points=1,
    minutes=4,
    difficulty=1,
    importance=5,
    probes=probe_sgd,
    hints=(
        "What do you append when the gradient is None, and what otherwise?",
        "With None: the value itself. Otherwise a new array: the value minus rate times gradient.",
        "if gradient is None: new_values.append(value)\n"
        "else: new_values.append(value - rate * gradient)",
    ),
    mutants=(
        Mutant("uphill", Uphill, "you walk with the gradient, uphill; the step has a minus."),
        Mutant("forgets_rate", ForgetsRate, "the gradient has to be multiplied by `rate`."),
        Mutant("returns_change", ReturnsChange, "that is the step; return the value plus it."),
        Mutant(
            "in_place",
            InPlace,
            "`-=` writes into the array you were given. Make a new one: value - rate * gradient.",
        ),
        Mutant("none_fails", NoneFails, "None cannot be multiplied: ask `gradient is None` first."),
        Mutant(
            "drops_none",
            DropsNone,
            "a value without gradient is missing from your list; it stays in, unchanged.",
        ),
        Mutant(
            "appends_nothing",
            AppendsNothing,
            "the list you return is empty: put each new value into it, new_values.append(...).",
        ),
        Mutant("returns_none", ReturnsNone, "without a gradient the old value goes into the list."),
        Mutant(
            "asks_for_truth",
            AsksForTruth,
            "`if gradient` asks a whole array for true or false. Ask `gradient is None`.",
        ),
    ),
    alternatives=(InOneLine,),
    meaning="Gradients say where uphill is. The optimizer decides how far to go the other way.",
)
