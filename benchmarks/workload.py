"""Workload: one piece of maths, written once for every library.

    WORKLOAD = Workload(
        name="W1",
        title="gradient of abs(y - (x*w + b))",
        contestants={"numpy/hand": by_hand, "torch/eager": in_torch, ...},
    )

A contestant is "library/mode". Its function gets a case (such as "b32"), prepares everything, and
returns a step: a function without arguments that does the work once, synchronously, and returns
the numbers it computed. The results of "numpy/hand" are the reference for all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

REFERENCE = "numpy/hand"

Step = Callable[[], Any]


class NotYet(Exception):
    """The library cannot do this; the message says what is missing."""


@dataclass(frozen=True)
class Workload:
    """One row, or a few, of the table of results.

    Attributes:
        name: "W1" and so on; names that start alike are selected together.
        title: what is computed.
        contestants: "library/mode" -> function of the case that returns a step.
        cases: variants, such as batch sizes.
        unit: of the figures: "us", "ms", "s" or "MB".
        operations: steps are divided by this: operations per step, by case.
        checks: how many first results are compared with the reference.
        most_rounds: for slow ones.
        sample: measures in fresh processes instead: function of (python, contestant, case) that
            returns one figure, in the unit.
    """

    name: str
    title: str
    contestants: Mapping[str, Callable[[str], Step] | None]
    cases: tuple[str, ...] = ("",)
    unit: str = "us"
    operations: Mapping[str, int] | None = None
    checks: int = 3
    most_rounds: int = 1000
    sample: Callable[[str, str, str], float] | None = None

    def operations_in(self, case: str) -> int:
        """How many operations one step of this case has, for figures per operation."""
        return self.operations[case] if self.operations else 1


def library_of(contestant: str) -> str:
    """ "torch/fused" -> "torch"."""
    return contestant.split("/", 1)[0]
