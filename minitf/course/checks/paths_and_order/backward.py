"""Exercises ch03.accumulate and ch03.backward: what arrives adds up, and the whole walk back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.checks.paths_and_order.graphs import (
    SHORT_AND_LONG,
    SQUARE,
    TWO_ROADS,
    WITH_DEAD_ENDS,
    Arrow,
    ends_of,
    gradients_by_matrices,
    random_graph,
)
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
            "you return a new dict; change the one that was given, and return nothing.",
        ),
        Mutant(
            "changes_nothing",
            changes_nothing,
            "the dict stays as it was: store the sum in it, gradients[name] = ...",
        ),
        Mutant("doubles_first", doubles_first, "the first amount is counted twice."),
    ),
    alternatives=(with_if,),
    meaning="One line, and the most common fault in home-made engines.",
)


def probe_backward(rng: np.random.Generator) -> Iterator[Probe]:
    """By hand, with dead ends, twice in a row, random graphs against powers of a matrix."""
    two_roads = {"f": 1.0, "a": 7.0, "b": 6.0, "x": 13.0}
    yield Probe("two roads", (TWO_ROADS, "f"), two_roads)
    yield Probe("x · x", (SQUARE, "y"), {"y": 1.0, "x": 6.0})
    yield Probe(
        "a short and two long ways", (SHORT_AND_LONG, "y"), {"y": 1.0, "v": 0.5, "u": 1.5, "x": 7.0}
    )
    yield Probe(
        "dead ends have no gradient", (WITH_DEAD_ENDS, "y"), {"y": 1.0, "u": 3.0, "x": 6.0},
        edge=True,
    )  # fmt: skip
    yield Probe("an end that nothing leads to", (TWO_ROADS, "x"), {"x": 1.0}, edge=True)
    yield Probe("asked twice", (TWO_ROADS, "f"), two_roads, call=_twice, edge=True)
    graph = random_graph(rng)
    end = ends_of(graph)[1]
    expected = gradients_by_matrices(graph, end)
    yield Probe("a random graph", (graph, end), expected, rtol=1e-6, atol=1e-8, edge=True)


def _twice(names: Any, arrows: list[Arrow], end: str) -> Any:
    names.backward(arrows, end)
    return names.backward(arrows, end)


def _order(arrows, end):
    seen, order = set(), []

    def visit(name):
        if name not in seen:
            seen.add(name)
            for source, target, _ in arrows:
                if target == name:
                    visit(source)
            order.append(name)

    visit(end)
    return order[::-1]


def _walk(arrows, end, order=None, seed=1.0, add=True, start=None):
    gradients = {} if start is None else start
    gradients[end] = seed
    for name in order or _order(arrows, end):
        for source, target, slope in arrows:
            if target == name:
                have = gradients.get(source, 0.0) if add else 0.0
                gradients[source] = have + gradients.get(name, 0.0) * slope
    return gradients


def walk_overwrites(arrows, end):
    return _walk(arrows, end, add=False)


def walk_without_seed(arrows, end):
    gradients: dict[str, float] = {}
    for name in _order(arrows, end):
        for source, target, slope in arrows:
            if target == name:
                gradients[source] = gradients.get(source, 0.0) + gradients[name] * slope
    return gradients


def walk_in_list_order(arrows, end):
    gradients = {end: 1.0}
    for source, target, slope in reversed(arrows):
        gradients[source] = gradients.get(source, 0.0) + gradients.get(target, 0.0) * slope
    return gradients


def walk_the_wrong_end(arrows, end):
    gradients = {end: 1.0}
    for name in _order(arrows, end):
        for source, target, slope in arrows:
            if source == name:
                gradients[source] = gradients.get(source, 0.0) + gradients[target] * slope
    return gradients


def walk_without_order(arrows, end):
    gradients = {end: 1.0}

    def push(name):
        for source, target, slope in arrows:
            if target == name:
                gradients[source] = gradients.get(source, 0.0) + gradients[name] * slope
                push(source)

    push(end)
    return gradients


_KEPT: dict[str, float] = {}


def walk_keeps_gradients(arrows, end):
    if end not in _KEPT:
        _KEPT.clear()  # another graph
    return dict(_walk(arrows, end, start=_KEPT))


def walk_ignores_upstream(arrows, end):
    gradients = {end: 1.0}
    for name in _order(arrows, end):
        for source, target, slope in arrows:
            if target == name:
                gradients[source] = gradients.get(source, 0.0) + slope
    return gradients


def walk_forward(arrows, end):
    return _walk(arrows, end, order=_order(arrows, end)[::-1])


def walk_leaves_only(arrows, end):
    targets = {target for _, target, _ in arrows}
    return {name: g for name, g in _walk(arrows, end).items() if name not in targets}


def walk_by_pulling(arrows, end):
    """Each name collects from the arrows that leave it."""
    gradients = {end: 1.0}
    for name in _order(arrows, end)[1:]:
        gradients[name] = sum(
            slope * gradients[target]
            for source, target, slope in arrows
            if source == name and target in gradients
        )
    return gradients


BACKWARD = Exercise(
    id="ch03.backward",
    title="The walk back for any graph",
    names=("backward",),
    needs=("ch03.topo_order", "ch03.accumulate"),
    points=4,
    minutes=12,
    difficulty=3,
    importance=5,
    probes=probe_backward,
    hints=(
        "You have all the parts: an order, and an adder. What does a name do when its turn comes?",
        "gradients = {end: 1.0}. For each name of topo_order(arrows, end), for each arrow whose "
        "target is that name: its source receives gradients[name] * slope.",
        "for source, target, slope in arrows: if target == name: accumulate(gradients, source, "
        "gradients[name] * slope)",
    ),
    mutants=(
        Mutant("walk_overwrites", walk_overwrites, "`=` where contributions must add up."),
        Mutant(
            "walk_without_seed",
            walk_without_seed,
            "nothing has arrived at `end` yet: begin with gradients = {end: 1.0}.",
        ),
        Mutant(
            "walk_in_list_order",
            walk_in_list_order,
            "you take the arrows as the list has them. It may have any order: walk by topo_order.",
        ),
        Mutant(
            "walk_the_wrong_end",
            walk_the_wrong_end,
            "you collect over arrows that leave a name; some of them do not lead to `end`. Send "
            "along those whose target it is.",
        ),
        Mutant(
            "walk_without_order",
            walk_without_order,
            "a name sends before everything has arrived, so parts of a sum are sent twice. Walk in "
            "the order of topo_order.",
        ),
        Mutant(
            "walk_keeps_gradients",
            walk_keeps_gradients,
            "gradients of an earlier call are still there: start each call with an empty dict.",
        ),
        Mutant(
            "walk_ignores_upstream",
            walk_ignores_upstream,
            "you add the slopes alone; multiply each by the gradient of the arrow's target.",
        ),
        Mutant(
            "walk_forward",
            walk_forward,
            "you walk from the beginning to the end; there nothing has arrived yet.",
        ),
        Mutant(
            "walk_leaves_only",
            walk_leaves_only,
            "names in the middle have gradients as well: return all of them.",
        ),
    ),
    alternatives=(walk_by_pulling,),
    meaning="An engine for single numbers is complete. Its twice is once: nothing is kept.",
)
