"""Adadelta: Adagrad with a memory that fades, and steps in the variables' own units.

    tf.keras.optimizers.Adadelta(1.0)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.optimizers.base import Optimizer, set_value
from minitf.keras.optimizers.gradients import squared
from minitf.keras.optimizers.slot import Slot


class Adadelta(Optimizer):
    """Adaptive steps without a global unit, in Keras' form.

    a ← ρ·a + (1-ρ)·g²               average squared gradient
    Δ = -√(d + ε) / √(a + ε) · g
    d ← ρ·d + (1-ρ)·Δ²               average squared step
    w ← w + lr·Δ

    Source: Zeiler (2012), whose learning rate is 1.

    Args:
        learning_rate: number, schedule or function.
        rho: how much of the averages is kept.
        epsilon: makes the first steps possible: d starts at 0.
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-7,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.rho, self.epsilon = rho, epsilon
        self._accumulated_grads: list[Slot] = []
        self._accumulated_steps: list[Slot] = []

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """Two averages per variable."""
        super().build(variables)
        for variable in variables:
            grads = self.add_variable_from_reference(variable, "accumulated_grad")
            steps = self.add_variable_from_reference(variable, "accumulated_delta_var")
            self._accumulated_grads.append(grads)
            self._accumulated_steps.append(steps)

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """The formulas above, for one variable."""
        place, number = self._places[variable.id], variable._value.dtype.type
        keep, take = number(self.rho), number(1 - self.rho)
        epsilon = number(self.epsilon)
        grads, steps = self._accumulated_grads[place].array, self._accumulated_steps[place].array
        grads *= keep
        grads += take * squared(gradient)
        ratio = np.sqrt(steps + epsilon) / np.sqrt(grads + epsilon)
        steps *= keep
        steps += take * ratio * ratio * squared(gradient)
        set_value(variable, variable._value - number(learning_rate) * ratio * gradient._value)
