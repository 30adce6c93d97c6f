"""A tape as a table: its rows, what they keep alive, and every step of reading them backwards.

    rows = table_of(tape_views.records(tape), namer)    # one Row per record, in order
    steps = backward_steps(tape_views.records(tape), loss, namer)
    steps[0].parts[0].text                              # "1 × 3 = 3"

Nothing is re-enacted: the rows are those of the tape, the steps come from minitf's own backward
pass, which runs once more and is watched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf import tape_views
from minitf.backward import Record, backpropagate, dense
from minitf.gradient_arguments import seeds_of
from minitf.graph_names import Namer, outputs_of, short_op_name, value_text
from minitf.graph_spec import short
from minitf.state import unobserved
from minitf.tape import GradientTape
from minitf.tensor import Tensor

_FEW = 4  # elements: arrays up to this size are shown with their numbers


@dataclass(frozen=True)
class Row:
    """One record in words.

    Attributes:
        op: TensorFlow's name of the operation.
        output, inputs: the learner's names for them.
        text: the computation, "x × w".
        value: the result as text.
        keeps: names of arrays that no earlier row holds.
        total: bytes all rows hold up to this one; an array that several hold counts once.
        output_id: id of the (first) result: ids grow as values are made.
    """

    op: str
    output: str
    inputs: tuple[str, ...]
    text: str
    value: str
    keeps: tuple[str, ...]
    total: int
    output_id: int


@dataclass(frozen=True)
class Part:
    """What one row sends back to one of its inputs.

    Attributes:
        name: of the input.
        symbol: "∂mul/∂x".
        rule: the local derivative in the learner's names, "w"; "" if it has no short form.
        text: the numbers put into the rule.
        total: what has arrived at the input so far, as text; `terms` are its addends.
    """

    name: str
    symbol: str
    rule: str
    text: str
    total: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class BackwardStep:
    """One row read backwards; `wrote` names the operations it left on the listening tape."""

    row: int
    upstream: str
    parts: tuple[Part, ...]
    wrote: tuple[str, ...] = ()


def table_of(records: list[Record], namer: Namer) -> list[Row]:
    """The records as rows, in the order they were written."""
    held: set[int] = set()
    total, rows = 0, []
    for record in records:
        inputs = tuple([namer.leaf(x) for x in record.inputs])
        output = namer.result(record)
        keeps = []
        for x in (*record.inputs, *outputs_of(record)):
            memory = _memory(x._value)
            if id(memory) not in held:
                held.add(id(memory))
                total += memory.nbytes
                keeps.append(namer.leaf(x))
        first = outputs_of(record)[0]
        rows.append(
            Row(
                op=record.op.name,
                output=output,
                inputs=inputs,
                text=computation(record, inputs, output),
                value=brief_text(first._value),
                keeps=tuple(dict.fromkeys(keeps)),
                total=total,
                output_id=first.id,
            )
        )
    return rows


def computation(record: Record, inputs: tuple[str, ...], output: str) -> str:
    """ "x × w", or "read w", or "reduce_sum(x)"."""
    if record.op.name == "ReadVariableOp":
        return f"read {inputs[0]}"
    call = f"{short_op_name(record.op.name)}({', '.join(inputs)})"
    return filled(record.op.text, inputs, output) or call


def filled(template: str | None, inputs: tuple[str, ...], output: str) -> str:
    """An operation's text with the names put in; "" if it does not fit."""
    try:
        return template.format(*inputs, y=output) if template else ""
    except IndexError:
        return ""  # fewer inputs than the template shows


def brief_text(value: Any) -> str:
    """A number, a few numbers in brackets, or a shape."""
    if value.ndim == 0 or not 0 < value.size <= _FEW or value.dtype.kind not in "fiu":
        return value_text(value)
    if value.ndim == 1:
        return f"[{', '.join(short(x) for x in value)}]"
    return f"[{', '.join(brief_text(x) for x in value)}]"


