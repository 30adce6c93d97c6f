"""Where the course lives on disk, and where a learner's own files go.

    course_root()     the folder that holds chapters/, exercises/, notebooks/ and solutions/
    learner_folder()  the git-ignored folder .minitf/ with progress.json, answers/ and backups/
    memory_only()     True while a grader, a test or CI runs: then nothing of a learner's is touched

`MINITF_COURSE_ROOT` points the same runtime at another course (a teacher's own, or a test's),
`MINITF_HOME` moves the learner's folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

# The last one is set by nbgrader, where a teacher's machine runs the answers of a class.
_QUIET_VARIABLES = ("MINITF_GRADE", "CI", "PYTEST_CURRENT_TEST", "NBGRADER_EXECUTION")


def course_root() -> Path:
    """Return the folder of the course: `MINITF_COURSE_ROOT`, the checkout, or the current one."""
    chosen = os.environ.get("MINITF_COURSE_ROOT")
    if chosen:
        return Path(chosen).resolve()
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / "chapters").is_dir() else Path.cwd()


def checks_folder() -> Path:
    """Return the folder that holds one module of exercises per chapter."""
    own = course_root() / "checks"
    return own if own.is_dir() else Path(__file__).resolve().parent / "checks"


def learner_folder() -> Path:
    """Return the folder for progress, kept answers and backups (it may not exist yet)."""
    chosen = os.environ.get("MINITF_HOME")
    return Path(chosen).resolve() if chosen else course_root() / ".minitf"


def memory_only() -> bool:
    """Tell whether this run must leave the learner's files alone, reading and writing."""
    return any(os.environ.get(name) for name in _QUIET_VARIABLES)


def backup_path(stem: str) -> Path:
    """Return a file name in the backups folder that does not exist yet."""
    folder = learner_folder() / "backups"
    moment = time.strftime("%Y%m%d-%H%M%S")
    candidate, number = folder / f"{stem}-{moment}.ipynb", 1
    while candidate.exists():
        number += 1
        candidate = folder / f"{stem}-{moment}-{number}.ipynb"
    return candidate


def write_atomically(path: Path, text: str) -> None:
    """Write `text` to `path` so that a crash leaves either the old file or the new one.

    Raises OSError when the disk is full or read-only; the old file is then untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
