"""Calls of Python functions for which a plan has something better: an optimizer's step.

    PLANNED[Optimizer.apply] = flat_step      # says keras/optimizers/flat.py

A traced function holds `optimizer.apply_gradients(...)` as a node `Call`, with the Python function
in it. A plan looks here for a faster way to do the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np


class PlannedCall(Protocol):
    """A call prepared for one plan; calling it takes the node's inputs: arrays and variables.

    Attributes:
        places: number of an input -> the array where it should be computed. The plan has the value
            written there if it can; otherwise it comes in an array of its own.
    """

    places: dict[int, np.ndarray]

    def __call__(self, *inputs: Any) -> tuple: ...


# function -> what makes a PlannedCall for a node, or None if that call needs the function itself
PLANNED: dict[Callable[..., Any], Callable[[Any], PlannedCall | None]] = {}


def planned_call(node: Any) -> PlannedCall | None:
    """The better way to run the node, if there is one."""
    function = node.attrs.get("function")
    prepare = PLANNED.get(getattr(function, "__func__", function))
    return prepare(node) if prepare is not None else None
