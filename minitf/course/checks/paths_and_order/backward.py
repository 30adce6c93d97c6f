"""Exercise ch03.backward: the whole walk back."""

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


def probe_backward(rng: np.random.Generator) -> Iterator[Probe]:
    """By hand, with dead ends, twice in a row, random graphs against powers of a matrix."""
    two_roads = {"f": 1.0, "a": 7.0, "b": 6.0, "x": 13.0}
    new_dict = "does each call begin with a new dict of its own, {end: 1.0}?"
    yield Probe("two roads", (TWO_ROADS, "f"), two_roads, likely=new_dict)
    yield Probe("x · x", (SQUARE, "y"), {"y": 1.0, "x": 6.0}, likely=new_dict)
    yield Probe(
        "a short and two long ways", (SHORT_AND_LONG, "y"), {"y": 1.0, "v": 0.5, "u": 1.5, "x": 7.0}
    )
    yield Probe(
        "dead ends have no gradient", (WITH_DEAD_ENDS, "y"), {"y": 1.0, "u": 3.0, "x": 6.0},
        edge=True,
    )  # fmt: skip
    yield Probe("an end that nothing leads to", (TWO_ROADS, "x"), {"x": 1.0}, edge=True)
    yield Probe("asked twice", (TWO_ROADS, "f"), two_roads, call=_twice, edge=True,
                likely=new_dict)  # fmt: skip
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


def walk_without_a_one(arrows, end):
    gradients: dict[str, float] = {}
    for name in _order(arrows, end):
        for source, target, slope in arrows:
            if target == name:
                have = gradients.get(source, 0.0)
                gradients[source] = have + gradients.get(name, 0.0) * slope
    return gradients


def walk_adds_slopes(arrows, end):
    gradients = {end: 1.0}
    for name in _order(arrows, end):
        for source, target, slope in arrows:
            if target == name:
                gradients[source] = gradients.get(source, 0.0) + gradients[name] + slope
    return gradients


def walk_seeds_every_name(arrows, end):
    gradients: dict[str, float] = {}
    for name in _order(arrows, end):
        gradients[name] = gradients.get(name, 0.0) + 1.0
        for source, target, slope in arrows:
            if target == name:
                gradients[source] = gradients.get(source, 0.0) + gradients[name] * slope
    return gradients


def walk_takes_what_accumulate_returns(arrows, end):
    gradients: Any = {end: 1.0}
    for name in _order(arrows, end):
        for source, target, slope in arrows:
            if target == name:
                gradients = _accumulate(gradients, source, gradients[name] * slope)
    return gradients


def _accumulate(gradients, name, amount):
    gradients[name] = gradients.get(name, 0.0) + amount


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


def walk_sends_to_the_target(arrows, end):
    gradients = {end: 1.0}
    for name in _order(arrows, end):
        for source, target, slope in arrows:
            if source == name:
                gradients[target] = gradients.get(target, 0.0) + gradients[name] * slope
    return gradients


def walk_from_the_first_arrow(arrows, end):
    gradients = {end: 1.0}
    for source, target, slope in arrows:
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
    forbid=("path_sum", "all_paths"),
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
            "walk_sends_to_the_target",
            walk_sends_to_the_target,
            "you send with the arrows, from the source to the target. Back goes the other way: for "
            "the arrows whose target it is, a name sends to the source.",
        ),
        Mutant(
            "walk_from_the_first_arrow",
            walk_from_the_first_arrow,
            "an arrow's target has nothing to send yet. Go through the names in the order of "
            "topo_order; at each, look for the arrows that end there.",
        ),
        Mutant(
            "walk_without_a_one",
            walk_without_a_one,
            "0 times any slope is 0. The gradient of `end` by itself is 1: start with {end: 1.0}.",
        ),
        Mutant(
            "walk_adds_slopes",
            walk_adds_slopes,
            "you add the slope to the gradient; along an arrow they are multiplied.",
        ),
        Mutant(
            "walk_seeds_every_name",
            walk_seeds_every_name,
            "the 1 belongs to `end` alone. Every other name holds only what arrives.",
        ),
        Mutant(
            "walk_takes_what_accumulate_returns",
            walk_takes_what_accumulate_returns,
            "accumulate changes the dict and returns None. Call it without `gradients = ...`.",
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
    meaning="An engine for single numbers is complete. Ask it twice: it gives the same twice.",
)
