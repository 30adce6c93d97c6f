"""States of random generators as plain data: to go on drawing where one left off.

    state = get_state(generator)      # fit for JSON
    set_state(generator, state)       # the next draws are the same again
"""

from __future__ import annotations

from typing import Any

import numpy as np


def get_state(generator: np.random.Generator) -> dict[str, Any]:
    """The state of a NumPy generator as whole numbers and texts."""
    return dict(generator.bit_generator.state)


def set_state(generator: np.random.Generator, state: dict[str, Any]) -> None:
    """Puts a generator of the same kind into a state.

    Raises:
        ValueError: not a state of this kind of generator.
    """
    try:
        generator.bit_generator.state = state
    except (KeyError, TypeError) as error:
        raise ValueError(f"Not the state of a random generator: {error}.") from None


def generators_in(layer: Any) -> list[np.random.Generator]:
    """The generators of a Keras layer and of all layers inside it, such as those of Dropout."""
    return [
        value
        for inner in layer._all_layers()
        for value in vars(inner).values()
        if isinstance(value, np.random.Generator)
    ]
