"""Exercise ch01.sym_diff: rules for formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe

_POLYNOMIAL = ("add", ("mul", "x", "x"), 3.0)
_CUBE = ("mul", "x", ("mul", "x", "x"))
_PRODUCT = ("mul", ("add", "x", 1.0), ("add", ("mul", 2.0, "x"), -5.0))
_PRODUCT_RULE = "the slope of a product has two terms, u'v + uv'. Compare yours, part by part."
_WHOLE_NUMBERS = (
    "a number may be whole, like 4. Ask for what has parts: isinstance(formula, tuple)."
)
_DEEP = ("mul", _PRODUCT, ("add", _CUBE, ("mul", "x", -0.5)))


def value_of(formula: Any, x: float) -> float:
    """The formula's number at x.

    Raises:
        ValueError: it is no formula; the message says which part.
    """
    if isinstance(formula, str) and formula == "x":
        return x
    if isinstance(formula, int | float | np.number) and not isinstance(formula, bool):
        return float(formula)
    if not isinstance(formula, tuple) or len(formula) != 3 or formula[0] not in ("add", "mul"):
        raise ValueError(
            f'{formula!r} is no formula: a number, "x", ("add", u, v) or ("mul", u, v)'
        )
    u, v = value_of(formula[1], x), value_of(formula[2], x)
    return u + v if formula[0] == "add" else u * v


def same_slope(formula: Any, points: list[float]) -> Callable[[Any], str]:
    """Compares the values of a returned formula with difference quotients of `formula`."""

    def accept(got: Any) -> str:
        for x in points:
            h = 1e-4
            want = (value_of(formula, x + h) - value_of(formula, x - h)) / (2 * h)
            try:
                found = value_of(got, x)
            except ValueError as problem:
                return str(problem)
            if not math.isclose(found, want, rel_tol=1e-5, abs_tol=1e-5):
                return f"at x = {x:g} your formula is {found:.5g}; the slope there is {want:.5g}."
        return ""

    return accept


def probe_sym_diff(rng: np.random.Generator) -> Iterator[Probe]:
    """Each rule alone, then together; compared by value at a few points."""
    points = [round(float(v), 2) for v in rng.uniform(-2, 2, 3)]
    formulas = (
        ("a number alone", 7.0, False),
        ("x alone", "x", False),
        ("x + 3", ("add", "x", 3.0), False),
        ("2 · x", ("mul", 2.0, "x"), False),
        ("x · x", ("mul", "x", "x"), False),
        ("x · x + 3", _POLYNOMIAL, False),
        ("x · (x · x)", _CUBE, True),
        ("(x + 1) · (2 · x − 5)", _PRODUCT, True),
        ("a product of products", _DEEP, True),
        ("whole numbers: 4 · x + 1", ("add", ("mul", 4, "x"), 1), True),
    )
    for label, formula, edge in formulas:
        accept = same_slope(formula, points)
        likely = _WHOLE_NUMBERS if "whole" in label else _PRODUCT_RULE if "·" in label else ""
        yield Probe(label, (formula,), accept=accept, edge=edge, likely=likely)


def _diff(
    formula: Any, product: Callable[[Any, Any, Any, Any], Any], number: Any = 0.0, letter: Any = 1.0
) -> Any:
    """The rules, with the one for products (and others) to be chosen."""
    if isinstance(formula, str):
        return letter
    if not isinstance(formula, tuple):
        return number
    op, u, v = formula
    du, dv = _diff(u, product, number, letter), _diff(v, product, number, letter)
    return ("add", du, dv) if op == "add" else product(u, v, du, dv)


def _product(u, v, du, dv):
    return ("add", ("mul", du, v), ("mul", u, dv))


def _first_term(u, v, du, dv):
    return ("mul", du, v)


def _slopes_only(u, v, du, dv):
    return ("mul", du, dv)


def _as_a_sum(u, v, du, dv):
    return ("add", du, dv)


def product_without_second_term(formula):
    return _diff(formula, _first_term)


def product_of_slopes(formula):
    return _diff(formula, _slopes_only)


def product_like_a_sum(formula):
    return _diff(formula, _as_a_sum)


def _wrong_partners(u, v, du, dv):
    return ("add", ("mul", du, u), ("mul", v, dv))


def _with_sub(u, v, du, dv):
    return ("sub", ("mul", du, v), ("mul", u, dv))


def _without_add(u, v, du, dv):
    return (("mul", du, v), ("mul", u, dv))


def _not_nested(u, v, du, dv):
    return ("add", "mul", du, v, "mul", u, dv)


def _nothing(u, v, du, dv):
    return 0.0


def _parts_added(u, v, du, dv):
    return ("add", u, v)


def product_with_wrong_partners(formula):
    return _diff(formula, _wrong_partners)


def product_with_sub(formula):
    return _diff(formula, _with_sub)


def product_without_add(formula):
    return _diff(formula, _without_add)


def product_not_nested(formula):
    return _diff(formula, _not_nested)


def product_gives_nothing(formula):
    return _diff(formula, _nothing)


def product_of_the_parts(formula):
    return _diff(formula, _parts_added)


def sum_of_the_parts(formula):
    if not isinstance(formula, tuple) or formula[0] == "mul":
        return _diff(formula, _product)
    return formula


def whole_numbers_forgotten(formula):
    if isinstance(formula, float):
        return 0.0
    if formula == "x":
        return 1.0
    op, u, v = formula
    du, dv = whole_numbers_forgotten(u), whole_numbers_forgotten(v)
    return ("add", du, dv) if op == "add" else _product(u, v, du, dv)


def lists(formula):
    slope = _diff(formula, _product)
    return _as_lists(slope)


def _as_lists(formula):
    return [_as_lists(part) for part in formula] if isinstance(formula, tuple) else formula


def numbers_in_quotes(formula):
    return _diff(formula, _product, number="0", letter="1")


def operators_as_signs(formula):
    if not isinstance(formula, tuple):
        return _diff(formula, _product)
    op, u, v = formula
    du, dv = operators_as_signs(u), operators_as_signs(v)
    return ("+", du, dv) if op == "+" else ("+", ("*", du, v), ("*", u, dv))


def signs_in_the_answer(formula):
    return _with_signs(_diff(formula, _product))


def _with_signs(formula):
    if not isinstance(formula, tuple):
        return formula
    op, u, v = formula
    return ("+" if op == "add" else "*", _with_signs(u), _with_signs(v))


def numbers_stay(formula):
    if isinstance(formula, int | float):
        return formula
    return _diff(formula, _product, number=1.0)


def numbers_like_x(formula):
    return _diff(formula, _product, number=1.0)


def x_stays(formula):
    return _diff(formula, _product, letter="x")


def computes_instead(formula):
    if isinstance(formula, str):
        return 1.0
    if not isinstance(formula, tuple):
        return 0.0
    op, u, v = formula
    du, dv = computes_instead(u), computes_instead(v)
    return du + dv if op == "add" else du * v + u * dv


def no_rule_for_numbers(formula):
    if formula == "x":
        return 1.0
    op, u, v = formula
    du, dv = no_rule_for_numbers(u), no_rule_for_numbers(v)
    return ("add", du, dv) if op == "add" else _product(u, v, du, dv)


def simplifies(formula):
    """The same rules, and products with 0 and 1 are tidied up."""
    if formula == "x":
        return 1
    if not isinstance(formula, tuple):
        return 0
    op, u, v = formula
    du, dv = simplifies(u), simplifies(v)
    if op == "add":
        return _sum(du, dv)
    return _sum(_times(du, v), _times(dv, u))


def _times(slope, other):
    if slope == 0:
        return 0
    return other if slope == 1 else ("mul", slope, other)


def _sum(u, v):
    if u == 0:
        return v
    return u if v == 0 else ("add", u, v)


SYM_DIFF = Exercise(
    id="ch01.sym_diff",
    title="Four rules for formulas",
    names=("sym_diff",),
    points=3,
    minutes=12,
    difficulty=3,
    importance=3,
    probes=probe_sym_diff,
    hints=(
        "Start with the two formulas that have no parts: how fast does a number change with x? "
        "And x itself?",
        'For a tuple, take it apart: op, u, v = formula. A sum: ("add", slope of u, slope of v). A '
        "product needs two terms; the slope of a part is sym_diff of that part.",
        'if formula == "x": return 1.0; if not isinstance(formula, tuple): return 0.0; for "mul" '
        'return ("add", ("mul", sym_diff(u), v), ("mul", u, sym_diff(v))).',
    ),
    mutants=(
        Mutant(
            "product_without_second_term",
            product_without_second_term,
            "the product rule has two terms: u'v + uv'. The second is missing.",
        ),
        Mutant(
            "product_of_slopes",
            product_of_slopes,
            "the slope of a product is not the product of the slopes. It is u'v + uv'.",
        ),
        Mutant(
            "product_like_a_sum",
            product_like_a_sum,
            "you treat a product like a sum. Its rule is u'v + uv'.",
        ),
        Mutant(
            "product_with_wrong_partners",
            product_with_wrong_partners,
            "each slope goes with the other part: u' times v, and u times v'.",
        ),
        Mutant(
            "product_with_sub",
            product_with_sub,
            'the two terms of the product rule are added, and there is no "sub" in a formula.',
        ),
        Mutant(
            "product_without_add",
            product_without_add,
            'two products in a tuple are no formula yet: put "add" in front of them.',
        ),
        Mutant(
            "product_not_nested",
            product_not_nested,
            'each product is a formula of its own, in brackets: ("add", ("mul", ...), ("mul", '
            "...)).",
        ),
        Mutant(
            "product_gives_nothing",
            product_gives_nothing,
            'your answer for a product is 0. Does the "mul" branch have a `return`?',
        ),
        Mutant(
            "product_of_the_parts",
            product_of_the_parts,
            "no slope is in it. In u'v + uv' each term has one; u' is sym_diff(u).",
        ),
        Mutant(
            "sum_of_the_parts",
            sum_of_the_parts,
            "you return the sum itself. Its slope is the sum of the slopes: sym_diff of each part.",
        ),
        Mutant(
            "whole_numbers_forgotten",
            whole_numbers_forgotten,
            _WHOLE_NUMBERS,
        ),
        Mutant("lists", lists, "a formula is a tuple, in round brackets; yours is a list."),
        Mutant(
            "numbers_in_quotes",
            numbers_in_quotes,
            "a number stands without quotes: 0.0 and 1.0. Only x and the operations are texts.",
        ),
        Mutant(
            "operators_as_signs",
            operators_as_signs,
            'the operations are called "add" and "mul" here, in what you get and what you return.',
        ),
        Mutant(
            "signs_in_the_answer",
            signs_in_the_answer,
            'the operations are called "add" and "mul" here, in what you get and what you return.',
        ),
        Mutant("numbers_stay", numbers_stay, "a number does not change with x: its slope is 0."),
        Mutant(
            "numbers_like_x",
            numbers_like_x,
            "a number does not change with x: its slope is 0. Only the slope of x is 1.",
        ),
        Mutant("x_stays", x_stays, "x changes as fast as itself: the slope of x is 1."),
        Mutant(
            "computes_instead",
            computes_instead,
            'you compute with + and *. Build a formula instead: ("add", u, v), ("mul", u, v).',
        ),
        Mutant(
            "no_rule_for_numbers",
            no_rule_for_numbers,
            "a number has no parts to take apart: return its slope, 0.0, before you come to that.",
        ),
    ),
    alternatives=(simplifies,),
    meaning="Formula in, formula out: symbolic differentiation. The next task weighs the result.",
)
