"""Exercise ch04.scalar_rules: one rule for each of eight operations."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.checks.the_tape.tools import RULES
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import KERNELS


def _ask(names: Any, op: str, upstream: np.ndarray, *inputs: np.ndarray) -> Any:
    output = np.asarray(KERNELS[op](*inputs))
    return names.SCALAR_RULES[op](upstream, inputs, output)


def _expected(op: str, upstream: np.ndarray, inputs: tuple[np.ndarray, ...]) -> tuple:
    """upstream × slope, the slope by central differences."""
    eps, found = 1e-6, []
    for k in range(len(inputs)):
        ends = []
        for step in (eps, -eps):
            nudged = [x + step if i == k else x for i, x in enumerate(inputs)]
            ends.append(KERNELS[op](*nudged))
        found.append(upstream * (ends[0] - ends[1]) / (2 * eps))
    return tuple(found)


def probe_scalar_rules(rng: np.random.Generator) -> Iterator[Probe]:
    """Each operation at 3 and 2 and at random, with upstreams other than 1; arrays; |0|."""
    for op in RULES:
        count = 2 if op in ("add", "sub", "mul", "div") else 1
        inputs = tuple(np.array(x) for x in (3.0, 2.0)[:count])
        yield _probe(op, np.array(5.0), inputs)
        numbers = tuple(np.array(x) for x in _away_from_zero(rng, count))
        yield _probe(op, np.array(round(float(rng.uniform(1.5, 4)), 2)), numbers)
    yield _probe("abs", np.array(5.0), (np.array(-3.0),))
    yield Probe(
        "abs at 0: the course's convention is 0",
        ("abs", np.array(5.0), np.array(0.0)), (np.array(0.0),), call=_ask, edge=True,
    )  # fmt: skip
    for op in ("mul", "abs", "sin"):
        count = 2 if op == "mul" else 1
        arrays = tuple(np.array(_away_from_zero(rng, 3)) for _ in range(count))
        yield _probe(op, np.array([2.0, -1.0, 0.5]), arrays, of="arrays of three", edge=True)


def _probe(
    op: str, upstream: np.ndarray, inputs: tuple[np.ndarray, ...], of: str = "", edge: bool = False
) -> Probe:
    shown = of or " and ".join(f"{float(x):g}" for x in inputs)
    up = upstream if upstream.ndim else f"{float(upstream):g}"
    likely = f"look at the rule of {op!r} alone: upstream × local derivative, for each input."
    if not upstream.ndim:
        slopes = " and ".join(f"{float(s):.6g}" for s in _expected(op, np.array(1.0), inputs))
        likely += f" Here upstream is {up}, local derivative {slopes}."
    return Probe(
        f"{op} of {shown}, upstream {up}",
        (op, upstream, *inputs),
        _expected(op, upstream, inputs),
        call=_ask, rtol=1e-5, atol=1e-7, edge=edge,
        likely=likely,
    )  # fmt: skip


def _away_from_zero(rng: np.random.Generator, count: int) -> list[float]:
    sizes, signs = rng.uniform(0.5, 2.0, count), rng.choice([-1.0, 1.0], count)
    return [round(float(number), 2) for number in sizes * signs]


def _local_only(rule):
    def without(upstream, inputs, output):
        return rule(np.ones_like(upstream), inputs, output)

    return without


def _bare(rule):
    def without_comma(upstream, inputs, output):
        found = rule(upstream, inputs, output)
        return found[0] if len(found) == 1 else found

    return without_comma


def mul_own(upstream, inputs, output):
    x, y = inputs
    return upstream * x, upstream * y


def sub_as_add(upstream, inputs, output):
    return upstream, upstream


def div_sign(upstream, inputs, output):
    x, y = inputs
    return upstream / y, upstream * x / (y * y)


def div_square(upstream, inputs, output):
    x, y = inputs
    return upstream / y, -upstream * x / y


def div_brackets(upstream, inputs, output):
    x, y = inputs
    return upstream / y, -upstream * x / y * y


def add_once(upstream, inputs, output):
    return upstream


def neg_as_identity(upstream, inputs, output):
    return (upstream,)


def abs_as_abs(upstream, inputs, output):
    return (upstream * output,)


def abs_of_output(upstream, inputs, output):
    return (upstream * np.sign(output),)


def abs_of_tuple(upstream, inputs, output):
    return (upstream * np.sign(inputs),)


def abs_with_if(upstream, inputs, output):
    return (upstream if inputs[0] > 0 else -upstream if inputs[0] < 0 else 0.0 * upstream,)


def abs_without_zero(upstream, inputs, output):
    return (np.where(inputs[0] > 0, upstream, -upstream),)


def abs_by_division(upstream, inputs, output):
    return (upstream * inputs[0] / output,)


def exp_of_input(upstream, inputs, output):
    return (upstream * inputs[0],)


def exp_times_input(upstream, inputs, output):
    return (upstream * inputs[0] * output,)


def exp_again(upstream, inputs, output):
    return (upstream * np.exp(output),)


def sin_minus(upstream, inputs, output):
    return (-upstream * np.cos(inputs[0]),)


def sin_by_math(upstream, inputs, output):
    return (upstream * math.cos(inputs[0]),)


def sin_of_tuple(upstream, inputs, output):
    return (upstream * np.cos(inputs),)


def sin_of_output(upstream, inputs, output):
    return (upstream * np.cos(output),)


def _with(**changed):
    return {**RULES, **changed}


OTHER_STYLE = """
def rule_add(g, xy, z):
    return [g, g]

def rule_sub(g, xy, z):
    return [g, -1 * g]

