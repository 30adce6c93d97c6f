"""CoinToss: the smallest widget that uses everything of base.py; an example, and for tests.

CoinToss(bias=0.5)      # guess the share of heads, then toss
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png


class CoinToss(CourseWidget):
    """A coin that shows heads with probability `bias`.

    Raises:
        ValueError: `bias` is not between 0 and 1.
    """

    parts = ("plot",)

    def __init__(self, bias: float = 0.5) -> None:
        if not 0 <= bias <= 1:
            raise ValueError(f"bias is a probability, between 0 and 1; got {bias}.")
        self._bias = bias
        super().__init__(bias=bias, odds=np.array([bias, 1 - bias]))

    def answer_toss(self, data: dict[str, Any]) -> dict[str, Any]:
        """`times` tosses: the share of heads after each."""
        times = int(data["times"])
        if times > 500:
            raise ValueError(f"{times} tosses are too many; 500 are enough.")
        heads = np.random.default_rng(0).random(times) < self._bias
        return {"share": np.cumsum(heads) / np.arange(1, times + 1)}

    def describe(self) -> str:
        return f"A coin that shows heads with probability {self._bias:g}."

    def picture(self) -> bytes | None:
        return figure_png(self._bars, width=4, height=3)

    def _bars(self, figure: Any) -> None:
        figure.subplots().bar(["heads", "tails"], [self._bias, 1 - self._bias])
