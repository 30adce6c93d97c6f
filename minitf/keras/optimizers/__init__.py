"""Optimizers: from gradients to new values. base.py says what all have in common.

    tf.keras.optimizers.Adam(1e-3)
    tf.keras.optimizers.get("sgd")
"""

from __future__ import annotations

from typing import Any

from minitf.keras.identifiers import find, not_understood
from minitf.keras.optimizers import schedules
from minitf.keras.optimizers.adadelta import Adadelta
from minitf.keras.optimizers.adagrad import Adagrad
from minitf.keras.optimizers.adam import Adam, AdamW
from minitf.keras.optimizers.adamax import Adamax
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.flat import flat_step as _flat_step  # noqa: F401 - for traced steps
from minitf.keras.optimizers.loss_scale import LossScaleOptimizer
from minitf.keras.optimizers.nadam import Nadam
from minitf.keras.optimizers.rmsprop import RMSprop
from minitf.keras.optimizers.sgd import SGD
from minitf.keras.saving import serialization as saving

_CLASSES: tuple[Any, ...] = (
    Adadelta, Adagrad, Adam, AdamW, Adamax, LossScaleOptimizer, Nadam, RMSprop, SGD,
)  # fmt: skip
_KNOWN: dict[str, Any] = {cls.__name__.lower(): cls for cls in _CLASSES}


def get(identifier: Any) -> Optimizer:
    """The optimizer a name stands for, with its default settings; optimizers pass through.

    Raises:
        ValueError: the name is not known.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str):
        return find(identifier, _KNOWN, "optimizer")()
    if isinstance(identifier, type):
        return get(identifier())
    if isinstance(identifier, dict):
        return deserialize(identifier)
    raise not_understood(identifier, "optimizer", "adam")


def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """Class and arguments of an optimizer as plain data."""
    return saving.serialize(optimizer)


def deserialize(config: dict[str, Any]) -> Optimizer:
    """The optimizer that `serialize` described, without slots."""
    return saving.deserialize(config)


__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "LossScaleOptimizer",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]