def backward_steps(
    records: list[Record], target: Any, namer: Namer, listener: GradientTape | None = None
) -> list[BackwardStep]:
    """Every row the backward pass visits, last row first.

    Args:
        records: of the tape.
        target: what is differentiated.
        namer: as used for the rows.
        listener: another tape that recorded while this pass first ran; `wrote` then says which of
            its rows came from each step.
    """
    index = {id(record): i for i, record in enumerate(records)}
    sums: dict[int, Any] = {}
    terms: dict[int, tuple[str, ...]] = {}
    steps: list[BackwardStep] = []
    shadow, seen = GradientTape(), 0

    def observe(record: Record, upstream: Any, downstream: tuple) -> None:
        nonlocal seen
        with unobserved():
            parts = [
                _part(record, slot, upstream, grad, namer, sums, terms)
                for slot, grad in enumerate(downstream)
                if record.wanted[slot] and grad is not None
            ]
        wrote = tuple([row[0].name for row in tape_views.rows(shadow)[seen:]])
        seen = len(tape_views.rows(shadow))
        steps.append(BackwardStep(index[id(record)], _upstream(upstream), tuple(parts), wrote))

    with unobserved(), shadow:
        if listener is not None:  # a tape that sees the same values as the listener did
            tape_views.watch_the_same(shadow, listener)
        seeds = seeds_of([target], None)
        seen = len(tape_views.rows(shadow))
        backpropagate(records, [target], seeds, _leaves(records), observe)
    return steps


def leaf_gradients(records: list[Record], target: Any, namer: Namer) -> dict[str, Any]:
    """The gradient for each watched value the records start from, by name; None: no path."""
    leaves = _leaves(records)
    with unobserved():
        found = backpropagate(records, [target], seeds_of([target], None), leaves)
    return {
        namer.leaf(x): None if grad is None else dense(grad)._value
        for x, grad in zip(leaves, found, strict=True)
    }


def _leaves(records: list[Record]) -> list[Any]:
    """Watched values that no record made, in the order of their first use."""
    made = {x.id for record in records for x in outputs_of(record)}
    found = {}
    for record in records:
        for x, wanted in zip(record.inputs, record.wanted, strict=True):
            if wanted and x.id not in made:
                found[x.id] = x
    return list(found.values())


def _part(
    record: Record, slot: int, upstream: Any, grad: Any, namer: Namer, sums: dict, terms: dict
) -> Part:
    x = record.inputs[slot]
    value = dense(grad)._value
    sums[x.id] = value if x.id not in sums else sums[x.id] + value
    terms[x.id] = (*terms.get(x.id, ()), brief_text(value))
    inputs = tuple([namer.leaf(i) for i in record.inputs])
    output = namer.result(record)
    templates = record.op.partials
    rule = filled(templates[slot], inputs, output) if slot < len(templates) else ""
    return Part(
        name=inputs[slot],
        symbol=f"∂{output}/∂{inputs[slot]}",
        rule=rule,
        text=_with_numbers(record, slot, upstream, value, rule),
        total=brief_text(sums[x.id]),
        terms=terms[x.id],
    )


def _with_numbers(record: Record, slot: int, upstream: Any, value: Any, rule: str) -> str:
    """ "1 × 3 = 3" for scalars; for arrays the rule and what comes out of it."""
    result = brief_text(value)
    if record.op.name == "ReadVariableOp":
        return f"{result}, handed on"
    values = (*record.inputs, *outputs_of(record))
    if len(outputs_of(record)) == 1 and all(x.ndim == 0 for x in values):
        one = Tensor(record.output._value.dtype.type(1))
        local = dense(record.op.gradient(record, one)[slot])._value
        return f"{_signed(_upstream(upstream))} × {_signed(short(local))} = {result}"
    given = _upstream(upstream)
    if rule.startswith("·"):
        how = f"{given} {rule}"
    elif rule.endswith("·"):
        how = f"{rule} {given}"
    elif rule in ("", "1"):
        how = given
    else:
        how = f"{given} × {rule}"
    return f"{how} → {result}"


def _upstream(upstream: Any) -> str:
    if isinstance(upstream, list | tuple):  # an operation with several results
        return ", ".join(brief_text(dense(u)._value) for u in upstream)
    return brief_text(dense(upstream)._value)


def _signed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _memory(value: Any) -> Any:
    """The array that owns the memory: a view keeps all of it alive."""
    while isinstance(value, np.ndarray) and isinstance(value.base, np.ndarray):
        value = value.base
    return value
