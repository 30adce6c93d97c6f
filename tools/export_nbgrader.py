"""Export the exercises as nbgrader assignments; nbgrader itself is not needed for that.

    python tools/export_nbgrader.py my_class          # all chapters with exercises
    python tools/export_nbgrader.py my_class 02 03    # only these

It writes my_class/source/02/02.ipynb and so on, and my_class/nbgrader_config.py. Then, in my_class:

    nbgrader generate_assignment 02      # release/02, with holes, for your students
    nbgrader autograde 02                # submitted/<student>/02/02.ipynb, scored

Start from this export, not from exercises/: nbgrader makes the holes itself, at the two SOLUTION
markers, and stores what it must restore if a student edits a check. The kernel that grades must be
able to import minitf (README.md, "In a class").
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as course.py: no install needed

from minitf.course.chapter_source import ChapterSource, SourceError, all_sources  # noqa: E402
from minitf.course.home import write_atomically  # noqa: E402
from minitf.course.notebook_form import Notebook, dumps, empty_notebook, tags  # noqa: E402
from minitf.course.registry import get  # noqa: E402

SCHEMA = 3  # of nbgrader's cell metadata
CONFIG = """\
# Written by tools/export_nbgrader.py. nbgrader runs in this folder.
c = get_config()  # noqa: F821
c.ExecutePreprocessor.timeout = 60  # seconds per cell; an endless loop costs no more
c.ExecutePreprocessor.interrupt_on_timeout = True
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("not started yet")'}
"""
LINK = re.compile(r"\[([^\]]+)\]\(\.\./[^)]+\)")


def main(arguments: list[str] | None = None) -> int:
    """Write the assignments; 0, or 2 after a message that says what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="nbgrader's course folder")
    parser.add_argument("chapters", nargs="*", type=int, metavar="NN", help="chapter numbers")
    parser.add_argument("--force", action="store_true", help="overwrite files you have changed")
    options = parser.parse_args(arguments)
    try:
        files = exported(tuple(options.chapters))
        changed = [name for name, text in files.items() if _differs(options.folder / name, text)]
        if changed and not options.force:
            raise SourceError(f"{', '.join(changed)} would be overwritten; --force does it")
        for name, text in files.items():
            write_atomically(options.folder / name, text)
            print(f"wrote {options.folder / name}")
    except (SourceError, LookupError, OSError) as error:
        print(f"export_nbgrader: {error}", file=sys.stderr)
        return 2
    return 0


def exported(chapters: tuple[int, ...] = ()) -> dict[str, str]:
    """Return the files to write: name inside the course folder, and text.

    Raises `SourceError` for a chapter without exercises.
    """
    sources = [one for one in all_sources(chapters) if one.answers()]
    missing = set(chapters) - {one.number for one in sources}
    if missing or not sources:
        which = ", ".join(f"{number:02d}" for number in sorted(missing)) or "any chapter"
        raise SourceError(f"there are no exercises for {which}")
    files = {
        f"source/{one.number:02d}/{one.number:02d}.ipynb": dumps(assignment(one)) for one in sources
    }
    return {"nbgrader_config.py": CONFIG, **files}


def assignment(source: ChapterSource) -> Notebook:
    """Return the instructor's notebook: solutions between their markers, nbgrader's metadata."""
    notebook = empty_notebook(source, "solution")
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if "answer" in tags(cell):
            # Without its markers nbgrader would replace the whole cell.
            text = source.answers()[cell["metadata"]["minitf"]["id"]].text
        elif "check" in tags(cell):  # alone, so that no student's own `check` stands in for it
            text = f"from minitf.course import check\n\n{text}"
        elif cell["cell_type"] == "markdown":
            text = LINK.sub(r"\1", text)  # lessons are not part of the assignment
        cell["source"] = text.splitlines(keepends=True)
        if role := _role(cell):
            cell["metadata"]["nbgrader"] = role
    notebook["metadata"]["minitf"]["version"] = "nbgrader"
    return notebook


def _role(cell: dict[str, Any]) -> dict[str, Any]:
    """Return nbgrader's metadata of an answer, a check or a setup cell; {} for other cells."""
    base = {
        "schema_version": SCHEMA,
        "grade_id": cell["id"],
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }
    if "answer" in tags(cell):
        return {**base, "solution": True}
    if "check" in tags(cell):
        points = get(cell["metadata"]["minitf"]["id"]).points
        return {**base, "grade": True, "locked": True, "points": points}
    if "setup" in tags(cell):  # locked: restored before grading if a student lost it
        return {**base, "locked": True}
    return {}


def _differs(path: Path, text: str) -> bool:
    """Tell whether the file is there and holds something else."""
    return path.exists() and path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    sys.exit(main())
