"""Arguments, as users give them: a misspelt one must not pass in silence, one may stand for a list.

refuse_unknown(layer, {"unit": 3})      # ValueError: ... Did you mean 'units'?
as_list("mae")                          # ["mae"]
"""

from __future__ import annotations

import difflib
import inspect
from typing import Any

# Names of older versions of Keras, still found in books.
RENAMED = {"lr": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "decay": "weight_decay"}


def refuse_unknown(owner: Any, unknown: dict[str, Any]) -> None:
    """Complains if there are any.

    Raises:
        ValueError: see above; the message lists the arguments there are.
    """
    if not unknown:
        return
    known = _arguments_of(type(owner))
    name = next(iter(unknown))
    close = difflib.get_close_matches(name, known, n=1)
    meant = RENAMED.get(name) or (close[0] if close else None)
    guess = f" Did you mean {meant!r}?" if meant in known else ""
    raise ValueError(
        f"Unrecognized keyword arguments passed to {type(owner).__name__}: {unknown}.{guess} It "
        f"knows {', '.join(known)}."
    )


def as_list(value: Any) -> list[Any]:
    """A list of what was given: none of None, one of a single thing."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _arguments_of(cls: type) -> list[str]:
    """The names of all arguments of __init__, those handed on to base classes included."""
    names: dict[str, None] = {}
    for base in cls.__mro__:
        if base is not object and "__init__" in vars(base):
            parameters = inspect.signature(vars(base)["__init__"]).parameters.values()
            kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
            names |= dict.fromkeys([p.name for p in parameters if p.kind not in kinds])
            if not any(p.kind is p.VAR_KEYWORD for p in parameters):
                break
    names.pop("self", None)
    return list(names)
