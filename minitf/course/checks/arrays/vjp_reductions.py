"""Exercise ch06.vjp_reductions: a sum sends copies back, a mean sends shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.checks.arrays.shared import rule_probe
from minitf.course.registry import Exercise, Mutant, Probe

# (shape of x, attributes of the call, what is special, edge case?)
_CASES: tuple[tuple[tuple[int, ...], dict[str, Any], str, bool], ...] = (
    ((2, 3), {}, "all numbers, axis=None", False),
    ((2, 3), {"axis": 0}, "down the columns", False),
    ((3, 3), {"axis": 1}, "a square, along the rows", False),
    ((2, 3), {"axis": 1, "keepdims": True}, "the axis is kept", False),
    ((2, 3), {"axis": None, "keepdims": True}, "all numbers, axes kept", True),
    ((2, 3, 4), {"axis": (0, 2)}, "two axes", True),
    ((2, 3, 4), {"axis": -2}, "an axis counted from the end", True),
)
_LIKELY = {
    "vjp_sum": "each number of a row gets what arrives at its row's sum: [10, 20] becomes a (2, 1) "
    "and is copied to (2, 3).",
    "vjp_mean": "each of the three numbers of a row gets a third of what vjp_sum gives: 15 / 3 in "
    "row 0, 24 / 3 in row 1.",
}


def probe_vjp_reductions(rng: np.random.Generator) -> Iterator[Probe]:
    """By hand, then every form of axis against differences, then float32."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    for rule, rows in (("vjp_sum", [[10.0] * 3, [20.0] * 3]), ("vjp_mean", [[5.0] * 3, [8.0] * 3])):
        upstream = [10.0, 20.0] if rule == "vjp_sum" else [15.0, 24.0]
        yield rule_probe(
            rule, "the rows of a (2, 3)", upstream, {"x": x}, {"x": np.array(rows)},
            attrs={"axis": 1}, likely=_LIKELY[rule],
        )  # fmt: skip
    for shape, attrs, about, edge in _CASES:
        x = rng.normal(size=shape).round(2)
        upstream = rng.uniform(1, 2, size=x.sum(**attrs).shape).round(2)
        for rule in ("vjp_sum", "vjp_mean"):
            label = f"{about}, x {shape}"
            yield rule_probe(rule, label, upstream, {"x": x}, edge=edge, attrs=attrs)
    ones, arriving = np.ones((2, 3), np.float32), np.array([3.0, 6.0], np.float32)
    for rule, share in (("vjp_sum", 1), ("vjp_mean", 3)):
        expected = {"x": np.broadcast_to(arriving[:, None] / share, (2, 3))}
        yield rule_probe(
            rule, "float32 stays float32", arriving, {"x": ones}, expected, True, {"axis": 1}
        )


_RIGHT = {
    "vjp_sum": """
def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    if axis is not None and not keepdims:
        upstream = np.expand_dims(upstream, axis)
    return (np.broadcast_to(upstream, x.shape),)
""",
    "vjp_mean": """
def vjp_mean(upstream, inputs, output, axis=None, keepdims=False):
    (copies,) = vjp_sum(upstream, inputs, output, axis, keepdims)
    return (copies * output.size / inputs[0].size,)
""",
}


def _with(**changed: str) -> str:
    """Source of both rules, one of them changed."""
    return "\n".join((_RIGHT | changed).values())


