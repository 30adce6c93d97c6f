"""Names for things: "relu", "mse", "adam" stand for the objects they name.

    find("mse", {"mse": MeanSquaredError}, "loss")    -> MeanSquaredError
    find("msse", ...)                                 -> ValueError: Did you mean 'mse'?
"""

from __future__ import annotations

import difflib
from typing import Any, TypeVar

T = TypeVar("T")


def find(name: str, known: dict[str, T], kind: str) -> T:
    """The entry of `known` under that name, in lower case or as written.

    Raises:
        ValueError: nothing goes by that name; the message lists what there is.
    """
    for key in (name, name.lower()):
        if key in known:
            return known[key]
    close = difflib.get_close_matches(name.lower(), known, n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    raise ValueError(
        f"Could not interpret the {kind} identifier {name!r}.{guess} Known names: "
        f"{', '.join(sorted(known))}."
    )


def name_of(function: Any) -> str:
    """A function's name; of a functools.partial that of the function inside."""
    function = getattr(function, "func", function)
    return getattr(function, "__name__", type(function).__name__)


def not_understood(identifier: Any, kind: str, example: str) -> ValueError:
    """The error for an identifier of a wrong type."""
    return ValueError(
        f"Could not interpret the {kind} {identifier!r}: give a name such as {example!r}, an "
        f"object, or a function."
    )
