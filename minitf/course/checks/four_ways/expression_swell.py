"""Exercise ch01.expression_swell: how large a formula is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe


def probe_count_nodes(rng: np.random.Generator) -> Iterator[Probe]:
    """Small trees by hand, then one grown at random with a known size."""
    yield Probe('count_nodes("x")', ("x",), 1)
    yield Probe("count_nodes(7.0)", (7.0,), 1)
    yield Probe("3 + x · x", (("add", 3.0, ("mul", "x", "x")),), 5)
    yield Probe("x · x + 3", (("add", ("mul", "x", "x"), 3.0),), 5)
    formula: Any = "x"
    size = 1
    for _ in range(6):
        leaf = "x" if rng.random() < 0.5 else round(float(rng.uniform(1, 9)), 1)
        formula, size = (str(rng.choice(["add", "mul"])), leaf, formula), size + 2
    yield Probe(f"a formula with {size // 2} operations", (formula,), size)
    shared = ("mul", "x", "x")
    yield Probe(
        "the same part twice: (x · x) · (x · x)",
        (("mul", shared, shared),),
        7,
        edge=True,
        likely="a tree writes the part out twice, so it counts twice.",
    )


def counts_operations(formula):
    if not isinstance(formula, tuple):
        return 0
    return 1 + counts_operations(formula[1]) + counts_operations(formula[2])


def counts_leaves(formula):
    if not isinstance(formula, tuple):
        return 1
    return counts_leaves(formula[1]) + counts_leaves(formula[2])


def counts_length(formula):
    return len(formula) if isinstance(formula, tuple) else 1


def counts_operations_twice(formula):
    if not isinstance(formula, tuple):
        return 1
    return 2 + counts_operations_twice(formula[1]) + counts_operations_twice(formula[2])


def counts_depth(formula):
    if not isinstance(formula, tuple):
        return 1
    return 1 + max(counts_depth(formula[1]), counts_depth(formula[2]))


def counts_no_numbers(formula):
    if not isinstance(formula, tuple):
        return int(formula == "x")
    return 1 + counts_no_numbers(formula[1]) + counts_no_numbers(formula[2])


def counts_length_of_anything(formula):
    return len(formula)


def counts_without_end(formula):
    _, u, v = formula
    return 1 + counts_without_end(u) + counts_without_end(v)


def counts_left_branch(formula):
    return 1 + counts_left_branch(formula[1]) if isinstance(formula, tuple) else 1


def counts_right_branch(formula):
    return 1 + counts_right_branch(formula[2]) if isinstance(formula, tuple) else 1


def counts_into_texts(formula):
    return 1 + sum(counts_into_texts(part) for part in formula)


def counts_once(formula):
    seen = set()

    def visit(part):
        if part in seen:
            return 0
        seen.add(part)
        return 1 + sum(map(visit, part[1:])) if isinstance(part, tuple) else 1

    return visit(formula)


def without_recursion(formula):
    waiting, count = [formula], 0
    while waiting:
        part = waiting.pop()
        count += 1
        if isinstance(part, tuple):
            waiting += part[1:]
    return count


EXPRESSION_SWELL = Exercise(
    id="ch01.expression_swell",
    title="How large is a formula?",
    names=("count_nodes",),
    points=2,
    minutes=6,
    difficulty=2,
    importance=2,
    probes=probe_count_nodes,
    hints=(
        "How many nodes has a formula without parts?",
        "A tuple is one node for its operation, and the nodes of its two parts.",
        "if not isinstance(formula, tuple): return 1; else 1 + count_nodes(u) + count_nodes(v).",
    ),
    mutants=(
        Mutant(
            "counts_operations",
            counts_operations,
            "you count operations only; numbers and x are nodes as well.",
        ),
        Mutant(
            "counts_leaves",
            counts_leaves,
            "you count the leaves only; operations are nodes as well.",
        ),
        Mutant(
            "counts_length",
            counts_length,
            "`len` sees the three parts at the top only. A part may have parts: count_nodes(part).",
        ),
        Mutant(
            "counts_operations_twice",
            counts_operations_twice,
            "operations are counted twice: once by the 1, once as a part of the tuple.",
        ),
        Mutant(
            "counts_no_numbers", counts_no_numbers, "a number is a node as well: it counts one."
        ),
        Mutant(
            "counts_length_of_anything",
            counts_length_of_anything,
            "a number has no length. A formula that is no tuple is one node: return 1.",
        ),
        Mutant(
            "counts_without_end",
            counts_without_end,
            '"x" and numbers have no parts. Return 1 for them before you take anything apart.',
        ),
        Mutant("counts_depth", counts_depth, "that is the height of the tree. Add both branches."),
        Mutant(
            "counts_left_branch",
            counts_left_branch,
            "only the first part of each operation is counted. Add count_nodes of the second.",
        ),
        Mutant(
            "counts_right_branch",
            counts_right_branch,
            "only the second part of each operation is counted. Add count_nodes of the first.",
        ),
        Mutant(
            "counts_into_texts",
            counts_into_texts,
            'a loop over "x" finds "x" again, without end. Only a tuple has parts: ask '
            "isinstance(formula, tuple) first.",
        ),
        Mutant(
            "counts_once",
            counts_once,
            "equal parts are counted once; in a tree each is written out where it stands.",
        ),
    ),
    alternatives=(without_recursion,),
    meaning="Every squaring more than doubles the derivative's tree; a tape gets one more entry.",
)
