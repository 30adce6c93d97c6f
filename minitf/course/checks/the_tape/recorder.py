"""Exercise ch04.recorder: a block that writes down what runs in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.checks.the_tape.tools import ReferenceRecorder, clean_workbench
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import TAPES, Value


def _ops(names: Any) -> Any:
    x, w = Value(2.0), Value(3.0)
    with clean_workbench(), names.Recorder() as tape:
        abs(x * w + x)
    return [entry.op for entry in tape.entries]


def _whole_entry(names: Any, p: float, q: float) -> Any:
    x, w = Value(np.float64(p)), Value(np.float64(q))
    with clean_workbench(), names.Recorder() as tape:
        y = x * w
    (entry,) = tape.entries
    same = entry.inputs[0] is x and entry.inputs[1] is w and entry.output is y
    return {"op": entry.op, "output": entry.output.data, "the same Values": same}


def _around(names: Any) -> Any:
    x = Value(2.0)
    with clean_workbench():
        tape = names.Recorder()
        y = x * x
        with tape as given:
            y = y * x
        y = -(y * x)
        return {"entries": len(given.entries), "as gives the recorder": given is tape}


def _nested(names: Any) -> Any:
    x, w = Value(2.0), Value(3.0)
    with clean_workbench():
        with names.Recorder() as outer:
            y = x * w
            with names.Recorder() as inner:
                y = y + x
            y = y - w
        return {
            "outer": [entry.op for entry in outer.entries],
            "inner": [entry.op for entry in inner.entries],
            "still open": len(TAPES),
        }


def _one_after_the_other(names: Any) -> Any:
    x = Value(2.0)
    with clean_workbench():
        with names.Recorder() as first:
            x + x
        with names.Recorder() as second:
            x * x
    return [[entry.op for entry in tape.entries] for tape in (first, second)]


def _error_inside(names: Any) -> Any:
    with clean_workbench():
        raised = "nothing"
        try:
            with names.Recorder():
                Value(1.0) + Value(2.0)
                raise ZeroDivisionError("on purpose")
        except ZeroDivisionError:
            raised = "ZeroDivisionError"
        return {"came out of the block": raised, "still open": len(TAPES)}


def _error_in_the_inner_block(names: Any) -> Any:
    x = Value(2.0)
    with clean_workbench(), names.Recorder() as outer:
        try:
            with names.Recorder():
                raise ZeroDivisionError("on purpose")
        except ZeroDivisionError:
            x + x
    return [entry.op for entry in outer.entries]


def probe_recorder(rng: np.random.Generator) -> Iterator[Probe]:
    """Order, whole entries, nothing outside the block, nested blocks, errors inside."""
    p, q = (round(float(v), 2) for v in rng.uniform(-3, 3, 2))
    entry = {"op": "mul", "output": p * q, "the same Values": True}
    yield Probe(
        "the operations of abs(x * w + x)", (), ["mul", "add", "abs"], call=_ops,
        likely="no entries: the recorder itself has to be in TAPES, and must keep its entries "
        "after the block. (If you assigned to TAPES, run the setup cell again.) Too many: make a "
        "new list in __init__.",
    )  # fmt: skip
    yield Probe(f"the whole entry of {p} · {q}", (p, q), entry, call=_whole_entry)
    around = {"entries": 1, "as gives the recorder": True}
    yield Probe("one operation inside, three outside", (), around, call=_around)
    nested = {"outer": ["mul", "add", "sub"], "inner": ["add"], "still open": 0}
    yield Probe("a block in a block: the outer one hears all", (), nested, call=_nested, edge=True)
    yield Probe(
        "two recorders, one after the other", (), [["add"], ["mul"]],
        call=_one_after_the_other, edge=True,
    )  # fmt: skip
    error = {"came out of the block": "ZeroDivisionError", "still open": 0}
    yield Probe("an error inside the block", (), error, call=_error_inside, edge=True)
    yield Probe(
        "an error in an inner block, then x + x", (), ["add"],
        call=_error_in_the_inner_block, edge=True,
    )  # fmt: skip


class EnterReturnsNothing(ReferenceRecorder):
    def __enter__(self):
        TAPES.append(self)


class StaysOpen(ReferenceRecorder):
    def __exit__(self, *exception):
        pass


class StaysOpenAfterError(ReferenceRecorder):
    def __exit__(self, *exception):
        if exception[0] is None:
            TAPES.remove(self)


class SwallowsErrors(ReferenceRecorder):
    def __exit__(self, *exception):
        TAPES.remove(self)
        return True


# A source text: each time it is run it makes a class of its own, with a list of its own.
SHARES_ENTRIES = """
from minitf.course.workbench import TAPES

