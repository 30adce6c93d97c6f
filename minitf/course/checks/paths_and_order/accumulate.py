"""Exercise ch03.accumulate: what arrives at a name adds up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe


def _after(names: Any, *amounts: tuple[str, float]) -> dict[str, float]:
    gradients: dict[str, float] = {}
    for name, amount in amounts:
        names.accumulate(gradients, name, amount)
    return gradients


def _returned(names: Any) -> Any:
    return names.accumulate({}, "a", 1.0)


def probe_accumulate(rng: np.random.Generator) -> Iterator[Probe]:
    """The first amount, more of them, two names, zeros, and what is returned."""
    yield Probe("the first amount", (("a", 2.0),), {"a": 2.0}, call=_after)
    yield Probe(
        "1, 3 and 3 at one name", (("a", 1.0), ("a", 3.0), ("a", 3.0)), {"a": 7.0}, call=_after
    )
    p, q, r = (round(float(v), 2) for v in rng.uniform(-2, 2, 3))
    two = (("a", p), ("b", q), ("a", r))
    yield Probe(f"{p} at a, {q} at b, {r} at a", two, {"a": p + r, "b": q}, call=_after)
    yield Probe("-2 and 2: the sum is 0, and a stays", (("a", -2.0), ("a", 2.0)), {"a": 0.0},
                call=_after, edge=True)  # fmt: skip
    yield Probe("a sum of 0 that grows", (("a", 0.0), ("a", 5.0)), {"a": 5.0}, call=_after,
                edge=True)  # fmt: skip
    yield Probe("it returns nothing", (), None, call=_returned, edge=True)


def overwrites(gradients, name, amount):
    gradients[name] = amount


def first_only(gradients, name, amount):
    gradients.setdefault(name, amount)


def fails_at_first(gradients, name, amount):
    gradients[name] += amount


def returns_instead(gradients, name, amount):
    return {**gradients, name: gradients.get(name, 0.0) + amount}


def changes_nothing(gradients, name, amount):
    gradients.get(name, 0.0) + amount


def doubles_first(gradients, name, amount):
    gradients.setdefault(name, amount)
    gradients[name] += amount


def name_in_quotes(gradients, name, amount):
    gradients["name"] = gradients.get("name", 0.0) + amount


def get_without_a_start(gradients, name, amount):
    gradients[name] = gradients.get(name) + amount


def starts_at_one(gradients, name, amount):
    gradients[name] = gradients.get(name, 1.0) + amount


def collects(gradients, name, amount):
    gradients.setdefault(name, []).append(amount)


def returns_the_dict(gradients, name, amount):
    gradients[name] = gradients.get(name, 0.0) + amount
    return gradients


def with_if(gradients, name, amount):
    if name in gradients:
        gradients[name] += amount
    else:
        gradients[name] = amount


ACCUMULATE = Exercise(
    id="ch03.accumulate",
    title="What arrives adds up",
    names=("accumulate",),
    points=1,
    minutes=4,
    difficulty=1,
    importance=5,
    probes=probe_accumulate,
    hints=(
        "What stands in the dict before the first amount arrives?",
        "gradients.get(name, 0.0) is what is there already, or 0.0.",
        "gradients[name] = gradients.get(name, 0.0) + amount",
    ),
    mutants=(
        Mutant("overwrites", overwrites, "`=` throws away what arrived before: a path is lost."),
        Mutant("first_only", first_only, "only the first amount stays; add the later ones to it."),
        Mutant(
            "fails_at_first",
            fails_at_first,
            "the first time there is nothing to add to: gradients.get(name, 0.0) helps.",
        ),
        Mutant(
            "returns_instead",
            returns_instead,
            "you return something, and the dict that was given is as before. Write into it.",
        ),
        Mutant(
            "changes_nothing",
            changes_nothing,
            "the dict stays as it was: store the sum in it, gradients[name] = ...",
        ),
        Mutant("doubles_first", doubles_first, "the first amount is counted twice."),
        Mutant(
            "name_in_quotes",
            name_in_quotes,
            'in quotes, "name" is that very word. Without quotes it is the argument.',
        ),
        Mutant(
            "get_without_a_start",
            get_without_a_start,
            "gradients.get(name) is None the first time. Say what it should be: get(name, 0.0).",
        ),
        Mutant("starts_at_one", starts_at_one, "1 too much: a sum starts at 0.0."),
        Mutant(
            "collects", collects, "you collect the amounts in a list. Keep one number: their sum."
        ),
        Mutant(
            "returns_the_dict",
            returns_the_dict,
            "right, but it returns the dict as well: leave the `return` out.",
        ),
    ),
    alternatives=(with_if,),
    meaning="One line, and the most common fault in home-made engines.",
)
