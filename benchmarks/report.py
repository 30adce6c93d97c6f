"""The results as a table in the terminal, and as JSON.

    print(table(rows, verdicts))
    save(path, rows, verdicts, about)
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

from benchmarks.gates import Gate, Verdict
from benchmarks.measure import Row, ratio

OURS = "minitf"


def table(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> str:
    """Figures first, then the gates. "minitf / it" compares with the minitf row above."""
    lines = [f"{'workload':20} {'contestant':26} {'median':>10} {'spread':>6}   minitf / it"]
    last, ours = None, None
    for row in rows:
        where = f"{row.workload} {row.case}".strip()
        if where != last:
            lines.append("")
            ours = None
        lines.append(f"{where if where != last else '':20} {_figure(row, ours)}")
        last = where
        if row.contestant.startswith(OURS) and row.figures:
            ours = row
    if verdicts:
        lines += ["", f"{'gate':62} {'limit':>6} {'goal':>5} {'value':>7}  verdict"]
        lines += [_verdict(v) for v in verdicts]
    return "\n".join(lines)


def save(
    path: str | Path, rows: Sequence[Row], verdicts: Sequence[Verdict], about: dict[str, Any]
) -> None:
    """Writes everything that was measured, and the verdicts, to a JSON file."""
    content = {
        "about": about,
        "rows": [
            {
                "workload": row.workload,
                "case": row.case,
                "contestant": row.contestant,
                "unit": row.unit,
                "median": row.median if row.figures else None,
                "spread": row.spread if row.figures else None,
                "worst_difference": row.worst,
                "note": row.note,
                "figures": row.figures,
            }
            for row in rows
        ],
        "gates": [
            {**vars(v.gate), "value": v.value, "outcome": v.outcome, "stretched": v.stretched}
            for v in verdicts
        ],
    }
    write_whole(Path(path), json.dumps(content, indent=1) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that it is the old one or the new one, never half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.resolve().parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _figure(row: Row, ours: Row | None) -> str:
    if not row.figures:
        return f"{row.contestant:26} {shorten(row.note or 'not measured', 100)}"
    text = f"{row.contestant:26} {_number(row.median):>7} {row.unit:2} {row.spread:6.0%}"
    if ours is None or row.contestant.startswith(OURS):
        return text
    return f"{text}   {ratio(ours, row):7.3g}"


def _verdict(verdict: Verdict) -> str:
    value = "" if verdict.value is None else f"{verdict.value:.3g}"
    bounds = (verdict.gate.limit, verdict.gate.stretch)
    limit, goal = ("" if bound is None else f"{bound:g}" for bound in bounds)
    outcome = "pass, goal too" if verdict.stretched else shorten(verdict.outcome, 40)
    return f"{_gate_name(verdict.gate):62} {limit:>6} {goal:>5} {value:>7}  {outcome}"


def _gate_name(gate: Gate) -> str:
    where = f"{gate.workload} {gate.case}".strip()
    if gate.theirs is None:
        return f"{where}: {gate.ours}"
    other = f" at {gate.their_case}" if gate.their_case else ""
    return f"{where}: {gate.ours} / {gate.theirs}{other}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
