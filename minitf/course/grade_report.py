"""Show what the grader found: a table for the terminal, JSON for a machine.

JSON, schema 1: {schema, version, python, notebooks: [{notebook, sha256, seconds, notes,
checks: [{id, title, state, points, max, message, hint, mutant, seeds, seconds}]}],
totals: {checks, passed, points, max}}.
"""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING, Any

from minitf.course.progress_table import named_columns

if TYPE_CHECKING:
    from minitf.course.grade import NotebookResult, Result

SCHEMA = 1


def table(graded: list[NotebookResult]) -> str:
    """Return the terminal table: one line per exercise, the total, and the next step."""
    named = named_columns([result.exercise for one in graded for result in one.results])
    lines = []
    for one in graded:
        lines.append(f"{one.path.name}  ({one.seconds:.1f} s)")
        lines += [_line(named[result.exercise.id], result) for result in one.results]
        lines += [f"  note: {note}" for note in one.notes if "not started yet" not in note]
    results = [result for one in graded for result in one.results]
    totals = _totals(results)
    lines.append(
        f"{totals['passed']} of {totals['checks']} exercises passed, "
        f"{totals['points']} of {totals['max']} points."
    )
    return "\n".join([*lines, _next_step(results)])


def as_json(graded: list[NotebookResult]) -> str:
    """Return the whole result as JSON text."""
    import minitf

    report = {
        "schema": SCHEMA,
        "version": getattr(minitf, "__version__", ""),
        "python": platform.python_version(),
        "notebooks": [notebook_record(one) for one in graded],
        "totals": _totals([result for one in graded for result in one.results]),
    }
    return json.dumps(report, indent=1) + "\n"


def _line(named: str, result: Result) -> str:
    one = result.exercise
    points = f"{result.points}/{one.points}"
    first = result.message.removeprefix(f"{one.id} ").removeprefix("not yet - ")
    message = "" if result.state in ("pass", "todo") else first
    return f"  {named}{result.state:<9}{points:>5}  {message}".rstrip()


def _next_step(results: list[Result]) -> str:
    for result in results:
        if result.state not in ("pass", "blocked"):
            return f"Next: {result.exercise.id}, {result.exercise.title}: {_hint(result)}"
    return "All done."


def _hint(result: Result) -> str:
    return "" if result.state == "pass" else f'hint("{result.exercise.id}")'


def notebook_record(one: NotebookResult) -> dict[str, Any]:
    """Return one notebook's verdicts as plain data."""
    return {
        "notebook": one.path.name,
        "sha256": one.sha256,
        "seconds": round(one.seconds, 3),
        "notes": one.notes,
        "checks": [_check(result) for result in one.results],
    }


def _check(result: Result) -> dict[str, Any]:
    return {
        "id": result.exercise.id,
        "title": result.exercise.title,
        "state": result.state,
        "points": result.points,
        "max": result.exercise.points,
        "message": result.message,
        "hint": _hint(result),
        "mutant": result.mutant,
        "seeds": result.seeds,
        "seconds": round(result.seconds, 3),
    }


def _totals(results: list[Result]) -> dict[str, int]:
    return {
        "checks": len(results),
        "passed": sum(result.state == "pass" for result in results),
        "points": sum(result.points for result in results),
        "max": sum(result.exercise.points for result in results),
    }
