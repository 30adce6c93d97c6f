"""Exercise ch02.reverse_pass: gradients of any list of records, by one sweep backwards."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from minitf.course.checks.computation_graph.shared import (
    LESSON,
    OPERATIONS,
    Records,
    lesson_gradients,
    lesson_records,
    random_leaves,
    right_partials,
)
from minitf.course.registry import Exercise, Mutant, Probe


def probe_reverse_pass(rng: np.random.Generator) -> Iterator[Probe]:
    """The lesson's graph, then graphs with fan-out, an unused record and a random one."""
    cases = [("the lesson's numbers", LESSON)]
    cases.append(("random numbers, target below", random_leaves(rng, -1.0)))
    cases.append(("random numbers, target above", random_leaves(rng, 1.0)))
    for about, leaves in cases:
        arguments = (leaves, lesson_records(**leaves))
        yield Probe(about, arguments, lesson_gradients(**leaves))
    square = [("square", "mul", ("x", "x"), 9.0), ("y", "add", ("square", "x"), 12.0)]
    yield Probe(
        "y = x * x + x at x = 3: dy/dx is 2x + 1 = 7",
        ({"x": 3.0}, square),
        {"x": 7.0, "square": 1.0, "y": 1.0},
        edge=True,
    )
    spare = [("down", "neg", ("x",), -2.0), ("spare", "mul", ("x", "b"), 10.0)]
    yield Probe(
        "y = -(-x), and halfway a record that y does not use: spare and b get no gradient",
        ({"x": 2.0, "b": 5.0}, [*spare, ("y", "neg", ("down",), 2.0)]),
        {"x": 1.0, "down": -1.0, "y": 1.0},
        edge=True,
        likely="a record whose name is not in the dict of gradients is skipped.",
    )
    leaves, records = random_graph(rng)
    yield Probe(
        "a random graph of seven operations",
        (leaves, records),
        gradients_by_differences(leaves, records),
        rtol=1e-5,
        atol=1e-6,
        edge=True,
    )


def random_graph(rng: np.random.Generator) -> tuple[dict[str, float], Records]:
    """Seven operations on two numbers; each uses the newest value, so all lead to the last."""
    leaves = {name: round(float(rng.uniform(0.5, 1.5)), 2) for name in ("p", "q")}
    values = dict(leaves)
    records: Records = []
    newest = "p"
    for step, op in enumerate(("mul", "abs", "add", "neg", "sub", "abs", "mul")):
        other = str(rng.choice(sorted(values))) if op in ("add", "sub", "mul") else ""
        if op == "abs" and math.isclose(values[newest], 0.0, abs_tol=1e-2):
            op = "neg"  # too near the kink for differences
        inputs: tuple[str, ...] = (newest, other) if other else (newest,)
        newest = f"v{step}"
        values[newest] = OPERATIONS[op](*(values[name] for name in inputs))
        records.append((newest, op, inputs, values[newest]))
    return leaves, records


def gradients_by_differences(leaves: dict[str, float], records: Records) -> dict[str, float]:
    """Push every name up and down a little, compute what follows again, look at the last value."""
    eps, found = 1e-5, {}
    for name in [*leaves, *(record[0] for record in records)]:
        up, down = _replay(leaves, records, name, eps), _replay(leaves, records, name, -eps)
        found[name] = (up - down) / (2 * eps)
    return _only_reached(found, records)


def _replay(leaves: dict[str, float], records: Records, pushed: str, by: float) -> float:
    values = {name: value + by * (name == pushed) for name, value in leaves.items()}
    for name, op, inputs, _ in records:
        values[name] = OPERATIONS[op](*(values[i] for i in inputs)) + by * (name == pushed)
    return values[records[-1][0]]


def _only_reached(found: dict[str, float], records: Records) -> dict[str, float]:
    used = {name for _, _, inputs, _ in records for name in inputs} | {records[-1][0]}
    return {name: value for name, value in found.items() if name in used}


