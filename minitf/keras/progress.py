"""What fit and evaluate print.

verbose=1: a bar that overwrites its own line, in a terminal or a notebook
    Epoch 1/5
    1875/1875 ━━━━━━━━━━━━━━━━━━━━ 1s 0.4ms/step - accuracy: 0.9261 - loss: 0.2593

verbose=2: one line per epoch, without timings, so that two runs print the same
    Epoch 1/5 - accuracy: 0.9261 - loss: 0.2593
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from minitf.keras.callbacks import Callback

_WIDTH = 20
_REDRAW_EVERY = 0.1  # seconds


def progress_callback(verbose: int | str) -> Callback | None:
    """The callback for a `verbose` argument; None for silence.

    Raises:
        ValueError: not 0, 1, 2 or "auto".
    """
    if verbose not in ("auto", 0, 1, 2):
        raise ValueError(f"`verbose` must be 0, 1, 2 or 'auto', got {verbose!r}.")
    if not verbose:
        return None
    if verbose == 2 or not _can_overwrite():
        return EpochLines()
    return ProgressBar()


class EpochLines(Callback):
    """One line per epoch, or for a whole evaluation."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Prints the epoch's values."""
        print(f"Epoch {epoch + 1}/{self.params['epochs']}{values_text(logs)}", flush=True)

    def on_test_end(self, logs: Any = None) -> None:
        """Prints the evaluation's values."""
        print(values_text(logs).removeprefix(" - "), flush=True)


class ProgressBar(Callback):
    """A bar for each epoch, drawn anew every tenth of a second."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts a bar."""
        print(f"Epoch {epoch + 1}/{self.params['epochs']}", flush=True)
        self._begin()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Moves the bar."""
        self._move(batch + 1, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Draws the full bar, with the validation's values."""
        self._end(logs)

    def on_test_begin(self, logs: Any = None) -> None:
        """Starts a bar."""
        self._begin()

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Moves the bar."""
        self._move(batch + 1, logs)

    def on_test_end(self, logs: Any = None) -> None:
        """Draws the full bar."""
        self._end(logs)

    def on_predict_begin(self, logs: Any = None) -> None:
        """Starts a bar."""
        self._begin()

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        """Moves the bar."""
        self._move(batch + 1, logs)

    def on_predict_end(self, logs: Any = None) -> None:
        """Draws the full bar."""
        self._end({})

    def _begin(self) -> None:
        self._start = self._drawn = time.perf_counter()
        self._done = self._longest = 0

    def _move(self, done: int, logs: Any) -> None:
        self._done = done
        now = time.perf_counter()
        if now - self._drawn >= _REDRAW_EVERY:
            self._drawn = now
            self._draw(logs, now - self._start)

    def _end(self, logs: Any) -> None:
        self._draw(logs, time.perf_counter() - self._start)
        print(flush=True)

    def _draw(self, logs: Any, seconds: float) -> None:
        total = self.params["steps"]
        text = f"{self._done}/{total or '?'} {_bar(self._done, total)} "
        text += f"{seconds:.0f}s {1000 * seconds / max(1, self._done):.1f}ms/step"
        text += values_text(logs)
        self._longest = max(self._longest, len(text))
        print("\r" + text.ljust(self._longest), end="", flush=True)


def values_text(logs: Any) -> str:
    """- accuracy: 0.9261 - loss: 0.2593"""
    return "".join(f" - {name}: {_number(value)}" for name, value in sorted(logs.items()))


def _number(value: Any) -> str:
    if np.ndim(value):  # one figure per class
        return f"[{' '.join(map(_number, np.ravel(value)))}]"
    value = float(value)
    return f"{value:.4f}" if abs(value) > 1e-3 or value == 0 else f"{value:.4e}"


def _bar(done: int, total: int | None) -> str:
    full, empty = ("━", "─") if _can_print("━─") else ("=", "-")
    filled = _WIDTH * min(done, total) // total if total else 0
    return full * filled + empty * (_WIDTH - filled)


def _can_print(text: str) -> bool:
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _can_overwrite() -> bool:
    """True in a terminal and in a notebook, where \\r goes back to the start of the line."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        return True
    return sys.stdout is not None and sys.stdout.isatty()
