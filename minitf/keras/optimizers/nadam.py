"""Nadam: Adam with Nesterov's look ahead.

    tf.keras.optimizers.Nadam(1e-3)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import minitf as tf
from minitf.keras.optimizers.base import set_value
from minitf.keras.optimizers.gradients import squared
from minitf.keras.optimizers.moments import MomentOptimizer
from minitf.keras.variables import Variable

_DECAY = 0.96  # of the momentum schedule, fixed in the paper and in Keras


class Nadam(MomentOptimizer):
    """Nesterov-accelerated Adam, in Keras' form.

    μₜ = β₁·(1 - 0.96ᵗ/2)                     momentum of step t: rises from 0.52·β₁ to β₁
    Πₜ = μ₁·μ₂·…·μₜ
    m ← β₁·m + (1-β₁)·g                       average gradient
    v ← β₂·v + (1-β₂)·g²                      average squared gradient
    m̂ = μₜ₊₁·m / (1-Πₜ₊₁) + (1-μₜ)·g / (1-Πₜ)
    w ← w - lr·m̂ / (√(v / (1-β₂ᵗ)) + ε)

    Source: Dozat (2016).

    Args:
        learning_rate: number, schedule or function.
        beta_1, beta_2: how much of each average is kept.
        epsilon: keeps the division from exploding.
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.
    """

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """Two averages per variable, and the product Π for all."""
        super().build(variables)
        one = Variable(1.0, dtype="float32", trainable=False, name="momentum")
        self._product = self.add_variable_from_reference(one, "product", "ones")

    def begin_step(self) -> None:
        """Πₜ = Πₜ₋₁·μₜ, once for all variables."""
        product = self._product.array
        product *= np.float32(self._momentum_of(self._step()))

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """The formulas above, for one variable."""
        place, number, t = self._places[variable.id], variable._value.dtype.type, self._step()
        now, following = self._momentum_of(t), self._momentum_of(t + 1)
        product = float(self._product.array)
        m, v, g = self._momentums[place].array, self._sizes[place].array, gradient._value
        m *= number(self.beta_1)
        m += number(1 - self.beta_1) * g
        v *= number(self.beta_2)
        v += number(1 - self.beta_2) * squared(gradient)
        ahead = number(following / (1 - product * following)) * m
        ahead += number((1 - now) / (1 - product)) * g
        root = np.sqrt(v / number(1 - self.beta_2**t))
        step = number(learning_rate) * ahead / (root + number(self.epsilon))
        set_value(variable, variable._value - step)

    def _momentum_of(self, step: int) -> float:
        return self.beta_1 * (1 - 0.5 * _DECAY**step)
