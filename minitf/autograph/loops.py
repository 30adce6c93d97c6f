"""`while` and `for` in rewritten source: while_stmt and for_stmt.

    while_stmt(test, body, (i,), ("i",))             Python, until the test is a tensor
    for_stmt(items, body, None, (s,), ("s",))        a node if `items` is a tensor or a dataset

Loops of the graph carry those variables that hold numbers; the others must not change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.autograph.branches import if_stmt
from minitf.autograph.jumps import HAS_RETURNED, RETURN_VALUE
from minitf.autograph.logic import and_
from minitf.autograph.undefined import UNDEFINED
from minitf.autograph.values import (
    as_bool,
    holds_numbers,
    is_dataset,
    is_tensor,
    leaves_of,
    refilled,
    tensors_in,
    zeros_for,
)
from minitf.composite import DATASET_LOOP, run_composite, share_captures, trace_part
from minitf.execute import convert_to_tensor
from minitf.ops import array, creation
from minitf.printing import Assert
from minitf.state import state
from minitf.symbolic import Abstract
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_spec import TensorSpec
from minitf.while_loop import traced_loop

Values = tuple


def while_stmt(test: Callable, body: Callable, values: Values, names: tuple[str, ...]) -> Values:
    """while test(*values): values = body(*values)"""
    while True:
        now = test(*values)
        if is_tensor(now):  # from here on it is a loop of the graph
            return tensor_loop(test, body, values, names)
        if not now:
            return values
        values = body(*values)


def for_stmt(
    items: Any, body: Callable, go_on: Callable | None, values: Values, names: tuple[str, ...],
    targets: tuple[str, ...] = (),
) -> Values:  # fmt: skip
    """for item in items: values = body(item, *values), as long as go_on(*values).

    `targets` are those among the names that hold the item: 0 if there is none."""
    if isinstance(items, Enumerated):
        return _enumerate_loop(items, body, go_on, values, names, targets)
    if is_tensor(items):
        items = convert_to_tensor(items)
        return _rows_loop(items, 0, lambda i, row: row, body, go_on, values, names, targets)
    if is_dataset(items) and state.tracer is not None:
        return _dataset_loop(items, body, go_on, values, names)
    more: Any = True
    for item in items:
        if is_tensor(more):  # the rest of a Python loop that a tensor may end
            values = if_stmt(more, _with_item(body, item), _unchanged, values, names)
        else:
            values = body(item, *values)
        more = True if go_on is None else go_on(*values)
        if not is_tensor(more) and not more:
            break  # at once: an iterator must not lose the next item
    return values


class Enumerated:
    """enumerate(tensor or dataset) in a traced function."""

    def __init__(self, items: Any, start: Any) -> None:
        self.items = items
        self.start = start


def tensor_loop(
    test: Callable, body: Callable, values: Values, names: tuple[str, ...],
    targets: tuple[str, ...] = (),
) -> Values:  # fmt: skip
    """A While node over those variables that hold numbers; the others must not change."""
    before, values = values, _with_placeholders(body, values)
    _assert_given_a_value(names, targets, before, values, test)
    templates = list(values)
    start = [tensors_in(v) for v in values]

    def unpacked(now: tuple) -> Values:
        return tuple([refilled(t, iter(n)) for t, n in zip(templates, now, strict=True)])

    def step(*now: Any) -> list[Any]:
        after = body(*unpacked(now))
        for name, a, b in zip(names, templates, after, strict=True):
            _check_loop_variable(name, a, b)
        return [tensors_in(v) for v in after]

    found = traced_loop(lambda *now: as_bool(test(*unpacked(now))), step, start)
    return unpacked(tuple(found))


def _rows_loop(
    rows: Tensor, start: Any, item_of: Callable, body: Callable, go_on: Callable | None,
    values: Values, names: tuple[str, ...], targets: tuple[str, ...],
) -> Values:  # fmt: skip
    """A loop over the first axis of a tensor, by an index."""
    if not rows._value.ndim:
        raise ValueError("Cannot iterate over a scalar tensor. Did you mean tf.range(n)?")
    count = array.shape(rows)[0]

    def test(i: Tensor, *now: Any) -> Any:
        return i < count if go_on is None else and_(lambda: i < count, lambda: go_on(*now))

    def step(i: Tensor, *now: Any) -> Values:
        return (i + 1, *body(item_of(i, rows[i]), *now))

    first = creation.zeros((), count.dtype)
    return tensor_loop(test, step, (first, *values), ("i", *names), targets)[1:]


def _enumerate_loop(
    items: Enumerated, body: Callable, go_on: Any, values: Values, names: tuple[str, ...],
    targets: tuple[str, ...],
) -> Values:  # fmt: skip
    if is_dataset(items.items):
        return _dataset_loop(items.items.enumerate(items.start), body, go_on, values, names)
    rows = convert_to_tensor(items.items)
    start = items.start
    return _rows_loop(
        rows, start, lambda i, row: (i + start, row), body, go_on, values, names, targets
    )


def _dataset_loop(
    dataset: Any, body: Callable, go_on: Callable | None, values: Values, names: tuple[str, ...]
) -> Values:
    """A node that runs the body for each element."""
    spec = dataset.element_spec
    item_specs = [x for x in nest.flatten(spec) if isinstance(x, TensorSpec)]
    probe = [creation.zeros([size or 1 for size in x.shape], x.dtype) for x in item_specs]
    element = nest.pack_like(spec, probe)
    values = _with_placeholders(lambda *now: body(element, *now), values)
    flat = [t for v in values for t in tensors_in(v)]
    specs = [TensorSpec.from_tensor(x) for x in flat]

    def repacked(now: Any) -> Values:
        rest = iter(now)
        return tuple([refilled(v, rest) for v in values])

    def step(*given: Tensor) -> list[Tensor]:
        item = nest.pack_like(spec, list(given[: len(item_specs)]))
        after = body(item, *repacked(given[len(item_specs) :]))
        for name, a, b in zip(names, values, after, strict=True):
            _check_loop_variable(name, a, b)
        return [t for v in after for t in tensors_in(v)]

    def test(*now: Tensor) -> list[Tensor]:
        return [convert_to_tensor(True if go_on is None else go_on(*repacked(now)))]

    parts = [trace_part("body", step, [*item_specs, *specs]), trace_part("go_on", test, specs)]
    captured = share_captures(parts)
    attrs = {
        "dataset": dataset,
        "body": parts[0],
        "go_on": parts[1],
        "count": len(flat),
        "results": tuple([Abstract(tuple(s.shape), s.dtype.dtype) for s in specs]),
    }
    return repacked(run_composite(DATASET_LOOP, (*flat, *captured), attrs))


def _with_placeholders(body: Callable, values: Values) -> Values:
    """Variables first given a value inside the loop start as zeros of what they will be."""
    if not any(v is UNDEFINED or v is None or _is_empty(v) for v in values):
        return values
    after: list[Values] = []

    def once() -> list[Tensor]:
        after.append(body(*values))
        return []

    trace_part("first iteration", once, [])
    return tuple([_placeholder(a, b) for a, b in zip(values, after[0], strict=True)])


def _placeholder(before: Any, after: Any) -> Any:
    if before is UNDEFINED or (before is None and after is not None):
        return zeros_for(after)
    return before.like_first_write(after) if _is_empty(before) else before


def _assert_given_a_value(
    names: tuple[str, ...], targets: tuple[str, ...], before: Values, values: Values, test: Callable
) -> None:
    """A variable that only the loop gives a value needs at least one iteration."""
    missing = [
        name
        for name, a, b in zip(names, before, values, strict=True)
        if (a is UNDEFINED or a is None)
        and b is not a
        and name not in (*targets, RETURN_VALUE, HAS_RETURNED)
    ]
    if missing:
        message = f"loop must iterate at least once to initialize {', '.join(missing)}"
        Assert(as_bool(test(*values)), [message])


def _is_empty(value: Any) -> bool:
    return isinstance(value, TensorArray) and value._rows is None


def _check_loop_variable(name: str, before: Any, after: Any) -> None:
    if after is None and before is not None:
        raise ValueError(f"{name!r} is None after one iteration of the loop.")
    for x, y in zip(leaves_of(before), leaves_of(after), strict=False):
        if not holds_numbers(x):
            if isinstance(x, str | bytes) and x != y:
                raise TypeError(
                    f"{name!r} is {x!r} before the loop, but {y!r} after one iteration: what a "
                    "loop of the graph changes must be a tensor."
                )
            continue
        a, b = convert_to_tensor(x), convert_to_tensor(y, dtype_hint=None)
        adopts = isinstance(y, int) or (isinstance(y, float) and a.dtype.is_floating)
        if a.dtype is not b.dtype and not adopts:
            raise TypeError(
                f"{name!r} has dtype {a.dtype.name} before the loop, but dtype {b.dtype.name} "
                "after one iteration. Use tf.cast, or start with a number of the right kind."
            )
        if a.shape != b.shape:
            raise ValueError(
                f"{name!r} has shape {a.shape} before the loop, but shape {b.shape} after one "
                "iteration. Use tf.while_loop with shape_invariants."
            )


def _with_item(body: Callable, item: Any) -> Callable:
    return lambda *values: body(item, *values)


def _unchanged(*values: Any) -> Values:
    return values
