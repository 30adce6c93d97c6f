"""Answers that cannot be read at a glance, for predictions whose answer nothing computes.

    predict("2. the order", yours=None, answer=sealed("J2xhc3QgdG8gZmlyc3Qn"))

A learner reads the cell before predicting, so `answer="last to first"` would give it away. This
is an envelope, not a lock: whoever wants to look calls `sealed` and sees the answer. Authors make
one with `python -m minitf.course seal "'last to first'"`.
"""

from __future__ import annotations

import ast
import base64
from typing import Any


def sealed(text: str) -> Any:
    """Return the value that `seal` put into `text`. It keeps no secret, see above.

    Raises `ValueError` if `text` is not base64, or does not hold a Python literal.
    """
    remedy = 'Make it anew with: python -m minitf.course seal "VALUE"'
    try:
        literal = base64.b64decode(text, validate=True).decode("utf-8")
    except (TypeError, ValueError) as error:  # wrong letters, wrong length, or not UTF-8
        raise ValueError(f"sealed({text!r}): this is not base64 text ({error}). {remedy}") from None
    try:
        return _value(literal)
    except ValueError as error:
        raise ValueError(f"sealed({text!r}): {error}. {remedy}") from None


def seal(literal: str) -> str:
    """Return the text to give to `sealed`, from a Python literal such as "8" or "'first'".

    Raises `ValueError` if it is not a literal.
    """
    _value(literal)
    return base64.b64encode(literal.encode("utf-8")).decode("ascii")


def _value(literal: str) -> Any:
    try:
        return ast.literal_eval(literal.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise ValueError(
            f"{literal!r} is not a Python literal. "
            "Write 8, 1.5, (2, 3), None, or a text in quotes of its own, as 'up'"
        ) from None
