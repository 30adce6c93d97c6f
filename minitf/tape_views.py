"""What pictures may read of a tape, beyond the ready-made views of inspect.py.

rows = tape_views.rows(tape)              # one tuple per operation, as a Record
tape_views.is_watched(tape, x)
"""

from __future__ import annotations

from typing import Any

from minitf.backward import Record
from minitf.tape import GradientTape


def records(tape: GradientTape) -> list[Record]:
    """What it has recorded and not yet let go, in order."""
    return [Record._make(row) for row in tape._rows]


def rows(tape: GradientTape) -> list[tuple]:
    """The tape's own list, which it replaces by an empty one when it lets its records go."""
    return tape._rows


def is_watched(tape: GradientTape, value: Any) -> bool:
    """True if the tape watches this tensor or variable."""
    return value.id in tape._watched


def watch_the_same(tape: GradientTape, other: GradientTape) -> None:
    """Lets `tape` watch every value that `other` watches."""
    tape._watched.update(other._watched)


def severed(tape: GradientTape) -> dict[int, dict[int, tuple]]:
    """Id of a value -> {id of a watched value: why the path from it ended there}."""
    return tape._notes.severed
