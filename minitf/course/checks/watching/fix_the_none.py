"""Exercise ch05.fix_the_none: three functions whose source is not watched, or not what it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import minitf as tf
from minitf.course.registry import Exercise, Mutant, Probe


def probe_fix_the_none(rng: np.random.Generator) -> Iterator[Probe]:
    """Values and slopes in closed form; for the loop, where the variable stands afterwards."""
    number = round(float(rng.uniform(-4, 4)), 2)
    for x in (3.0, number):
        yield Probe(f"slope_of_square({x})", (x,), (x * x, 2 * x), name="slope_of_square",
                    rtol=1e-5)  # fmt: skip
    pieces = int(rng.integers(5, 20))
    for n in (4, pieces, 0):
        bill = (2.5 * n + 0.5 * n * n, 2.5 + n)
        yield Probe(f"slope_of_bill({n})", (n,), bill, name="slope_of_bill", rtol=1e-5,
                    edge=n == 0)  # fmt: skip
    for start, steps in ((3.0, 2), (number, 7)):
        yield Probe(
            f"the variable {start} after move_to_five(w, {steps})",
            (start, steps),
            5 + (start - 5) * 0.8**steps,
            call=_trained,
            rtol=1e-4,
        )
    yield Probe("move_to_five(w, 0) changes nothing", (3.0, 0), 3.0, call=_trained, edge=True)


def _trained(names: Any, start: float, steps: int) -> float:
    w = tf.Variable(start)
    names.move_to_five(w, steps)
    return float(w)


_SQUARE = """
def slope_of_square(number):
    x = tf.constant(number)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return y, tape.gradient(y, x)
"""
_BILL = """
def slope_of_bill(pieces):
    number = tf.Variable(pieces, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = 2.5 * number + 0.5 * number * number
    return y, tape.gradient(y, number)
"""
_TRAIN = """
def move_to_five(w, steps):
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = (w - 5.0) ** 2
        w.assign_sub(0.1 * tape.gradient(loss, w))
"""

_SQUARE_AS_IT_WAS = _SQUARE.replace("        tape.watch(x)\n", "")
_SQUARE_LATE = _SQUARE_AS_IT_WAS.replace(
    "y = x * x", "square = x * x; tape.watch(x); y = square + 0 * x"
)
_SQUARE_SLOPE_ONLY = _SQUARE.replace("return y, ", "return ")
_BILL_AS_IT_WAS = """
def slope_of_bill(pieces):
    x = tf.Variable(pieces)
    with tf.GradientTape() as tape:
        tape.watch(x)
        number = tf.cast(x, tf.float32)
        y = 2.5 * number + 0.5 * number * number
    return y, tape.gradient(y, x)
"""
_BILL_WITHOUT_SQUARE = _BILL.replace(" + 0.5 * number * number", "")
_TRAIN_AS_IT_WAS = _TRAIN.replace(
    "w.assign_sub(0.1 * tape.gradient(loss, w))", "w = w - 0.1 * tape.gradient(loss, w)"
)
_TRAIN_A_COPY = _TRAIN.replace(
    "w.assign_sub(0.1 * tape.gradient(loss, w))",
    "w = tf.Variable(w - 0.1 * tape.gradient(loss, w))",
)
_TRAIN_IN_PLACE = _TRAIN.replace(
    "w.assign_sub(0.1 * tape.gradient(loss, w))", "w -= 0.1 * tape.gradient(loss, w)"
)
_TRAIN_UPHILL = _TRAIN.replace("assign_sub", "assign_add")
_TRAIN_WITHOUT_RATE = _TRAIN.replace("0.1 * ", "")
_TRAIN_ASSIGNS = _TRAIN.replace("assign_sub", "assign")

_BY_ASSIGN = """
def slope_of_square(number):
    x = tf.Variable(number)
    with tf.GradientTape() as tape:
        y = tf.square(x)
    (slope,) = tape.gradient(y, [x])
    return y, slope

def slope_of_bill(pieces):
    x = tf.cast(pieces, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = 2.5 * x + 0.5 * x**2
    return y, tape.gradient(y, x)

def move_to_five(w, steps):
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.square(w - 5.0)
        w.assign(w - 0.1 * tape.gradient(loss, w))
"""

FIX_THE_NONE = Exercise(
    id="ch05.fix_the_none",
    title="Three sources",
    names=("slope_of_square", "slope_of_bill", "move_to_five"),
    points=3,
    minutes=8,
    difficulty=2,
    importance=5,
    probes=probe_fix_the_none,
    hints=(
        "Questions 1, 2 and 3 of the checklist, one for each function: which is a constant, which "
        "an integer, and which name gets something new in each round?",
        "The constant has to be watched, as the first line of the block. The integer has to become "
        "a float before the tape. The variable has to change by one of its own methods.",
        "tape.watch(x) before y = x * x; number = tf.Variable(float(pieces)), without the cast, "
        "and the gradient by number; and w.assign_sub(0.1 * tape.gradient(loss, w)).",
    ),
    mutants=(
        Mutant(
            "square_as_it_was",
            _SQUARE_AS_IT_WAS + _BILL + _TRAIN,
            "slope_of_square: the constant is not watched (or only after its use).",
        ),
        Mutant(
            "square_late",
            _SQUARE_LATE + _BILL + _TRAIN,
            "slope_of_square: the watch comes after the product. Make it the first line.",
        ),
        Mutant(
            "square_slope_only",
            _SQUARE_SLOPE_ONLY + _BILL + _TRAIN,
            "slope_of_square: return the value and the slope, as before.",
        ),
        Mutant(
            "bill_as_it_was",
            _SQUARE + _BILL_AS_IT_WAS + _TRAIN,
            "slope_of_bill: the source is still an integer. A cast on the tape is too late, and so "
            "is a watch.",
        ),
        Mutant(
            "bill_without_square",
            _SQUARE + _BILL_WITHOUT_SQUARE + _TRAIN,
            "slope_of_bill: a part of the price got lost; the value has to stay.",
        ),
        Mutant(
            "train_as_it_was",
            _SQUARE + _BILL + _TRAIN_AS_IT_WAS,
            "move_to_five: `w = w - ...` puts a plain tensor in the place of the variable. Use "
            "w.assign_sub.",
        ),
        Mutant(
            "train_a_copy",
            _SQUARE + _BILL + _TRAIN_A_COPY,
            "move_to_five: the variable that was given has not moved. You made a new one; change "
            "the old.",
        ),
        Mutant(
            "train_in_place",
            _SQUARE + _BILL + _TRAIN_IN_PLACE,
            "move_to_five: a variable has no `-=`. Change it by its method, w.assign_sub(...).",
        ),
        Mutant(
            "train_uphill",
            _SQUARE + _BILL + _TRAIN_UPHILL,
            "move_to_five: against the gradient means minus, assign_sub.",
        ),
        Mutant(
            "train_without_rate",
            _SQUARE + _BILL + _TRAIN_WITHOUT_RATE,
            "move_to_five: the step is 0.1 times the gradient; the whole gradient jumps across 5.",
        ),
        Mutant(
            "train_assigns",
            _SQUARE + _BILL + _TRAIN_ASSIGNS,
            "move_to_five: assign puts the step itself into w; assign_sub subtracts it.",
        ),
    ),
    alternatives=(_BY_ASSIGN,),
    meaning="Watched, a float, and still itself: the three things a source has to be.",
)
