"""while_loop: a loop whose length a tensor decides.

    tf.while_loop(lambda i, s: i < 5, lambda i, s: (i + 1, s + i), [0, 0])

Eagerly it is Python's `while`. While a function is traced, condition and body are traced once, into
graphs of their own, and the node `While` runs them as often as it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.composite import WHILE, run_composite, share_captures, trace_part
from minitf.control_flow import check_scalar, truth
from minitf.execute import convert_to_tensor
from minitf.shape import TensorShape
from minitf.state import state
from minitf.symbolic import Abstract
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_spec import TensorSpec


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    maximum_iterations: Any = None,
    name: str | None = None,
) -> Any:
    """Repeats `loop_vars = body(*loop_vars)` while cond(*loop_vars) is True.

    Args:
        cond: function of the loop variables, a boolean scalar.
        body: function of the loop variables, that returns their next values.
        loop_vars: list or tuple of tensors, or structures of them.
        shape_invariants: shapes that hold in every iteration, with None where a size changes.
        maximum_iterations: stop after so many.

    Returns:
        The loop variables after the last iteration, in the structure they came in.

    Raises:
        ValueError: the number of values changes, or a shape without saying so.
        TypeError: `cond` or `body` is no function, or a dtype changes.
    """
    if not callable(cond) or not callable(body):
        raise TypeError("'cond' and 'body' of tf.while_loop must be callable.")
    if not isinstance(loop_vars, list | tuple) or not loop_vars:
        raise ValueError("'loop_vars' must be a list or tuple with at least one value.")
    if state.tracer is None:
        return _eager_loop(cond, body, loop_vars, maximum_iterations)
    if any(isinstance(x, TensorArray) for x in loop_vars):
        return _loop_with_arrays(cond, body, loop_vars)
    loop_vars = nest.map_structure(convert_to_tensor, loop_vars)
    if maximum_iterations is None:
        return traced_loop(cond, body, loop_vars, shape_invariants)
    limit = convert_to_tensor(maximum_iterations)

    def counted_cond(count: Tensor, *values: Any) -> Any:
        from minitf.ops.comparison import logical_and

        return logical_and(count < limit, cond(*values))

    def counted_body(count: Tensor, *values: Any) -> tuple:
        return (count + 1, *_as_values(body(*values), loop_vars))

    zero = convert_to_tensor(0, limit.dtype)
    if shape_invariants is not None:
        shape_invariants = (TensorShape(()), *shape_invariants)
    counted = traced_loop(counted_cond, counted_body, (zero, *loop_vars), shape_invariants)
    return type(loop_vars)(counted[1:])


def traced_loop(
    cond: Callable[..., Any], body: Callable[..., Any], start: Any, invariants: Any = None
) -> Any:
    """Traces condition and body, and adds the node `While`."""
    values = [convert_to_tensor(x) for x in nest.flatten(start)]
    specs = _invariant_specs(values, start, invariants)

    def test(*now: Tensor) -> list[Tensor]:
        return [convert_to_tensor(cond(*nest.pack_like(start, list(now))))]

    def step(*now: Tensor) -> list[Tensor]:
        after = _as_values(body(*nest.pack_like(start, list(now))), start)
        flat = nest.flatten(after)
        return [convert_to_tensor(x, dtype_hint=v.dtype) for x, v in zip(flat, now, strict=True)]

    parts = [trace_part("cond", test, specs), trace_part("body", step, specs)]
    check_scalar(parts[0].outputs[0], "The condition of tf.while_loop")
    for value, spec, after in zip(values, specs, parts[1].outputs, strict=True):
        _check_invariant(value, spec, after)
    captured = share_captures(parts)
    attrs = {
        "cond": parts[0],
        "body": parts[1],
        "count": len(values),
        "results": tuple([Abstract(tuple(s.shape), s.dtype.dtype) for s in specs]),
    }
    found = run_composite(WHILE, (*values, *captured), attrs)
    return nest.pack_like(start, list(found))


def _eager_loop(cond: Any, body: Any, loop_vars: Any, limit: Any) -> Any:
    values = nest.map_structure(_loop_value, loop_vars)
    count = 0
    while (limit is None or count < int(limit)) and truth(cond(*values)):
        after = body(*values)
        if limit is not None and type(after) is not type(loop_vars) and len(values) == 1:
            after = _as_values(after, values)
        values = nest.map_structure(_loop_value, _as_values(after, values))
        count += 1
    return values


def _loop_value(x: Any) -> Any:
    return x if isinstance(x, TensorArray) else convert_to_tensor(x)


def _loop_with_arrays(cond: Any, body: Any, loop_vars: Any) -> Any:
    """A TensorArray travels through the loop as the tensor of its rows."""
    from minitf.autograph.loops import tensor_loop

    names = tuple([f"loop_vars[{i}]" for i in range(len(loop_vars))])
    start = tuple([_loop_value(x) for x in loop_vars])
    found = tensor_loop(cond, lambda *now: tuple(_as_values(body(*now), now)), start, names)
    return type(loop_vars)(found)


def _as_values(after: Any, like: Any) -> Any:
    """What the body returned, in the structure of the loop variables."""
    if len(like) == 1 and not isinstance(after, list | tuple):
        after = [after]
    if not isinstance(after, list | tuple) or len(after) != len(like):
        count = len(after) if isinstance(after, list | tuple) else 1
        raise ValueError(
            "The two structures don't have the same nested structure: the loop has "
            f"{len(like)} variable(s), but the body returned {count} value(s). Return the next "
            "value of every loop variable, in order."
        )
    leaves, wanted = nest.flatten(list(after)), nest.flatten(like)
    if len(leaves) != len(wanted):
        raise ValueError(
            "The two structures don't have the same nested structure: the body returned "
            f"{len(leaves)} tensors for loop variables of {len(wanted)} tensors."
        )
    return nest.pack_like(like, leaves)


def _invariant_specs(values: list[Tensor], start: Any, invariants: Any) -> list[TensorSpec]:
    if invariants is None:
        return [TensorSpec(x.shape, x.dtype) for x in values]
    shapes = [
        x.shape if isinstance(x, TensorSpec) else TensorShape(x) for x in _flat_shapes(invariants)
    ]
    if len(shapes) != len(values):
        raise ValueError(
            f"shape_invariants has {len(shapes)} shapes for {len(values)} loop variables."
        )
    for x, shape in zip(values, shapes, strict=True):
        if not shape.is_compatible_with(x.shape):
            raise ValueError(
                f"The shape invariant specified for {_called(x)} is not compatible with the "
                f"initial shape of the loop variable. It enters the loop with shape {x.shape}, but "
                f"the specified shape invariant is {shape}."
            )
    return [TensorSpec(shape, x.dtype) for x, shape in zip(values, shapes, strict=True)]


def _flat_shapes(invariants: Any) -> list[Any]:
    """Shapes in a structure; a TensorShape is itself a tuple, and one leaf."""
    if isinstance(invariants, TensorShape | TensorSpec):
        return [invariants]
    if isinstance(invariants, dict):
        return [x for key in sorted(invariants) for x in _flat_shapes(invariants[key])]
    return [x for part in invariants for x in _flat_shapes(part)]


def _check_invariant(before: Tensor, spec: TensorSpec, after: Tensor) -> None:
    if before._value.dtype != after._value.dtype:
        raise TypeError(
            f"Loop var {_called(before)} enters the loop with type {before.dtype!r} but has type "
            f"{after.dtype!r} after 1 iteration. {_called(before)} type should remain constant: "
            "cast it with tf.cast."
        )
    if len(after.shape) != len(spec.shape) or any(
        want is not None and want != have
        for want, have in zip(spec.shape, after.shape, strict=True)
    ):
        raise ValueError(
            f"Input tensor `{_called(before)}` enters the loop with shape {spec.shape}, but has "
            f"shape {after.shape} after one iteration. To allow the shape to vary across "
            "iterations, use the `shape_invariants` argument of tf.while_loop to "
            "specify a less-specific shape."
        )


def _called(x: Tensor) -> str:
    """Only tensors of a graph have names; a constant is shown by its value."""
    return getattr(x, "name", None) or repr(x)
