"""Exercise ch02.move_w: what the gradient predicts for a step, and what really happens."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.checks.computation_graph.shared import LESSON, differences, random_leaves
from minitf.course.registry import Exercise, Mutant, Probe


def probe_move_w(rng: np.random.Generator) -> Iterator[Probe]:
    """Steps on one side of the kink, where prediction and truth agree, and steps across it."""
    lesson = tuple(LESSON.values())
    yield _move_probe("down by 0.25", (*lesson, -0.25), (-0.5, -0.5))
    yield _move_probe("up by 0.5", (*lesson, 0.5), (1.0, 1.0))
    for sign in (-1.0, 1.0):
        leaves = random_leaves(rng, sign)
        step = round(float(rng.uniform(0.05, 0.2)), 3)
        yield _move_probe("random numbers", (*leaves.values(), step), _changes(**leaves, step=step))
    yield _move_probe("past the kink", (*lesson, -2.0), (-4.0, -2.0), edge=True)
    hit = (2.0, 1.5, 1.0, 4.0)
    yield _move_probe("from the kink itself", (*hit, 0.5), (0.0, 1.0), edge=True)


def _move_probe(about: str, args: tuple, expected: tuple, edge: bool = False) -> Probe:
    shown = ", ".join(f"{value:g}" for value in args)
    return Probe(f"move_w({shown}): {about}", args, expected, edge=edge)


def _changes(x: float, w: float, b: float, y_true: float, step: float) -> tuple[float, float]:
    """Predicted by a central difference, and actual from the distance as a whole."""

    def loss(w: float) -> float:
        return math.dist([y_true], [float(np.dot([x, 1.0], [w, b]))])

    (slope,) = differences(loss, (w,))
    return slope * step, loss(w + step) - loss(w)


def _loss(x: float, w: float, b: float, y_true: float) -> float:
    return abs(y_true - (x * w + b))


def _slope(x: float, w: float, b: float, y_true: float) -> float:
    return float(-x * np.sign(y_true - (x * w + b)))


def move_wrong_sign(x, w, b, y_true, step):
    actual = _loss(x, w + step, b, y_true) - _loss(x, w, b, y_true)
    return -_slope(x, w, b, y_true) * step, actual


def move_slope_alone(x, w, b, y_true, step):
    return _slope(x, w, b, y_true), _loss(x, w + step, b, y_true) - _loss(x, w, b, y_true)


def move_new_loss(x, w, b, y_true, step):
    return _slope(x, w, b, y_true) * step, _loss(x, w + step, b, y_true)


def move_old_minus_new(x, w, b, y_true, step):
    actual = _loss(x, w, b, y_true) - _loss(x, w + step, b, y_true)
    return _slope(x, w, b, y_true) * step, actual


def move_gradient_of_b(x, w, b, y_true, step):
    slope = float(-np.sign(y_true - (x * w + b)))
    return slope * step, _loss(x, w + step, b, y_true) - _loss(x, w, b, y_true)


def move_prediction_twice(x, w, b, y_true, step):
    change = _slope(x, w, b, y_true) * step
    return change, change


def move_actual_twice(x, w, b, y_true, step):
    change = _loss(x, w + step, b, y_true) - _loss(x, w, b, y_true)
    return change, change


def move_slope_after(x, w, b, y_true, step):
    actual = _loss(x, w + step, b, y_true) - _loss(x, w, b, y_true)
    return _slope(x, w + step, b, y_true) * step, actual


def move_step_backwards(x, w, b, y_true, step):
    actual = _loss(x, w - step, b, y_true) - _loss(x, w, b, y_true)
    return -_slope(x, w, b, y_true) * step, actual


def move_as_a_learning_rate(x, w, b, y_true, step):
    by = -step * _slope(x, w, b, y_true)
    actual = _loss(x, w + by, b, y_true) - _loss(x, w, b, y_true)
    return -_slope(x, w, b, y_true) * step, actual


def move_as_training_does(x, w, b, y_true, step):
    slope = _slope(x, w, b, y_true)
    actual = _loss(x, w - step * slope, b, y_true) - _loss(x, w, b, y_true)
    return slope * step, actual


def move_exchanged(x, w, b, y_true, step):
    actual = _loss(x, w + step, b, y_true) - _loss(x, w, b, y_true)
    return actual, _slope(x, w, b, y_true) * step


_RECORDS_ONLY = """
def reverse_pass(leaves, records):
    return {}