def _sweep(
    leaves: dict[str, float],
    records: Records,
    *,
    order: int = -1,
    seed: float = 1.0,
    overwrite: bool = False,
    upstream: bool = True,
    swapped: bool = False,
    unreached: str = "skip",
) -> dict[str, float]:
    """A backward pass with one planted mistake, for the mutants."""
    values = {**leaves, **{name: value for name, _, _, value in records}}
    grads = {records[-1][0]: seed}
    for name, op, inputs, _ in records[::order]:
        if name not in grads and unreached == "skip":
            continue
        if name not in grads and unreached == "stop":
            break
        partials = _partials_at(op, inputs, values)
        for i, partial in zip(inputs, partials[::-1] if swapped else partials, strict=True):
            share = partial * (grads[name] if upstream else 1.0)
            grads[i] = share if overwrite else grads.get(i, 0.0) + share
    return grads


def _partials_at(op: str, inputs: tuple[str, ...], values: dict[str, float]) -> tuple[float, ...]:
    """Local derivatives of a record whose inputs have these values."""
    return right_partials(op, tuple(values[name] for name in inputs))


def reverse_overwrites(leaves, records):
    return _sweep(leaves, records, overwrite=True)


def reverse_forward_order(leaves, records):
    return _sweep(leaves, records, order=1)


def reverse_seeds_the_value(leaves, records):
    return _sweep(leaves, records, seed=records[-1][3])


def reverse_ignores_upstream(leaves, records):
    return _sweep(leaves, records, upstream=False)


def reverse_swaps_inputs(leaves, records):
    return _sweep(leaves, records, swapped=True)


def reverse_zero_for_unreached(leaves, records):
    nothing = dict.fromkeys([*leaves, *(record[0] for record in records)], 0.0)
    return {**nothing, **_sweep(leaves, records)}


def reverse_leaves_only(leaves, records):
    found = _sweep(leaves, records)
    return {name: found[name] for name in leaves if name in found}


def reverse_adds_to_nothing(leaves, records):
    values = {**leaves, **{name: value for name, _, _, value in records}}
    grads = {records[-1][0]: 1.0}
    for name, op, inputs, _ in records[::-1]:
        for i, partial in zip(inputs, _partials_at(op, inputs, values), strict=True):
            grads[i] += grads[name] * partial
    return grads


def reverse_names_for_values(leaves, records):
    grads = {records[-1][0]: 1.0}
    for name, op, inputs, _ in records[::-1]:
        if name not in grads:
            continue
        for i, partial in zip(inputs, _partials_of(op, inputs), strict=True):
            grads[i] = grads.get(i, 0.0) + grads[name] * partial
    return grads


def _partials_of(op: str, inputs: tuple) -> tuple:
    """`local_derivs` as most write it: with names in place of numbers it fails as theirs does."""
    if op == "abs":
        return (1.0,) if inputs[0] > 0 else (-1.0,)
    return right_partials(op, inputs)


def reverse_from_loss_by_name(leaves, records):
    if records[-1][0] == "loss":
        return _sweep(leaves, records)
    return {"loss": 1.0}


def reverse_turns_the_list(leaves, records):
    found = _sweep(leaves, records)
    records.reverse()
    return found


def reverse_does_not_skip(leaves, records):
    return _sweep(leaves, records, unreached="send")


def reverse_forward_without_skip(leaves, records):
    return _sweep(leaves, records, order=1, unreached="send")


def reverse_stops_at_unused(leaves, records):
    return _sweep(leaves, records, unreached="stop")


def reverse_fixed_name_without_skip(leaves, records):
    return _sweep(leaves, records) if records[-1][0] == "loss" else {"loss": 1.0}[records[-1][0]]


def reverse_looks_up_the_tuple(leaves, records):
    values = {**leaves, **{name: value for name, _, _, value in records}}
    return values[records[-1][2]]


def reverse_multiplies_the_tuple(leaves, records):
    return 1.0 * _partials_at(records[-1][1], ("seed",), {"seed": 1.0})


def reverse_running_product(leaves, records):
    values = {**leaves, **{name: value for name, _, _, value in records}}
    grads, product = {records[-1][0]: 1.0}, 1.0
    for _, op, inputs, _ in records[::-1]:
        for i, partial in zip(inputs, _partials_at(op, inputs, values), strict=True):
            product *= partial
            grads[i] = grads.get(i, 0.0) + product
    return grads


def reverse_by_pulling(leaves, records):
    """Each name collects from the records that use it: the same sums, the other way round."""
    values = {**leaves, **{name: value for name, _, _, value in records}}
    grads = {records[-1][0]: 1.0}
    names = [*(record[0] for record in records[:-1]), *leaves]
    for target in sorted(names, key=list(values).index, reverse=True):
        received = [
            grads[name] * partial
            for name, op, inputs, _ in records
            if name in grads
            for i, partial in zip(inputs, _partials_at(op, inputs, values), strict=True)
            if i == target
        ]
        if received:
            grads[target] = sum(received)
    return grads


