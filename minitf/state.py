"""What is going on in this thread: which tapes record, and whether a function is being traced.

    state.tapes     tapes now recording, outermost first
    state.tracer    the graph being built, or None in eager mode
"""

from __future__ import annotations

import threading
from typing import Any


class ThreadState(threading.local):
    """Each thread sees its own values, so a tape belongs to the thread that opened it."""

    tapes: tuple[Any, ...] = ()
    tracer: Any = None


state = ThreadState()
