"""prefetch: a thread makes the next elements while the current one is used.

    ds.map(decode).batch(32).prefetch(2)

It pays where making an element waits for a disk or spends its time inside NumPy: other Python code
of one process runs one line at a time.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

from minitf.data.dataset import AUTOTUNE, Dataset
from minitf.data.transformations import Transformation
from minitf.errors import InvalidArgumentError

_ELEMENT, _ERROR, _END = "element", "error", "end"


class Prefetch(Transformation):
    """The same elements, made ahead."""

    def __init__(self, source: Dataset, buffer_size: int) -> None:
        super().__init__(source)
        if buffer_size < 0 and buffer_size != AUTOTUNE:
            raise InvalidArgumentError(
                f"buffer_size must be >= 0, or tf.data.AUTOTUNE (-1), got {buffer_size}."
            )
        self._buffer_size = 2 if buffer_size == AUTOTUNE else buffer_size

    def _walk(self) -> Iterator[Any]:
        if self._buffer_size == 0:
            return self._source._walk()
        return _made_ahead(self._source, self._buffer_size)

    def _rows(self) -> Any:
        return self._source._rows()  # a batch() behind it picks rows itself


def _made_ahead(source: Dataset, size: int) -> Iterator[Any]:
    ready: queue.Queue = queue.Queue(size)
    stopped = threading.Event()
    maker = threading.Thread(target=_make, args=(source, ready, stopped), daemon=True)
    maker.start()
    try:
        while True:
            kind, value = ready.get()
            if kind is _END:
                return
            if kind is _ERROR:
                raise value
            yield value
    finally:  # also when the loop around this one is left early
        stopped.set()
        while not ready.empty():  # the thread may be waiting for room
            ready.get_nowait()


def _make(source: Dataset, ready: queue.Queue, stopped: threading.Event) -> None:
    try:
        for element in source._walk():
            ready.put((_ELEMENT, element))
            if stopped.is_set():
                return
        ready.put((_END, None))
    except BaseException as error:  # the reader raises it, in its own thread
        ready.put((_ERROR, error))
