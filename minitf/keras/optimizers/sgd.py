"""SGD: a step against the gradient, with or without momentum.

    tf.keras.optimizers.SGD(0.1)
    tf.keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)

With gradient 1 in every step, learning rate 0.1 and momentum 0.9, a variable that starts at 0
becomes -0.1, -0.29, -0.561, ...
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.optimizers.base import Optimizer, set_value
from minitf.keras.optimizers.slot import Slot


class SGD(Optimizer):
    """Stochastic gradient descent.

    Without momentum:  w ← w - lr·g
    With momentum:     v ← momentum·v - lr·g,   w ← w + v
    Nesterov:          v as above,              w ← w + momentum·v - lr·g

    The learning rate stands inside the velocity, as in Keras. PyTorch has it outside; the two are
    equal while the learning rate does not change. Sources: Polyak (1964), Sutskever et al. (2013).

    Args:
        learning_rate: number, schedule or function.
        momentum: part of the velocity that is kept, from 0 to 1.
        nesterov: looks ahead along the velocity.
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.

    Raises:
        ValueError: momentum outside [0, 1].
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        if not 0 <= momentum <= 1:
            raise ValueError(f"`momentum` must be between 0 and 1, got {momentum}.")
        self.momentum, self.nesterov = momentum, nesterov
        self.momentums: list[Slot] = []

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """One velocity per variable, if there is momentum."""
        super().build(variables)
        if self.momentum:
            self.momentums = [self.add_variable_from_reference(v, "momentum") for v in variables]

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """The formulas above, for one variable."""
        w, g, place = variable._value, gradient._value, self._places[variable.id]
        number = w.dtype.type
        step = np.multiply(g, number(learning_rate), out=self._scratch[place])
        if not self.momentum:
            set_value(variable, w - step)
            return
        momentum, velocity = number(self.momentum), self.momentums[place].array
        velocity *= momentum
        velocity -= step
        if self.nesterov:
            set_value(variable, w + (velocity * momentum - step))
        else:
            set_value(variable, w + velocity)