REVERSE_PASS = Exercise(
    id="ch02.reverse_pass",
    title="The way back, by a loop",
    names=("reverse_pass",),
    needs=("ch02.local_derivs",),
    points=4,
    minutes=12,
    difficulty=3,
    importance=5,
    probes=probe_reverse_pass,
    hints=(
        "You ordered these lines by hand in the task before. What is the same in all of them?",
        "Begin with {name of the last record: 1.0}. Loop over reversed(records). Ask local_derivs "
        "for the numbers on the arrows, and add (gradient of the output) * (number) to each input.",
        "partials = local_derivs(op, tuple(values[i] for i in inputs), value); then for i, partial "
        "in zip(inputs, partials): grads[i] = grads.get(i, 0.0) + grads[name] * partial",
    ),
    mutants=(
        Mutant(
            "overwrites",
            reverse_overwrites,
            "x is used more than once, and the last use overwrote the others: `=` where the uses "
            "must add up.",
        ),
        Mutant(
            "forward_order",
            reverse_forward_order,
            "only the last record was used. Do you walk from the first to the last? Then write "
            "reversed(records). Or does `return` stand inside the loop?",
        ),
        Mutant(
            "seeds_the_value",
            reverse_seeds_the_value,
            "you started with the value of the loss. The seed is d(loss)/d(loss), which is 1.",
        ),
        Mutant(
            "ignores_upstream",
            reverse_ignores_upstream,
            "each input got the local derivative alone. Multiply it by the gradient that has "
            "arrived at the output.",
        ),
        Mutant(
            "swaps_inputs",
            reverse_swaps_inputs,
            "the local derivatives reach the wrong inputs: the first number is for the first.",
        ),
        Mutant(
            "zero_for_unreached",
            reverse_zero_for_unreached,
            "a name that no gradient reaches has no gradient; that is not the same as 0. "
            "Leave it out.",
        ),
        Mutant(
            "leaves_only",
            reverse_leaves_only,
            "only the leaves are in your dict; return the gradients of the records as well.",
        ),
        Mutant(
            "adds_to_nothing",
            reverse_adds_to_nothing,
            "`+=` needs something that is there already; grads.get(i, 0.0) is 0.0 the first time.",
        ),
        Mutant(
            "names_for_values",
            reverse_names_for_values,
            "inputs holds names, and local_derivs needs numbers: tuple(values[i] for i in inputs).",
        ),
        Mutant(
            "from_loss_by_name",
            reverse_from_loss_by_name,
            'the last record need not be called "loss": take its name, records[-1][0].',
        ),
        Mutant(
            "turns_the_list",
            reverse_turns_the_list,
            "records.reverse() turns the caller's list round for good. reversed(records) does not.",
        ),
        Mutant(
            "does_not_skip",
            reverse_does_not_skip,
            "a record that the last one does not use has no gradient to send: "
            "`if name not in grads: continue`.",
        ),
        Mutant(
            "forward_without_skip",
            reverse_forward_without_skip,
            "the first record has no gradient yet: begin at the loss, with reversed(records).",
        ),
        Mutant(
            "stops_at_unused",
            reverse_stops_at_unused,
            "the walk ends at the first record that has nothing to send. `continue` skips it, "
            "`break` ends the loop.",
        ),
        Mutant(
            "fixed_name_without_skip",
            reverse_fixed_name_without_skip,
            'the last record need not be called "loss": take its name, records[-1][0].',
        ),
        Mutant(
            "looks_up_the_tuple",
            reverse_looks_up_the_tuple,
            "inputs is a tuple of names. Look up one at a time: tuple(values[i] for i in inputs).",
        ),
        Mutant(
            "multiplies_the_tuple",
            reverse_multiplies_the_tuple,
            "local_derivs returns a tuple, one number per input: zip(inputs, partials) pairs them.",
        ),
        Mutant(
            "running_product",
            reverse_running_product,
            "one product runs through all records, from branch to branch. Begin each record with "
            "the gradient of its own output, grads[name].",
        ),
    ),
    alternatives=(reverse_by_pulling,),
    meaning="These few lines are reverse-mode differentiation. tape.gradient runs the same loop.",
)
