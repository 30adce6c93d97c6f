"""Exercise ch05.persistent: several targets, one run, one gradient for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import minitf as tf
from minitf.course.registry import Exercise, Mutant, Probe


def probe_gradient_of_each(rng: np.random.Generator) -> Iterator[Probe]:
    """Powers, a vector, numbers without a way, and no numbers at all."""
    yield _probe("x² and x⁴ at 3", _powers, 3.0, [6.0, 108.0])
    number = round(float(rng.uniform(0.5, 2)), 2)
    yield _probe(f"x² and x⁴ at {number}", _powers, number, [2 * number, 4 * number**3])
    vector = rng.uniform(-2, 2, 3).round(2).astype("float32")
    expected = [2 * vector, np.array([0, 1, 0], "float32"), np.zeros(3, "float32")]
    yield _probe("a vector; the last number is a constant", _of_vector, vector, expected, edge=True)
    yield _probe("the same number twice", _twice, 3.0, [6.0, 6.0], edge=True)
    yield _probe("an empty list", _nothing, 3.0, [], edge=True)


def _probe(label: str, f: Callable, x: Any, expected: list, edge: bool = False) -> Probe:
    wanted = {"gradients": expected, "calls of f": 1}
    return Probe(label, (f, x), wanted, call=_asked, rtol=1e-4, atol=1e-5, edge=edge)


def _asked(names: Any, f: Callable, x: Any) -> dict[str, Any]:
    calls = []

    def counted(x: Any) -> list:
        calls.append(1)
        return f(x)

    gradients = names.gradient_of_each(counted, tf.constant(x))
    return {"gradients": gradients, "calls of f": len(calls)}


def _powers(x: Any) -> list:
    y = x**2
    return [y, y**2]


def _of_vector(x: Any) -> list:
    return [tf.reduce_sum(x * x), x[1] * 1.0, tf.constant(7.0)]


def _twice(x: Any) -> list:
    y = x * x
    return [y, y]


def _nothing(x: Any) -> list:
    return []


def _tape_and_numbers(f, x, persistent=True, watch=True):
    with tf.GradientTape(persistent=persistent) as tape:
        if watch:
            tape.watch(x)
        numbers = f(x)
    return tape, numbers


def adds_up(f, x):
    tape, numbers = _tape_and_numbers(f, x)
    return [tape.gradient(numbers, x, unconnected_gradients="zero") for _ in numbers]


def one_call_for_all(f, x):
    tape, numbers = _tape_and_numbers(f, x)
    return tape.gradient(numbers, x, unconnected_gradients="zero")


def not_persistent(f, x):
    tape, numbers = _tape_and_numbers(f, x, persistent=False)
    return [tape.gradient(one, x, unconnected_gradients="zero") for one in numbers]


def leaves_none(f, x):
    tape, numbers = _tape_and_numbers(f, x)
    return [tape.gradient(one, x) for one in numbers]


def not_watched(f, x):
    tape, numbers = _tape_and_numbers(f, x, watch=False)
    return [tape.gradient(one, x, unconnected_gradients="zero") for one in numbers]


def not_watched_none(f, x):
    tape, numbers = _tape_and_numbers(f, x, watch=False)
    return [tape.gradient(one, x) for one in numbers]


def one_tape_each(f, x):
    gradients = []
    _, numbers = _tape_and_numbers(f, x)
    for k in range(len(numbers)):
        tape, again = _tape_and_numbers(f, x)
        gradients.append(tape.gradient(again[k], x, unconnected_gradients="zero"))
    return gradients


def second_numbers(f, x):
    tape, _ = _tape_and_numbers(f, x)
    return [tape.gradient(one, x, unconnected_gradients="zero") for one in f(x)]


def asks_for_truth(f, x):
    return [gradient or tf.zeros_like(x) for gradient in leaves_none(f, x)]


def accumulates(f, x):
    tape, numbers = _tape_and_numbers(f, x)
    gradients, total = [], tf.zeros_like(x)
    for one in numbers:
        total = total + tape.gradient(one, x, unconnected_gradients="zero")
        gradients.append(total)
    return gradients


def scalar_zero(f, x):
    found = leaves_none(f, x)
    return [0.0 if gradient is None else gradient for gradient in found]


def zeros_by_hand(f, x):
    found = leaves_none(f, x)
    return [tf.zeros_like(x) if gradient is None else gradient for gradient in found]


PERSISTENT = Exercise(
    id="ch05.persistent",
    title="One gradient for each number",
    names=("gradient_of_each",),
    points=2,
    minutes=7,
    difficulty=2,
    importance=4,
    probes=probe_gradient_of_each,
    hints=(
        "Several calls of gradient on one tape: which kind of tape allows that? And what does a "
        "call with a list of targets answer?",
        "A persistent tape; watch x; numbers = f(x) in the block. After it one call for each "
        "number, with unconnected_gradients=tf.UnconnectedGradients.ZERO.",
        "return [tape.gradient(one, x, unconnected_gradients=tf.UnconnectedGradients.ZERO) for one "
        "in numbers]",
    ),
    mutants=(
        Mutant(
            "adds_up",
            adds_up,
            "a list of targets is added up. Ask for each number in a call of its own.",
        ),
        Mutant(
            "one_call_for_all",
            one_call_for_all,
            "one call with all numbers adds their gradients up. Make a call for each, in a list.",
        ),
        Mutant(
            "not_persistent",
            not_persistent,
            "the tape lets go of its entries after the first call: persistent=True.",
        ),
        Mutant(
            "leaves_none",
            leaves_none,
            "where there is no way the answer should be zeros: unconnected_gradients.",
        ),
        Mutant(
            "not_watched",
            not_watched,
            "nobody watches x, so there is no way from anywhere, and all is zero. See how zeros "
            "hide a mistake.",
        ),
        Mutant(
            "not_watched_none",
            not_watched_none,
            "nobody watches x: tape.watch(x) is the first line of the block.",
        ),
        Mutant(
            "one_tape_each",
            one_tape_each,
            "f is called more than once. One persistent tape can answer for all numbers.",
        ),
        Mutant(
            "second_numbers",
            second_numbers,
            "you ask about the numbers of a second f(x), which no tape heard. Keep those of the "
            "block.",
        ),
        Mutant(
            "asks_for_truth",
            asks_for_truth,
            "`or` asks whether a gradient is true, and a vector has no answer. Ask `is None`, or "
            "use unconnected_gradients.",
        ),
        Mutant(
            "accumulates",
            accumulates,
            "you add each gradient to those before. Calls do not accumulate, and should not.",
        ),
        Mutant("scalar_zero", scalar_zero, "the zeros need the shape of x: one for each element."),
    ),
    alternatives=(zeros_by_hand,),
    meaning="One run forward, and one walk back for each target.",
)
