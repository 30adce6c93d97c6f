"""Exercise ch06.vjp_max: the winner takes the gradient, winners of a tie share it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.checks.arrays.shared import rule_probe
from minitf.course.registry import Exercise, Mutant, Probe

_CASES: tuple[tuple[tuple[int, ...], dict[str, Any], str, bool], ...] = (
    ((2, 3), {}, "all numbers, axis=None", False),
    ((3, 3), {"axis": 1}, "a square, along the rows", False),
    ((2, 3), {"axis": 0, "keepdims": True}, "the axis is kept", False),
    ((2, 3, 4), {"axis": (0, 2)}, "two axes", True),
)


def probe_vjp_max(rng: np.random.Generator) -> Iterator[Probe]:
    """By hand, random winners against differences, ties, and float32."""
    x = np.array([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]])
    by_hand = {"x": np.array([[10.0, 0.0, 0.0], [0.0, 20.0, 0.0]])}
    yield rule_probe(
        "vjp_max", "the rows of a (2, 3)", [10.0, 20.0], {"x": x}, by_hand, attrs={"axis": 1},
        likely="the rows are [3, 1, 2] and [4, 6, 5]: the 3 gets the 10 of its row, the 6 the 20.",
    )  # fmt: skip
    for shape, attrs, about, edge in _CASES:
        # All numbers differ by at least 0.5: no tie, and no kink near a difference's two points.
        x = rng.permutation(int(np.prod(shape))).reshape(shape) / 2 - 1
        upstream = rng.uniform(1, 2, size=x.max(**attrs).shape).round(2)
        label = f"{about}, x {shape}"
        yield rule_probe("vjp_max", label, upstream, {"x": x}, edge=edge, attrs=attrs)
    x = np.array([1.0, 1.0, 0.0])
    yield rule_probe(
        "vjp_max", "two equal winners", 1.0, {"x": x}, {"x": np.array([0.5, 0.5, 0.0])}, True
    )
    x = np.array([[2.0, 2.0, 2.0], [7.0, 1.0, 7.0]])
    shared = {"x": np.array([[3.0, 3.0, 3.0], [4.0, 0.0, 4.0]])}
    yield rule_probe(
        "vjp_max", "three winners in a row, two in the other", [9.0, 8.0], {"x": x}, shared, True,
        {"axis": 1},
    )  # fmt: skip
    x32 = x.astype(np.float32)
    upstream = np.array([9.0, 8.0], np.float32)
    yield rule_probe(
        "vjp_max", "float32 stays float32", upstream, {"x": x32}, shared, True, {"axis": 1}
    )


def _kept(values, x, axis):
    """values in the shape of x's maximum with all axes kept."""
    return np.reshape(values, np.max(x, axis=axis, keepdims=True).shape)


def _wins(x, output, axis):
    return x == _kept(output, x, axis)


def all_winners_in_full(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    return (_kept(upstream, x, axis) * _wins(x, output, axis),)


def one_winner_only(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = _wins(x, output, axis)
    if axis is None:
        wins = wins & (np.arange(x.size).reshape(x.shape) == np.argmax(x))
    elif isinstance(axis, int):
        wins = wins & (np.cumsum(wins, axis=axis) == 1)
    return (_kept(upstream, x, axis) * wins,)


def largest_of_all(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    return (_kept(upstream, x, axis) * (x == x.max()) / np.sum(x == x.max()),)


def one_place_of_all(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = np.zeros_like(x)
    wins.flat[np.argmax(x)] = 1
    return (_kept(upstream, x, axis) * wins,)


def put_back_always(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    if axis is not None:
        upstream, output = np.expand_dims(upstream, axis), np.expand_dims(output, axis)
    wins = (x == output).astype(x.dtype)
    return (upstream * wins / wins.sum(axis=axis, keepdims=True),)


def ignores_upstream(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = _wins(x, output, axis)
    return (wins / wins.sum(axis=axis, keepdims=True),)


def like_a_sum(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    return (np.broadcast_to(_kept(upstream, x, axis), x.shape),)


def axis_not_put_back(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = x == output
    return (upstream * wins / wins.sum(axis=axis, keepdims=True),)


def shared_by_all_rows(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = _wins(x, output, axis)
    return (_kept(upstream, x, axis) * wins / wins.sum(),)


def double_precision(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = _wins(x, output, axis)
    return (_kept(upstream, x, axis) * (wins / wins.sum(axis=axis, keepdims=True)),)


def times_the_maximum(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = _wins(x, output, axis)
    return (_kept(upstream, x, axis) * wins * x / wins.sum(axis=axis, keepdims=True),)


def by_dividing_upstream(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    wins = (x == np.max(x, axis=axis, keepdims=True)).astype(x.dtype)
    counts = np.sum(wins, axis=axis, keepdims=True)
    return (np.reshape(upstream, counts.shape) / counts * wins,)


VJP_MAX = Exercise(
    id="ch06.vjp_max",
    title="The rule of max, with ties",
    names=("vjp_max",),
    points=2,
    minutes=8,
    difficulty=3,
    importance=3,
    probes=probe_vjp_max,
    hints=(
        "Raise a number that is not the largest by a little: what happens to the maximum? So what "
        "is its gradient?",
        "Put the removed axis back, for output and upstream, as in vjp_sum. x == output marks the "
        "winners; their sum along the axis, with keepdims=True, says how many share.",
        "winners = (x == output).astype(upstream.dtype), then return (upstream * winners / "
        "winners.sum(axis=axis, keepdims=True),).",
    ),
    mutants=(
        Mutant(
            "all_winners_in_full",
            all_winners_in_full,
            "in a tie each winner gets all of upstream; TensorFlow shares it among them.",
        ),
        Mutant(
            "one_winner_only",
            one_winner_only,
            "in a tie only the first winner gets something; TensorFlow shares it among all.",
        ),
        Mutant(
            "largest_of_all",
            largest_of_all,
            "you look for the largest number of all of x; with an axis, each row has its own.",
        ),
        Mutant(
            "one_place_of_all",
            one_place_of_all,
            "np.argmax(x) is one place in all of x. With an axis each row has its own winner.",
        ),
        Mutant(
            "put_back_always",
            put_back_always,
            "with keepdims=True the axis is still there; expand_dims adds it a second time.",
        ),
        Mutant(
            "ignores_upstream",
            ignores_upstream,
            "the winners are right; multiply them by upstream.",
        ),
        Mutant(
            "like_a_sum",
            like_a_sum,
            "that is the rule of sum. A number that did not win has no influence: gradient 0.",
        ),
        Mutant(
            "axis_not_put_back",
            axis_not_put_back,
            "the axis that was removed is missing: put it back in output and in upstream.",
        ),
        Mutant(
            "shared_by_all_rows",
            shared_by_all_rows,
            "you divide by all winners there are; only those of the same row share.",
        ),
        Mutant(
            "double_precision",
            double_precision,
            "counting gives whole numbers, and bool / int is float64: use upstream's dtype.",
        ),
        Mutant(
            "times_the_maximum",
            times_the_maximum,
            "the slope of the winner is 1, however large it is: do not multiply by x.",
        ),
    ),
    alternatives=(by_dividing_upstream,),
    meaning="A tie is a kink, and its gradient a convention. This one keeps the sum right: "
    "the shares add up to upstream.",
)
