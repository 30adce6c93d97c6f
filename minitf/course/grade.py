"""The grader: run a learner's notebook in a fresh kernel and score every exercise of it.

    python -m minitf.course grade 02               # the learner's exercises/02_*.ipynb
    python -m minitf.course grade --path solutions --strict --json result.json

It grades names, not cells: all code cells run from top to bottom (except checks), then every
registered exercise of the chapter is checked by a cell of the grader's own. Deleted, split,
copied or reordered cells therefore do no harm. A check counts only with the run's nonce.

This stops accidents and lazy shortcuts, not an adversary: the answer runs in the same process as
its check. For an examination run it in a container.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from minitf.course.build import targets
from minitf.course.chapter_source import SourceError, all_sources
from minitf.course.grade_kernel import CellRun, GradeKernel, KernelGone, KernelStartError
from minitf.course.grade_report import as_json, table
from minitf.course.home import write_atomically
from minitf.course.notebook_form import Notebook, NotebookError, load, tags
from minitf.course.registry import Exercise, exercises


@dataclass
class Result:
    """The verdict on one exercise: pass, todo, wrong, error, timeout, blocked or not run."""

    exercise: Exercise
    state: str
    message: str = ""
    mutant: str = ""
    seeds: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def points(self) -> int:
        """All of the exercise's points, or none."""
        return self.exercise.points if self.state == "pass" else 0


@dataclass
class NotebookResult:
    """The verdicts on one notebook."""

    path: Path
    sha256: str
    results: list[Result]
    seconds: float
    notes: list[str]


def grade_command(
    chapters: tuple[int, ...],
    path: str | None,
    *,
    json_path: str | None = None,
    cell_seconds: float = 10,
    total_seconds: float = 120,
    strict: bool = False,
) -> int:
    """Grade, print the table, write the JSON, and return the exit code (see `__main__`)."""
    try:
        notebooks = chosen_notebooks(chapters, path)
        graded = [grade_notebook(one, cell_seconds, total_seconds) for one in notebooks]
    except (NotebookError, SourceError) as error:
        print(f"grade: {error}", file=sys.stderr)
        return 2
    except KernelStartError as error:
        print(f"grade: the kernel would not start: {error}", file=sys.stderr)
        return 3
    missing = _not_graded(graded, chapters) if strict else []
    print(table(graded))
    for exercise_id in missing:
        print(f"{exercise_id} was not graded: no notebook for it in the selection")
    if json_path:
        try:
            write_atomically(Path(json_path), as_json(graded))
        except OSError as error:
            print(f"grade: cannot write {json_path}: {error}", file=sys.stderr)
            return 2
    passed = all(result.state == "pass" for one in graded for result in one.results)
    return 0 if passed and not missing else 1


def chosen_notebooks(chapters: tuple[int, ...], path: str | None) -> list[Path]:
    """Return the notebooks to grade. Raises `NotebookError` for an empty selection."""
    found = _in_path(Path(path)) if path else _learner_notebooks()
    graded = [one for one in found if exercises_of(one, load(one))]
    chosen = [one for one in graded if not chapters or chapter_number(one) in chapters]
    missing = set(chapters) - {chapter_number(one) for one in chosen}
    if missing or not chosen:
        which = ", ".join(f"{number:02d}" for number in sorted(missing)) or "any chapter"
        where = path or "exercises/"
        raise NotebookError(f"no notebook with exercises for {which} in {where}: nothing to grade")
    return chosen


def grade_notebook(path: Path, cell_seconds: float, total_seconds: float) -> NotebookResult:
    """Run one notebook and check its exercises."""
    notebook = load(path)
    graded = exercises_of(path, notebook)
    began = time.monotonic()
    with GradeKernel(path.parent, cell_seconds, total_seconds) as kernel:
        notes = _run_cells(kernel, notebook)
        results = [_check(kernel, exercise, notes) for exercise in graded]
    _mark_blocked(results)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return NotebookResult(path, digest, results, time.monotonic() - began, notes)


def _learner_notebooks() -> list[Path]:
    return [targets(source)[-1].path for source in all_sources() if source.answers()]