class Recorder:
    entries = []

    def record(self, entry):
        self.entries.append(entry)

    def __enter__(self):
        TAPES.append(self)
        return self

    def __exit__(self, *exception):
        TAPES.remove(self)
"""


class ClosesAll(ReferenceRecorder):
    def __exit__(self, *exception):
        TAPES.clear()


class ClosesTheOutermost(ReferenceRecorder):
    def __exit__(self, *exception):
        TAPES.pop(0)


class PushesOthersAside(ReferenceRecorder):
    def __enter__(self):
        self.others = TAPES[:]
        TAPES[:] = [self]
        return self

    def __exit__(self, *exception):
        TAPES[:] = self.others


class FromCreation(ReferenceRecorder):
    def __init__(self):
        super().__init__()
        TAPES.append(self)

    def __enter__(self):
        return self


class NamesOnly(ReferenceRecorder):
    def record(self, entry):
        self.entries.append(entry.op)


class PullsEntriesApart(ReferenceRecorder):
    def record(self, entry):
        self.entries += entry


class NewestFirst(ReferenceRecorder):
    def record(self, entry):
        self.entries.insert(0, entry)


class LastOnly(ReferenceRecorder):
    def record(self, entry):
        self.entries = [entry]


class WithPop:
    """Blocks close in the reverse of the order in which they opened, so the last one is ours."""

    def __init__(self):
        self.entries = []

    def record(self, entry):
        self.entries = [*self.entries, entry]

    def __enter__(self):
        TAPES.insert(len(TAPES), self)
        return self

    def __exit__(self, kind, error, traceback):
        TAPES.pop()
        return False


RECORDER = Exercise(
    id="ch04.recorder",
    title="A block that takes notes",
    names=("Recorder",),
    points=3,
    minutes=9,
    difficulty=2,
    importance=5,
    probes=probe_recorder,
    hints=(
        "TAPES is the list of all who listen. What has to happen to it when the block begins, and "
        "what when it ends?",
        "__enter__ appends self to TAPES and returns self. __exit__ removes self. It also runs "
        "when the block raised an error, so nothing else is needed for that.",
        "record: self.entries.append(entry). __enter__: TAPES.append(self), then return self. "
        "__exit__: TAPES.remove(self), and return nothing.",
    ),
    mutants=(
        Mutant(
            "enter_returns_nothing",
            EnterReturnsNothing,
            "`with Recorder() as tape` gives tape what __enter__ returns: return self.",
        ),
        Mutant(
            "stays_open",
            StaysOpen,
            "after the block your recorder is still in TAPES and goes on recording: remove it.",
        ),
        Mutant(
            "stays_open_after_error",
            StaysOpenAfterError,
            "after an error in the block the recorder must leave TAPES just the same.",
        ),
        Mutant(
            "swallows_errors",
            SwallowsErrors,
            "an __exit__ that returns True hides every error of the block. Return nothing.",
        ),
        Mutant(
            "shares_entries",
            SHARES_ENTRIES,
            "all recorders write into one list. Make a new list for each, in __init__.",
        ),
        Mutant(
            "closes_all",
            ClosesAll,
            "your __exit__ also closes the blocks around it: remove self, and nothing else.",
        ),
        Mutant(
            "closes_the_outermost",
            ClosesTheOutermost,
            "you close the first tape of the list, which is the outermost block: remove self.",
        ),
        Mutant(
            "pushes_others_aside",
            PushesOthersAside,
            "while an inner block is open, the outer one has to hear of its operations as well.",
        ),
        Mutant(
            "from_creation",
            FromCreation,
            "it records from the moment it is made; it should begin with the block (__enter__).",
        ),
        Mutant(
            "names_only",
            NamesOnly,
            "keep the whole entry. A rule will need its inputs and its output.",
        ),
        Mutant(
            "pulls_entries_apart",
            PullsEntriesApart,
            "`+=` on a list adds the four fields of the entry one by one: use append(entry).",
        ),
        Mutant(
            "newest_first",
            NewestFirst,
            "write entries in the order in which they ran. Turning round comes on the way back.",
        ),
        Mutant("last_only", LastOnly, "each entry replaces the one before: append to the list."),
    ),
    alternatives=(WithPop,),
    meaning="It listens and knows no derivative: recording and differentiating are two things.",
)
