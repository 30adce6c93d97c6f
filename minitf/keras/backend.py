"""Settings that Keras keeps in its backend.

    tf.keras.backend.clear_session()     # layer names start again at "dense"
"""

from __future__ import annotations

from minitf.keras.losses.classification import EPSILON
from minitf.keras.naming import clear_session

__all__ = ["clear_session", "epsilon", "floatx"]


def epsilon() -> float:
    """The number that probabilities are kept away from 0 and 1 by."""
    return EPSILON


def floatx() -> str:
    """The float type that layers use by default."""
    return "float32"
