"""Adamax: Adam with the largest recent gradient in place of the average square.

    tf.keras.optimizers.Adamax(2e-3)
"""

from __future__ import annotations

import numpy as np

import minitf as tf
from minitf.keras.optimizers.base import set_value
from minitf.keras.optimizers.moments import MomentOptimizer


class Adamax(MomentOptimizer):
    """Adam's variant for the infinity norm, in Keras' form.

    m ← β₁·m + (1-β₁)·g              average gradient
    u ← max(β₂·u, |g|)               largest gradient, slowly forgotten
    w ← w - lr / (1-β₁ᵗ) · m / (u + ε)

    Source: Kingma and Ba (2014), section 7.1.

    Args:
        learning_rate: number, schedule or function.
        beta_1, beta_2: how much of each is kept.
        epsilon: keeps the division from exploding.
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.
    """

    size_name = "norm"

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """The formulas above, for one variable."""
        place, number = self._places[variable.id], variable._value.dtype.type
        m, u, g = self._momentums[place].array, self._sizes[place].array, gradient._value
        m *= number(self.beta_1)
        m += number(1 - self.beta_1) * g
        u *= number(self.beta_2)
        np.maximum(u, np.abs(g), out=u)
        rate = number(learning_rate / (1 - self.beta_1 ** self._step()))
        set_value(variable, variable._value - rate * m / (u + number(self.epsilon)))
