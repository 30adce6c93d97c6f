"""Exercise ch11.adam: two averages, both corrected for their start at 0, in Keras' form."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from minitf.course.checks.optimizers.looping import Looping
from minitf.course.checks.optimizers.rounds import adam_change, common_probes, probe_of, rate_of
from minitf.course.registry import Exercise, Mutant, Probe


def probe_adam(rng: np.random.Generator) -> Iterator[Probe]:
    """First steps of gradients of all sizes, a few more steps, then the common probes."""
    settings, change = (0.1, 0.9, 0.999), adam_change()
    for gradient in (1e-3, 1.0, 1e3):
        yield probe_of(f"the first step, gradient {gradient:g}", settings, (gradient,), change)
    yield probe_of("gradients 1, -2, 0.5", settings, (1, -2, 0.5), change)
    yield probe_of("other betas: 0.5 and 0.8", (0.1, 0.5, 0.8), (1, -2, 0.5),
                   adam_change(0.5, 0.8), edge=True)  # fmt: skip
    yield probe_of(
        "the first step, gradient 0.000001", settings, (1e-6,), change, edge=True,
        likely="with tiny gradients epsilon counts: added to the root of v as it is kept.",
    )  # fmt: skip
    yield probe_of("gradient 0: no step, no division by 0", settings, (0, 0), change, edge=True)
    yield from common_probes(rng, (0.9, 0.999), change)


class _Averages(Looping):
    """Adam, with places to go wrong."""

    def moved(self, k, value, gradient, rate):
        beta_1, beta_2 = self.betas()
        self.first[k] = self.mean(beta_1, self.first[k], gradient)
        self.second[k] = self.mean(beta_2, self.second[k], self.square(gradient))
        return value - self.step_of(rate, self.first[k], self.second[k])

    def betas(self):
        return self.settings

    def mean(self, beta, old, new):
        return beta * old + (1 - beta) * new

    def square(self, gradient):
        return gradient * gradient

    def step_of(self, rate, mean, mean_square):
        return rate * self.correction(self.t) * mean / self.root(mean_square)

    def correction(self, t):
        beta_1, beta_2 = self.betas()
        return math.sqrt(1 - beta_2**t) / (1 - beta_1**t)

    def root(self, mean_square):
        return np.sqrt(mean_square) + 1e-7


class NoCorrection(_Averages):
    def correction(self, t):
        return 1.0


class Swapped(_Averages):
    def betas(self):
        return self.settings[::-1]


class WeightsSwapped(_Averages):
    def mean(self, beta, old, new):
        return (1 - beta) * old + beta * new


class FullWeight(_Averages):
    def mean(self, beta, old, new):
        return beta * old + new


class CountsFromZero(_Averages):
    def correction(self, t):
        return super().correction(t - 1)


class CountsArrays(_Averages):
    arrays = 0

    def correction(self, t):
        self.arrays += 1
        return super().correction(self.arrays)


class FirstStepForEver(_Averages):
    def correction(self, t):
        return super().correction(1)


class UpsideDown(_Averages):
    def correction(self, t):
        return 1 / super().correction(t)


class NoRootOnTop(_Averages):
    def correction(self, t):
        beta_1, beta_2 = self.betas()
        return (1 - beta_2**t) / (1 - beta_1**t)


class CorrectsOnlyMean(_Averages):
    def correction(self, t):
        beta_1, _ = self.betas()
        return 1 / (1 - beta_1**t)


class TimesNotPower(_Averages):
    def correction(self, t):
        beta_1, beta_2 = self.betas()
        return math.sqrt(1 - beta_2 * t) / (1 - beta_1 * t)


class PowerOfAll(_Averages):
    def correction(self, t):
        beta_1, beta_2 = self.betas()
        return math.sqrt((1 - beta_2) ** t) / (1 - beta_1) ** t


class Wide(_Averages):
    def correction(self, t):
        return np.float64(super().correction(t))


class EpsilonCorrected(_Averages):
    def step_of(self, rate, mean, mean_square):
        beta_1, beta_2 = self.betas()
        mean = mean / (1 - beta_1**self.t)
        return rate * mean / self.root(mean_square / (1 - beta_2**self.t))


class EpsilonInside(_Averages):
    def root(self, mean_square):
        return np.sqrt(mean_square + 1e-7)


class NoRoot(_Averages):
    def root(self, mean_square):
        return mean_square + 1e-7


class NoSquare(_Averages):
    def square(self, gradient):
        return abs(gradient)


class NoMean(_Averages):
    def moved(self, k, value, gradient, rate):
        _, beta_2 = self.betas()
        self.second[k] = self.mean(beta_2, self.second[k], gradient * gradient)
        return value - rate * math.sqrt(1 - beta_2**self.t) * gradient / self.root(self.second[k])


class MeanUnused(_Averages):
    def moved(self, k, value, gradient, rate):
        _, beta_2 = self.betas()
        self.second[k] = self.mean(beta_2, self.second[k], gradient * gradient)
        return value - self.step_of(rate, gradient, self.second[k])


class SquareOfMean(_Averages):
    def moved(self, k, value, gradient, rate):
        beta_1, beta_2 = self.betas()
        self.first[k] = self.mean(beta_1, self.first[k], gradient)
        self.second[k] = self.mean(beta_2, self.second[k], self.first[k] ** 2)
        return value - self.step_of(rate, self.first[k], self.second[k])


class KeepsCorrected(_Averages):
    def moved(self, k, value, gradient, rate):
        beta_1, beta_2 = self.betas()
        self.first[k] = self.mean(beta_1, self.first[k], gradient) / (1 - beta_1**self.t)
        self.second[k] = self.mean(beta_2, self.second[k], gradient * gradient)
        step = self.first[k] / self.root(self.second[k])
        return value - rate * math.sqrt(1 - beta_2**self.t) * step


class OneList(_Averages):
    def moved(self, k, value, gradient, rate):
        beta_1, beta_2 = self.betas()
        mean = self.mean(beta_1, self.first[k], gradient)
        self.first[k] = self.mean(beta_2, mean, gradient * gradient)
        return value - self.step_of(rate, mean, self.first[k])


class OneListInTheStepToo(_Averages):
    def moved(self, k, value, gradient, rate):
        beta_1, beta_2 = self.betas()
        mean = self.mean(beta_1, self.first[k], gradient)
        self.first[k] = self.mean(beta_2, mean, gradient * gradient)
        return value - self.step_of(rate, self.first[k], self.first[k])


class BothCorrected(Looping):
    """Both averages corrected as in the paper; epsilon shrunk so that it means the same."""

    def update(self, values, gradients):
        rate, self.t = rate_of(self.learning_rate, self.t), self.t + 1
        beta_1, beta_2 = self.settings
        news = list(values)
        for k, gradient in enumerate(gradients):
            if gradient is None:
                continue
            self.first[k] = self.first[k] + (1 - beta_1) * (gradient - self.first[k])
            self.second[k] = self.second[k] + (1 - beta_2) * (gradient**2 - self.second[k])
            fill = 1 - beta_2**self.t
            root = np.sqrt(self.second[k] / fill) + 1e-7 / math.sqrt(fill)
            news[k] = values[k] - rate * (self.first[k] / (1 - beta_1**self.t)) / root
        return news


ADAM = Exercise(
    id="ch11.adam",
    title="Adam",
    names=("Adam",),
    points=3,
    minutes=12,
    difficulty=3,
    importance=5,
    probes=probe_adam,
    hints=(
        "Two lists of slots: averages of gradients, and of their squares. And t, the number of "
        "this step counted from 1. What belongs to a position, and what is the same for all?",
        "Take the rate first, as steps count from 0 there. Then count up: now self.step is t. "
        "Compute alpha once, before the loop. In the loop renew both slots, then take the step.",
        "alpha = rate * math.sqrt(1 - self.beta_2**self.step) / (1 - self.beta_1**self.step)\n"
        "and in the loop, once self.means[k] and self.mean_squares[k] are renewed:\n"
        "value = value - alpha * self.means[k] / (np.sqrt(self.mean_squares[k]) + self.epsilon)",
    ),
    mutants=(
        Mutant(
            "no_correction",
            NoCorrection,
            "both averages start at 0 and are too small at first: the correction is missing.",
        ),
        Mutant("swapped", Swapped, "beta_1 belongs to the mean, beta_2 to the mean square."),
        Mutant("weights_swapped", WeightsSwapped, "beta keeps the old, 1 - beta takes the new."),
        Mutant("full_weight", FullWeight, "the new one has the weight 1 - beta, not 1."),
        Mutant(
            "counts_from_zero",
            CountsFromZero,
            "1 - beta**t with t = 0 is 0. In the correction steps count from 1.",
        ),
        Mutant(
            "first_step_for_ever",
            FirstStepForEver,
            "the first step is right, later ones are not: the correction depends on t.",
        ),
        Mutant(
            "epsilon_corrected",
            EpsilonCorrected,
            "you add epsilon to the corrected root, as PyTorch does; Keras adds it to np.sqrt(v).",
        ),
        Mutant("epsilon_inside", EpsilonInside, "epsilon is outside the root here."),
        Mutant("no_square", NoSquare, "v averages the squares of gradients, not their sizes."),
        Mutant("no_mean", NoMean, "that is RMSprop with a correction: the mean m is missing."),
        Mutant("mean_unused", MeanUnused, "you step by the gradient; the step takes its mean, m."),
        Mutant(
            "counts_arrays",
            CountsArrays,
            "t grows once per update, before the loop, and not once per array.",
        ),
        Mutant("upside_down", UpsideDown, "alpha is upside down: beta_2 stands on top."),
        Mutant("no_root_on_top", NoRootOnTop, "alpha has the root of 1 - beta_2**t on top."),
        Mutant(
            "corrects_only_mean",
            CorrectsOnlyMean,
            "m is corrected, v is not: the root of 1 - beta_2**t is missing in alpha.",
        ),
        Mutant("times_not_power", TimesNotPower, "it is beta to the power of t: beta**t."),
        Mutant("power_of_all", PowerOfAll, "first the power, then 1 minus it: 1 - beta**t."),
        Mutant("no_root", NoRoot, "divide by the root of v, not by v."),
        Mutant("square_of_mean", SquareOfMean, "v averages the squares of gradients, not of m."),
        Mutant(
            "keeps_corrected",
            KeepsCorrected,
            "keep m as the average is; the correction is for the step alone.",
        ),
        Mutant(
            "one_list",
            OneList,
            "m and v share one list: each needs its own, made by its own np.zeros_like.",
        ),
        Mutant(
            "one_list_in_the_step_too",
            OneListInTheStepToo,
            "self.means and self.mean_squares are the same list: `a = b = [...]` makes only one.",
        ),
        Mutant(
            "wide",
            Wide,
            "np.sqrt of a plain number is a float64 and spreads: use math.sqrt for the correction.",
        ),
    ),
    alternatives=(BothCorrected,),
    meaning="The most used optimizer there is, and yours can train MNIST in chapter 13.",
)
