"""Show the points of a class: a table for the terminal, CSV for a spreadsheet, JSON for a machine.

CSV: student, one column per chapter (ch02, ...; empty: nothing graded), total, max, not_graded
(how many notebooks could not be), notes.

JSON, schema 1: {schema, version, python, max: {ch02: 10}, students: [{student, points: {ch02: 8},
total, not_graded, notes, notebooks: [as in grade_report]}]}.
"""

from __future__ import annotations

import csv
import io
import json
import platform
from typing import TYPE_CHECKING, Any

from minitf.course.grade_report import notebook_record

if TYPE_CHECKING:
    from minitf.course.grade_class import StudentResult

SCHEMA = 1
FULL = "(full points)"
NOTHING = "-"  # no notebook of this chapter was graded; 0 is a graded notebook without points


def table(students: list[StudentResult], chapters: dict[int, int]) -> str:
    """Return the terminal table: one line per student, then every note."""
    width = max(len(FULL), *(len(one.name) for one in students)) + 2
    most = sum(chapters.values())
    lines = [
        _line("student", width, [f"ch{number:02d}" for number in chapters], "total"),
        _line(FULL, width, [str(top) for top in chapters.values()], str(most)),
    ]
    for one in students:
        earned = [one.points(number) for number in chapters]
        cells = [NOTHING if points is None else str(points) for points in earned]
        lines.append(_line(one.name, width, cells, str(one.total(chapters))))
    for one in students:
        lines += [f"{one.name}: {note}" for note in _notes(one)]
    return "\n".join(lines)


def as_csv(students: list[StudentResult], chapters: dict[int, int]) -> str:
    """Return the CSV text, with a header line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [f"ch{number:02d}" for number in chapters]
    writer.writerow(["student", *columns, "total", "max", "not_graded", "notes"])
    most = sum(chapters.values())
    for one in students:
        points = [one.points(number) for number in chapters]  # None becomes an empty field
        notes = "; ".join(_notes(one))
        writer.writerow([one.name, *points, one.total(chapters), most, len(one.not_opened), notes])
    return text.getvalue()


def as_json(students: list[StudentResult], chapters: dict[int, int]) -> str:
    """Return everything as JSON text, each notebook with all its checks."""
    import minitf

    report = {
        "schema": SCHEMA,
        "version": getattr(minitf, "__version__", ""),
        "python": platform.python_version(),
        "max": {f"ch{number:02d}": top for number, top in chapters.items()},
        "students": [_student(one, chapters) for one in students],
    }
    return json.dumps(report, indent=1) + "\n"


def _student(one: StudentResult, chapters: dict[int, int]) -> dict[str, Any]:
    return {
        "student": one.name,
        "points": {f"ch{number:02d}": one.points(number) for number in chapters},
        "total": one.total(chapters),
        "not_graded": one.not_opened,
        "notes": one.notes,
        "notebooks": [notebook_record(notebook) for notebook in one.notebooks],
    }


def _notes(one: StudentResult) -> list[str]:
    """What a teacher should look at: unreadable notebooks first, then kernels that were lost."""
    lost = [
        f"{notebook.path.name}: {result.message}"
        for notebook in one.notebooks
        for result in [one for one in notebook.results if one.state == "not run"][:1]
    ]
    return [*one.not_opened, *lost, *one.notes]


def _line(name: str, width: int, cells: list[str], total: str) -> str:
    return f"{name:<{width}}" + "".join(f"{cell:>6}" for cell in cells) + f"{total:>7}"
