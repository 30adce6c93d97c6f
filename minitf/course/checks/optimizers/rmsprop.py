"""Exercise ch11.rmsprop: every number gets a step of its own size, in Keras' form."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.optimizers.looping import Looping
from minitf.course.checks.optimizers.rounds import (
    common_probes,
    probe_of,
    rate_of,
    rmsprop_change,
)
from minitf.course.registry import Exercise, Mutant, Probe


def probe_rmsprop(rng: np.random.Generator) -> Iterator[Probe]:
    """The lesson's numbers, tiny gradients where epsilon counts, then the common probes."""
    settings, change = (0.1, 0.9), rmsprop_change(0.9)
    yield probe_of("from 0, rate 0.1, rho 0.9, gradients 3, 4", settings, (3, 4), change)
    yield probe_of("gradients 1, -2, 0.5", settings, (1, -2, 0.5), change)
    yield probe_of(
        "tiny gradients, 0.0001 twice", settings, (1e-4, 1e-4), change, edge=True,
        likely="with tiny gradients epsilon counts: inside the root, added to the average.",
    )  # fmt: skip
    yield probe_of("gradient 0: no step, no division by 0", settings, (0, 0), change, edge=True)
    yield from common_probes(rng, (0.9,), change)


class _Squares(Looping):
    """RMSprop, with places to go wrong."""

    def moved(self, k, value, gradient, rate):
        self.second[k] = self.kept(self.second[k], self.square(gradient))
        return value - rate * gradient / self.root(self.second[k])

    def kept(self, old, new):
        rho = self.settings[0]
        return rho * old + (1 - rho) * new

    def square(self, gradient):
        return gradient * gradient

    def root(self, mean_square):
        return np.sqrt(mean_square + 1e-7)


class EpsilonOutside(_Squares):
    def root(self, mean_square):
        return np.sqrt(mean_square) + 1e-7


class NoEpsilon(_Squares):
    def root(self, mean_square):
        return np.sqrt(mean_square)


class Swapped(_Squares):
    def kept(self, old, new):
        rho = self.settings[0]
        return (1 - rho) * old + rho * new


class SumsUp(_Squares):
    def kept(self, old, new):
        return old + new


class NoRoot(_Squares):
    def root(self, mean_square):
        return mean_square + 1e-7


class WholeArray(_Squares):
    def square(self, gradient):
        return np.mean(gradient * gradient)


class NoMemory(_Squares):
    def kept(self, old, new):
        return (1 - self.settings[0]) * new


class Wide(_Squares):
    def moved(self, k, value, gradient, rate):
        if k not in self.second:
            self.second[k] = np.zeros(value.shape)
        return super().moved(k, value, gradient, rate)


class NoSteps(_Squares):
    def update(self, values, gradients):
        self.t = 0
        return super().update(values, gradients)


class NoSquare(_Squares):
    def square(self, gradient):
        return gradient


class FullWeight(_Squares):
    def kept(self, old, new):
        return self.settings[0] * old + new


class OneStepLate(_Squares):
    def moved(self, k, value, gradient, rate):
        moved = value - rate * gradient / self.root(self.second[k])
        self.second[k] = self.kept(self.second[k], self.square(gradient))
        return moved


class StartsAtOne(_Squares):
    def moved(self, k, value, gradient, rate):
        if k not in self.second:
            self.second[k] = np.ones_like(value)
        return super().moved(k, value, gradient, rate)


class Corrected(_Squares):
    def root(self, mean_square):
        return np.sqrt(mean_square / (1 - self.settings[0] ** self.t) + 1e-7)


class Uphill(_Squares):
    def root(self, mean_square):
        return -super().root(mean_square)


class OneAverage(_Squares):
    def moved(self, k, value, gradient, rate):
        return super().moved(0, value, gradient, rate)


class SlotsInPlace(Looping):
    """The averages are written in place; they belong to the optimizer."""

    def update(self, values, gradients):
        rate, self.t = rate_of(self.learning_rate, self.t), self.t + 1
        news = []
        for k, (value, gradient) in enumerate(zip(values, gradients, strict=True)):
            average = self.second.setdefault(k, np.zeros_like(value))
            if gradient is None:
                news.append(value)
                continue
            average += (1 - self.settings[0]) * (gradient**2 - average)
            news.append(value - rate * gradient / (average + 1e-7) ** 0.5)
        return news


RMSPROP = Exercise(
    id="ch11.rmsprop",
    title="Its own step for every number",
    names=("RMSprop",),
    points=2,
    minutes=7,
    difficulty=3,
    importance=3,
    probes=probe_rmsprop,
    hints=(
        "The frame is that of Momentum: the rate, the counter, one slot per position, the loop.",
        "First renew self.averages[k]; the new part is gradient**2. Only then take the step, with "
        "this new average and epsilon together under the root.",
        "self.averages[k] = self.rho * self.averages[k] + (1 - self.rho) * gradient**2\n"
        "value = value - rate * gradient / np.sqrt(self.averages[k] + self.epsilon)",
    ),
    mutants=(
        Mutant(
            "epsilon_outside",
            EpsilonOutside,
            "you add epsilon to the root, as PyTorch does; in Keras' RMSprop it is inside.",
        ),
        Mutant("no_epsilon", NoEpsilon, "without epsilon a gradient of 0 gives 0 / 0."),
        Mutant("swapped", Swapped, "rho belongs to the old average, 1 - rho to the new square."),
        Mutant("sums_up", SumsUp, "a sum that only grows is Adagrad; here it is an average."),
        Mutant("no_root", NoRoot, "divide by the root of the average, not by the average."),
        Mutant(
            "whole_array",
            WholeArray,
            "you average over the array; every number has its own average: gradient**2 is enough.",
        ),
        Mutant("no_memory", NoMemory, "nothing of the old average is left: keep it between calls."),
        Mutant(
            "wide",
            Wide,
            "a slot is float64 and makes the result float64: use np.zeros_like(value).",
        ),
        Mutant("no_steps", NoSteps, "the rate is that of step 0 for ever: count self.step up."),
        Mutant("no_square", NoSquare, "you average the gradient; it is its square, gradient**2."),
        Mutant("full_weight", FullWeight, "the new square has the weight 1 - rho, not 1."),
        Mutant(
            "one_step_late",
            OneStepLate,
            "you divide by the average of the steps before: renew it first.",
        ),
        Mutant("starts_at_one", StartsAtOne, "the averages start at 0."),
        Mutant("corrected", Corrected, "that is Adam's correction. RMSprop has none."),
        Mutant("uphill", Uphill, "you walk with the gradient, uphill; the step has a minus."),
        Mutant("one_average", OneAverage, "one average serves all arrays; each needs its own."),
    ),
    alternatives=(SlotsInPlace,),
    meaning="Steep and flat directions move at about the same speed: nearly only the sign is left.",
)
