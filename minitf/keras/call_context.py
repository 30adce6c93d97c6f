"""What an outer call tells the layers inside it: `training`, and the names on the way.

    model(x, training=True)      # every Dropout inside sees training=True
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.state import state


class CallContext(threading.local):
    """Each thread has its own.

    Attributes:
        training: the flag of the innermost call that set one, or None.
        names: names of the layers now being built, outermost first.
        outermost: the layer or model whose call all others are part of, or None.
        weights_dtype: float weights are read in this dtype, None for their own.
    """

    training: bool | None = None
    names: tuple[str, ...] = ()
    outermost: Any = None
    weights_dtype: Any = None


context = CallContext()


@contextmanager
def name_scope(name: str) -> Iterator[None]:
    """Variables made inside have `name` in their path, once even if entered twice in a row."""
    outer = context.names
    if outer[-1:] != (name,):
        context.names = (*outer, name)
    try:
        yield
    finally:
        context.names = outer


@contextmanager
def unrecorded() -> Iterator[None]:
    """What runs inside is invisible to tapes: trial runs that only find out shapes."""
    outer = state.tapes
    state.tapes = ()
    try:
        yield
    finally:
        state.tapes = outer
