"""Optimizers: from gradients to new values. base.py says what all have in common.

    tf.keras.optimizers.Adam(1e-3)
    tf.keras.optimizers.get("sgd")
"""

from __future__ import annotations

from typing import Any

from minitf.keras.identifiers import find, not_understood
from minitf.keras.optimizers import schedules
from minitf.keras.optimizers.adam import Adam, AdamW
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.rmsprop import RMSprop
from minitf.keras.optimizers.sgd import SGD

_KNOWN: dict[str, Any] = {"sgd": SGD, "adam": Adam, "adamw": AdamW, "rmsprop": RMSprop}


def get(identifier: Any) -> Optimizer:
    """The optimizer a name stands for, with its default settings; optimizers pass through.

    Raises:
        ValueError: the name is not known.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str):
        return find(identifier, _KNOWN, "optimizer")()
    if identifier in _KNOWN.values():
        return identifier()
    raise not_understood(identifier, "optimizer", "adam")


__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop", "get", "schedules"]
