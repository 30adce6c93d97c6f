"""Adagrad: steps that shrink where much has been learned already.

    tf.keras.optimizers.Adagrad(0.1)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.initializers import Constant
from minitf.keras.optimizers.base import Optimizer, set_value
from minitf.keras.optimizers.gradients import squared
from minitf.keras.optimizers.slot import Slot


class Adagrad(Optimizer):
    """Adaptive gradients, in Keras' form.

    a ← a + g²                   sum of all squared gradients so far
    w ← w - lr·g / √(a + ε)

    Source: Duchi, Hazan and Singer (2011).

    Args:
        learning_rate: number, schedule or function.
        initial_accumulator_value: first value of the sum, not negative.
        epsilon: keeps the division from exploding.
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon
        self._accumulators: list[Slot] = []

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """One sum per variable."""
        super().build(variables)
        start = Constant(self.initial_accumulator_value)
        for variable in variables:
            slot = self.add_variable_from_reference(variable, "accumulator", start)
            self._accumulators.append(slot)

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """The formulas above, for one variable."""
        place, number = self._places[variable.id], variable._value.dtype.type
        accumulator = self._accumulators[place].array
        accumulator += squared(gradient)
        root = np.sqrt(accumulator + number(self.epsilon))
        set_value(variable, variable._value - number(learning_rate) * gradient._value / root)
