"""Exercise ch11.momentum: steps that keep part of their velocity, in Keras' form."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.optimizers.looping import Looping
from minitf.course.checks.optimizers.rounds import (
    common_probes,
    momentum_change,
    probe_of,
    rate_of,
)
from minitf.course.registry import Exercise, Mutant, Probe


def probe_momentum(rng: np.random.Generator) -> Iterator[Probe]:
    """The lesson's numbers, rolling on without a gradient, then what holds for all optimizers."""
    settings, change = (0.1, 0.9), momentum_change(0.9)
    yield probe_of("from 0, rate 0.1, momentum 0.9, gradient 1 each time", settings, (1, 1, 1),
                   change)  # fmt: skip
    yield probe_of("gradient 1, then 0, 0: it rolls on", settings, (1, 0, 0), change)
    yield probe_of("momentum 0 is plain descent", (0.1, 0.0), (1, -2, 3), momentum_change(0),
                   edge=True)  # fmt: skip
    yield from common_probes(rng, (0.9,), change)


class RateOutside(Looping):
    def moved(self, k, value, gradient, rate):
        self.first[k] = self.settings[0] * self.first[k] + gradient
        return value - rate * self.first[k]


class Averages(Looping):
    def moved(self, k, value, gradient, rate):
        keep = self.settings[0]
        self.first[k] = keep * self.first[k] - (1 - keep) * rate * gradient
        return value + self.first[k]


class ForgetsVelocity(Looping):
    def moved(self, k, value, gradient, rate):
        return value - rate * gradient


class NeverBrakes(Looping):
    def moved(self, k, value, gradient, rate):
        self.first[k] = self.first[k] - rate * gradient
        return value + self.first[k]


class Nesterov(Looping):
    def moved(self, k, value, gradient, rate):
        self.first[k] = self.settings[0] * self.first[k] - rate * gradient
        return value + self.settings[0] * self.first[k] - rate * gradient


class OneVelocity(Looping):
    def moved(self, k, value, gradient, rate):
        self.first[0] = self.settings[0] * self.first[0] - rate * gradient
        return value + self.first[0]


class RollsWithoutGradient(Looping):
    def update(self, values, gradients):
        zeros = [
            np.zeros_like(v) if g is None else g for v, g in zip(values, gradients, strict=True)
        ]
        return super().update(values, zeros)

    def moved(self, k, value, gradient, rate):
        self.first[k] = self.settings[0] * self.first[k] - rate * gradient
        return value + self.first[k]


class Uphill(Looping):
    def moved(self, k, value, gradient, rate):
        self.first[k] = self.settings[0] * self.first[k] + rate * gradient
        return value + self.first[k]


class OneStepLate(Looping):
    def moved(self, k, value, gradient, rate):
        moved = value + self.first[k]
        self.first[k] = self.settings[0] * self.first[k] - rate * gradient
        return moved


class ReturnsVelocity(Looping):
    def moved(self, k, value, gradient, rate):
        self.first[k] = self.settings[0] * self.first[k] - rate * gradient
        return self.first[k]


class BrakesBoth(Looping):
    def moved(self, k, value, gradient, rate):
        self.first[k] = self.settings[0] * (self.first[k] - rate * gradient)
        return value + self.first[k]


class StandsStill(Looping):
    def moved(self, k, value, gradient, rate):
        return value + 0


class VelocityDownhill(Looping):
    """The velocity with the other sign, and subtracted."""

    def update(self, values, gradients):
        rate, self.t = rate_of(self.learning_rate, self.t), self.t + 1
        news = list(values)
        for k, gradient in enumerate(gradients):
            if gradient is not None:
                self.first[k] = self.first[k] * self.settings[0] + rate * gradient
                news[k] = values[k] - self.first[k]
        return news


MOMENTUM = Exercise(
    id="ch11.momentum",
    title="A step with a memory",
    names=("Momentum",),
    points=2,
    minutes=8,
    difficulty=2,
    importance=4,
    probes=probe_momentum,
    hints=(
        "Each position has its own velocity. What happens to it before the value moves?",
        "Loop over the positions with their number: enumerate(zip(values, gradients)). Then you "
        "can write the new velocity to self.velocities[k] and move the value by it. With None "
        "neither changes, but the value still belongs in the list you return.",
        "for k, (value, gradient) in enumerate(zip(values, gradients, strict=True)):\n"
        "    if gradient is not None:\n"
        "        self.velocities[k] = self.momentum * self.velocities[k] - rate * gradient\n"
        "        value = value + self.velocities[k]\n"
        "Then append value to a new list, also when the gradient is None.",
    ),
    mutants=(
        Mutant(
            "rate_outside",
            RateOutside,
            "equal while the rate is constant, but that is PyTorch's form. Here the rate stands in "
            "the velocity.",
        ),
        Mutant("averages", Averages, "the new part has the weight 1 here, not 1 - momentum."),
        Mutant(
            "forgets_velocity",
            ForgetsVelocity,
            "nothing of the last velocity arrives in the next one: keep it in self.velocities.",
        ),
        Mutant("never_brakes", NeverBrakes, "multiply the old velocity by self.momentum."),
        Mutant("nesterov", Nesterov, "that is Nesterov's form. Here the value moves by velocity."),
        Mutant("one_velocity", OneVelocity, "one velocity serves all arrays; each needs its own."),
        Mutant(
            "rolls_without_gradient",
            RollsWithoutGradient,
            "None is not 0: without a gradient the array does not move, nor does its velocity.",
        ),
        Mutant(
            "uphill",
            Uphill,
            "you walk uphill. The one minus is in the velocity; the value then adds the velocity.",
        ),
        Mutant(
            "one_step_late",
            OneStepLate,
            "the value moves by the last step's velocity: renew the velocity first.",
        ),
        Mutant("returns_velocity", ReturnsVelocity, "that is the velocity; return value plus it."),
        Mutant(
            "brakes_both",
            BrakesBoth,
            "momentum belongs to the old velocity alone; the new push counts in full.",
        ),
        Mutant(
            "stands_still",
            StandsStill,
            "nothing moves: write the new velocity to self.velocities[k], and use that one.",
        ),
    ),
    alternatives=(VelocityDownhill,),
    meaning="Old steps go on with weights 0.9, 0.81, 0.729, ...: a memory of about ten steps.",
)
