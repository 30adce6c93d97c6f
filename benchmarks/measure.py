"""Interleaved rounds: every contestant in turn, again and again, so that all meet the same load.

    rows = measure(load("W1"), clients, pythons, rounds=20)

Worker processes stay alive and wait for input while another one is timed.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.client import Client, WorkerDied
from benchmarks.workload import NotYet, Workload, library_of

ROUND_SECONDS = 0.04  # what one contestant gets in one round
UNITS = {"us": 1e6, "ms": 1e3, "s": 1.0}


@dataclass
class Row:
    """What is known about one contestant in one case.

    Attributes:
        figures: one per round, in the workload's unit.
        worst: largest relative difference from the reference's maths.
        note: why there are no figures.
    """

    workload: str
    case: str
    contestant: str
    unit: str
    figures: list[float] = field(default_factory=list)
    worst: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.figures)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles, relative to the median."""
        if len(self.figures) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.figures, n=4, method="inclusive")
        return (high - low) / 2 / self.median


def measure(
    workload: Workload,
    clients: Mapping[str, Client],
    pythons: Mapping[str, str],
    rounds: int,
) -> list[Row]:
    """All cases of a workload, for the libraries that have a client.

    Args:
        workload: what to run.
        clients: library -> its worker process.
        pythons: library -> interpreter, for figures that need fresh processes.
        rounds: how many, unless the workload wants fewer.

    Returns:
        One row per case and contestant, with as many figures as rounds, or with a note.
    """
    rows = []
    for case in workload.cases:
        names = [name for name in workload.contestants if library_of(name) in clients]
        case_rows = [Row(workload.name, case, name, workload.unit) for name in names]
        rounds_here = min(rounds, workload.most_rounds)
        if workload.sample is not None:
            _sample(workload, case_rows, pythons, rounds_here)
        else:
            _time(workload, case_rows, clients, rounds_here)
        rows += case_rows
    return rows


def ratio(ours: Row, theirs: Row) -> float:
    """ours / theirs: the median of the ratios round by round, as a round meets one load.

    Rows of different lengths were not interleaved; then it is the ratio of the medians.

    Raises:
        ValueError: a row without figures.
    """
    if not ours.figures or not theirs.figures:
        raise ValueError("A ratio needs figures on both sides.")
    if len(ours.figures) != len(theirs.figures) or ours.case != theirs.case:
        return ours.median / theirs.median
    pairs = zip(ours.figures, theirs.figures, strict=True)
    return statistics.median([a / b for a, b in pairs])


def _time(
    workload: Workload, rows: Sequence[Row], clients: Mapping[str, Client], rounds: int
) -> None:
    ready = {}
    for row in rows:
        calls = _prepare(row, clients[library_of(row.contestant)])
        if calls:
            ready[row.contestant] = (row, calls)
    factor = UNITS[workload.unit]
    for number in range(rounds):
        turn = list(ready.values())
        for row, calls in turn if number % 2 == 0 else reversed(turn):
            client = clients[library_of(row.contestant)]
            answer = client.ask("time", **_address(row), calls=calls)
            operations = workload.operations_in(row.case)
            row.figures.append(answer["seconds"] * factor / operations)
    for client in clients.values():
        client.ask("forget")


def _prepare(row: Row, client: Client) -> int:
    """How often to call the step in a round; 0 if it cannot be timed, with a note in the row."""
    answer = client.ask("prepare", **_address(row))
    if "not_yet" in answer:
        row.note = f"not yet: {answer['not_yet']}"
        return 0
    if "error" in answer:
        row.note = f"failed: {answer['error'].strip().splitlines()[-1]}"
        return 0
    row.worst = answer["worst"]
    if not answer["agrees"]:
        row.note = f"other maths: off by {row.worst:.2g}"
        return 0
    return max(1, round(ROUND_SECONDS / answer["seconds"]))


def _sample(
    workload: Workload, rows: Sequence[Row], pythons: Mapping[str, str], rounds: int
) -> None:
    for _ in range(rounds):
        for row in rows:
            if row.note:
                continue
            python = pythons[library_of(row.contestant)]
            try:
                row.figures.append(workload.sample(python, row.contestant, row.case))
            except NotYet as missing:
                row.note = f"not yet: {missing}"
            except (WorkerDied, OSError) as error:
                row.note = f"failed: {str(error).strip().splitlines()[-1]}"


def _address(row: Row) -> dict[str, str]:
    return {"workload": row.workload, "case": row.case, "contestant": row.contestant}
