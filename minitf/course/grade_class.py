"""Grade the submissions of a class: one folder per student, one row of points each.

    python3 course.py grade --class submissions            # every chapter that was handed in
    python3 course.py grade --class submissions 02 03      # only these

    submissions/ada/02_computation_graph.ipynb
    submissions/ben/02_computation_graph.ipynb             # -> submissions/grades.csv

Each notebook runs in a fresh kernel of its own, with the limits and the proof of `grade`. What
cannot be graded becomes a note in that student's row, and the next notebook follows. The progress
of whoever runs this is neither read nor written.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from minitf.course.chapter_source import SourceError
from minitf.course.class_report import as_csv, as_json, table
from minitf.course.grade import (
    NotebookResult,
    Result,
    chapter_number,
    exercises_of,
    grade_notebook,
)
from minitf.course.grade_kernel import KernelStartError
from minitf.course.home import write_atomically
from minitf.course.notebook_form import NotebookError, load
from minitf.course.registry import exercises

CSV_NAME = "grades.csv"


@dataclass
class StudentResult:
    """One student's row: the graded notebooks, and what could not be graded and why."""

    name: str
    notebooks: list[NotebookResult] = field(default_factory=list)
    not_opened: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def best(self) -> dict[str, Result]:
        """Return one verdict per exercise: the best, if it was handed in several times."""
        found: dict[str, Result] = {}
        for result in (one for notebook in self.notebooks for one in notebook.results):
            before = found.get(result.exercise.id)
            if before is None or result.points > before.points:
                found[result.exercise.id] = result
        return found

    def points(self, chapter: int) -> int | None:
        """Return the points of one chapter, or None when no notebook of it was graded."""
        earned = [one.points for one in self.best().values() if one.exercise.chapter == chapter]
        return sum(earned) if earned else None

    def total(self, chapters: dict[int, int]) -> int:
        """Return the points of all these chapters together."""
        return sum(self.points(chapter) or 0 for chapter in chapters)


def grade_class_command(
    folder: Path,
    chapters: tuple[int, ...] = (),
    *,
    csv_path: str | None = None,
    json_path: str | None = None,
    cell_seconds: float = 10,
    total_seconds: float = 120,
) -> int:
    """Grade the class, print the table, write the files.

    Returns 0 when every notebook was graded, whatever the points; 1 when something could not be;
    2 for wrong usage or a file that cannot be written; 3 when a kernel could not be started.
    """
    try:
        students = student_folders(folder)
        _known(chapters)
    except NotebookError as error:
        print(f"grade: {error}", file=sys.stderr)
        return 2
    graded, no_kernel = [], False
    for number, one in enumerate(students, start=1):
        print(f"{number} of {len(students)}: {one.name}", file=sys.stderr, flush=True)
        try:
            graded.append(grade_student(one, chapters, cell_seconds, total_seconds))
        except KernelStartError as error:
            graded.append(StudentResult(one.name, not_opened=[f"no kernel started: {error}"]))
            no_kernel = True
    columns = _columns(graded, chapters)
    outside = sorted(path.name for path in folder.glob("*.ipynb"))
    print(table(graded, columns))
    for name in outside:
        print(f"{name}: lies beside the students' folders, so nobody's; not graded")
    written = _write(Path(csv_path or folder / CSV_NAME), as_csv(graded, columns))
    if json_path:
        written = _write(Path(json_path), as_json(graded, columns)) and written
    if no_kernel or not written:
        return 3 if no_kernel else 2
    return 1 if outside or any(one.not_opened for one in graded) else 0


def student_folders(folder: Path) -> list[Path]:
    """Return the students' folders in order. Raises `NotebookError` when there is none."""
    if not folder.is_dir():
        raise NotebookError(f"there is no folder {folder}")
    found = [one for one in sorted(folder.iterdir()) if one.is_dir() and one.name[0] not in "._"]
    if not found:
        raise NotebookError(
            f"{folder} holds no student's folder. Expected: {folder.name}/ada/02_name.ipynb"
        )
    return found


def grade_student(
    folder: Path, chapters: tuple[int, ...], cell_seconds: float, total_seconds: float
) -> StudentResult:
    """Grade one student's notebooks; what cannot be graded is noted. Raises KernelStartError."""
    student = StudentResult(folder.name)
    for path in sorted(folder.glob("*.ipynb")):
        number = chapter_number(path)
        if number is None:
            student.not_opened.append(f"{path.name}: the name does not begin like 02_; not graded")
        elif not chapters or number in chapters:
            _grade_one(student, path, cell_seconds, total_seconds)
    seen: set[str] = set()
    for one in student.notebooks:
        ids = {result.exercise.id for result in one.results}
        if ids & seen:
            student.notes.append(f"{one.path.name}: a second notebook; the better answers count")
        seen |= ids
    if not (student.notebooks or student.not_opened):
        wanted = " or ".join(f"{number:02d}_*.ipynb" for number in chapters) or "NN_*.ipynb"
        student.notes.append(f"handed in nothing named {wanted}")
    return student


def _grade_one(
    student: StudentResult, path: Path, cell_seconds: float, total_seconds: float
) -> None:
    try:
        notebook = load(path)
        wanted = exercises_of(path, notebook)
        if not wanted:
            student.not_opened.append(
                f"{path.name}: has no exercises; is it the lesson's notebook?"
            )
            return
        if wanted[0].chapter != chapter_number(path):
            student.notes.append(f"{path.name}: holds chapter {wanted[0].chapter:02d}'s exercises")
        student.notebooks.append(grade_notebook(path, cell_seconds, total_seconds))
        if notebook["metadata"].get("minitf", {}).get("version") == "solution":
            student.notes.append(f"{path.name}: made from the course's solutions notebook")
    except KernelStartError:
        raise
    except (NotebookError, SourceError) as error:
        student.not_opened.append(str(error))
    except Exception as error:  # noqa: BLE001 one submission must not end the others' grading
        student.not_opened.append(f"{path.name}: {type(error).__name__}: {error}")


def _known(chapters: tuple[int, ...]) -> None:
    unknown = [f"{number:02d}" for number in chapters if not exercises(number)]
    if unknown:
        raise NotebookError(f"chapter {', '.join(unknown)} has no exercises: nothing to grade")


def _columns(graded: list[StudentResult], chapters: tuple[int, ...]) -> dict[int, int]:
    """Return the chapters to show with their full points: those asked for, or handed in."""
    handed_in = {one.exercise.chapter for student in graded for one in student.best().values()}
    return {
        number: sum(one.points for one in exercises(number).values())
        for number in sorted(set(chapters) or handed_in)
    }


def _write(path: Path, text: str) -> bool:
    try:
        write_atomically(path, text)
    except OSError as error:
        print(f"grade: cannot write {path}: {error}", file=sys.stderr)
        return False
    print(f"Written: {path}")
    return True