_MEAN_AS_SUM = """
def vjp_mean(upstream, inputs, output, axis=None, keepdims=False):
    return vjp_sum(upstream, inputs, output, axis, keepdims)
"""
_SUM_DIVIDES = _RIGHT["vjp_mean"].replace("(copies,) = vjp_sum", "(copies,) = copied").replace(
    "vjp_mean", "vjp_sum"
) + _RIGHT["vjp_sum"].replace("vjp_sum", "copied")  # fmt: skip
_MEAN_OF_SUM_DIVIDES = _RIGHT["vjp_mean"].replace("= vjp_sum", "= copied")
_DIVIDES_BY_ALL = _RIGHT["vjp_mean"].replace("output.size / ", "1 / ")
_ONE_AXIS_COUNTED = _RIGHT["vjp_mean"].replace(
    "copies * output.size / inputs[0].size", "copies / inputs[0].shape[axis]"
)
_AXIS_NOT_PUT_BACK = """
def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    return (np.broadcast_to(upstream, inputs[0].shape),)
"""
_PUT_BACK_ALWAYS = _RIGHT["vjp_sum"].replace(" and not keepdims", "")
_NONE_PUT_BACK = _RIGHT["vjp_sum"].replace("axis is not None and not", "not")
_NO_TUPLE_COUNTED = _RIGHT["vjp_mean"].replace(
    "copies * output.size / inputs[0].size",
    "copies / (inputs[0].size if axis is None else inputs[0].shape[axis])",
)
_IGNORES_UPSTREAM = """
def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    return (np.ones_like(inputs[0]),)
"""
_AS_IT_IS = """
def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    return (upstream,)
"""
_DOUBLE_PRECISION = _RIGHT["vjp_sum"].replace(
    "np.broadcast_to(upstream, x.shape)", "upstream * np.ones(x.shape)"
)
_OF_X = """
def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    if axis is not None and not keepdims:
        upstream = np.expand_dims(upstream, axis)
    return (upstream * x,)
"""

_KEEPDIMS_LOST = _RIGHT["vjp_mean"].replace(", axis, keepdims)", ", axis)")
_TUPLE_DIVIDED = """
def vjp_mean(upstream, inputs, output, axis=None, keepdims=False):
    return vjp_sum(upstream, inputs, output, axis, keepdims) / (inputs[0].size / output.size)
"""
_AXIS_LOST = _RIGHT["vjp_mean"].replace(", axis, keepdims)", ")")
_MEAN_MULTIPLIES = _RIGHT["vjp_mean"].replace(
    "copies * output.size / inputs[0].size", "copies * inputs[0].size / output.size"
)
_ROWS_COUNTED = _RIGHT["vjp_mean"].replace(
    "copies * output.size / inputs[0].size", "copies / len(inputs[0])"
)
_FIRST_OF_TUPLE = _RIGHT["vjp_sum"].replace(
    "np.expand_dims(upstream, axis)",
    "np.expand_dims(upstream, axis[0] if isinstance(axis, tuple) else axis)",
)
_SECOND_AXIS = """
def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    if axis is not None and not keepdims:
        upstream = upstream[:, None]
    return (np.broadcast_to(upstream, inputs[0].shape),)
"""

_OTHER_STYLE = """
def _copies(upstream, x, axis, keepdims):
    kept = np.sum(x, axis=axis, keepdims=True).shape
    return np.reshape(upstream, kept) * np.ones_like(x)


def vjp_sum(upstream, inputs, output, axis=None, keepdims=False):
    return (_copies(upstream, inputs[0], axis, keepdims),)


def vjp_mean(upstream, inputs, output, axis=None, keepdims=False):
    (x,) = inputs
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    count = int(np.prod([x.shape[k] for k in axes]))
    return (_copies(upstream, x, axis, keepdims) / count,)
"""

