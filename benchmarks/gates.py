"""How fast minitf wants to be: the one table of limits.

A ratio gate reads: ours / theirs must be at most `limit`; `stretch` is the goal beyond it. A gate
without `theirs` is a limit in the workload's own unit; one without `limit` is only a goal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measure import Row, ratio


@dataclass(frozen=True)
class Gate:
    """One limit.

    Attributes:
        workload, case, ours: the row that is judged.
        theirs: the contestant it is compared with, in the same case, or None.
        limit: the largest value that passes, or None if there is only a goal.
        stretch: the value we would like to reach.
        their_case: the case of `theirs`, if another one.
    """

    workload: str
    case: str
    ours: str
    theirs: str | None
    limit: float | None
    stretch: float | None = None
    their_case: str | None = None


SHORT, LONG = "999 operations", "99,999 operations"

GATES = (
    Gate("W1", "", "minitf/eager", "tensorflow/eager", 0.04),
    Gate("W1", "", "minitf/eager", "torch/eager", 0.35, 0.2),
    Gate("W1", "", "minitf/eager", "micrograd/eager", 1.0),
    Gate("W2", SHORT, "minitf/eager", "tensorflow/eager", 0.04),
    Gate("W2", SHORT, "minitf/eager", "torch/eager", 0.25),
    Gate("W2", SHORT, "minitf/eager", "micrograd/eager", 1.0),
    Gate("W2", LONG, "minitf/eager", "minitf/eager", 1.5, their_case=SHORT),
    Gate("W3", "b32", "minitf/eager", "tensorflow/eager", 0.12),
    Gate("W3", "b32", "minitf/eager", "torch/eager", 0.9),
    Gate("W3", "b32", "minitf/eager", "torch/fused", None, 0.9),
    Gate("W3", "b128", "minitf/eager", "tensorflow/eager", 0.12),
    Gate("W3", "b128", "minitf/eager", "torch/eager", 0.9),
    Gate("W3", "b128", "minitf/eager", "torch/fused", None, 0.9),
    Gate("W3", "b32", "minitf/traced", "tensorflow/function", 0.6),
    Gate("W3", "b32", "minitf/traced", "torch/eager", 0.8),
    Gate("W3", "b32", "minitf/traced", "torch/fused", 0.9),
    Gate("W3", "b32", "minitf/traced", "jax/jit", None, 1.0),
    Gate("W3", "b128", "minitf/traced", "tensorflow/function", 0.6),
    Gate("W3", "b128", "minitf/traced", "torch/eager", 0.8),
    Gate("W3", "b128", "minitf/traced", "torch/fused", 0.9),
    Gate("W3 epoch", "b32", "minitf/fit", "tensorflow/fit", 0.35),
    Gate("W3 epoch", "b32", "minitf/fit", "torch/fused", None, 0.9),
    Gate("W4", "b64", "minitf/eager", "tensorflow/eager", 0.2),
    Gate("W4", "b64", "minitf/eager", "torch/eager", None, 1.0),
    Gate("W4", "b64", "minitf/traced", "torch/eager", 0.9),
    Gate("W4", "b64", "minitf/traced", "tensorflow/function", 0.9),
    Gate("W4", "b64", "minitf/traced", "torch/fused", None, 0.8),
    Gate("W5", "1e6", "minitf/eager", "tensorflow/eager", 0.8),
    Gate("W5", "1e6", "minitf/traced", "tensorflow/function", 0.8),
    Gate("W5", "1e6", "minitf/traced", "torch/eager", 0.5),
    Gate("W5", "1e6", "minitf/traced", "jax/jit", None, 1.2),
    Gate("W5", "1e6", "minitf/traced", "tensorflow/XLA", None, 1.2),
    Gate("W6", "second derivative", "minitf/eager", "tensorflow/eager", 0.1),
    Gate("W6", "second derivative", "minitf/traced", "tensorflow/function", 0.6),
    Gate("W6", "HVP", "minitf/eager", "tensorflow/eager", 0.1),
    Gate("W6", "HVP", "minitf/traced", "tensorflow/function", 0.6),
    Gate("W7 import", "", "minitf/import", None, 0.15),
    Gate("W7 memory", "after import", "minitf/import", None, 50),
    Gate("W7 memory", "installed", "minitf/import", None, 3),
    Gate("W7 epoch memory", "b32", "minitf/fit", "torch/eager", 0.5),
)


@dataclass(frozen=True)
class Verdict:
    """A gate and what became of it.

    Attributes:
        value: the ratio (or the figure), None if it was not measured.
        outcome: "pass", "FAIL", "goal missed" (no failure), or why there is no value.
    """

    gate: Gate
    value: float | None
    outcome: str

    @property
    def stretched(self) -> bool:
        """Is the goal beyond the limit reached as well?"""
        goal = self.gate.stretch
        return goal is not None and self.value is not None and self.value <= goal


def judge(rows: Sequence[Row], gates: Sequence[Gate] = GATES) -> list[Verdict]:
    """A verdict for each gate whose workload was run."""
    known = {(row.workload, row.case, row.contestant): row for row in rows}
    workloads = {row.workload for row in rows}
    verdicts = []
    for gate in gates:
        if gate.workload not in workloads:
            continue
        needed = [(gate.workload, gate.case, gate.ours)]
        if gate.theirs is not None:
            needed.append((gate.workload, gate.their_case or gate.case, gate.theirs))
        missing = _missing([known.get(key) for key in needed])
        if missing:
            verdicts.append(Verdict(gate, None, missing))
            continue
        ours = known[needed[0]]
        value = ours.median if gate.theirs is None else ratio(ours, known[needed[1]])
        verdicts.append(Verdict(gate, value, _outcome(gate, value)))
    return verdicts


def _outcome(gate: Gate, value: float) -> str:
    if gate.limit is None:
        return "pass" if value <= gate.stretch else "goal missed"
    return "pass" if value <= gate.limit else "FAIL"


def _missing(rows: Sequence[Row | None]) -> str:
    for row in rows:
        if row is None:
            return "not measured"
        if not row.figures:
            return row.note or "not measured"
    return ""
