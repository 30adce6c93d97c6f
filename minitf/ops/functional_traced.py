"""map_fn, foldl, foldr and scan in a traced function: one `While` node, whatever the length.

    @tf.function(input_signature=[tf.TensorSpec([None])])
    def running_totals(x):
        return tf.scan(lambda total, row: total + row, x)

The function given is traced, so its Python runs once and not once per row. Results that are to be
stacked grow by one row in each iteration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.composite import share_captures, trace_part
from minitf.execute import convert_to_tensor
from minitf.ops import array, creation, joining
from minitf.plan.run import run_graph
from minitf.shape import TensorShape
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.while_loop import traced_loop


def traced_map(fn: Callable[..., Any], elems: Any) -> Any:
    """fn of each row, stacked."""
    columns, count = _columns(elems)
    answer: list[Any] = []

    def of_flat_row(*row: Tensor) -> list[Tensor]:
        whole = nest.pack_like(elems, list(row)) if nest.is_nested(elems) else row[0]
        answer.append(nest.map_structure(convert_to_tensor, fn(whole)))
        return nest.flatten(answer[0])

    specs = [TensorSpec(x.shape[1:], x.dtype) for x in columns]
    part = trace_part("row", of_flat_row, specs)  # once; the loop replays it
    captured = share_captures([part])

    def of_row(_: None, row: Any) -> Any:
        return nest.pack_like(answer[0], run_graph(part, (*nest.flatten(row), *captured)))

    return _loop(of_row, elems, columns, count, None, answer[0], 0, False)[1]


def traced_fold(
    fn: Callable[..., Any], elems: Any, initializer: Any, reverse: bool, every: bool
) -> Any:
    """fn(result so far, row) over the rows: the last result, or `every` one of them stacked."""
    columns, count = _columns(elems)
    first = 0
    start = initializer
    if initializer is None:
        start, first = _row(elems, columns, count - 1 if reverse else 0), 1
    start = nest.map_structure(convert_to_tensor, start)
    like = start if every else None
    last, stacked = _loop(fn, elems, columns, count, start, like, first, reverse)
    return stacked if every else last


def _loop(
    fn: Callable[..., Any], elems: Any, columns: list[Tensor], count: Tensor,
    start: Any, like: Any, first: int, reverse: bool,
) -> tuple[Any, Any]:  # fmt: skip
    """The last result and, if `like` shows what one is like, all of them stacked.

    The result so far is kept only if there is a `start`."""
    stacks = [_first_rows(x, start if first else None) for x in _flat(like)]
    carried = _flat(start)

    def test(i: Tensor, *_rest: Tensor) -> Tensor:
        return i < count

    def step(i: Tensor, *rest: Tensor) -> tuple:
        so_far = nest.pack_like(start, list(rest[: len(carried)])) if carried else None
        result = fn(so_far, _row(elems, columns, count - 1 - i if reverse else i))
        flat = [convert_to_tensor(x) for x in nest.flatten(result)]
        rows = [
            joining.concat([new[None], all_] if reverse else [all_, new[None]], axis=0)
            for all_, new in zip(rest[len(carried) :], flat, strict=False)
        ]
        return (i + 1, *(flat if carried else ()), *rows)

    values = (convert_to_tensor(first, count.dtype), *carried, *stacks)
    shapes = [x.shape for x in values[: 1 + len(carried)]]
    shapes += [TensorShape((None, *x.shape[1:])) for x in stacks]
    found = traced_loop(test, step, values, shapes)
    last = nest.pack_like(start, list(found[1 : 1 + len(carried)])) if carried else None
    rest = list(found[1 + len(carried) :])
    return last, nest.pack_like(like, rest) if like is not None else None


def _first_rows(like: Tensor, start: Any) -> Tensor:
    """No row yet, or the starting value as the first one."""
    if start is not None:
        return like[None]
    return creation.zeros((0, *[size or 0 for size in like.shape]), like.dtype)


def _columns(elems: Any) -> tuple[list[Tensor], Tensor]:
    columns = [convert_to_tensor(x) for x in nest.flatten(elems)]
    return columns, array.shape(columns[0])[0]


def _row(elems: Any, columns: list[Tensor], i: Any) -> Any:
    rows = [x[i] for x in columns]
    return nest.pack_like(elems, rows) if nest.is_nested(elems) else rows[0]


def _flat(value: Any) -> list[Tensor]:
    return [] if value is None else nest.flatten(value)
