"""Give a chapter's notebook back as it was shipped; the learner's copy is backed up first.

python -m minitf.course reset 02
"""

from __future__ import annotations

from pathlib import Path

from minitf.course.build import targets, with_holes
from minitf.course.chapter_source import SourceError, all_sources
from minitf.course.home import backup_path, course_root, write_atomically
from minitf.course.notebook_form import dumps, load


def reset_chapter(number: int) -> list[str]:
    """Write the untouched notebook of a chapter; return lines that say what was done.

    Raises `SourceError` when the chapter has no exercises, `NotebookError` when its solutions
    notebook is damaged, OSError when the backup cannot be written (nothing is changed then).
    """
    for source in all_sources((number,)):
        if source.answers():
            solutions, learner = targets(source)
            fresh = dumps(with_holes(source, load(solutions.path)))
            return _replace(learner.path, fresh)
    raise SourceError(f"chapter {number:02d} has no exercises to reset")


def _replace(path: Path, fresh: str) -> list[str]:
    shown = path.relative_to(course_root()).as_posix()
    lines = []
    if path.exists():
        mine = path.read_text(encoding="utf-8")
        if mine == fresh:
            return [f"{shown} is untouched already."]
        backup = backup_path(path.stem)
        write_atomically(backup, mine)
        lines.append(f"Your copy is kept as .minitf/backups/{backup.name}")
    write_atomically(path, fresh)
    advice = "If it is open in JupyterLab: File, Reload Notebook from Disk."
    return [*lines, f"{shown} is as new. {advice}"]
