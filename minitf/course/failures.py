"""The exceptions a check raises, shown as one short screen instead of a traceback.

    raise CheckFailed("ch02.add not yet - wrong value", ["expected 6", "got 5"])

Raising matters: a check that only prints a red word passes every notebook runner.
"""

from __future__ import annotations

MAX_LINES = 12


class CheckFailed(AssertionError):
    """The answer exists and is not right yet. `lines` is the whole text the learner sees."""

    state = "wrong"
    mutant = ""  # label of the mutant it behaves like, if any

    def __init__(self, headline: str, details: list[str] | None = None):
        self.headline = headline
        self.lines = [headline, *("  " + line for line in details or [])][:MAX_LINES]
        super().__init__("\n".join(self.lines))

    def remark(self, line: str) -> None:
        """Add one line below the headline."""
        self.lines.insert(1, "  " + line)
        self.args = ("\n".join(self.lines),)

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: show these lines and no traceback."""
        return self.lines


class AnswerError(CheckFailed):
    """The answer raised an exception of its own, or its names are missing."""

    state = "error"


class AnswerBlocked(CheckFailed):
    """The answer calls another exercise's name, whose hole is still open."""

    state = "blocked"


class AnswerTooSlow(CheckFailed):
    """The answer did not finish in the time allowed."""

    state = "timeout"


class NotStarted(CheckFailed):
    """The hole is still open: a calm state, not a mistake."""

    state = "todo"
