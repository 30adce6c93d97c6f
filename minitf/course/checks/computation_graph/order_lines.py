"""Exercise ch02.order_lines: the six lines of a backward pass, shuffled (a Parsons problem)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe

LINES = {
    "A": "d_product = d_y_pred * 1",
    "B": "d_w = d_product * x",
    "C": "d_loss = 1.0",
    "D": "d_error = d_loss * sign_of_error",
    "E": "d_y_pred = d_error * -1",
    "F": "d_b = d_y_pred * 1",
}


def probe_order_lines(rng: np.random.Generator) -> Iterator[Probe]:
    """Are all six lines there, and can Python run them in that order?"""
    yield Probe("the six letters, each once", accept=_letters_problem)
    yield Probe("Python runs the lines in your order", accept=_running_problem)


def _letters_problem(order: Any) -> str:
    if not isinstance(order, list | tuple | str):
        return f"a list of letters is needed, not {type(order).__name__}"
    letters = list(order)
    if sorted(map(str, letters)) == sorted(LINES):
        return ""
    if sorted(str(letter).upper() for letter in letters) == sorted(LINES):
        return 'write the letters as capitals, like ["A", "B"]'
    missing = [letter for letter in LINES if letter not in letters]
    twice = [letter for letter in LINES if letters.count(letter) > 1]
    strange = [letter for letter in letters if letter not in LINES]
    if missing:
        return f"missing: {', '.join(missing)}"
    return f"more than once: {', '.join(twice)}" if twice else f"no such line: {strange[0]!r}"


def _running_problem(order: Any) -> str:
    known = {"x", "sign_of_error"}
    for letter in list(order):
        result, _, computed = LINES.get(letter, "? = ?").partition(" = ")
        used = {word for word in computed.split() if word.isidentifier()}
        for name in sorted(used - known):
            return f"NameError at line {letter} ({LINES[letter]}): {name} is not known yet"
        known.add(result)
    return ""


ORDER_LINES = Exercise(
    id="ch02.order_lines",
    title="Order the way back",
    names=("backward_order",),
    points=1,
    minutes=4,
    difficulty=1,
    importance=4,
    probes=probe_order_lines,
    hints=(
        "Which line needs nothing from any other line?",
        "After C, look for the line that uses what C computed. Go on like that. A line may stand "
        "anywhere below the line that computes what it uses.",
        "C, D, E come first, in this order. Then F can stand anywhere, and A stands before B.",
    ),
    mutants=(
        Mutant(
            "alphabetical",
            ["A", "B", "C", "D", "E", "F"],
            "A is first on the page, but it uses d_y_pred. Find the line that uses nothing.",
        ),
        Mutant(
            "forward",
            ["B", "A", "F", "E", "D", "C"],
            "this is the order of the way forward, from w to the loss. Back is the reverse.",
        ),
        Mutant(
            "leaf_before_product",
            ["C", "D", "E", "F", "B", "A"],
            "B sends to w what has arrived at product. So product must get its gradient first.",
        ),
        Mutant(
            "prediction_before_error",
            ["C", "E", "D", "F", "A", "B"],
            "between the loss and y_pred lies the error: nothing reaches y_pred around it.",
        ),
        Mutant(
            "no_seed",
            ["D", "E", "F", "A", "B", "C"],
            "the 1 at the loss is where it all begins: C is the seed, so it comes first.",
        ),
    ),
    alternatives=(["C", "D", "E", "A", "B", "F"], 'backward_order = "CDEAFB"'),
    meaning="A gradient is complete before it is sent on: that is the only rule for the order.",
)
