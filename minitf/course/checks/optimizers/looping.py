"""What all mutants and alternatives of chapter 11 share: a loop over arrays, with room for slots.

class Uphill(Looping):
    def moved(self, k, value, gradient, rate):
        return value + rate * gradient
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from minitf.course.checks.optimizers.rounds import rate_of


class Looping:
    """An optimizer; subclasses say in `moved` what becomes of the array at position k."""

    def __init__(self, learning_rate: Any = 0.01, *settings: float) -> None:
        self.learning_rate, self.settings = learning_rate, settings
        self.t = 0  # steps taken, the present one included
        self.first: dict[int, Any] = defaultdict(np.float32)  # slots by position, 0 at first
        self.second: dict[int, Any] = defaultdict(np.float32)

    def update(self, values: list[Any], gradients: list[Any]) -> list[Any]:
        """New arrays; where there is no gradient, the old ones."""
        rate = rate_of(self.learning_rate, self.t)
        self.t += 1
        pairs = enumerate(zip(values, gradients, strict=True))
        return [v if g is None else self.moved(k, v, g, rate) for k, (v, g) in pairs]

    def moved(self, k: int, value: Any, gradient: Any, rate: float) -> Any:
        """The new array."""
        raise NotImplementedError
