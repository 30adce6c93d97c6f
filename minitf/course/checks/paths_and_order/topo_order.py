"""Exercise ch03.topo_order: an order in which the walk back may go."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.course.checks.paths_and_order.graphs import (
    SHORT_AND_LONG,
    TWO_ROADS,
    WITH_DEAD_ENDS,
    Arrow,
    ends_of,
    order_problem,
    random_graph,
)
from minitf.course.registry import Exercise, Mutant, Probe

_BFS_FAILS: list[Arrow] = [
    ("x", "y", 1.0), ("x", "u", 1.0), ("u", "v", 1.0), ("v", "w", 1.0), ("w", "y", 1.0),
]  # fmt: skip


def probe_topo_order(rng: np.random.Generator) -> Iterator[Probe]:
    """Any valid order passes; graphs in which breadth-first search and habit go wrong."""
    graph = random_graph(rng)
    cases: list[tuple[str, list[Arrow], str, bool]] = [
        ("two roads", TWO_ROADS, "f", False),
        ("a short and two long ways", SHORT_AND_LONG, "y", False),
        ("a short cut past three nodes", _BFS_FAILS, "y", False),
        ("names that do not lead to y stay out", WITH_DEAD_ENDS, "y", True),
        ("an end in the middle of the graph", SHORT_AND_LONG, "v", True),
        ("an end that nothing leads to", TWO_ROADS, "x", True),
        ("a random graph, arrows shuffled", graph, ends_of(graph)[1], True),
    ]
    for label, arrows, end, edge in cases:
        yield Probe(label, (arrows, end), accept=_accept(arrows, end), edge=edge)


def _accept(arrows: list[Arrow], end: str) -> Callable[[Any], str]:
    def accept(got: Any) -> str:
        return order_problem(got, arrows, end)

    return accept


def breadth_first(arrows, end):
    order, waiting = [end], deque([end])
    while waiting:
        here = waiting.popleft()
        for source, target, _ in arrows:
            if target == here and source not in order:
                order.append(source)
                waiting.append(source)
    return order


def without_visited(arrows, end):
    order = [end]
    for source, target, _ in arrows:
        if target == end:
            order += without_visited(arrows, source)
    return order


def _finished_first(arrows, end):
    """Names in the order in which a depth-first search finishes them: inputs before uses."""
    seen, order = set(), []

    def visit(name):
        if name not in seen:
            seen.add(name)
            for source, target, _ in arrows:
                if target == name:
                    visit(source)
            order.append(name)

    visit(end)
    return order


def forward_order(arrows, end):
    return _finished_first(arrows, end)


def with_unreachable(arrows, end):
    names = {name for arrow in arrows for name in arrow[:2]}
    found = _finished_first(arrows, end)[::-1]
    return found + sorted(names - set(found))


def before_its_inputs(arrows, end):
    """A name is noted when it is entered, not when it is finished."""
    seen, order = set(), []

    def visit(name):
        if name not in seen:
            seen.add(name)
            order.append(name)
            for source, target, _ in arrows:
                if target == name:
                    visit(source)

    visit(end)
    return order


def goes_with_the_arrows(arrows, end):
    seen, order = set(), []

    def visit(name):
        if name not in seen:
            seen.add(name)
            for source, target, _ in arrows:
                if source == name:
                    visit(target)
            order.append(name)

    visit(end)
    return order[::-1]


def as_the_list_has_them(arrows, end):
    order = [end]
    for source, _, _ in reversed(arrows):
        if source not in order:
            order.append(source)
    return order


def sources_of_the_list(arrows, end):
    order = [end]
    for source, _, _ in arrows:
        if source not in order:
            order.append(source)
    return order


def by_counting(arrows, end):
    """Kahn 1962: a name is ready when all arrows that leave it have been used."""
    useful = set(_finished_first(arrows, end))
    waiting = dict.fromkeys(useful, 0)
    for source, target, _ in arrows:
        if target in useful:
            waiting[source] += 1
    order, ready = [], [end]
    while ready:
        name = ready.pop()
        order.append(name)
        for source, target, _ in arrows:
            if target == name:
                waiting[source] -= 1
                if waiting[source] == 0:
                    ready.append(source)
    return order


TOPO_ORDER = Exercise(
    id="ch03.topo_order",
    title="An order for the walk back",
    names=("topo_order",),
    points=3,
    minutes=14,
    difficulty=4,
    importance=4,
    probes=probe_topo_order,
    hints=(
        "When is a name finished? When everything it was computed from is finished. Note it then.",
        "Visit end. To visit a name: skip it if you were there; visit every source of its arrows; "
        "then append the name. At the end turn the list round.",
        "def visit(name): if name in done: return; done.add(name); for each arrow whose target is "
        "name: visit(source); then order.append(name). After visit(end) return order[::-1].",
    ),
    mutants=(
        Mutant(
            "breadth_first",
            breadth_first,
            "you list names by their distance from the end (breadth first). A name near the end "
            "may still have to wait for a longer way.",
        ),
        Mutant(
            "without_visited",
            without_visited,
            "a name that is reached twice is listed twice: remember where you have been.",
        ),
        Mutant(
            "forward_order",
            forward_order,
            "this is the order of computation. The walk back needs it the other way round.",
        ),
        Mutant(
            "with_unreachable",
            with_unreachable,
            "names that do not lead to `end` have no gradient: leave them out.",
        ),
        Mutant(
            "goes_with_the_arrows",
            goes_with_the_arrows,
            "you go with the arrows. From a name, visit the sources of the arrows that end there.",
        ),
        Mutant(
            "as_the_list_has_them",
            as_the_list_has_them,
            "you trust the order of the list, which may be any. Follow the arrows from `end`.",
        ),
        Mutant(
            "sources_of_the_list",
            sources_of_the_list,
            "you note the sources as the list has them, and it may have any order. Follow the "
            "arrows back from `end`.",
        ),
        Mutant(
            "before_its_inputs",
            before_its_inputs,
            "you note a name when you come to it. Note it when all its sources are done, then turn "
            "the list round.",
        ),
    ),
    alternatives=(by_counting,),
    meaning="A tape needs no such search: what ran first stands first.",
)
