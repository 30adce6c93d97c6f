"""Exercise ch05.watching: a tape that watches what you say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import minitf as tf
from minitf.course.registry import Exercise, Mutant, Probe


def probe_record_only(rng: np.random.Generator) -> Iterator[Probe]:
    """y = w x + b² + frozen · w: which of the four have a gradient, and how large is it?"""
    w, b, x, frozen = (round(float(v), 2) for v in rng.uniform(0.5, 3, 4))
    numbers = {"w": w, "b": b, "x": x, "frozen": frozen}
    slopes = {"w": x + frozen, "b": 2 * b, "x": w, "frozen": w}
    choices = [("w",), ("x",), ("b", "x"), ("w", "b", "x", "frozen"), ("frozen",), ()]
    for chosen in choices:
        expected = {
            "value": w * x + b * b + frozen * w,
            "gradients": {name: slopes[name] if name in chosen else None for name in slopes},
            "variables watched": sum(name != "x" for name in chosen),
            "calls of compute": 1,
        }
        label = f"chosen: {', '.join(chosen) or 'nothing'}"
        yield Probe(label, (numbers, chosen), expected, call=_recorded, rtol=1e-5,
                    edge=len(chosen) != 1)  # fmt: skip


def _recorded(names: Any, numbers: dict[str, float], chosen: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {name: tf.Variable(number) for name, number in numbers.items()}
    values["x"] = tf.constant(numbers["x"])
    values["frozen"] = tf.Variable(numbers["frozen"], trainable=False)
    calls = []

    def compute() -> Any:
        calls.append(1)
        w, b, x, frozen = (values[name] for name in ("w", "b", "x", "frozen"))
        return w * x + b * b + frozen * w

    answer = names.record_only(compute, [values[name] for name in chosen])
    if not (isinstance(answer, tuple) and len(answer) == 2):
        raise TypeError(f"record_only returned {type(answer).__name__}, not (tape, result)")
    tape, result = answer
    watched = len(tape.watched_variables())
    gradients = tape.gradient(result, values)
    return {
        "value": float(result),
        "gradients": {name: g if g is None else float(g) for name, g in gradients.items()},
        "variables watched": watched,
        "calls of compute": len(calls),
    }


def watches_all_variables(compute, chosen):
    with tf.GradientTape() as tape:
        tape.watch(chosen)
        result = compute()
    return tape, result


def watches_late(compute, chosen):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        result = compute()
        tape.watch(chosen)
    return tape, result


def watches_nothing(compute, chosen):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        result = compute()
    return tape, result


def watches_first(compute, chosen):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for value in chosen[:1]:
            tape.watch(value)
        result = compute()
    return tape, result


def computes_twice(compute, chosen):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(chosen)
        compute()
        result = compute()
    return tape, result


def computes_again_outside(compute, chosen):
    tape, _ = one_by_one(compute, chosen)
    return tape, compute()


def returns_the_tape(compute, chosen):
    return one_by_one(compute, chosen)[0]


def swaps_results(compute, chosen):
    tape, result = one_by_one(compute, chosen)
    return result, tape


def one_by_one(compute, chosen):
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        for value in chosen:
            tape.watch(value)
        result = compute()
    return tape, result


WATCHING = Exercise(
    id="ch05.watching",
    title="Watch only these",
    names=("record_only",),
    points=2,
    minutes=6,
    difficulty=2,
    importance=3,
    probes=probe_record_only,
    hints=(
        "Two things: keep the tape from watching by itself, and tell it what to watch.",
        "tf.GradientTape(watch_accessed_variables=False) watches nothing by itself. tape.watch "
        "takes a list, and comes first in the block.",
        "with tf.GradientTape(watch_accessed_variables=False) as tape: tape.watch(chosen), then "
        "result = compute(). After the block: return tape, result.",
    ),
    mutants=(
        Mutant(
            "watches_all_variables",
            watches_all_variables,
            "trainable variables are still watched by themselves: watch_accessed_variables=False.",
        ),
        Mutant(
            "watches_late",
            watches_late,
            "compute() has to run after the watch, and inside of the block.",
        ),
        Mutant(
            "watches_nothing",
            watches_nothing,
            "the tape watches nothing at all now; tell it: tape.watch(chosen).",
        ),
        Mutant("watches_first", watches_first, "only the first of the chosen values is watched."),
        Mutant("computes_twice", computes_twice, "compute() runs twice; keep its first result."),
        Mutant(
            "computes_again_outside",
            computes_again_outside,
            "you return a second compute(), which no tape heard. Keep the result of the first.",
        ),
        Mutant("returns_the_tape", returns_the_tape, "return two things: tape, result."),
        Mutant("swaps_results", swaps_results, "the tape comes first: return tape, result."),
    ),
    alternatives=(one_by_one,),
    meaning="A frozen variable or an input can be a source; a tape that watches less keeps less.",
)
