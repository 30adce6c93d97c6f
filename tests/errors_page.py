"""The page minitf/ERRORS.md: read its mistakes, and write it.

    mistakes()[0].title, .cause, .code
    page(...)

tests/bad_inputs/mistakes.md is the source. What minitf says is found by running each snippet, what
TensorFlow says is recorded (record_tensorflow_errors.py); neither is written by hand.
"""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bad_input_table import FOLDER, outcome, recorded

SOURCE = FOLDER / "mistakes.md"
PAGE = Path(__file__).parents[1] / "minitf" / "ERRORS.md"
_MISTAKE = re.compile(
    r"^### ([^\n]+)\n\n((?:[^\n]+\n)+)\n```python\n(.*?)```\n", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Mistake:
    """One entry of the page: what one does, why it goes wrong, and the code that shows it."""

    title: str
    cause: str
    code: str


def mistakes() -> list[Mistake]:
    """All of them, in the page's order."""
    return [Mistake(*found) for found in _MISTAKE.findall(SOURCE.read_text("utf-8"))]


def page() -> str:
    """The source, with both answers put below each snippet."""
    answers = recorded()

    def with_answers(found: re.Match) -> str:
        mistake = Mistake(*found.groups())
        theirs = answers[mistake.title]
        said = f"{theirs['class']}: {theirs['message']}" if theirs["class"] else theirs["message"]
        return (
            f"{found.group().rstrip()}\n\nTensorFlow 2.21:\n\n```text\n{said or 'None'}\n```\n\n"
            f"minitf:\n\n```text\n{ours(mistake.code)}\n```\n"
        )

    return _MISTAKE.sub(with_answers, SOURCE.read_text("utf-8"))


def ours(code: str) -> str:
    """What minitf answers: an error, or a warning, or why the gradient is None."""
    import numpy as np

    import minitf as tf

    tf.keras.backend.clear_session()
    with tempfile.TemporaryDirectory() as folder:
        found = outcome(code, tf, np, Path(folder))
    if found.error is not None:
        return f"{type(found.error).__name__}: {found.error}"
    if found.warnings:
        return found.warnings[-1]
    tape, y, x = (found.names[name] for name in ("tape", "y", "x"))
    return f"{found.value}\n\ntape.explain(y, x):\n{tape.explain(y, x)}"
