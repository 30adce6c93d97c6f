"""RMSprop: divide every gradient by its own recent size.

    tf.keras.optimizers.RMSprop(1e-3)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.optimizers.base import Optimizer, set_value
from minitf.keras.optimizers.gradients import squared
from minitf.keras.optimizers.slot import Slot


class RMSprop(Optimizer):
    """Root mean square propagation, in Keras' form.

    v ← ρ·v + (1-ρ)·g²                    average squared gradient
    centered:   a ← ρ·a + (1-ρ)·g,  and v - a² takes v's place below
    step = lr·g / √(v + ε)                ε *inside* the root (PyTorch: outside)
    w ← w - step;  with momentum  n ← momentum·n + step,  w ← w - n

    Source: Tieleman and Hinton (2012), lecture 6.5.

    Args:
        learning_rate: number, schedule or function.
        rho: how much of the average is kept.
        momentum: part of the last step that is kept.
        epsilon: keeps the division from exploding where gradients are tiny.
        centered: divides by the variance instead.
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered
        self._velocities: list[Slot] = []
        self._momentums: list[Slot] = []
        self._average_gradients: list[Slot] = []

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """One average per variable; a second for centering, a third for momentum."""
        super().build(variables)
        for variable in variables:
            self._velocities.append(self.add_variable_from_reference(variable, "velocity"))
            if self.momentum:
                self._momentums.append(self.add_variable_from_reference(variable, "momentum"))
            if self.centered:
                average = self.add_variable_from_reference(variable, "average_gradient")
                self._average_gradients.append(average)

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """The formulas above, for one variable."""
        g, place = gradient._value, self._places[variable.id]
        number = variable._value.dtype.type
        mean_square = self._averaged(self._velocities[place], squared(gradient))
        if self.centered:
            average = self._averaged(self._average_gradients[place], g)
            mean_square = mean_square - average * average
        step = number(learning_rate) * g / np.sqrt(mean_square + number(self.epsilon))
        if self.momentum:
            momentum = self._momentums[place].array
            momentum *= number(self.momentum)
            momentum += step
            step = momentum
        set_value(variable, variable._value - step)

    def _averaged(self, slot: Slot, new: Any) -> Any:
        number, average = slot.dtype.as_numpy_dtype, slot.array
        average *= number(self.rho)
        average += new * number(1 - self.rho)
        return average
