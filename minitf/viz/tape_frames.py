"""The film of one or two tapes: frames in which rows are written, then read backwards.

    reel = Reel("tape", tape, tape_views.records(tape), loss, namer)
    frames = film([reel], namer, line_of)       # a list of Frame
    frames[0].sentence                          # "Nothing has run yet. The tape is empty."

With two tapes the inner one comes first. The time line is that of the program: what both record,
the backward pass of the inner tape (its operations may be rows of the outer one), what else the
outer tape records, and the outer tape's backward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from minitf.graph_names import Namer, outputs_of
from minitf.tape import GradientTape
from minitf.viz.tape_rows import BackwardStep, Row, backward_steps, brief_text, leaf_gradients
from minitf.viz.tape_rows import table_of as rows_of


@dataclass(frozen=True)
class Frame:
    """One moment.

    Attributes:
        phase: "start", "forward" (a row is written), "seed", "reverse" or "done".
        sentence: what happens, with its numbers.
        tape: index of the tape it is about.
        line: index of the source line to light up, or None.
        shown: number of rows each tape has so far.
        now: the row it is about, per tape, or None.
        upstream: [[tape, row, text], ...] that become known.
        parts: the rule with its numbers, one entry per input that receives something.
        arrived: {name: what has arrived so far} for watched values the tape starts from.
        memory: bytes each tape keeps alive.
    """

    phase: str
    sentence: str
    tape: int
    line: int | None
    shown: tuple[int, ...]
    now: tuple[int | None, ...]
    memory: tuple[int, ...]
    upstream: tuple[tuple[int, int, str], ...] = ()
    parts: tuple[dict[str, Any], ...] = ()
    arrived: dict[str, str] = field(default_factory=dict)


class Reel:
    """One tape, what it was asked for, and what is known of it.

    Args:
        name: of the tape's variable.
        tape: the tape itself.
        records: all it recorded.
        target: what is differentiated.
        namer: knows the learner's names.
        ask_line: index of the line that asks for the gradient, if there is one.

    Attributes:
        rows, steps: the tape forwards and backwards.
        gradients: what the pass finds, by name; None: no path.
    """

    def __init__(
        self,
        name: str,
        tape: GradientTape,
        records: list[Any],
        target: Any,
        namer: Namer,
        ask_line: int | None = None,
    ) -> None:
        self.name, self.tape, self.records, self.target = name, tape, records, target
        self.ask_line = ask_line
        self.rows: list[Row] = rows_of(records, namer)
        self.is_connected = any(target.id in _output_ids(record) for record in records)
        self.target_name = namer.leaf(target)
        self.gradients = leaf_gradients(records, target, namer)
        self.steps: list[BackwardStep] = []


def film(
    reels: list[Reel], namer: Namer, line_of: Callable[[Any], int | None] = lambda record: None
) -> list[Frame]:
    """All frames, in the order of the program.

    Args:
        reels: one tape, or the inner and the outer one.
        namer: as given to the reels.
        line_of: the index of the source line that made a record.
    """
    return _Film(reels, namer, line_of).make()


class _Film:
    """Builds the frames; see the module's docstring."""

    def __init__(self, reels: list[Reel], namer: Namer, line_of: Callable[[Any], int | None]):
        self.reels, self.namer, self.line_of = reels, namer, line_of
        self.frames: list[Frame] = []
        self.shown = [0] * len(reels)
        self.memory = [0] * len(reels)

    def make(self) -> list[Frame]:
        inner, outer = self.reels[0], self.reels[-1]
        nested = outer is not inner
        inner.steps = backward_steps(
            inner.records, inner.target, self.namer, outer.tape if nested else None
        )
        self._start()
        end = inner.rows[-1].output_id if inner.rows else 0
        first = [sum(row.output_id <= end for row in reel.rows) for reel in self.reels]
        self._record_until(first)
        self._backward(0, self._copies(first) if nested else [])
        if nested:
            outer.steps = backward_steps(outer.records, outer.target, self.namer)
            self._record_until([len(reel.rows) for reel in self.reels])
            self._backward(1, [])
        return self.frames

    # -- writing

    def _start(self) -> None:
        empty = "The tape is empty." if len(self.reels) == 1 else "Both tapes are empty."
        self._add("start", f"Nothing has run yet. {empty}", 0, None)

    def _record_until(self, ends: list[int]) -> None:
        """Frames for the rows up to `ends`; one frame where both tapes write the same one."""
        while any(have < end for have, end in zip(self.shown, ends, strict=True)):
            waiting = {
                t: self.reels[t].rows[self.shown[t]].output_id
                for t, end in enumerate(ends)
                if self.shown[t] < end
            }
            first = min(waiting.values())
            self._record([t for t, value in waiting.items() if value == first])

    def _record(self, writing: list[int]) -> None:
        now: list[int | None] = [None] * len(self.reels)
        for t in writing:
            now[t] = self.shown[t]
            self.shown[t] += 1
            self.memory[t] = self.reels[t].rows[self.shown[t] - 1].total
        t = writing[0]
        last = self.shown[t] - 1
        row, record = self.reels[t].rows[last], self.reels[t].records[last]
        who = " and ".join(self._title(t) for t in writing)
        both = len(writing) > 1
        keep = "keep" if both else "keeps"
        kept = f" and {keep} {_listed(row.keeps)}" if row.keeps else ", nothing new is kept"
        written = "write it down" if both else f"writes row {self.shown[t]}"
        what = f"{row.output} = {row.text}" + (f" = {row.value}" if row.value != row.text else "")
        if row.op == "ReadVariableOp":
            what = f"The variable {row.inputs[0]} is read: {row.value}"
        sentence = f"{what}. {who[0].upper()}{who[1:]} {written}{kept}."
        self._add("forward", sentence, t, self.line_of(record), now=now)

    # -- reading backwards

    def _backward(self, t: int, copies: list[int]) -> None:
        """Frames for one backward pass; `copies` says how many outer rows each step wrote."""
        reel = self.reels[t]
        target = reel.target_name
        if not reel.is_connected:
            nothing = f"{self._title(t, True)} has no row that made {target}: nothing to read."
            sentence = f"{nothing} The gradient is None. {self._let_go(t)}"
            self._add("done", sentence, t, reel.ask_line)
            return
        self._add(
            "seed",
            f"{self._title(t, True)} is read backwards, from its last row to its first. "
            f"It starts with ∂{target}/∂{target} = {_seed_text(reel.target)}.",
            t,
            reel.ask_line,
        )
        expected = len(reel.rows) - 1
        for k, step in enumerate(reel.steps):
            self._read(t, step, expected, copies[k] if k < len(copies) else 0)
            expected = step.row - 1
        self._done(t, expected)

    def _read(self, t: int, step: BackwardStep, expected: int, written: int) -> None:
        reel = self.reels[t]
        row = reel.rows[step.row]
        skipped = _skipped(step.row + 1, expected)
        now: list[int | None] = [None] * len(self.reels)
        now[t] = step.row
        more = ""
        if written:
            first = self.shown[1] + 1
            self.shown[1] += written
            self.memory[1] = self.reels[1].rows[self.shown[1] - 1].total
            rows = f"row {first}" if written == 1 else f"rows {first} to {self.shown[1]}"
            more = f" This computation is itself recorded: {rows} of {self._title(1)}."
        told = "; ".join(f"{part.name} receives {part.text}" for part in step.parts)
        told = told or "No gradient passes it"
        made = row.text if row.op == "ReadVariableOp" else f"{row.output} = {row.text}"
        what = f"Row {step.row + 1}, {made}: upstream {step.upstream}."
        sentence = f"{skipped}{what} {told}.{more}"
        self._add(
            "reverse",
            sentence,
            t,
            self.line_of(reel.records[step.row]),
            now=now,
            upstream=((t, step.row, step.upstream),),
            parts=tuple([vars(part) for part in step.parts]),
            arrived={p.name: p.total for p in step.parts if p.name in reel.gradients},
        )

    def _done(self, t: int, expected: int) -> None:
        reel = self.reels[t]
        found = ", ".join(
            f"∂{reel.target_name}/∂{name} = {'None' if g is None else brief_text(g)}"
            for name, g in reel.gradients.items()
        )
        sentence = f"{_skipped(0, expected)}Done: {found}. {self._let_go(t)}"
        self._add("done", sentence, t, reel.ask_line)

    def _let_go(self, t: int) -> str:
        """What gradient() does to the rows, in words."""
        if self.reels[t].tape._persistent:
            return f"The tape is persistent: it keeps its {self.memory[t]} bytes."
        self.memory[t] = 0
        return f"{self._title(t, True)} lets its rows go: 0 bytes are kept."

    def _copies(self, first: list[int]) -> list[int]:
        """How many outer rows each step of the inner backward pass wrote; [] if none."""
        inner, outer = self.reels
        wrote = [name for step in inner.steps for name in step.wrote]
        rows = [row.op for row in outer.rows[first[1] : first[1] + len(wrote)]]
        return [len(step.wrote) for step in inner.steps] if rows == wrote else []

    def _title(self, t: int, capital: bool = False) -> str:
        name = self.reels[t].name
        text = "the tape" if len(self.reels) == 1 else f"the {name} tape"
        return text[0].upper() + text[1:] if capital else text

    def _add(
        self, phase: str, sentence: str, t: int, line: int | None, now: Any = None, **more: Any
    ) -> None:
        now = tuple(now or [None] * len(self.reels))
        self.frames.append(
            Frame(phase, sentence, t, line, tuple(self.shown), now, tuple(self.memory), **more)
        )


def _output_ids(record: Any) -> list[int]:
    return [x.id for x in outputs_of(record)]


def _seed_text(target: Any) -> str:
    return "1" if target.ndim == 0 else f"ones of shape {tuple(target.shape)}"


def _skipped(low: int, high: int) -> str:
    """A sentence about the rows `low` to `high` (counted from 0), which nothing flows back to."""
    if low > high:
        return ""
    if low == high:
        return f"Row {low + 1} is skipped: nothing flows back to it. "
    return f"Rows {high + 1} to {low + 1} are skipped: nothing flows back to them. "


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([*[", ".join(names[:-1])][: len(names) > 1], names[-1]])
