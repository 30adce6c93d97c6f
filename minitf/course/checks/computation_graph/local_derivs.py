"""Exercise ch02.local_derivs: the slope of one operation by each of its inputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.computation_graph.shared import OPERATIONS, differences, right_partials
from minitf.course.registry import Exercise, Mutant, Probe


def probe_local_derivs(rng: np.random.Generator) -> Iterator[Probe]:
    """Each operation at numbers a hand can check, then at random ones against differences."""
    by_hand: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...] = (
        ("add", (6.0, 1.0), (1.0, 1.0)),
        ("sub", (4.0, 7.0), (1.0, -1.0)),
        ("mul", (2.0, 3.0), (3.0, 2.0)),
        ("neg", (5.0,), (-1.0,)),
        ("abs", (-3.0,), (-1.0,)),
        ("abs", (3.0,), (1.0,)),
    )
    for op, inputs, expected in by_hand:
        yield _local_probe(op, inputs, expected)
    for op in OPERATIONS:
        count = 1 if op in ("neg", "abs") else 2
        inputs = tuple(float(n) for n in rng.uniform(0.5, 3.0, count).round(2) * (-1, 1)[:count])
        yield _local_probe(op, inputs, differences(OPERATIONS[op], inputs))
    yield _local_probe("abs", (0.0,), (0.0,), edge=True)
    yield _local_probe("mul", (0.0, 5.0), (5.0, 0.0), edge=True)


def _local_probe(op: str, inputs: tuple, expected: tuple, edge: bool = False) -> Probe:
    output = OPERATIONS[op](*inputs)
    label = f'local_derivs("{op}", {inputs}, {output:g})'
    return Probe(label, (op, inputs, output), expected, rtol=1e-5, edge=edge)


def local_mul_own_operand(op, inputs, output):
    return tuple(inputs) if op == "mul" else right_partials(op, inputs)


def local_abs_without_sign(op, inputs, output):
    if op == "abs":
        return (1.0,) if inputs[0] != 0 else (0.0,)
    return right_partials(op, inputs)


def local_sub_swapped(op, inputs, output):
    return (-1.0, 1.0) if op == "sub" else right_partials(op, inputs)


def local_sub_like_add(op, inputs, output):
    return (1.0, 1.0) if op == "sub" else right_partials(op, inputs)


def local_neg_without_minus(op, inputs, output):
    return (1.0,) if op == "neg" else right_partials(op, inputs)


def local_neg_itself(op, inputs, output):
    return (-inputs[0],) if op == "neg" else right_partials(op, inputs)


def local_add_itself(op, inputs, output):
    return tuple(inputs) if op == "add" else right_partials(op, inputs)


def local_one_for_two(op, inputs, output):
    return 1.0 if op == "add" else right_partials(op, inputs)


def local_mul_by_dividing(op, inputs, output):
    if op == "mul":
        return (output / inputs[0], output / inputs[1])
    return right_partials(op, inputs)


def local_no_case_for_zero(op, inputs, output):
    if op == "abs" and inputs[0] == 0:
        raise ValueError(f"no local derivative known for {op!r}")
    return right_partials(op, inputs)


def local_kink_is_one(op, inputs, output):
    if op == "abs":
        return (1.0,) if inputs[0] >= 0 else (-1.0,)
    return right_partials(op, inputs)


def local_kink_is_minus_one(op, inputs, output):
    if op == "abs":
        return (1.0,) if inputs[0] > 0 else (-1.0,)
    return right_partials(op, inputs)


def local_divides_by_zero(op, inputs, output):
    if op == "abs":
        return (inputs[0] / output,)
    return right_partials(op, inputs)


def local_bare_number(op, inputs, output):
    found = right_partials(op, inputs)
    return found if len(found) > 1 else found[0]


def local_abs_itself(op, inputs, output):
    return (abs(inputs[0]),) if op == "abs" else right_partials(op, inputs)


def local_compares_the_tuple(op, inputs, output):
    if op == "abs":
        return (1.0,) if inputs > 0 else (-1.0,)
    return right_partials(op, inputs)


def local_always_two_inputs(op, inputs, output):
    a, b = inputs
    return right_partials(op, (a, b))


def local_table_style(op, inputs, output):
    first, last = inputs[0], inputs[-1]
    table = {
        "add": (1, 1),
        "sub": (1, -1),
        "mul": (last, first),
        "neg": (-1,),
        "abs": ((first > 0) - (first < 0),),
    }
    return table[op]


LOCAL_DERIVS = Exercise(
    id="ch02.local_derivs",
    title="The number on each arrow",
    names=("local_derivs",),
    points=2,
    minutes=7,
    difficulty=2,
    importance=5,
    probes=probe_local_derivs,
    hints=(
        "Hold all inputs fixed but one, and let that one grow by 0.1. What does the output do?",
        "One `if op == ...` per operation, each with its own return. In a product the other input "
        "is the slope. The slope of |a| is 1 to the right of 0, -1 to the left, and 0 at 0.",
        'add: (1.0, 1.0). sub: (1.0, -1.0). mul: (inputs[1], inputs[0]). neg: (-1.0,). For "abs" '
        "look at inputs[0]: greater than 0, less than 0, or neither.",
    ),
    mutants=(
        Mutant(
            "mul_own_operand",
            local_mul_own_operand,
            "in x * w the slope by x is w: let x grow by 1, and the product grows by w.",
        ),
        Mutant(
            "abs_without_sign",
            local_abs_without_sign,
            "left of 0 the absolute value falls: there the slope of |a| is -1, not 1.",
        ),
        Mutant(
            "abs_itself",
            local_abs_itself,
            "that is |a| itself. Its slope is 1 to the right of 0, -1 to the left, and 0 at 0.",
        ),
        Mutant(
            "compares_the_tuple",
            local_compares_the_tuple,
            "inputs is a tuple, also with one number in it. Compare the number: inputs[0] > 0.",
        ),
        Mutant(
            "always_two_inputs",
            local_always_two_inputs,
            "neg and abs have one input only. Take inputs apart inside the `if` of an operation.",
        ),
        Mutant(
            "sub_swapped",
            local_sub_swapped,
            "in a - b it is b that counts negative: the slopes are (1, -1).",
        ),
        Mutant(
            "sub_like_add",
            local_sub_like_add,
            "in a - b, let b grow by 1: the result falls by 1. Its slope is -1.",
        ),
        Mutant(
            "neg_without_minus",
            local_neg_without_minus,
            "when a grows by 1, -a falls by 1: the slope of neg is -1.",
        ),
        Mutant(
            "neg_itself",
            local_neg_itself,
            "that is -a itself. Let a grow by 1: -a falls by 1, wherever a is. The slope is -1.",
        ),
        Mutant(
            "add_itself",
            local_add_itself,
            "those are the inputs. Let one grow by 1: the sum grows by 1. Both slopes are 1.",
        ),
        Mutant(
            "one_for_two",
            local_one_for_two,
            "one number per input: a sum has two, so return (1.0, 1.0).",
        ),
        Mutant(
            "mul_by_dividing",
            local_mul_by_dividing,
            "output / input is the other input, unless the input is 0. Take that one itself.",
        ),
        Mutant(
            "no_case_for_zero",
            local_no_case_for_zero,
            "at 0 no `return` was reached, and the given last line raised. Return (0.0,) there.",
        ),
        Mutant(
            "kink_is_one",
            local_kink_is_one,
            "at exactly 0 you return 1. TensorFlow's convention there is 0 (JAX chose 1).",
        ),
        Mutant(
            "kink_is_minus_one",
            local_kink_is_minus_one,
            "at exactly 0 you return -1. TensorFlow's convention there is 0.",
        ),
        Mutant(
            "divides_by_zero",
            local_divides_by_zero,
            "a / |a| is the sign of a, except at 0, where it divides by zero. Treat 0 by itself.",
        ),
        Mutant(
            "bare_number",
            local_bare_number,
            "one input still needs a tuple: return (-1.0,) with the comma, not -1.0.",
        ),
    ),
    alternatives=(local_table_style,),
    meaning="Five short rules. TensorFlow has such a rule for each of its operations, and no other "
    "knowledge of calculus.",
)
