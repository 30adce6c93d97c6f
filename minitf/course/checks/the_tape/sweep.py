"""Exercise ch04.sweep: entries, read from the last to the first, give gradients."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minitf.course.checks.the_tape import sweep_slips as slips
from minitf.course.checks.the_tape.tools import (
    MORE_RULES,
    Program,
    absolute_error,
    all_eight,
    clean_workbench,
    fan_out,
    reference_sweep,
    shared_sum,
    slopes_by_nudging,
    value64,
    written_down,
)
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import Entry, Value, apply


def _ask(names: Any, program: Program, *numbers: Any) -> Any:
    entries, target, sources = written_down(program, *numbers)
    return names.sweep(entries, target, sources, MORE_RULES)


def _twice(names: Any, program: Program, *numbers: Any) -> Any:
    entries, target, sources = written_down(program, *numbers)
    names.sweep(entries, target, sources, MORE_RULES)
    return names.sweep(entries, target, sources, MORE_RULES)


def _middle_target(names: Any, with_strangers: bool) -> Any:
    """The target is in the middle; if wanted, one source comes later, one is not there at all."""
    x, w, stranger = value64(2.0), value64(3.0), value64(2.0)
    entries, _, _ = written_down(fan_out, 1.0, 1.0)  # another computation, first on the tape
    u, later, end = value64(6.0), value64(36.0), value64(72.0)
    entries += [Entry("mul", (x, w), u, {}), Entry("mul", (u, u), later, {})]
    entries += [Entry("mul", (later, x), end, {})]
    sources = [x, stranger, later, w] if with_strangers else [x, w]
    return names.sweep(entries, u, sources, MORE_RULES)


def _middle_as_source(names: Any) -> Any:
    middle: list[Value] = []

    def program(x: Value) -> Value:
        middle.append(x * 3.0)
        return middle[0] * middle[0]

    entries, target, (x,) = written_down(program, 2.0)
    return names.sweep(entries, target, [*middle, x, target], MORE_RULES)


def _equal_numbers(names: Any) -> Any:
    """Two Values with one number and one name are two sources."""
    entries, target, sources = written_down(Value.__mul__, 2.0, 2.0)
    return names.sweep(entries, target, [sources[0]], MORE_RULES)


def _rows_of_a_table(names: Any, table_first: bool) -> Any:
    table, rows = value64([1.0, 2.0, 3.0]), Value(np.array([2, 0, 2]))
    with clean_workbench():
        picked = apply("gather", table, rows)
    inputs, rule = (table, rows), MORE_RULES["gather"]
    if not table_first:
        inputs, rule = (rows, table), _rows_first
    entries = [Entry("gather", inputs, picked, {})]
    return names.sweep(entries, picked, [table, rows], {"gather": rule})


def _rows_first(upstream: Any, inputs: tuple, output: Any) -> tuple:
    """The rule of gather, for somebody who gives the rows first."""
    for_table, for_rows = MORE_RULES["gather"](upstream, inputs[::-1], output)
    return for_rows, for_table


def _long_chain(names: Any) -> Any:
    entries, target, sources = _long_tape()
    return names.sweep(list(entries), target, sources, MORE_RULES)


@functools.cache
def _long_tape() -> tuple[list[Entry], Value, list[Value]]:
    """More entries than Python has room for calls in calls, also where that room is 3000."""

    def program(x: Value) -> Value:
        for _ in range(1700):
            x = x + x * 0.001
        return x

    return written_down(program, 1.0)


def _kink(x: Value, w: Value) -> Value:
    return abs(x * w - 6.0)


def _sum_of_rows(x: Value) -> Value:
    row_sums = apply("sum", x, axis=1)
    return row_sums * row_sums


def probe_sweep(rng: np.random.Generator) -> Iterator[Probe]:
    """By hand, by nudging, other targets and sources, arrays, attributes, a long tape, twice."""
    by_hand = [np.array(48.0), np.array(28.0)]
    yield Probe(
        "the lesson's u · v at x = 2, w = 3", (fan_out, 2.0, 3.0), by_hand, call=_ask,
        likely="do the rules get arrays, the .data of inputs and output? Is the answer a list, "
        "with one gradient per source?",
    )  # fmt: skip
    yield Probe(
        "the loss of chapter 02", (absolute_error, 2.0, 3.0, 1.0, 4.0),
        [np.array(slope) for slope in (3.0, 2.0, 1.0, -1.0)], call=_ask,
    )  # fmt: skip
    numbers = [round(float(v), 2) for v in rng.uniform(0.4, 1.4, 3)]
    yield _nudged("all eight operations", all_eight, numbers)
    for_x, for_w = np.array(3.0), np.array(2.0)
    yield Probe("a target in the middle of the tape", (False,), [for_x, for_w],
                call=_middle_target, edge=True)  # fmt: skip
    yield Probe(
        "two more sources that do not lead to it: a stranger, and a later value", (True,),
        [for_x, None, None, for_w], call=_middle_target, edge=True,
    )  # fmt: skip
    yield Probe(
        "a value in the middle as source, and the target itself", (),
        [np.array(12.0), np.array(36.0), np.array(1.0)], call=_middle_as_source, edge=True,
    )  # fmt: skip
    yield Probe(
        "|x · w - 6| at x = 2, w = 3: a gradient of 0", (_kink, 2.0, 3.0),
        [np.array(0.0), np.array(0.0)], call=_ask, edge=True,
    )  # fmt: skip
    yield Probe("2 · 2: equal numbers, two Values", (), [np.array(2.0)], call=_equal_numbers,
                edge=True)  # fmt: skip
    x, z = (np.round(rng.uniform(-2, 2, 3), 2) for _ in range(2))
    yield _nudged("arrays of three", Value.__mul__, [x, z], edge=True)
    yield _nudged("arrays that `add` handed to two inputs", shared_sum, [x, z], edge=True)
    yield _nudged("sums of rows (axis is an attribute)", _sum_of_rows,
                  [np.round(rng.uniform(-2, 2, (2, 3)), 2)], edge=True)  # fmt: skip
    picked = [np.array([1.0, 0.0, 2.0]), None]
    yield Probe("rows picked from a table: a rule that answers None", (True,), picked,
                call=_rows_of_a_table, edge=True)  # fmt: skip
    yield Probe("the same, with None in front", (False,), picked, call=_rows_of_a_table,
                edge=True)  # fmt: skip
    yield Probe("3400 entries", (), [np.array(1.001**1700)], call=_long_chain, edge=True)
    yield Probe("the same entries, asked twice", (fan_out, 2.0, 3.0), by_hand, call=_twice,
                edge=True)  # fmt: skip


def _nudged(label: str, program: Program, numbers: Sequence[Any], edge: bool = False) -> Probe:
    expected = slopes_by_nudging(program, *numbers)
    return Probe(label, (program, *numbers), expected, call=_ask, rtol=1e-5, atol=1e-6, edge=edge)


def by_index(entries, target, sources, rules):
    """A dict with the Values themselves as keys: they compare by identity."""
    arrived = {target: [np.ones_like(target.data)]}
    for k in range(len(entries) - 1, -1, -1):
        op, inputs, output, attrs = entries[k]
        if output in arrived:
            arrays = [x.data for x in inputs]
            parts = rules[op](sum(arrived[output]), arrays, output.data, **attrs)
            for x, part in zip(inputs, parts, strict=True):
                if part is not None:
                    arrived.setdefault(x, []).append(part)
    return [sum(arrived[source]) if source in arrived else None for source in sources]


SWEEP = Exercise(
    id="ch04.sweep",
    title="Read it backwards",
    names=("sweep",),
    points=4,
    minutes=16,
    difficulty=4,
    importance=5,
    probes=probe_sweep,
    hints=(
        "A dict holds what has arrived at each Value; at first only the seed at the target. For "
        "each entry, from the last to the first: what arrived at its output? Nothing: skip it.",
        "For each entry: upstream = gradients[id(entry.output)]; inputs = the .data of its inputs; "
        "found = rules[entry.op](upstream, inputs, entry.output.data, **entry.attrs). Then add "
        "each part of found to what its input has, unless it is None.",
        "gradients = {id(target): np.ones_like(target.data)}. In the inner loop: for x, g in "
        "zip(entry.inputs, found): if g is not None: gradients[id(x)] = gradients.get(id(x), 0.0) "
        "+ g. At the end [gradients.get(id(s)) for s in sources].",
    ),
    mutants=(
        Mutant(
            "walks_forward",
            slips.walks_forward,
            "nothing arrives. Do you read from the last entry to the first, reversed(entries)? And "
            "is the key the same everywhere, id(value)?",
        ),  # fmt: skip
        Mutant(
            "overwrites",
            slips.overwrites,
            "a Value that is used twice gets two parts, and they add up. `=` loses one of them.",
        ),  # fmt: skip
        Mutant(
            "ignores_upstream",
            slips.ignores_upstream,
            "the rule is always given 1; give it what has arrived at the entry's output.",
        ),  # fmt: skip
        Mutant(
            "seeds_one_number",
            slips.seeds_one_number,
            "the seed is one number, but the target is an array: np.ones_like(target.data).",
        ),  # fmt: skip
        Mutant(
            "seeds_the_value",
            slips.seeds_the_value,
            "the seed is 1, not the target's value: the target changes as fast as itself.",
        ),  # fmt: skip
        Mutant(
            "hands_none_to_rules",
            slips.hands_none_to_rules,
            "a rule was given None as upstream: skip an entry at whose output nothing has arrived.",
        ),  # fmt: skip
        Mutant(
            "skips_nothing",
            slips.skips_nothing,
            "nothing has arrived at the output of an entry that does not lead to the target: skip "
            "such entries.",
        ),  # fmt: skip
        Mutant(
            "zero_upstream",
            slips.zero_upstream,
            "an entry that does not lead to the target was given 0, and so its inputs have 0 where "
            "None is right. Skip it.",
        ),  # fmt: skip
        Mutant(
            "stops_at_a_stranger",
            slips.stops_at_a_stranger,
            "`break` ends the whole walk at the first entry that does not lead to the target. "
            "`continue` skips that one entry.",
        ),  # fmt: skip
        Mutant(
            "asks_for_truth",
            slips.asks_for_truth,
            "`if not upstream` also skips a gradient of 0, and an array has no one truth value. "
            "Ask `is None`.",
        ),  # fmt: skip
        Mutant(
            "skips_zero",
            slips.skips_zero,
            "a gradient of 0 has arrived, and goes on. Skip only where nothing arrived: None.",
        ),  # fmt: skip
        Mutant(
            "multiplies_again",
            slips.multiplies_again,
            "the rule has multiplied by upstream. Add what it gives, without a second factor.",
        ),  # fmt: skip
        Mutant(
            "seeds_an_object",
            slips.seeds_an_object,
            "np.ones_like(target) makes an array of Python objects. Take the number in the Value: "
            "target.data.",
        ),  # fmt: skip
        Mutant(
            "by_number",
            slips.by_number,
            "two Values can hold the same number. Tell them apart by identity: id(value).",
        ),  # fmt: skip
        Mutant(
            "by_name",
            slips.by_name,
            "names are for printing, and most Values have none. Tell them apart by id(value).",
        ),  # fmt: skip
        Mutant(
            "without_attrs",
            slips.without_attrs,
            "a rule needs the attributes of its entry as well: ..., **entry.attrs).",
        ),  # fmt: skip
        Mutant(
            "takes_away",
            slips.takes_away,
            "you remove a gradient once it is used; but that Value may be one of the sources.",
        ),  # fmt: skip
        Mutant(
            "zero_for_no_path",
            slips.zero_for_no_path,
            "no path is None, not 0: 0 would say that the slope is flat.",
        ),  # fmt: skip
        Mutant(
            "stumbles_over_strangers",
            slips.stumbles_over_strangers,
            "nothing arrived at one of the sources: its answer is None, gradients.get(id(source)).",
        ),  # fmt: skip
        Mutant(
            "leaves_out_none",
            slips.leaves_out_none,
            "one answer per source, in their order; None where there is no path.",
        ),  # fmt: skip
        Mutant(
            "turns_the_tape",
            slips.turns_the_tape,
            "entries.reverse() turns the caller's list round for good. reversed(entries) does not.",
        ),  # fmt: skip
        Mutant(
            "writes_into_arrays",
            slips.writes_into_arrays,
            "`+=` writes into an array that others hold too (`add` hands one array to both "
            "inputs). Write a = a + b.",
        ),  # fmt: skip
        Mutant(
            "adds_none",
            slips.adds_none,
            "a rule may answer None for an input that has no gradient. Skip that part.",
        ),  # fmt: skip
        Mutant(
            "stops_at_none",
            slips.stops_at_none,
            "a None ends your loop over the inputs, and the inputs after it get nothing. Skip "
            "that input only.",
        ),  # fmt: skip
        Mutant(
            "recursive",
            slips.recursive,
            "one call inside another for each entry: Python stops at about 1000. Use a loop.",
        ),  # fmt: skip
    ),
    alternatives=(by_index, reference_sweep),
    meaning="No search, no recursion, one visit per entry: this is reverse mode.",
)
