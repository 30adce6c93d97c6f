"""What the course remembers about a learner: `.minitf/progress.json` and `.minitf/answers/`.

    {"schema": 1, "exercises": {"ch00.warm_up": {"state": "pass", "attempts": 2, "hints": 1,
     "points": 1, "first_pass": "2026-01-31T10:20:30", "check_version": 1}}}

One small file, read again and merged before each write, replaced in one step. A corrupt file is
set aside as `progress.json.bad`. On a read-only disk everything still works, in memory only.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from minitf.course.home import learner_folder, memory_only, write_atomically
from minitf.course.registry import Exercise

SCHEMA = 1
_session: dict[str, dict[str, Any]] = {}
_session_answers: dict[str, str] = {}
_said: set[str] = set()


def entries() -> dict[str, dict[str, Any]]:
    """Return one record per exercise that was ever tried: state, attempts, hints, points, ..."""
    stored = {} if memory_only() else _read(_path())
    return {key: _merged(stored.get(key), _session.get(key)) for key in {*stored, *_session}}


def entry(exercise_id: str) -> dict[str, Any]:
    """Return the record of one exercise, empty counts when it was never tried."""
    blank = {"state": "todo", "attempts": 0, "hints": 0, "points": 0}
    return {**blank, **entries().get(exercise_id, {})}


def record_attempt(exercise: Exercise, state: str) -> None:
    """Count one failed check. A pass from before is kept; an open hole is not an attempt."""
    now = entry(exercise.id)
    tried = 0 if state == "todo" else 1
    kept = "pass" if now["state"] == "pass" else state
    _save(exercise.id, {**now, "state": kept, "attempts": now["attempts"] + tried})


def record_pass(exercise: Exercise, source: str) -> None:
    """Count one passed check and keep the answer's source."""
    now = entry(exercise.id)
    first = now.get("first_pass") or time.strftime("%Y-%m-%dT%H:%M:%S")
    changes = {
        "state": "pass",
        "attempts": now["attempts"] + 1,
        "points": exercise.points,
        "first_pass": first,
        "check_version": exercise.version,
    }
    _save(exercise.id, {**now, **changes})
    if source:
        _session_answers[exercise.id] = source
        _try_write(answer_path(exercise.id), source)


def record_hint(exercise_id: str, stage: int) -> None:
    """Remember the highest hint stage that was opened."""
    now = entry(exercise_id)
    _save(exercise_id, {**now, "hints": max(now["hints"], stage)})


def kept_answer(exercise_id: str) -> str:
    """Return the source of a passed answer, or "" when none is kept."""
    if exercise_id in _session_answers or memory_only():
        return _session_answers.get(exercise_id, "")
    try:
        return answer_path(exercise_id).read_text(encoding="utf-8")
    except OSError:
        return ""


def answer_path(exercise_id: str) -> Path:
    """Return where the source of a passed answer is kept."""
    return learner_folder() / "answers" / f"{exercise_id}.py"


def forget_session() -> None:
    """Drop what is remembered in memory only (used by tests; files stay)."""
    _session.clear()
    _session_answers.clear()
    _said.clear()


def _path() -> Path:
    return learner_folder() / "progress.json"


def _save(exercise_id: str, record: dict[str, Any]) -> None:
    _session[exercise_id] = record
    if memory_only():
        return
    everything = {"schema": SCHEMA, "exercises": dict(sorted(entries().items()))}
    _try_write(_path(), json.dumps(everything, indent=1) + "\n")


def _try_write(path: Path, text: str) -> None:
    if memory_only():
        return
    try:
        write_atomically(path, text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        _say_once(f"Progress is kept for this session only: cannot write it ({reason}).")


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        records: dict[str, dict[str, Any]] = data["exercises"]
        if not all(isinstance(record, dict) for record in records.values()):
            raise ValueError("a record is not an object")
        return records
    except FileNotFoundError:
        return {}
    except OSError as error:
        _say_once(f"Progress cannot be read ({error.strerror}); this session starts afresh.")
    except (ValueError, KeyError, TypeError, AttributeError):
        _set_aside(path)
    return {}


def _set_aside(path: Path) -> None:
    try:
        os.replace(path, path.with_name(path.name + ".bad"))
    except OSError:
        pass
    _say_once(f"{path.name} was damaged; it is kept as {path.name}.bad and a new one is started.")


def _merged(stored: dict[str, Any] | None, session: dict[str, Any] | None) -> dict[str, Any]:
    """Join the file's record with this session's: another notebook may have written meanwhile."""
    if not stored or not session:
        return dict(stored or session or {})
    joined = {**stored, **session}
    for key in ("attempts", "hints", "points"):
        joined[key] = max(stored.get(key, 0), session.get(key, 0))
    if "pass" in (stored.get("state"), session.get("state")):
        joined["state"] = "pass"
    return joined


def _say_once(line: str) -> None:
    if line not in _said:
        _said.add(line)
        print(line)
