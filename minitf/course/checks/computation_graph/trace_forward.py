"""Exercise ch02.trace_forward: write one record per operation, in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.course.checks.computation_graph.shared import (
    LESSON,
    OPERATIONS,
    Records,
    lesson_records,
    random_leaves,
)
from minitf.course.compare import show
from minitf.course.registry import Exercise, Mutant, Probe


def probe_trace_forward(rng: np.random.Generator) -> Iterator[Probe]:
    """The lesson's numbers, both signs of the error, and an error of exactly zero."""
    cases = [("the lesson's numbers", LESSON, False)]
    cases.append(("random numbers, target below", random_leaves(rng, -1.0), False))
    cases.append(("random numbers, target above", random_leaves(rng, 1.0), False))
    hit = {"x": 2.0, "w": 1.5, "b": 1.0, "y_true": 4.0}
    cases.append(("w = 1.5: the prediction is right, the loss is 0", hit, True))
    for about, leaves, edge in cases:
        shown = ", ".join(f"{name}={value:g}" for name, value in leaves.items())
        yield Probe(
            f"trace_forward({shown}): {about}",
            kwargs=leaves,
            accept=first_wrong_record(lesson_records(**leaves)),
            edge=edge,
        )


def first_wrong_record(expected: Records) -> Callable[[Any], str]:
    """Return a function that names the first record that is not as expected."""

    def accept(got: Any) -> str:
        if not isinstance(got, list | tuple):
            return f"a list of records is needed, not {type(got).__name__}"
        for number, want in enumerate(expected, start=1):
            if number > len(got):
                return f"{len(got)} records; {want[0]} = {want[1]}(...) is missing"
            problem = _record_problem(want, got[number - 1])
            if problem:
                return f"record {number}, {want[0]}: {problem}"
        extra = len(got) - len(expected)
        return f"{extra} records too many after {expected[-1][0]}" if extra else ""

    return accept


def _record_problem(want: tuple, got: Any) -> str:
    name, op, inputs, value = want
    if not isinstance(got, list | tuple) or len(got) != 4:
        return "a record is a tuple of four: (name, op, inputs, value)"
    if got[0] != name:
        return f"the name should be {name!r}, not {got[0]!r}"
    if got[1] != op:
        return f"the op should be {op!r}, not {got[1]!r}"
    if not _same_inputs(op, inputs, got[2]):
        return f"the inputs should be {inputs}, not {got[2]!r}"
    if not isinstance(got[3], int | float | np.number) or not math.isclose(
        got[3], value, rel_tol=1e-9, abs_tol=1e-9
    ):
        return f"the value should be {value:g}, not {show(got[3])}"
    return ""


def _same_inputs(op: str, want: tuple[str, ...], got: Any) -> bool:
    if not isinstance(got, list | tuple):
        return False
    if op in ("add", "mul"):  # order does not matter for these two
        return sorted(map(str, got)) == sorted(want)
    return tuple(got) == want


def _trace(product: Any, y_pred: Any, error: Any, loss: Any) -> Records:
    return [
        ("product", "mul", ("x", "w"), product),
        ("y_pred", "add", ("product", "b"), y_pred),
        ("error", "sub", ("y_true", "y_pred"), error),
        ("loss", "abs", ("error",), loss),
    ]


def trace_sub_swapped(x, w, b, y_true):
    y_pred = x * w + b
    records = _trace(x * w, y_pred, y_pred - y_true, abs(y_pred - y_true))
    return [*records[:2], ("error", "sub", ("y_pred", "y_true"), y_pred - y_true), records[3]]


def trace_value_swapped(x, w, b, y_true):
    y_pred = x * w + b
    return _trace(x * w, y_pred, y_pred - y_true, abs(y_pred - y_true))


def trace_without_abs(x, w, b, y_true):
    error = y_true - (x * w + b)
    return _trace(x * w, x * w + b, error, error)


def trace_inputs_are_values(x, w, b, y_true):
    product = x * w
    y_pred = product + b
    error = y_true - y_pred
    return [
        ("product", "mul", (x, w), product),
        ("y_pred", "add", (product, b), y_pred),
        ("error", "sub", (y_true, y_pred), error),
        ("loss", "abs", (error,), abs(error)),
    ]


def trace_no_comma(x, w, b, y_true):
    y_pred = x * w + b
    records = _trace(x * w, y_pred, y_true - y_pred, abs(y_true - y_pred))
    return [*records[:3], ("loss", "abs", "error", records[3][3])]