def _in_path(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if path.is_dir():
        return sorted(path.glob("*.ipynb"))
    raise NotebookError(f"{path} is neither a notebook nor a folder")


def chapter_number(path: Path) -> int | None:
    number = re.match(r"(\d\d)_", path.name)
    return int(number[1]) if number else None


def exercises_of(path: Path, notebook: Notebook) -> list[Exercise]:
    """Return what the notebook should answer: its chapter's exercises, whatever cells are left."""
    about = notebook["metadata"].get("minitf", {})
    number = about.get("chapter", chapter_number(path))
    ids = {cell["metadata"].get("minitf", {}).get("id") for cell in notebook["cells"]}
    if not (number is not None and (ids - {None} or _is_answer_home(number, about))):
        return [one for key, one in exercises().items() if key in ids]
    return list(exercises(number).values())


def _is_answer_home(number: int, about: dict[str, Any]) -> bool:
    """Tell whether this kind of notebook holds the chapter's answers, even if all were deleted."""
    homes = [source.kind for source in all_sources((number,)) if source.answers()]
    return about.get("kind", "exercises") in homes


def _run_cells(kernel: GradeKernel, notebook: Notebook) -> list[str]:
    """Run setup from the source, then the learner's cells; return notes on what went wrong."""
    notes = []
    pristine = _setup_cells(notebook)
    learner = [
        (cell.get("id", f"number {number}"), "".join(cell["source"]))
        for number, cell in enumerate(notebook["cells"], start=1)
        if cell["cell_type"] == "code" and not _is_ours(cell, bool(pristine))
    ]
    for cell_id, source in [*pristine, *learner]:
        if kernel.gone or not source.strip():
            continue
        try:
            run = kernel.run(source)
        except KernelGone as error:
            notes.append(f"{error} in cell {cell_id}, which begins {_first_line(source)!r}")
            continue
        if run.error:
            notes.append(f"cell {cell_id}: {run.error}")
    return notes


def _is_ours(cell: dict[str, Any], setup_is_pristine: bool) -> bool:
    # A cell that only shows what an answer does (needs-...) would fail beside an open hole.
    shown = "check" in tags(cell) or any(tag.startswith("needs-") for tag in tags(cell))
    return shown or (setup_is_pristine and "setup" in tags(cell))


def _setup_cells(notebook: Notebook) -> list[tuple[str, str]]:
    """Return the chapter's setup cells from its source, so that deleting them does no harm."""
    about = notebook["metadata"].get("minitf", {})
    for source in all_sources((about.get("chapter", -1),)):
        if source.kind == about.get("kind"):
            cells = [cell for cell in source.cells if "setup" in cell.tags]
            return [(f"setup-{index}", cell.text) for index, cell in enumerate(cells, start=1)]
    return []


def _check(kernel: GradeKernel, exercise: Exercise, notes: list[str]) -> Result:
    if kernel.gone:
        return Result(exercise, "not run", notes[-1] if notes else kernel.gone)
    began = time.monotonic()
    try:
        run = kernel.run_check(exercise.id)
    except KernelGone as error:
        notes.append(f"{error} while {exercise.id} was checked")
        state = "timeout" if error.timed_out else "error"
        return Result(exercise, state, str(error), seconds=time.monotonic() - began)
    result = _verdict(kernel, exercise, run)
    result.seconds = time.monotonic() - began
    return result


def _verdict(kernel: GradeKernel, exercise: Exercise, run: CellRun) -> Result:
    evidence = [one for one in run.evidence if one.get("nonce") == kernel.nonce]
    if run.timed_out:
        return Result(exercise, "timeout", run.error)
    if len(evidence) != 1 or evidence[0].get("id") != exercise.id:
        return Result(exercise, "error", run.error or "the check left no evidence that it ran")
    found = evidence[0]
    state = found["state"]
    if state == "pass" and run.error:
        state = "error"
    message = run.error if state == "error" else found["message"]
    if "is not defined" in found["message"]:
        # In the learner's session the name may still be alive from a cell since deleted.
        message = found["message"] + " after a restart: no cell of the notebook makes it"
    return Result(exercise, state, message, found["mutant"], found["seeds"])


def _mark_blocked(results: list[Result]) -> None:
    """An answer that fails while one it builds on is missing is not the first thing to mend."""
    open_ids = {result.exercise.id for result in results if result.state != "pass"}
    for result in results:
        missing = [key for key in result.exercise.needs if key in open_ids]
        if missing and result.state in ("wrong", "error"):
            result.state, result.message = "blocked", f"blocked by {missing[0]}: solve that first"


def _not_graded(graded: list[NotebookResult], chapters: tuple[int, ...]) -> list[str]:
    seen = {result.exercise.id for one in graded for result in one.results}
    wanted = [e.id for e in exercises().values() if not chapters or e.chapter in chapters]
    return [key for key in wanted if key not in seen]


def _first_line(source: str) -> str:
    return source.strip().splitlines()[0][:60]
