"""Graphs for the probes of chapter 03, and what is true about them by another road."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

Arrow = tuple[str, str, float]

TWO_ROADS: list[Arrow] = [("x", "a", 1.0), ("x", "b", 1.0), ("a", "f", 7.0), ("b", "f", 6.0)]
SQUARE: list[Arrow] = [("x", "y", 3.0), ("x", "y", 3.0)]
SHORT_AND_LONG: list[Arrow] = [
    ("x", "y", 4.0), ("x", "u", 2.0), ("u", "v", 5.0), ("v", "y", 0.5), ("u", "y", -1.0),
]  # fmt: skip
WITH_DEAD_ENDS: list[Arrow] = [
    ("u", "unused", 9.0), ("x", "u", 2.0), ("other", "unused", 1.0), ("u", "y", 3.0),
    ("y", "later", 8.0),
]  # fmt: skip


def random_graph(rng: np.random.Generator, size: int = 7) -> list[Arrow]:
    """Names n0 ... in a hidden order, two or three arrows into each; the arrows are shuffled."""
    names = [f"n{k}" for k in rng.permutation(size)]
    arrows = []
    for k in range(1, size):
        for _ in range(int(rng.integers(2, 4))):
            source = names[int(rng.integers(0, k))]
            arrows.append((source, names[k], round(float(rng.uniform(-1.5, 1.5)), 2)))
        arrows.append((names[k - 1], names[k], 1.0))  # all lead to the last one
    return [arrows[k] for k in rng.permutation(len(arrows))]


def ends_of(arrows: list[Arrow]) -> tuple[str, str]:
    """A name that nothing leads to, and one that leads to nothing."""
    sources, targets = {a[0] for a in arrows}, {a[1] for a in arrows}
    return min(sources - targets), min(targets - sources)


def gradients_by_matrices(arrows: list[Arrow], end: str) -> dict[str, float]:
    """All sums over paths at once: entry (i, j) of 1 + A + A² + ... is the sum from i to j.

    A holds the slopes of the arrows between two names, added up. Names that do not lead to `end`
    are left out.
    """
    names = sorted({name for arrow in arrows for name in arrow[:2]} | {end})
    place = {name: k for k, name in enumerate(names)}
    slopes = np.zeros((len(names), len(names)))
    steps = np.zeros_like(slopes)
    for source, target, slope in arrows:
        slopes[place[source], place[target]] += slope
        steps[place[source], place[target]] = 1
    total = np.linalg.inv(np.eye(len(names)) - slopes)
    reaches = np.linalg.inv(np.eye(len(names)) - steps)
    column = place[end]
    return {name: float(total[k, column]) for name, k in place.items() if reaches[k, column] > 0.5}


def order_problem(order: Any, arrows: list[Arrow], end: str) -> str:
    """What is wrong with an order for the walk back, or nothing."""
    if order is None:
        return "None is no list. Note: order.reverse() returns None, order[::-1] returns a list."
    if not isinstance(order, list | tuple) or not all(isinstance(n, str) for n in order):
        kind = type(order).__name__
        return f"return a list of names; this is a {kind}, or not all in it are names."
    wanted = set(gradients_by_matrices(arrows, end))
    twice = [name for name, count in Counter(order).items() if count > 1]
    if twice:
        return f"{twice[0]!r} is in the list more than once, note it only once: {list(order)}."
    if not order or order[0] != end:
        return f"{end!r} has to come first; your list is {list(order)}."
    if missing := sorted(wanted - set(order)):
        return f"{missing[0]!r} leads to {end!r} but is not in your list {list(order)}."
    if extra := sorted(set(order) - wanted):
        return f"{extra[0]!r} does not lead to {end!r}, but is in your list {list(order)}."
    place = {name: k for k, name in enumerate(order)}
    for source, target, _ in arrows:
        if source in place and target in place and place[target] > place[source]:
            return (
                f"{source!r} comes before {target!r}, although an arrow leads from {source!r} to "
                f"{target!r}: {list(order)}."
            )
    return ""
