"""Exercise ch06.vjp_matmul: each factor's gradient is made with the other one, transposed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.arrays.shared import rule_probe
from minitf.course.registry import Exercise, Mutant, Probe

_SHAPES = (
    ((2, 3), (3, 4), "a layer", False),
    ((1, 3), (3, 1), "a row by a column", False),
    ((4, 2, 3), (4, 3, 2), "four pairs of matrices", False),
    ((4, 2, 3), (3, 2), "four matrices by one", False),
    ((2, 3), (4, 3, 2), "one matrix by four", True),
    ((2, 1, 2, 3), (4, 3, 2), "(2, 1) matrices by (4,): leading axes broadcast", True),
)
_BATCHES = (
    "turn only the last two axes, multiply with @, and unbroadcast both gradients: either factor "
    "may have served a whole batch."
)


def probe_vjp_matmul(rng: np.random.Generator) -> Iterator[Probe]:
    """By hand, random matrices and batches against differences, and a layer of chapter 13."""
    x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])
    one = np.array([[0.0, 1.0], [0.0, 0.0]])
    by_hand = {"x": np.array([[6.0, 8.0], [0.0, 0.0]]), "y": np.array([[0.0, 1.0], [0.0, 2.0]])}
    yield rule_probe(
        "vjp_matmul", "the 2 × 2 example", one, {"x": x, "y": y}, by_hand,
        likely="take x (2, 3), y (3, 4), upstream (2, 4): which product of upstream and y is a "
        "(2, 3)? Which of x and upstream a (3, 4)?",
    )  # fmt: skip
    for left, right, about, edge in _SHAPES:
        x, y = (rng.normal(size=shape).round(2) for shape in (left, right))
        upstream = rng.normal(size=np.matmul(x, y).shape).round(2)
        label = f"{about}, {left} @ {right}"
        likely = _BATCHES if len(left) > 2 or len(right) > 2 else ""
        yield rule_probe("vjp_matmul", label, upstream, {"x": x, "y": y}, edge=edge, likely=likely)
    x, y, upstream = (
        rng.normal(size=shape).astype("f4") for shape in ((64, 784), (784, 32), (64, 32))
    )
    expected = {
        "x": np.einsum("ij,kj->ik", upstream, y),
        "y": np.einsum("ij,ik->jk", x, upstream),
    }
    yield rule_probe(
        "vjp_matmul", "64 pictures, float32", upstream, {"x": x, "y": y}, expected, True, rtol=1e-3
    )


def _turned(x):
    return np.swapaxes(x, -1, -2)


def _fit(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=ones, keepdims=True)


def _both(x, of_x, y, of_y):
    return _fit(of_x, x.shape), _fit(of_y, y.shape)


def in_wrong_order(upstream, inputs, output):
    x, y = inputs
    of_x, of_y = _both(x, upstream @ _turned(y), y, _turned(x) @ upstream)
    return of_y, of_x


def without_transposes(upstream, inputs, output):
    x, y = inputs
    return upstream @ y, x @ upstream


def from_the_other_side(upstream, inputs, output):
    x, y = inputs
    return _turned(y) @ upstream, upstream @ _turned(x)


def results_transposed(upstream, inputs, output):
    x, y = inputs
    return y @ _turned(upstream), _turned(upstream) @ x


def elementwise(upstream, inputs, output):
    x, y = inputs
    return upstream * y, upstream * x


def all_axes_turned(upstream, inputs, output):
    x, y = inputs
    return _both(x, upstream @ y.T, y, x.T @ upstream)


def not_added_up(upstream, inputs, output):
    x, y = inputs
    return upstream @ _turned(y), _turned(x) @ upstream


def only_y_added_up(upstream, inputs, output):
    x, y = inputs
    return upstream @ _turned(y), _fit(_turned(x) @ upstream, y.shape)


def by_dot(upstream, inputs, output):
    x, y = inputs
    return _both(x, np.dot(upstream, _turned(y)), y, np.dot(_turned(x), upstream))


def ignores_upstream(upstream, inputs, output):
    ones = np.ones_like(upstream)
    x, y = inputs
    return _both(x, ones @ _turned(y), y, _turned(x) @ ones)


def batch_mean(upstream, inputs, output):
    x, y = inputs
    of_x, of_y = _both(x, upstream @ _turned(y), y, _turned(x) @ upstream)
    return of_x, of_y / upstream.shape[0]


def with_einsum(upstream, inputs, output):
    x, y = inputs
    of_x = np.einsum("...ij,...kj->...ik", upstream, y)
    of_y = np.einsum("...ki,...kj->...ij", x, upstream)
    return _both(x, of_x, y, of_y)


VJP_MATMUL = Exercise(
    id="ch06.vjp_matmul",
    title="The rule of the matrix product",
    names=("vjp_matmul",),
    needs=("ch06.unbroadcast",),
    points=3,
    minutes=10,
    difficulty=3,
    importance=5,
    probes=probe_vjp_matmul,
    hints=(
        "Take shapes that are all different, (2, 3) @ (3, 4). upstream is (2, 4). How can you "
        "make a (2, 3) from it and y, and a (3, 4) from x and it?",
        "x gets upstream @ yᵀ, y gets xᵀ @ upstream. With leading axes only the last two are "
        "exchanged: np.swapaxes(y, -1, -2). A factor that served a whole batch adds up: "
        "unbroadcast.",
        "grad_x = upstream @ np.swapaxes(y, -1, -2) and grad_y = np.swapaxes(x, -1, -2) @ "
        "upstream; return unbroadcast(grad_x, x.shape), unbroadcast(grad_y, y.shape).",
    ),
    mutants=(
        Mutant(
            "in_wrong_order",
            in_wrong_order,
            "both gradients are right, but exchanged: the first belongs to the first factor.",
        ),
        Mutant(
            "without_transposes",
            without_transposes,
            "the other factor has to be transposed. Look at the shapes of a (2, 3) and a (3, 4).",
        ),
        Mutant(
            "from_the_other_side",
            from_the_other_side,
            "transposed, but multiplied from the wrong side: x gets upstream @ yᵀ.",
        ),
        Mutant(
            "results_transposed",
            results_transposed,
            "your gradients are transposed: (A B)ᵀ is Bᵀ Aᵀ, with the order reversed.",
        ),
        Mutant(
            "elementwise",
            elementwise,
            "that is the rule of `*`. Each number of x takes part in a whole row of the result.",
        ),
        Mutant(
            "all_axes_turned",
            all_axes_turned,
            ".T and np.transpose turn all axes round, also those of the batch: "
            "np.swapaxes(y, -1, -2).",
        ),
        Mutant(
            "not_added_up",
            not_added_up,
            "a factor that served the whole batch still has the batch's shape: unbroadcast it.",
        ),
        Mutant(
            "only_y_added_up",
            only_y_added_up,
            "x may be the factor that served the whole batch: unbroadcast both gradients.",
        ),
        Mutant(
            "by_dot",
            by_dot,
            "np.dot pairs each matrix of a batch with every other. @ goes pair by pair.",
        ),
        Mutant(
            "ignores_upstream",
            ignores_upstream,
            "you put ones in place of upstream: right for a plain sum, wrong elsewhere.",
        ),
        Mutant(
            "batch_mean",
            batch_mean,
            "a rule does not divide by the batch. If the loss is a mean, upstream knows.",
        ),
    ),
    alternatives=(with_einsum,),
    meaning="Two more products for one: that is why the way back of a network costs about twice "
    "its way forward.",
)
