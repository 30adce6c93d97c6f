"""Exercises ch03.all_paths and ch03.path_sum: every way from a name to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
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


def walks(arrows: list[Arrow], start: str, end: str) -> list[list[Arrow]]:
    """All paths, grown arrow by arrow from the start; another road than the solution's."""
    growing: list[list[Arrow]] = [[]]
    found = []
    while growing:
        path = growing.pop()
        here = path[-1][1] if path else start
        if here == end:
            found.append(path)
            continue
        growing += [[*path, arrow] for arrow in arrows if arrow[0] == here]
    return found


def same_paths(arrows: list[Arrow], start: str, end: str) -> Callable[[Any], str]:
    """Any order of the paths is right; each has to be there as often as it exists."""
    wanted = Counter(tuple(path) for path in walks(arrows, start, end))

    def accept(got: Any) -> str:
        try:
            given = Counter(tuple(tuple(arrow) for arrow in path) for path in got)
            foreign = [one for path in got for one in path if tuple(one) not in arrows]
        except TypeError:
            return f"return a list of paths, each a list of arrows, not {got!r}."
        if foreign:
            return f"{foreign[0]!r} is no arrow of the graph; one is (source, target, slope)."
        for path, count in wanted.items():
            if given[path] != count:
                return _wrong_count(path, given[path], count)
        extra = next(iter(given - wanted), None)
        return "" if extra is None else f"{list(extra)} is no path from {start!r} to {end!r}."

    return accept


def _wrong_count(path: tuple[Arrow, ...], given: int, wanted: int) -> str:
    if not given:
        return f"{_written(path)} is missing from your list."
    return f"{_written(path)} is in your list {given}×; it should be there {wanted}×."


def _written(path: tuple[Arrow, ...]) -> str:
    if not path:
        return "the path without arrows, [],"
    return "the path " + " → ".join([path[0][0], *(arrow[1] for arrow in path)])


_LIKELY = {
    "x · x": "two equal arrows between the same names are two paths; a set keeps only one.",
    "dead ends": "a way that ends before `end` is no path, and adds nothing to the list.",
    "against the arrows, from f to x": "if there is no path, the list is empty: return [].",
    "from f to f": "with start == end there is one path, without arrows: return [[]].",
}


def probe_all_paths(rng: np.random.Generator) -> Iterator[Probe]:
    """Small graphs, parallel arrows, dead ends, no way, and from a name to itself."""
    cases: list[tuple[str, list[Arrow], str, str, bool]] = [
        ("two roads from x to f", TWO_ROADS, "x", "f", False),
        ("from a to f: one arrow", TWO_ROADS, "a", "f", False),
        ("a short and two long ways", SHORT_AND_LONG, "x", "y", False),
        ("x · x: two arrows between the same names", SQUARE, "x", "y", True),
        ("dead ends: only one way leads to y", WITH_DEAD_ENDS, "x", "y", True),
        ("against the arrows, from f to x: no path", TWO_ROADS, "f", "x", True),
        ("from f to f: one path without arrows", TWO_ROADS, "f", "f", True),
    ]
    graph = random_graph(rng, 5)
    cases.append(("a random graph", graph, *ends_of(graph), True))
    for label, arrows, start, end, edge in cases:
        accept, likely = same_paths(arrows, start, end), _LIKELY.get(label.partition(":")[0], "")
        yield Probe(label, (arrows, start, end), accept=accept, edge=edge, likely=likely)


def _in_order(arrows, start, end):
    """The paths in the order in which a recursion finds them: most answers return this order."""
    return sorted(walks(arrows, start, end), key=lambda path: [arrows.index(a) for a in path])


def first_path_only(arrows, start, end):
    return _in_order(arrows, start, end)[:1]


def nothing_at_the_end(arrows, start, end):
    return []  # every path is built on the one at the end, and that is missing


def one_list_too_deep(arrows, start, end):
    if start == end:
        return [[]]
    return [
        [arrow, *one_list_too_deep(arrows, arrow[1], end)] for arrow in arrows if arrow[0] == start
    ]


def two_arrows_only(arrows, start, end):
    return [
        [first, second]
        for first in arrows
        for second in arrows
        if first[0] == start and first[1] == second[0] and second[1] == end
    ]