VJP_REDUCTIONS = Exercise(
    id="ch06.vjp_reductions",
    title="The rules of sum and mean",
    names=("vjp_sum", "vjp_mean"),
    points=3,
    minutes=12,
    difficulty=3,
    importance=5,
    probes=probe_vjp_reductions,
    hints=(
        "x is (2, 3), axis=1, upstream is (2,). Each of its two numbers belongs to a row of three. "
        "Which shape would upstream need, to be copied along the rows by broadcasting?",
        "np.expand_dims(upstream, axis) puts back the axis that the sum removed (not needed for "
        "axis=None or keepdims=True); then np.broadcast_to. A mean is a sum over count: x.size / "
        "output.size.",
        "if axis is not None and not keepdims: upstream = np.expand_dims(upstream, axis). Then "
        "return (np.broadcast_to(upstream, x.shape),). vjp_mean: the same, times output.size / "
        "x.size.",
    ),
    mutants=(
        Mutant(
            "mean_as_sum",
            _with(vjp_mean=_MEAN_AS_SUM),
            "a mean divides on the way forward, so it divides on the way back as well.",
        ),
        Mutant(
            "sum_divides",
            _with(vjp_sum=_SUM_DIVIDES, vjp_mean=_MEAN_OF_SUM_DIVIDES),
            "vjp_sum divides: each number counts fully in a sum, so it gets all of upstream.",
        ),
        Mutant(
            "divides_by_all",
            _with(vjp_mean=_DIVIDES_BY_ALL),
            "you divide by the size of x; divide by how many numbers each mean was taken of.",
        ),
        Mutant(
            "one_axis_counted",
            _with(vjp_mean=_ONE_AXIS_COUNTED),
            "x.shape[axis] counts for one axis only; x.size / output.size is right for all.",
        ),
        Mutant(
            "no_tuple_counted",
            _with(vjp_mean=_NO_TUPLE_COUNTED),
            "axis may be a tuple, and shape[axis] takes one number: divide by x.size / "
            "output.size, which is right for all.",
        ),
        Mutant(
            "none_put_back",
            _with(vjp_sum=_NONE_PUT_BACK),
            "with axis=None there is no axis for expand_dims. Leave upstream, a single number, "
            "as it is.",
        ),
        Mutant(
            "axis_not_put_back",
            _with(vjp_sum=_AXIS_NOT_PUT_BACK),
            "the axis that was removed is missing: put it back with np.expand_dims first.",
        ),
        Mutant(
            "put_back_always",
            _with(vjp_sum=_PUT_BACK_ALWAYS),
            "with keepdims=True the axis is still there; expand_dims adds it a second time.",
        ),
        Mutant(
            "keepdims_lost",
            _with(vjp_mean=_KEEPDIMS_LOST),
            "vjp_mean: hand keepdims on to vjp_sum, as you do with axis.",
        ),
        Mutant(
            "axis_lost",
            _with(vjp_mean=_AXIS_LOST),
            "vjp_mean: hand axis and keepdims on to vjp_sum; without them it takes axis=None.",
        ),
        Mutant(
            "mean_multiplies",
            _with(vjp_mean=_MEAN_MULTIPLIES),
            "a mean divides by the count, on the way back as well. You multiply by it.",
        ),
        Mutant(
            "rows_counted",
            _with(vjp_mean=_ROWS_COUNTED),
            "len(x) is the size of axis 0; divide by how many numbers each mean was taken of.",
        ),
        Mutant(
            "first_of_tuple",
            _with(vjp_sum=_FIRST_OF_TUPLE),
            "axis may be a tuple, and np.expand_dims takes it whole: expand_dims(upstream, axis).",
        ),
        Mutant(
            "tuple_divided",
            _with(vjp_mean=_TUPLE_DIVIDED),
            "vjp_mean: vjp_sum returns a tuple, which cannot be divided. Divide upstream instead.",
        ),
        Mutant(
            "second_axis",
            _with(vjp_sum=_SECOND_AXIS),
            "[:, None] is right for axis=1 alone; np.expand_dims(upstream, axis) for any.",
        ),
        Mutant(
            "ignores_upstream",
            _with(vjp_sum=_IGNORES_UPSTREAM),
            "ones are the slopes of a sum; a rule multiplies them by upstream.",
        ),
        Mutant(
            "as_it_is",
            _with(vjp_sum=_AS_IT_IS),
            "upstream has the shape of the output. Copy it to the shape of x: np.broadcast_to.",
        ),
        Mutant(
            "double_precision",
            _with(vjp_sum=_DOUBLE_PRECISION),
            "np.ones makes float64: np.ones_like(x), or np.broadcast_to, keeps the dtype.",
        ),
        Mutant(
            "of_x",
            _with(vjp_sum=_OF_X),
            "the slope of a sum by each of its numbers is 1, whatever the number is.",
        ),
    ),
    alternatives=(_OTHER_STYLE,),
    meaning="Sum and broadcast are a pair: each is the way back of the other.",
)
