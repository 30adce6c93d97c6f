"""What Adam, Adamax and Nadam share: an average gradient, and a measure of the gradients' size.

    class Adam(MomentOptimizer):
        size_name = "velocity"      # of the second slot: what the size is measured by
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import minitf as tf
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.slot import Slot


class MomentOptimizer(Optimizer):
    """Base class.

    Args:
        learning_rate: number, schedule or function.
        beta_1: how much of the average gradient is kept, at least 0 and below 1.
        beta_2: how much of the size is kept.
        epsilon: keeps the division from exploding where gradients are tiny.
        kwargs: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, name: see Optimizer.

    Raises:
        ValueError: a beta outside [0, 1).
    """

    size_name = "velocity"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        for name, beta in (("beta_1", beta_1), ("beta_2", beta_2)):
            if not 0 <= beta < 1:
                raise ValueError(f"`{name}` must be at least 0 and below 1, got {beta}.")
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self._momentums: list[Slot] = []
        self._sizes: list[Slot] = []

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """Two slots per variable."""
        super().build(variables)
        for variable in variables:
            self._momentums.append(self.add_variable_from_reference(variable, "momentum"))
            self._sizes.append(self.add_variable_from_reference(variable, self.size_name))
