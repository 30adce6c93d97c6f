"""Which line of the learner's source made a value, and inside which layers and name scopes.

    with tf.inspect.origins() as where, tf.GradientTape() as tape:
        loss = f(x)
    where.of(loss)                     # Origin(line=2, source="loss = f(x)", group="")
    spec = tf.inspect.graph(tape, loss)    # its nodes know their lines and groups

Looking for a line costs more than most operations, so nobody looks unless asked: an `Origins`
listens to every operation of its block like one more tape. Tapes themselves know nothing of it.
"""

from __future__ import annotations

import contextlib
import linecache
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, NamedTuple

from minitf.state import listening, state

_MANY_FRAMES = 80  # deeper calls than this are no learner's
_ASSIGNS = re.compile(r"(\w+)\s*=[^=]")


class Origin(NamedTuple):
    """Where a value comes from.

    Attributes:
        file, line: of the innermost line that is not minitf's.
        source: that line's text, stripped.
        group: name scopes and layers around it, outermost first, "/" between; "" for none.
    """

    file: str
    line: int
    source: str
    group: str


class Origins:
    """Listens to operations and notes their origins, by the ids of their results."""

    def __init__(self) -> None:
        self._noted: dict[int, Origin] = {}

    def of(self, value: Any) -> Origin | None:
        """The origin of a tensor; None if it was not made in the block."""
        return self._noted.get(value.id)

    def names(self) -> dict[int, str]:
        """Id -> name, for the results of lines of the form `name = ...`.

        The last operation of a line makes its result. A line that ran twice names nothing; of
        two values with one name the later one has it.
        """
        last: dict[tuple[str, int], int] = {}
        repeated = set()
        before = None
        for value_id, origin in self._noted.items():
            place = origin.file, origin.line
            if place in last and place != before:
                repeated.add(place)
            last[place], before = value_id, place
        owner: dict[str, int] = {}
        for place, value_id in last.items():
            assigned = _ASSIGNS.match(self._noted[value_id].source)
            if assigned and place not in repeated:
                owner[assigned[1]] = value_id
        return {value_id: name for name, value_id in owner.items()}

    # Called by execute and by variables, as for a tape.

    def _record(self, op: Any, inputs: tuple, attrs: dict, output: Any) -> None:
        origin = _here()
        if origin is not None:
            for x in output if type(output) is tuple else (output,):
                self._noted[x.id] = origin

    def _record_read(self, variable: Any, snapshot: Any) -> None:
        origin = _here()
        if origin is not None and snapshot.id not in self._noted:
            self._noted[snapshot.id] = origin

    def _note_numpy(self, tensor: Any) -> None:
        pass

    def _note_assign(self, variable: Any, value: Any) -> None:
        pass


_latest = Origins()


@contextlib.contextmanager
def origins() -> Iterator[Origins]:
    """Notes the origin of every value made in this block; `inspect.graph` shows them."""
    global _latest
    where = _latest = Origins()
    with listening(where):
        yield where


def latest_origins() -> Origins:
    """What the newest block noted. Ids are never used twice, so old notes fit no new value."""
    return _latest


def _here() -> Origin | None:
    """The learner's line that is running, and the layers it is in."""
    place: tuple[str, int] | None = None
    layers: list[str] = []
    frame: FrameType | None = sys._getframe(2)
    for _ in range(_MANY_FRAMES):
        if frame is None:
            break
        code = frame.f_code
        if place is None and not frame.f_globals.get("__name__", "").startswith("minitf"):
            place = code.co_filename, frame.f_lineno
        if code.co_name == "__call__":
            layers += _layer_names(frame)
        if code.co_name == "<module>":
            break
        frame = frame.f_back
    if place is None:
        return None
    group = "/".join([*state.scope.rstrip("/").split("/"), *reversed(layers)]).strip("/")
    return Origin(*place, linecache.getline(*place).strip(), group)


def _layer_names(frame: FrameType) -> list[str]:
    """The name of the layer whose `__call__` this is, if it is one's."""
    owner = frame.f_locals.get("self")
    name = getattr(owner, "name", None)
    return [name] if isinstance(name, str) and hasattr(owner, "call") else []
