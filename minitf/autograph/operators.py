"""What rewritten source calls when it runs: `ag__.if_stmt`, `ag__.while_stmt`, ...

Each looks at its condition. A Python value is treated as Python would. A tensor becomes a node:

    if_stmt(True, then, orelse, (x,), ("y",))        calls `then`
    if_stmt(tensor, then, orelse, (x,), ("y",))      traces both, adds the node `If`

Variables go in as a tuple and come out as a tuple.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import nest
from minitf.autograph.jumps import RETURN_VALUE
from minitf.autograph.undefined import UNDEFINED, maybe
from minitf.composite import DATASET_LOOP, IF, run_composite, share_captures, trace_part
from minitf.control_flow import branch, traced_loop
from minitf.execute import convert_to_tensor
from minitf.later import Assert
from minitf.ops import array, comparison, creation
from minitf.symbolic import Abstract
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable

Values = tuple


def if_stmt(
    test: Any, then: Callable, orelse: Callable, values: Values, names: tuple[str, ...]
) -> Values:
    """if test: then(*values) else: orelse(*values). `names` are those of the results."""
    if not _is_tensor(test):
        return then(*values) if test else orelse(*values)
    if RETURN_VALUE in names:
        values = _with_return_value(then, orelse, values, names)
    test = _as_bool(test)
    results: list[Values] = []

    def run(function: Callable) -> Callable[[], list[Any]]:
        def traced() -> list[Any]:
            results.append(function(*values))
            return [_tensors_in(x) for x in results[-1]]

        return traced

    kept = _ResultCheck(names, results)
    found = branch(IF, test, [("main", run(then)), ("else", kept.second(run(orelse)))])
    return tuple([_refilled(x, iter(f)) for x, f in zip(results[0], found, strict=True)])


def while_stmt(test: Callable, body: Callable, values: Values, names: tuple[str, ...]) -> Values:
    """while test(*values): values = body(*values)"""
    while True:
        now = test(*values)
        if _is_tensor(now):  # from here on it is a loop of the graph
            return _tensor_loop(test, body, values, names)
        if not now:
            return values
        values = body(*values)


def for_stmt(
    items: Any, body: Callable, go_on: Callable | None, values: Values, names: tuple[str, ...]
) -> Values:
    """for item in items: values = body(item, *values), as long as go_on(*values)."""
    if isinstance(items, Enumerated):
        return _enumerate_loop(items, body, go_on, values, names)
    if isinstance(items, Variable):
        items = items._read()
    if isinstance(items, Tensor):
        return _rows_loop(items, 0, lambda i, row: row, body, go_on, values, names)
    if _is_dataset(items):
        return _dataset_loop(items, body, go_on, values, names)
    for item in items:
        more = True if go_on is None else go_on(*values)
        if _is_tensor(more):  # the rest of a Python loop that a tensor may end
            values = if_stmt(more, _with_item(body, item), _unchanged, values, names)
        elif not more:
            break
        else:
            values = body(item, *values)
    return values


def assert_stmt(test: Any, message: Callable[[], Any]) -> None:
    """assert test, message()"""
    if _is_tensor(test):
        Assert(test, [message()])
    else:
        assert test, message()


def and_(*operands: Callable[[], Any]) -> Any:
    """a and b: stops at the first Python value that is false."""
    value: Any = True
    for i, operand in enumerate(operands):
        new = operand()
        value = new if not i or not _is_tensor(value) else comparison.logical_and(value, new)
        if not _is_tensor(value) and not value:
            return value
    return value


def or_(*operands: Callable[[], Any]) -> Any:
    """a or b: stops at the first Python value that is true."""
    value: Any = False
    for i, operand in enumerate(operands):
        new = operand()
        value = new if not i or not _is_tensor(value) else comparison.logical_or(value, new)
        if not _is_tensor(value) and value:
            return value
    return value


def not_(value: Any) -> Any:
    """not value"""
    return comparison.logical_not(value) if _is_tensor(value) else not value


def if_exp(test: Any, then: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
    """then() if test else orelse()"""
    if not _is_tensor(test):
        return then() if test else orelse()
    (value,) = if_stmt(test, lambda: (then(),), lambda: (orelse(),), (), ("value",))
    return value


def converted(func: Any) -> Any:
    """The function with its control flow rewritten as well."""
    from minitf.autograph import conversion

    return conversion.converted(func)


class Enumerated:
    """enumerate(tensor or dataset) in a traced function."""

    def __init__(self, items: Any, start: Any) -> None:
        self.items = items
        self.start = start


class _ResultCheck:
    """Compares what two branches leave in each variable, and says which one does not fit."""

    def __init__(self, names: tuple[str, ...], results: list[Values]) -> None:
        self._names = names
        self._results = results

    def second(self, function: Callable[[], list[Any]]) -> Callable[[], list[Any]]:
        def checked() -> list[Any]:
            answer = function()
            for name, a, b in zip(self._names, *self._results, strict=True):
                self._check(name, a, b)
            return answer

        return checked

    def _check(self, name: str, a: Any, b: Any) -> None:
        for value, word, other in ((a, "main", b), (b, "else", a)):
            if value is UNDEFINED and other is not UNDEFINED:
                raise ValueError(
                    f"{name!r} must also be initialized in the {word} branch: whether it exists "
                    "may not depend on a tensor. Give it a value before the `if`."
                )
            if value is None and other is not None:
                if name == RETURN_VALUE:
                    raise ValueError(
                        f"the {word} branch must also have a return statement: the condition is a "
                        "tensor, so both branches must return a value of the same kind."
                    )
                raise ValueError(f"{name!r} is None at the end of the {word} branch.")
        if not _same_form(a, b):
            raise TypeError(
                f"{name!r} does not have the same nested structure in the main and else branches: "
                f"{a!r} and {b!r}."
            )
        for x, y in zip(_leaves_of(a), _leaves_of(b), strict=True):
            if not _holds_numbers(x) or not _holds_numbers(y):
                if x is not y and x != y:
                    raise TypeError(
                        f"{name!r} is {x!r} in the main branch, but {y!r} in the else branch: what "
                        "a tensor decides must be a tensor."
                    )
                continue
            have, want = convert_to_tensor(x).dtype, convert_to_tensor(y).dtype
            if have is not want:
                raise TypeError(
                    f"{name!r} has dtype {have.name} in the main branch, but dtype {want.name} in "
                    "the else branch. Use tf.cast, or write both numbers with a decimal point."
                )


def _tensor_loop(test: Callable, body: Callable, values: Values, names: tuple[str, ...]) -> Values:
    """A While node over those variables that hold numbers; the others must not change."""
    values = _with_placeholders(body, values)
    templates = list(values)
    start = [_tensors_in(v) for v in values]

    def unpacked(now: tuple) -> Values:
        return tuple([_refilled(t, iter(n)) for t, n in zip(templates, now, strict=True)])

    def step(*now: Any) -> list[Any]:
        after = body(*unpacked(now))
        for name, a, b in zip(names, templates, after, strict=True):
            _check_loop_variable(name, a, b)
        return [_tensors_in(v) for v in after]

    found = traced_loop(lambda *now: _as_bool(test(*unpacked(now))), step, start)
    return unpacked(tuple(found))


def _rows_loop(
    rows: Tensor, start: Any, item_of: Callable, body: Callable, go_on: Callable | None,
    values: Values, names: tuple[str, ...],
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
    return _tensor_loop(test, step, (first, *values), ("i", *names))[1:]


def _enumerate_loop(
    items: Enumerated, body: Callable, go_on: Any, values: Values, names: tuple[str, ...]
) -> Values:
    if _is_dataset(items.items):
        return _dataset_loop(items.items.enumerate(items.start), body, go_on, values, names)
    rows = convert_to_tensor(items.items)
    start = items.start
    return _rows_loop(rows, start, lambda i, row: (i + start, row), body, go_on, values, names)


def _dataset_loop(
    dataset: Any, body: Callable, go_on: Callable | None, values: Values, names: tuple[str, ...]
) -> Values:
    """A node that runs the body for each element."""
    spec = dataset.element_spec
    item_specs = [x for x in nest.flatten(spec) if isinstance(x, TensorSpec)]
    probe = [creation.zeros([size or 1 for size in x.shape], x.dtype) for x in item_specs]
    element = nest.pack_like(spec, probe)
    values = _with_placeholders(lambda *now: body(element, *now), values)
    flat = [t for v in values for t in _tensors_in(v)]
    specs = [TensorSpec.from_tensor(x) for x in flat]

    def repacked(now: Any) -> Values:
        rest = iter(now)
        return tuple([_refilled(v, rest) for v in values])

    def step(*given: Tensor) -> list[Tensor]:
        item = nest.pack_like(spec, list(given[: len(item_specs)]))
        after = body(item, *repacked(given[len(item_specs) :]))
        for name, a, b in zip(names, values, after, strict=True):
            _check_loop_variable(name, a, b)
        return [t for v in after for t in _tensors_in(v)]

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
    if not any(v is UNDEFINED for v in values):
        return values
    after: list[Values] = []

    def once() -> list[Tensor]:
        after.append(body(*values))
        return []

    trace_part("first iteration", once, [])
    pairs = zip(values, after[0], strict=True)
    return tuple([_zeros(b) if a is UNDEFINED else a for a, b in pairs])


def _with_return_value(then: Callable, orelse: Callable, values: Values, names: tuple) -> Values:
    """A loop that returns early has no return value yet in the iterations before: zeros stand for
    it there, and nobody sees them."""
    place = names.index(RETURN_VALUE)
    if place >= len(values) or values[place] is not UNDEFINED:
        return values
    found: list[Any] = []

    def once(function: Callable) -> Callable[[], list[Tensor]]:
        def traced() -> list[Tensor]:
            found.append(function(*values)[place])
            return []

        return traced

    for function in (then, orelse):
        trace_part("return value", once(function), [])
    given = [x for x in found if x is not UNDEFINED]
    if len(given) != 1 or given[0] is None:
        return values  # both branches return, or none does
    return (*values[:place], _zeros(given[0]), *values[place + 1 :])


def _zeros(value: Any) -> Any:
    if not _holds_numbers(value):
        return value
    tensor = convert_to_tensor(value)
    return creation.zeros([s or 0 for s in tensor.shape], tensor.dtype)


def _check_loop_variable(name: str, before: Any, after: Any) -> None:
    if after is None and before is not None:
        raise ValueError(f"{name!r} is None after one iteration of the loop.")
    for x, y in zip(_leaves_of(before), _leaves_of(after), strict=False):
        if not _holds_numbers(x):
            continue
        a, b = convert_to_tensor(x), convert_to_tensor(y, dtype_hint=None)
        if a.dtype is not b.dtype and not isinstance(y, int | float):
            raise TypeError(
                f"{name!r} has dtype {a.dtype.name} before the loop, but dtype {b.dtype.name} "
                "after one iteration. Use tf.cast, or start with a number of the right kind."
            )
        if a.shape != b.shape:
            raise ValueError(
                f"{name!r} has shape {a.shape} before the loop, but shape {b.shape} after one "
                "iteration. Use tf.while_loop with shape_invariants."
            )


def _tensors_in(value: Any) -> list[Tensor]:
    """The parts of a variable that the graph carries."""
    return [convert_to_tensor(x) for x in _leaves_of(value) if _holds_numbers(x)]


def _refilled(value: Any, tensors: Any) -> Any:
    """The variable again, with those parts replaced."""
    leaves = [next(tensors) if _holds_numbers(x) else x for x in _leaves_of(value)]
    return nest.pack_like(value, leaves) if nest.is_nested(value) else leaves[0]


def _leaves_of(value: Any) -> list[Any]:
    return nest.flatten(value) if nest.is_nested(value) else [value]


def _holds_numbers(x: Any) -> bool:
    return isinstance(x, Tensor | Variable | bool | int | float | np.ndarray | np.generic)


def _same_form(a: Any, b: Any) -> bool:
    if nest.is_nested(a) != nest.is_nested(b):
        return False
    if not nest.is_nested(a):
        return True
    return type(a) is type(b) and len(nest.flatten(a)) == len(nest.flatten(b))


def _is_tensor(x: Any) -> bool:
    return isinstance(x, Tensor | Variable)


def _as_bool(test: Any) -> Tensor:
    test = convert_to_tensor(test)
    if test._value.dtype.kind == "b":
        return test
    return comparison.not_equal(test, array.zeros_like(test))


def _is_dataset(items: Any) -> bool:
    return hasattr(items, "element_spec") and hasattr(items, "_size")


def _with_item(body: Callable, item: Any) -> Callable:
    return lambda *values: body(item, *values)


def _unchanged(*values: Any) -> Values:
    return values


__all__ = [
    "UNDEFINED", "and_", "assert_stmt", "converted", "for_stmt", "if_exp", "if_stmt", "maybe",
    "not_", "or_", "while_stmt",
]  # fmt: skip
