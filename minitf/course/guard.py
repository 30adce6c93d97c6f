"""A time limit around code that may never end.

    with time_limit(5):
        learner_function()

On Linux and macOS a timer signal interrupts the main thread, again and again every 0.2 s so that
`except BaseException: pass` inside a loop cannot swallow it for ever. On Windows a timer thread
asks the interpreter to interrupt the main thread. Neither can stop one long call into C code; the
grader's cell timeout covers that.
"""

from __future__ import annotations

import _thread
import contextlib
import signal
import threading
from collections.abc import Iterator


class TimeIsUp(BaseException):
    """Raised inside the guarded code; not an Exception, so `except Exception` lets it through."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeIsUp` when the body runs longer than `seconds`."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread can be interrupted; kernels run cells there
    elif hasattr(signal, "setitimer"):
        yield from _by_signal(seconds)
    else:
        yield from _by_timer_thread(seconds)


def _by_signal(seconds: float) -> Iterator[None]:
    def ring(signum: int, frame: object) -> None:
        raise TimeIsUp

    previous = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _by_timer_thread(seconds: float) -> Iterator[None]:
    rung = threading.Event()

    def ring() -> None:
        rung.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if rung.is_set():
            raise TimeIsUp from None
        raise
    finally:
        timer.cancel()
