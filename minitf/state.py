"""What is going on in this thread: which tapes record, and whether a function is being traced.

state.tapes     tapes now recording, outermost first
state.tracer    the graph being built, or None in eager mode
state.on_arrays a gradient rule runs on bare NumPy values: operations answer with such
state.scope     what tf.name_scope puts before the names of new variables, such as "layer/"
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any


class ThreadState(threading.local):
    """Each thread sees its own values, so a tape belongs to the thread that opened it."""

    tapes: tuple[Any, ...] = ()
    tracer: Any = None
    on_arrays: bool = False
    scope: str = ""


state = ThreadState()


@contextlib.contextmanager
def listening(listener: Any) -> Iterator[None]:
    """Offers `listener` every operation of this block, as if it were one more tape."""
    state.tapes = (*state.tapes, listener)
    try:
        yield
    finally:
        state.tapes = tuple([tape for tape in state.tapes if tape is not listener])


@contextlib.contextmanager
def unobserved() -> Iterator[None]:
    """No tape sees the operations of this block: for looking at a tape without adding to it."""
    tapes, state.tapes = state.tapes, ()
    try:
        yield
    finally:
        state.tapes = tapes
