"""Averages of the variables over the last steps: often better weights than the last step's own.

    optimizer = tf.keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.99)
    model.compile(optimizer, "mse")
    model.fit(x, y)                       # at its end the averages replace the weights

average ← momentum · average + (1 - momentum) · w      after every step; after the first, w itself

Source: Polyak and Juditsky (1992), with exponentially fading weights as in Keras.
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.optimizers.slot import Slot


def checked_momentum(momentum: float, overwrite_frequency: int | None) -> None:
    """Checks the two arguments.

    Raises:
        ValueError: a momentum outside [0, 1], or a frequency below 1 (0 counts as None).
    """
    if not 0 <= momentum <= 1:
        raise ValueError(
            f"`ema_momentum` must be in the range [0, 1]. Received: ema_momentum={momentum}"
        )
    whole = isinstance(overwrite_frequency, int) and overwrite_frequency >= 1
    if overwrite_frequency and not whole:
        raise ValueError(
            "`ema_overwrite_frequency` must be an integer >= 1 or None. Received: "
            f"ema_overwrite_frequency={overwrite_frequency}"
        )


def update_average(slot: Slot, variable: tf.Variable, momentum: float, first: bool) -> None:
    """Takes the variable's new value into its average."""
    value, average = variable._value, slot.array
    if first:
        average[...] = value
        return
    number = value.dtype.type
    average *= number(momentum)
    average += number(1 - momentum) * value


def averaged(slot: Slot) -> Any:
    """The average as a fresh array, to become a variable's value."""
    return slot._read()._value
