"""Your own engine: every answer you passed, and the course's answer where one is missing.

    engine = my_engine()
    engine.step(1.0, -1.0, 0.1)     # your `step` once ch00.warm_up is passed
    provenance()                    # which names are mine, which are borrowed

Being stuck never blocks a later chapter: a gap is borrowed, and the table says so.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from types import SimpleNamespace
from typing import Any

from minitf.course import progress_file
from minitf.course.chapter_source import all_sources, answer_cell, solution_text
from minitf.course.registry import Exercise, engine_globals, exercises


class Engine(SimpleNamespace):
    """The assembled names as attributes: `engine.step`. Its repr is the provenance table."""

    def __repr__(self) -> str:
        return str(provenance())


@dataclass(frozen=True)
class Row:
    """One line of the provenance table."""

    name: str
    origin: str
    exercise: str
    checked: str


class ProvenanceTable(list[Row]):
    """A list of rows that shows itself as a table in a notebook and as text elsewhere."""

    def only(self, names: Collection[str]) -> ProvenanceTable:
        """Return the rows of these names as a table of their own."""
        return ProvenanceTable(row for row in self if row.name in names)

    def __repr__(self) -> str:
        mine = sum(row.origin == "mine" for row in self)
        lines = [_text_row("name", "mine or borrowed", "exercise", "checked")]
        lines += [_text_row(row.name, row.origin, row.exercise, row.checked) for row in self]
        return "\n".join([*lines, f"{mine} of {len(self)} names are mine."])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{t}</th>" for t in ("name", "mine or borrowed", "exercise", "checked"))
        body = "".join(
            f"<tr><td><code>{escape(row.name)}</code></td><td>{escape(row.origin)}</td>"
            f"<td>{escape(row.exercise)}</td><td>{escape(row.checked)}</td></tr>"
            for row in self
        )
        mine = sum(row.origin == "mine" for row in self)
        caption = f"<caption>{mine} of {len(self)} names are mine.</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def my_engine(chapter: int | None = None) -> Engine:
    """Return your engine, assembled from the answers kept so far (of chapters up to `chapter`)."""
    names, _ = _assemble(chapter)
    return Engine(**names)


def provenance(chapter: int | None = None) -> ProvenanceTable:
    """Return the table that says for every name whether it is yours or borrowed."""
    _, rows = _assemble(chapter)
    return ProvenanceTable(rows)


def reference(exercise: Exercise, available: dict[str, Any]) -> dict[str, Any]:
    """Return the course's own answer to an exercise, run beside the names it needs."""
    return run_answer(exercise, solution_text(answer_cell(exercise.id)[1]), available)


def run_answer(exercise: Exercise, source: str, available: dict[str, Any]) -> dict[str, Any]:
    """Run an answer's source after the chapter's setup cells; return the exercise's names."""
    namespace = {**engine_globals(), **available}
    texts = [*_setup_texts(exercise), source]
    with contextlib.redirect_stdout(io.StringIO()):
        for text in texts:
            exec(compile(text, f"<{exercise.id}>", "exec"), namespace)  # noqa: S102
    return {name: namespace[name] for name in exercise.names}


def _assemble(chapter: int | None) -> tuple[dict[str, Any], list[Row]]:
    names: dict[str, Any] = {}
    rows: list[Row] = []
    for exercise in exercises().values():
        if chapter is not None and exercise.chapter > chapter:
            continue
        found, origin, checked = _best(exercise, names)
        names.update(found)
        rows += [Row(name, origin, exercise.id, checked) for name in exercise.names]
    return names, rows


def _best(exercise: Exercise, available: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
    source = progress_file.kept_answer(exercise.id)
    if not source:
        return reference(exercise, available), "borrowed", "not passed yet"
    try:
        mine = run_answer(exercise, source, available)
    except Exception as error:  # noqa: BLE001 a learner's file may hold anything
        note = f"your kept answer does not load: {type(error).__name__}"
        return reference(exercise, available), "borrowed", note
    current = progress_file.entry(exercise.id).get("check_version") == exercise.version
    return mine, "mine", "passed" if current else "passed an older check: check it again"


def _setup_texts(exercise: Exercise) -> list[str]:
    """Return the given helpers an answer may use: cells tagged `setup` of the same notebook."""
    for source in all_sources((exercise.chapter,)):
        if exercise.id in source.answers():
            return [cell.text for cell in source.cells if "setup" in cell.tags]
    return []


def _text_row(*columns: str) -> str:
    widths = (20, 18, 24, 0)
    return "".join(
        f"{text + ' ':<{width}}" for text, width in zip(columns, widths, strict=True)
    ).rstrip()