def joins_everything(arrows, start, end):
    if start == end:
        return [[]]
    paths = []
    for arrow in arrows:
        if arrow[0] == start:
            for rest in joins_everything(arrows, arrow[1], end):
                paths.extend([arrow] + rest)
    return paths


def lists_inside_paths(arrows, start, end):
    if start == end:
        return [[]]
    return [[arrow, lists_inside_paths(arrows, arrow[1], end)] for arrow in arrows
            if arrow[0] == start]  # fmt: skip


def none_without_a_path(arrows, start, end):
    if start == end:
        return [[]]
    paths = []
    for arrow in arrows:
        if arrow[0] == start:
            for rest in none_without_a_path(arrows, arrow[1], end):
                paths.append([arrow, *rest])
    return paths or None


def never_visits_twice(arrows, start, end):
    """Every name is entered once: right for trees, and too few paths where roads meet."""
    seen = set()

    def visit(name):
        if name == end:
            return [[]]
        if name in seen:
            return []
        seen.add(name)
        return [[arrow, *rest] for arrow in arrows if arrow[0] == name for rest in visit(arrow[1])]

    return visit(start)


def names_instead(arrows, start, end):
    return [[start, *(arrow[1] for arrow in path)] for path in _in_order(arrows, start, end)]


def parallel_arrows_once(arrows, start, end):
    return walks(list(dict.fromkeys(arrows)), start, end)


def backwards(arrows, start, end):
    return [path[::-1] for path in _in_order(arrows, start, end)]


def keeps_dead_ends(arrows, start, end):
    sources = {arrow[0] for arrow in arrows}
    growing: list[list[Arrow]] = [[]]
    found = []
    while growing:
        path = growing.pop()
        here = path[-1][1] if path else start
        if here == end or here not in sources:
            found.append(path)
            continue
        growing += [[*path, arrow] for arrow in arrows if arrow[0] == here]
    return found


ALL_PATHS = Exercise(
    id="ch03.all_paths",
    title="Every path",
    names=("all_paths",),
    points=2,
    minutes=10,
    difficulty=3,
    importance=3,
    probes=probe_all_paths,
    hints=(
        "Where can you be after one arrow? From there on it is the same task again.",
        "If start == end, return [[]]. Else take each arrow that leaves start, and put it before "
        "each path from its target to end.",
        "for arrow in arrows: if arrow[0] == start: for rest in all_paths(arrows, arrow[1], end): "
        "paths.append([arrow, *rest])",
    ),
    mutants=(
        Mutant("first_path_only", first_path_only, "you stop at the first path; list them all."),
        Mutant(
            "never_visits_twice",
            never_visits_twice,
            "you enter each name only once, but two paths may share a name in the middle.",
        ),
        Mutant(
            "names_instead", names_instead, "your paths list names; list the arrows themselves."
        ),
        Mutant(
            "parallel_arrows_once",
            parallel_arrows_once,
            "two equal arrows between the same names are two paths, as in x · x.",
        ),
        Mutant(
            "nothing_at_the_end",
            nothing_at_the_end,
            "always empty. With start == end return [[]], a list with one path; [] has none to "
            "build on.",
        ),
        Mutant(
            "one_list_too_deep",
            one_list_too_deep,
            "all_paths returns a list of paths. Go through them in a second loop, and put the "
            "arrow before each.",
        ),
        Mutant(
            "two_arrows_only",
            two_arrows_only,
            "your paths have two arrows. Others have one, or many: the function may call itself.",
        ),
        Mutant(
            "joins_everything",
            joins_everything,
            "`extend` pours the arrows into one list. Append each path as a list of its own.",
        ),
        Mutant(
            "lists_inside_paths",
            lists_inside_paths,
            "a path holds arrows, not lists of paths: put the arrow before each path of the rest.",
        ),
        Mutant(
            "none_without_a_path",
            none_without_a_path,
            "if there is no path your function returns None. Return the empty list then, [].",
        ),
        Mutant("backwards", backwards, "your paths run from end to start; begin at start."),
        Mutant(
            "keeps_dead_ends",
            keeps_dead_ends,
            "some of your paths end before they reach `end`: leave those out.",
        ),
    ),
    alternatives=(walks,),
    meaning="Right, and hopeless for a network: the number of paths can double with each node.",
)