def trace_two_at_once(x, w, b, y_true):
    records = _trace(x * w, x * w + b, y_true - (x * w + b), abs(y_true - (x * w + b)))
    return [("y_pred", "add", ("x", "w", "b"), x * w + b), *records[2:]]


def trace_from_the_loss(x, w, b, y_true):
    y_pred = x * w + b
    return _trace(x * w, y_pred, y_true - y_pred, abs(y_true - y_pred))[::-1]


def trace_names_swapped(x, w, b, y_true):
    y_pred = x * w + b
    records = _trace(x * w, y_pred, y_true - y_pred, abs(y_true - y_pred))
    return [*records[:2], ("error", "sub", ("y_pred", "y_true"), y_true - y_pred), records[3]]


def trace_of_the_example(x, w, b, y_true):
    return _trace(6.0, 7.0, -3.0, 3.0)


def trace_inputs_as_text(x, w, b, y_true):
    y_pred = x * w + b
    records = _trace(x * w, y_pred, y_true - y_pred, abs(y_true - y_pred))
    return [(name, op, ", ".join(inputs), value) for name, op, inputs, value in records]


def trace_first_only(x, w, b, y_true):
    return [("product", "mul", ("x", "w"), x * w)]


def trace_other_style(x, w, b, y_true):
    values = {"x": x, "w": w, "b": b, "y_true": y_true}
    plan = (
        ("product", "mul", ["w", "x"]),
        ("y_pred", "add", ["product", "b"]),
        ("error", "sub", ["y_true", "y_pred"]),
        ("loss", "abs", ["error"]),
    )
    records = []
    for name, op, inputs in plan:
        values[name] = OPERATIONS[op](*(values[i] for i in inputs))
        records.append((name, op, inputs, values[name]))
    return records


TRACE_FORWARD = Exercise(
    id="ch02.trace_forward",
    title="Write the trace",
    names=("trace_forward",),
    points=2,
    minutes=6,
    difficulty=2,
    importance=4,
    probes=probe_trace_forward,
    hints=(
        "Read the formula from the inside out: what can be computed first, with the four numbers?",
        "Compute product, y_pred, error and loss in four lines. Then return a list of four tuples, "
        "each with a name, the op's name, the names of its inputs, and the number.",
        'The last two: ("error", "sub", ("y_true", "y_pred"), y_true - y_pred) and '
        '("loss", "abs", ("error",), abs(error)).',
    ),
    mutants=(
        Mutant(
            "sub_swapped",
            trace_sub_swapped,
            "error is y_true minus y_pred. Swapped, the loss is the same and two gradients flip.",
        ),
        Mutant(
            "value_swapped",
            trace_value_swapped,
            "the names say y_true - y_pred, but the number you stored is y_pred - y_true.",
        ),
        Mutant(
            "names_swapped",
            trace_names_swapped,
            "the number is y_true - y_pred, so the names stand in this order: y_true first.",
        ),
        Mutant(
            "of_the_example",
            trace_of_the_example,
            "6, 7, -3 and 3 belong to the example. Compute them from the four arguments.",
        ),
        Mutant(
            "inputs_as_text",
            trace_inputs_as_text,
            'each input is a text of its own, and a tuple holds them: ("x", "w"), not "x, w".',
        ),
        Mutant(
            "first_only",
            trace_first_only,
            "that is the example's record. Add one each for y_pred, error and loss.",
        ),
        Mutant(
            "without_abs",
            trace_without_abs,
            "the loss is the absolute value of the error: it cannot be negative.",
        ),
        Mutant(
            "inputs_are_values",
            trace_inputs_are_values,
            "you stored the inputs' numbers. Store their names: from a number nobody finds back.",
        ),
        Mutant(
            "no_comma",
            trace_no_comma,
            '("error") is only text in brackets; a tuple of one has a comma: ("error",).',
        ),
        Mutant(
            "two_at_once",
            trace_two_at_once,
            "x * w + b is two operations, so two records: product first, then y_pred.",
        ),
        Mutant(
            "from_the_loss",
            trace_from_the_loss,
            "you began at the loss. Forward, a record may use only what stands above it.",
        ),
    ),
    alternatives=(trace_other_style,),
    meaning="Names, operations and values in order: this list is all a tape is.",
)
