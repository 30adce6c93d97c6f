"""The table of what is done and what comes next.

progress()        # all chapters
progress(2)       # chapter 02 only
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from minitf.course import progress_file
from minitf.course.registry import Exercise, exercises

STATE_WORDS = {
    "pass": "passed",
    "recheck": "passed an older check: check it again",
    "todo": "to do",
    "blocked": "not yet",
    "wrong": "not yet",
    "error": "not yet",
    "timeout": "not yet",
}


@dataclass(frozen=True)
class ProgressTable:
    """One row per exercise, the total, and the next step."""

    rows: tuple[tuple[Exercise, str], ...]

    @property
    def points(self) -> int:
        """Points earned so far."""
        return sum(one.points for one, state in self.rows if state in ("pass", "recheck"))

    @property
    def next_step(self) -> str:
        """What to do next, in one sentence."""
        for exercise, state in self.rows:
            if state != "pass":
                return f"Next: {exercise.id}, {exercise.title} ({exercise.minutes} minutes)."
        return "All done."

    @property
    def total(self) -> str:
        """Counts in one sentence."""
        done = sum(state in ("pass", "recheck") for _, state in self.rows)
        top = sum(one.points for one, _ in self.rows)
        return f"{done} of {len(self.rows)} exercises, {self.points} of {top} points."

    def __repr__(self) -> str:
        named = named_columns([one for one, _ in self.rows])
        lines = [
            f"{named[one.id]}{one.points:>2} pt  {STATE_WORDS[state]}" for one, state in self.rows
        ]
        return "\n".join([*lines, self.total, self.next_step])

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><td><code>{escape(one.id)}</code></td><td>{escape(one.title)}</td>"
            f"<td>{one.points}</td><td>{STATE_WORDS[state]}</td></tr>"
            for one, state in self.rows
        )
        head = "<tr><th>exercise</th><th>title</th><th>points</th><th>state</th></tr>"
        foot = f"<p>{escape(self.total)} {escape(self.next_step)}</p>"
        return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>{foot}"


def named_columns(listed: Iterable[Exercise]) -> dict[str, str]:
    """Return, by id, the columns id and title, as wide as the longest of the exercises needs."""
    titles = {one.id: one.title for one in listed}
    id_width = max(map(len, titles), default=0) + 2
    title_width = max(map(len, titles.values()), default=0) + 2
    return {key: f"{key:<{id_width}}{title:<{title_width}}" for key, title in titles.items()}


def progress(chapter: int | None = None) -> ProgressTable:
    """Return the table of all exercises, or of one chapter's."""
    chosen = exercises(chapter)
    if not chosen:
        raise LookupError(f"chapter {chapter} has no exercises; progress() lists all of them")
    return ProgressTable(tuple((one, _state(one)) for one in chosen.values()))


def _state(exercise: Exercise) -> str:
    entry = progress_file.entry(exercise.id)
    if entry["state"] == "pass" and entry.get("check_version") != exercise.version:
        return "recheck"
    return entry["state"] if entry["state"] in STATE_WORDS else "todo"