def probe_path_sum(rng: np.random.Generator) -> Iterator[Probe]:
    """Sums by hand, then random graphs against powers of a matrix."""
    yield Probe("two roads: 1 · 7 + 1 · 6", (TWO_ROADS, "x", "f"), 13.0)
    only = "only the arrows on a path from `start` to `end` count."
    yield Probe("one arrow, from b to f", (TWO_ROADS, "b", "f"), 6.0, likely=only)
    yield Probe("4 + 2 · 5 · 0.5 + 2 · (-1)", (SHORT_AND_LONG, "x", "y"), 7.0)
    yield Probe("x · x: 3 + 3", (SQUARE, "x", "y"), 6.0, edge=True)
    yield Probe("no path: 0", (TWO_ROADS, "f", "x"), 0.0, edge=True)
    yield Probe("from f to itself: 1", (TWO_ROADS, "f", "f"), 1.0, edge=True)
    graph = random_graph(rng)
    start, end = ends_of(graph)
    expected = gradients_by_matrices(graph, end).get(start, 0.0)
    yield Probe("a random graph", (graph, start, end), expected, rtol=1e-6, atol=1e-8, edge=True)


def _products(arrows, start, end):
    paths = _in_order(arrows, start, end)
    return [np.prod([a[2] for a in path]) if path else 1.0 for path in paths]


def multiplies_paths(arrows, start, end):
    return float(np.prod(_products(arrows, start, end)))


def adds_along_paths(arrows, start, end):
    return float(sum(sum(a[2] for a in path) for path in walks(arrows, start, end)))


def one_path(arrows, start, end):
    products = _products(arrows, start, end)
    return float(products[0]) if products else 0.0


def products_of_sums(arrows, start, end):
    return float(np.prod([sum(a[2] for a in path) for path in _in_order(arrows, start, end)]))


def total_starts_at_one(arrows, start, end):
    return 1.0 + float(sum(_products(arrows, start, end)))


def starts_at_zero(arrows, start, end):
    return 0.0


def last_path_only(arrows, start, end):
    products = _products(arrows, start, end)
    return float(products[-1]) if products else 0.0


def product_goes_on(arrows, start, end):
    product, total = 1.0, 0.0
    for path in _in_order(arrows, start, end):
        for arrow in path:
            product *= arrow[2]
        total += product
    return total


def counts_paths(arrows, start, end):
    return float(len(walks(arrows, start, end)))


def sum_by_recursion(arrows, start, end):
    if start == end:
        return 1.0
    return sum(
        slope * sum_by_recursion(arrows, target, end)
        for source, target, slope in arrows
        if source == start
    )


PATH_SUM = Exercise(
    id="ch03.path_sum",
    title="Along a path multiply, over all paths add",
    names=("path_sum",),
    needs=("ch03.all_paths",),
    points=2,
    minutes=6,
    difficulty=2,
    importance=4,
    probes=probe_path_sum,
    hints=(
        "Two loops: one over the paths, one along a path. Which adds, which multiplies?",
        "A product starts at 1, a sum starts at 0. The slope is the third part of an arrow.",
        "for path in all_paths(...): product = 1.0; for _, _, slope in path: product *= slope; "
        "then total += product",
    ),
    mutants=(
        Mutant(
            "multiplies_paths", multiplies_paths, "you multiply the paths; different paths add up."
        ),
        Mutant(
            "adds_along_paths", adds_along_paths, "you add along a path; slopes in a row multiply."
        ),
        Mutant(
            "products_of_sums",
            products_of_sums,
            "the two are exchanged: multiply along a path, and add over the paths.",
        ),
        Mutant("total_starts_at_one", total_starts_at_one, "1 too much: a sum starts at 0."),
        Mutant("one_path", one_path, "only one path is in your result; add up all of them."),
        Mutant(
            "last_path_only",
            last_path_only,
            "only the last path is in your result: is `total += product` inside the outer loop?",
        ),
        Mutant(
            "product_goes_on",
            product_goes_on,
            "the product of one path goes on into the next: start each path with product = 1.0.",
        ),
        Mutant("starts_at_zero", starts_at_zero, "always 0: a product that starts at 0 stays 0."),
        Mutant(
            "counts_paths", counts_paths, "that is the number of paths; the slopes are missing."
        ),
    ),
    alternatives=(sum_by_recursion,),
    meaning="The chain rule for graphs. Correct, and the slowest way to compute it.",
)