def move_w(x, w, b, y_true, step):
    return reverse_pass([])
"""


def move_records_by_name(x, w, b, y_true, step):
    records: Any = [("loss", "abs", ("error",), _loss(x, w, b, y_true))]
    return records["loss"]


def move_losses(x, w, b, y_true, step):
    before = _loss(x, w, b, y_true)
    return before + _slope(x, w, b, y_true) * step, _loss(x, w + step, b, y_true)


def move_prediction_only(x, w, b, y_true, step):
    return _slope(x, w, b, y_true) * step


def move_whole_records(x, w, b, y_true, step):
    before, after = ("loss", _loss(x, w, b, y_true)), ("loss", _loss(x, w + step, b, y_true))
    return _slope(x, w, b, y_true) * step, after - before


def move_other_style(x, w, b, y_true, step):
    old, new = (abs(x * value + b - y_true) for value in (w, w + step))
    slope = x * float(np.sign(x * w + b - y_true))
    return [step * slope, new - old]


MOVE_W = Exercise(
    id="ch02.move_w",
    title="Predict a step, then take it",
    names=("move_w",),
    needs=("ch02.trace_forward", "ch02.reverse_pass"),
    points=2,
    minutes=6,
    difficulty=2,
    importance=4,
    probes=probe_move_w,
    hints=(
        "A gradient is a slope. Along a slope of 2, how far do you climb in a step of 0.1?",
        "Predicted: the gradient of w, times step. Actual: trace the graph twice, at w and at "
        "w + step, and subtract the old loss from the new one.",
        "The loss is the value of the last record: trace_forward(...)[-1][3]. The gradient is "
        'reverse_pass(leaves, records)["w"].',
    ),
    mutants=(
        Mutant(
            "wrong_sign",
            move_wrong_sign,
            "the prediction has the wrong sign: uphill (positive gradient, step up), loss grows.",
        ),
        Mutant(
            "slope_alone",
            move_slope_alone,
            "you return the gradient itself. The predicted change is gradient times step.",
        ),
        Mutant(
            "new_loss",
            move_new_loss,
            "the second number is the new loss; the change is the new loss minus the old one.",
        ),
        Mutant(
            "step_backwards",
            move_step_backwards,
            "you moved w against the step. Here w moves to w + step; step itself may be negative.",
        ),
        Mutant(
            "as_a_learning_rate",
            move_as_a_learning_rate,
            "step is no learning rate here. It is how far w moves: to w + step.",
        ),
        Mutant(
            "as_training_does",
            move_as_training_does,
            "step is no learning rate here. It is how far w moves: to w + step.",
        ),
        Mutant(
            "exchanged",
            move_exchanged,
            "the two numbers are exchanged: the predicted change comes first.",
        ),
        Mutant(
            "records_only",
            _RECORDS_ONLY,
            "reverse_pass wants two things: the leaves, as a dict of the four numbers, and the "
            "records.",
        ),
        Mutant(
            "records_by_name",
            move_records_by_name,
            "records are a list, not a dict. The loss is the number at the end of the last: "
            "[-1][3].",
        ),
        Mutant(
            "losses",
            move_losses,
            "these are two losses. Asked are two changes: leave the old loss out of both.",
        ),
        Mutant(
            "prediction_only",
            move_prediction_only,
            "the prediction is right. Return the actual change as well: predicted, actual.",
        ),
        Mutant(
            "whole_records",
            move_whole_records,
            "you subtract two records. The loss is the number at the end of the last one: [-1][3].",
        ),
        Mutant(
            "old_minus_new",
            move_old_minus_new,
            "a change is new minus old: negative when the loss has become smaller.",
        ),
        Mutant(
            "gradient_of_b",
            move_gradient_of_b,
            'the gradient belongs to b. Here w moves: take the entry "w".',
        ),
        Mutant(
            "prediction_twice",
            move_prediction_twice,
            "your second number is the prediction again. Compute the loss at w + step to find out.",
        ),
        Mutant(
            "actual_twice",
            move_actual_twice,
            "your prediction already knows the result. It may use only the gradient at w.",
        ),
        Mutant(
            "slope_after",
            move_slope_after,
            "you took the gradient at w + step. A prediction is made before the step, at w.",
        ),
    ),
    alternatives=(move_other_style,),
    meaning="A gradient is a promise about small steps; past a kink it does not hold.",
)
