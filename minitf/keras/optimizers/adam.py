"""Adam: momentum, and a step size of its own for every number.

    tf.keras.optimizers.Adam(1e-3)

The very first step has the length of the learning rate for every element, whether its gradient is
0.001 or 1000: both averages start at 0, and the correction undoes just that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.optimizers.base import set_value
from minitf.keras.optimizers.gradients import squared
from minitf.keras.optimizers.moments import MomentOptimizer
from minitf.keras.optimizers.slot import Slot


class Adam(MomentOptimizer):
    """Adaptive moment estimation, in Keras' form.

    m ← β₁·m + (1-β₁)·g            average gradient
    v ← β₂·v + (1-β₂)·g²           average squared gradient
    α = lr·√(1-β₂ᵗ) / (1-β₁ᵗ)      corrects both averages for their start at 0, in step t
    w ← w - α·m / (√v + ε)

    ε is added to the root of the *uncorrected* v ("epsilon hat", Kingma and Ba (2014), before
    section 2.1). PyTorch adds it to the corrected one.

    Args:
        learning_rate: number, schedule or function.
        beta_1, beta_2: how much of each average is kept, at least 0 and below 1.
        epsilon: keeps the division from exploding where gradients are tiny.
        amsgrad: divides by the largest v so far, so that steps never grow again (Reddi, Kale and
            Kumar, 2018).
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.

    Raises:
        ValueError: a beta outside [0, 1).
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **kwargs)
        self.amsgrad = amsgrad
        self._largest: list[Slot] = []

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """Two averages per variable; a third slot for amsgrad."""
        super().build(variables)
        if self.amsgrad:
            name = "velocity_hat"
            self._largest = [self.add_variable_from_reference(v, name) for v in variables]

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """The formulas above, for one variable."""
        place, number = self._places[variable.id], variable._value.dtype.type
        m, v = self._momentums[place].array, self._sizes[place].array
        g, scratch = gradient._value, self._scratch[place]

        np.multiply(g, number(1 - self.beta_1), out=scratch)
        m *= number(self.beta_1)
        m += scratch

        squared(gradient, out=scratch)
        scratch *= number(1 - self.beta_2)
        v *= number(self.beta_2)
        v += scratch
        if self.amsgrad:
            largest = self._largest[place].array
            v = np.maximum(largest, v, out=largest)

        np.sqrt(v, out=scratch)
        scratch += number(self.epsilon)
        np.divide(m, scratch, out=scratch)
        scratch *= number(self._alpha(learning_rate))
        set_value(variable, variable._value - scratch)

    def _alpha(self, learning_rate: float) -> float:
        t = self._step()
        return learning_rate * math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)


class AdamW(Adam):
    """Adam with weight decay that does not pass through the averages.

    Source: Loshchilov and Hutter (2019). Arguments: see Adam; weight_decay is 0.004 by default.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **kwargs
        )
        if self.weight_decay is None:
            raise ValueError("Argument `weight_decay` must be a float. Received: weight_decay=None")
