"""Functions applied along the first axis: map_fn, foldl, foldr, scan.

    tf.map_fn(lambda row: tf.reduce_sum(row), x)        one result per row, stacked
    tf.foldl(lambda total, row: total + row, x)         (x[0] + x[1]) + x[2] ...
    tf.scan(lambda total, row: total + row, x)          all the totals on the way

Plain Python loops: every step is recorded, so gradients pass (functional_traced.py has the form
for traced functions). `elems` may be a structure of tensors with one first axis; the function then
gets a structure of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, nest
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.ops import array
from minitf.state import state

Function = Callable[..., Any]


def map_fn(
    fn: Function,
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
    fn_output_signature: Any = None,
) -> Any:
    """fn of each row, the results stacked along a new first axis.

    Raises:
        ValueError: no rows, or first axes of different sizes.
        InvalidArgumentError: the results are not of the dtype that was promised.
    """
    if state.tracer is not None:
        return _traced().traced_map(fn, _structure_of_tensors(elems))
    rows = [fn(row) for row in _rows(elems, "map_fn")]
    wanted = dtype if fn_output_signature is None else fn_output_signature
    if wanted is not None:
        _check_dtypes(rows[0], wanted)
    return _stacked(rows)


def vectorized_map(fn: Function, elems: Any, fallback_to_while_loop: bool = True) -> Any:
    """The same as `map_fn`; TensorFlow's runs all rows at once."""
    return map_fn(fn, elems)


def foldl(
    fn: Function, elems: Any, initializer: Any = None, name: str | None = None, **_unused: Any
) -> Any:
    """fn(result so far, row) over the rows from the first to the last; starts with the first row.

    Raises:
        ValueError: no rows, or first axes of different sizes.
    """
    if state.tracer is not None:
        given = (fn, _structure_of_tensors(elems), initializer)
        return _traced().traced_fold(*given, reverse=False, every=False)
    return _fold(fn, _rows(elems, "foldl"), initializer)[-1]


def foldr(
    fn: Function, elems: Any, initializer: Any = None, name: str | None = None, **_unused: Any
) -> Any:
    """As `foldl`, from the last row to the first.

    Raises:
        ValueError: no rows, or first axes of different sizes.
    """
    if state.tracer is not None:
        given = (fn, _structure_of_tensors(elems), initializer)
        return _traced().traced_fold(*given, reverse=True, every=False)
    return _fold(fn, _rows(elems, "foldr")[::-1], initializer)[-1]


def scan(
    fn: Function,
    elems: Any,
    initializer: Any = None,
    reverse: bool = False,
    name: str | None = None,
    **_unused: Any,
) -> Any:
    """As `foldl`, but returns every result on the way, stacked along a new first axis.

    Raises:
        ValueError: no rows, or first axes of different sizes.
    """
    if state.tracer is not None:
        given = (fn, _structure_of_tensors(elems), initializer)
        return _traced().traced_fold(*given, reverse=reverse, every=True)
    rows = _rows(elems, "scan")
    results = _fold(fn, rows[::-1] if reverse else rows, initializer)
    if initializer is not None:
        results = results[1:]
    return _stacked(results[::-1] if reverse else results)


def _fold(fn: Function, rows: list[Any], initializer: Any) -> list[Any]:
    """The starting value and each result after it."""
    if initializer is None:
        results, rows = [rows[0]], rows[1:]
    else:
        results = [nest.map_structure(convert_to_tensor, initializer)]
    for row in rows:
        results.append(fn(results[-1], row))
    return results


def _check_dtypes(result: Any, promised: Any) -> None:
    """Compares one row's result with `fn_output_signature`: dtypes, or specs that hold them."""
    pairs = zip(nest.flatten(result), nest.flatten(promised), strict=False)
    for x, spec in pairs:
        have, want = convert_to_tensor(x).dtype, dtypes.as_dtype(getattr(spec, "dtype", spec))
        if have is not want:
            raise InvalidArgumentError(
                f"tf.map_fn: the function returned {have.name}, but fn_output_signature promises "
                f"{want.name}. It must name the dtype of the results, if that is not the dtype of "
                "elems."
            )


def _rows(elems: Any, name: str) -> list[Any]:
    columns = [convert_to_tensor(x) for x in nest.flatten(elems)] if _is_structure(elems) else []
    columns = columns or [convert_to_tensor(elems)]
    sizes = {x.shape[0] if x.ndim else None for x in columns}
    if len(sizes) != 1 or sizes <= {None, 0}:
        shapes = ", ".join(str(x.shape) for x in columns)
        raise ValueError(
            f"tf.{name} goes along the first axis: all elems need the same size there, at least 1; "
            f"got shapes {shapes}."
        )
    rows = list(zip(*[array.unstack(x) for x in columns], strict=True))
    if not _is_structure(elems):
        return [row for (row,) in rows]
    return [nest.pack_like(elems, list(row)) for row in rows]


def _structure_of_tensors(elems: Any) -> Any:
    if _is_structure(elems):
        return nest.map_structure(convert_to_tensor, elems)
    return convert_to_tensor(elems)


def _traced() -> Any:
    """The form for traced functions; it builds on the control flow, which builds on operations."""
    from minitf.ops import functional_traced

    return functional_traced


def _is_structure(elems: Any) -> bool:
    """A tuple or dict is one, and a list of tensors; a list of numbers is a tensor."""
    if isinstance(elems, list):
        return bool(elems) and all(array.is_tensor(x) for x in elems)
    return isinstance(elems, tuple | dict)


def _stacked(results: list[Any]) -> Any:
    columns = zip(*[nest.flatten(result) for result in results], strict=True)
    return nest.pack_like(results[0], [array.stack(column) for column in columns])
