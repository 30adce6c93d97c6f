"""Ungraded predictions: commit to a guess before the notebook shows the result.

    predict("sign of dloss/db", yours=None, answer=grads["b"], choices=("-1", "0", "+1"))
    # no prediction yet: sign of dloss/db (choose -1, 0 or +1)

A lesson must run from top to bottom untouched, so a missing or impossible prediction never
raises, and the answer stays hidden until there is one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from minitf.course.compare import as_plain, difference, show


def predict(
    question: str,
    yours: Any = None,
    *,
    answer: Any | Callable[[], Any],
    choices: Sequence[Any] = (),
    tolerance: float = 1e-6,
    why: str = "",
) -> None:
    """Compare your prediction with the answer, and say why the answer is what it is.

    `yours` is None or `...` until you have decided. `answer` is a value or a function without
    arguments, called only once there is a prediction. With `choices` yours must be one of them;
    numbers agree within `tolerance`, relative and absolute. Texts agree whatever their case.
    """
    ask = f"{question} (choose {_listed(choices)})" if choices else question
    if yours is None or yours is ...:
        print(f"no prediction yet: {ask}")
        return
    mine = _plain(yours)
    if choices and mine not in [_plain(one) for one in choices]:
        print(f"{show(yours)} is not one of the choices: {_listed(choices)}")
        return
    truth = answer() if callable(answer) else answer
    if difference(_plain(truth), mine, rtol=tolerance, atol=tolerance):
        print(f"You predicted {show(yours)}; it is {show(truth)}.")
    else:
        print(f"Right: {question} is {show(truth)}.")
    if why:
        print(why)


def _listed(choices: Sequence[Any]) -> str:
    texts = [f'"{c}"' if isinstance(c, str) and not _is_number(c) else str(c) for c in choices]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _is_number(text: str) -> bool:
    """Tell whether the text may be typed without quotes: nan and inf are no Python names."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _plain(value: Any) -> Any:
    """Make +1, 1.0, "+1" and a scalar tensor of 1 the same prediction; nan is a text."""
    value = as_plain(value)
    if getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value.strip().lower()
    if isinstance(value, float) and math.isnan(value):
        return "nan"  # as a number it would equal nothing, not even itself
    return float(value) if isinstance(value, int) else value