def rule_mul(g, xy, z):
    return [g * xy[1], g * xy[0]]

def rule_div(g, xy, z):
    return [g / xy[1], -g * z / xy[1]]

def rule_neg(g, xy, z):
    return [-1 * g]

def rule_abs(g, xy, z):
    return [g * (xy[0] > 0) - g * (xy[0] < 0)]

def rule_exp(g, xy, z):
    return [g * np.exp(xy[0])]

def rule_sin(g, xy, z):
    return [g * np.sin(xy[0] + np.pi / 2)]

SCALAR_RULES = dict(add=rule_add, sub=rule_sub, mul=rule_mul, div=rule_div, neg=rule_neg,
                    abs=rule_abs, exp=rule_exp, sin=rule_sin)
"""

SCALAR_RULES = Exercise(
    id="ch04.scalar_rules",
    title="One rule per operation",
    names=("SCALAR_RULES",),
    points=3,
    minutes=12,
    difficulty=2,
    importance=5,
    probes=probe_scalar_rules,
    hints=(
        "Chapter 02 has the local derivatives of add, sub, mul, neg and abs. A rule multiplies "
        "each by upstream. New are x / y (1/y and -x/y²), exp (itself) and sin (cos).",
        "Always a tuple, one entry per input; with one input (something,) with its comma. For abs "
        "np.sign(x) is 1, -1 or 0, for whole arrays as well.",
        "sub: upstream, -upstream. div: upstream / y, -upstream * x / (y * y). exp: "
        "(upstream * output,). abs: (upstream * np.sign(x),). sin: (upstream * np.cos(x),).",
    ),
    mutants=(
        Mutant(
            "local_only",
            {op: _local_only(rule) for op, rule in RULES.items()},
            "these are the local derivatives; each still has to be multiplied by upstream. With "
            "upstream = 1 you would not notice.",
        ),
        Mutant(
            "bare_number",
            {op: _bare(rule) for op, rule in RULES.items()},
            "with one input a tuple needs its comma: return (something,) or return something,",
        ),
        Mutant("mul_own", _with(mul=mul_own), "mul: each input gets the *other* factor."),
        Mutant(
            "sub_as_add",
            _with(sub=sub_as_add),
            "sub: raise the second input by 1 and x - y falls by 1. Its gradient is -upstream.",
        ),  # fmt: skip
        Mutant(
            "div_sign",
            _with(div=div_sign),
            "div: a larger divisor makes x / y smaller (for positive x and y): a minus is missing.",
        ),  # fmt: skip
        Mutant(
            "div_square", _with(div=div_square), "div: the second slope is -x / y², not -x / y."
        ),
        Mutant(
            "div_brackets",
            _with(div=div_brackets),
            "div: `/ y * y` divides and multiplies again. Write brackets, / (y * y).",
        ),  # fmt: skip
        Mutant(
            "add_once",
            _with(add=add_once),
            "add: two inputs, so two gradients: return upstream, upstream.",
        ),  # fmt: skip
        Mutant("neg_as_identity", _with(neg=neg_as_identity), "neg: its local derivative is -1."),
        Mutant(
            "abs_as_abs",
            _with(abs=abs_as_abs),
            "abs: you multiply by |x|. The slope is the *sign* of x: 1, -1, or 0 at 0.",
        ),  # fmt: skip
        Mutant(
            "abs_of_output",
            _with(abs=abs_of_output),
            "abs: `output` is never negative, so its sign tells you nothing. Take the input's.",
        ),  # fmt: skip
        Mutant(
            "abs_of_tuple",
            _with(abs=abs_of_tuple),
            "abs: `inputs` is a tuple, also with one input. Write (x,) = inputs, or inputs[0].",
        ),  # fmt: skip
        Mutant(
            "abs_with_if",
            _with(abs=abs_with_if),
            "abs: `if` asks about one number, but an array may arrive. np.sign works for both.",
        ),  # fmt: skip
        Mutant(
            "abs_without_zero",
            _with(abs=abs_without_zero),
            "abs: at 0 the convention is 0, as in TensorFlow 2.21. np.sign(0.0) is 0.",
        ),  # fmt: skip
        Mutant(
            "abs_by_division",
            _with(abs=abs_by_division),
            "abs: x / |x| is the sign, except at 0, where it is 0 / 0. Take np.sign(x).",
        ),  # fmt: skip
        Mutant(
            "exp_of_input",
            _with(exp=exp_of_input),
            "exp: its slope is its own value, which is handed to you as `output`.",
        ),  # fmt: skip
        Mutant(
            "exp_times_input",
            _with(exp=exp_times_input),
            "exp: no factor x in front. The slope of exp is exp itself, your `output`.",
        ),  # fmt: skip
        Mutant(
            "exp_again",
            _with(exp=exp_again),
            "exp: `output` is exp(x) already. You take exp a second time.",
        ),  # fmt: skip
        Mutant("sin_minus", _with(sin=sin_minus), "sin: its slope is cos(x), without a minus."),
        Mutant(
            "sin_by_math",
            _with(sin=sin_by_math),
            "sin: math.cos takes one number, but an array may arrive. np.cos takes both.",
        ),
        Mutant(
            "sin_of_tuple",
            _with(sin=sin_of_tuple),
            "sin: `inputs` is a tuple, also with one input. Write (x,) = inputs, or inputs[0].",
        ),  # fmt: skip
        Mutant(
            "sin_of_output",
            _with(sin=sin_of_output),
            "sin: the cosine is taken at the input x, not at the output.",
        ),  # fmt: skip
    ),
    alternatives=(OTHER_STYLE,),
    meaning="Eight rules, and your engine can differentiate whatever is built from them.",
)
