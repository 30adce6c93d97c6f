"""cond, case, switch_case, while_loop: choices and loops that tensors decide.

    tf.cond(x > 0.0, lambda: x * x, lambda: -x)
    tf.while_loop(lambda i, s: i < 5, lambda i, s: (i + 1, s + i), [0, 0])

Eagerly they are Python's `if` and `while`. While a function is traced, *all* branches (and the loop
body once) are traced into graphs of their own, and the node `If`, `Case` or `While` chooses at each
call which of them runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import nest
from minitf.composite import CASE, IF, WHILE, run_composite, share_captures, trace_part
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.graph import Graph
from minitf.inference import abstract_of
from minitf.printing import Assert
from minitf.shape import TensorShape
from minitf.state import state
from minitf.symbolic import Abstract
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable


def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    name: str | None = None,
) -> Any:
    """true_fn() if `pred` is True, else false_fn().

    In a traced function both are traced, and must return the same structure and dtypes.

    Raises:
        TypeError: a branch is no function, or the dtypes differ.
        ValueError: the structures differ, or `pred` is no scalar.
    """
    for what, given in (("true_fn", true_fn), ("false_fn", false_fn)):
        if not callable(given):
            raise TypeError(
                f"'{what}' must be callable, got {given!r}: write lambda: ... so that only one "
                "of the two is computed."
            )
    if state.tracer is None or not isinstance(pred, Tensor | Variable):
        return true_fn() if _truth(pred) else false_fn()
    pred = convert_to_tensor(pred)
    _check_scalar(pred, "The predicate of tf.cond")
    if pred._value.dtype.kind != "b":
        raise InvalidArgumentError(
            f"The predicate of tf.cond must be a bool tensor, got {pred.dtype.name}. Compare it: "
            "tf.cond(x > 0, ...).",
            "If",
        )
    return branch(IF, pred, [("true_fn", true_fn), ("false_fn", false_fn)])


def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str | None = None,
) -> Any:
    """The first function whose predicate is True; `default` if there is none.

    Args:
        pred_fn_pairs: list of (predicate, function).
        default: function, or None if one of the predicates is always True.
        exclusive: True to insist that at most one predicate is True.

    Raises:
        InvalidArgumentError: no predicate is True and there is no default.
        TypeError: something that is no pair of predicate and function.
    """
    pairs = list(pred_fn_pairs)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2 or not callable(pair[1]):
            raise TypeError(f"Each entry of tf.case must be a pair (predicate, function): {pair!r}")
    if exclusive and state.tracer is None and sum(_truth(pred) for pred, _ in pairs) > 1:
        raise InvalidArgumentError(
            "tf.case(exclusive=True): more than one predicate is True. Make them exclude each "
            "other, or leave exclusive out: then the first one counts.",
            "Case",
        )
    if default is None:
        *pairs, (last, default) = pairs
        choices = [pred for pred, _ in pairs] + [last]
        default = _asserted(default, last, choices)
    chosen = default
    for pred, function in reversed(pairs):
        chosen = _either(pred, function, chosen)
    return chosen()


def switch_case(
    branch_index: Any,
    branch_fns: Any,
    default: Callable[[], Any] | None = None,
    name: str | None = None,
) -> Any:
    """The function with number `branch_index`; `default` (else the last one) for other numbers.

    Args:
        branch_index: integer scalar.
        branch_fns: list of functions, or dict or list of pairs from number to function.

    Raises:
        TypeError: an index that is no integer, or a branch that is no function.
    """
    pairs = branch_fns.items() if isinstance(branch_fns, dict) else list(enumerate(branch_fns))
    if not isinstance(branch_fns, dict) and all(isinstance(f, tuple) for f in branch_fns):
        pairs = list(branch_fns)
    functions = dict(sorted(pairs))
    for function in functions.values():
        if not callable(function):
            raise TypeError(f"Each branch of tf.switch_case must be a function: {function!r}")
    default = default or functions[max(functions)]
    index = convert_to_tensor(branch_index)
    if index._value.dtype.kind not in "iu":
        raise TypeError(f"branch_index must be an integer tensor, got {index.dtype.name}.")
    if state.tracer is None:
        return functions.get(int(index), default)()
    table = [functions.get(i, default) for i in range(max(functions) + 1)]
    named = [(f"branch {i}", f) for i, f in enumerate([*table, default])]
    return branch(CASE, index, named)


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


def branch(op: Any, pred: Tensor, functions: list[tuple[str, Callable[[], Any]]]) -> Any:
    """Traces all branches, and adds the node that chooses among them."""
    answers: list[Any] = []
    parts = []
    for name, function in functions:

        def flat(function: Callable[[], Any] = function) -> list[Tensor]:
            answers.append(function())
            return [convert_to_tensor(x) for x in nest.flatten(answers[-1]) if x is not None]

        parts.append(trace_part(name, flat, []))
    names = [name for name, _ in functions]
    results = _common_results(parts, answers, names)
    captured = share_captures(parts)
    attrs = {"branches": tuple(parts), "results": results}
    found = iter(run_composite(op, (pred, *captured), attrs))
    flat = [None if x is None else next(found) for x in nest.flatten(answers[0])]
    return nest.pack_like(answers[0], flat)


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
    _check_scalar(parts[0].outputs[0], "The condition of tf.while_loop")
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
    while (limit is None or count < int(limit)) and _truth(cond(*values)):
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
                f"The shape invariant specified for {x.name} is not compatible with the initial "
                f"shape of the loop variable. It enters the loop with shape {x.shape}, but the "
                f"specified shape invariant is {shape}."
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
            f"Loop var {before.name} enters the loop with type {before.dtype!r} but has type "
            f"{after.dtype!r} after 1 iteration. {before.name} type should remain constant: cast "
            "it with tf.cast."
        )
    if len(after.shape) != len(spec.shape) or any(
        want is not None and want != have
        for want, have in zip(spec.shape, after.shape, strict=True)
    ):
        raise ValueError(
            f"Input tensor `{before.name}` enters the loop with shape {spec.shape}, but has shape "
            f"{after.shape} after one iteration. To allow the shape to vary across iterations, use "
            "the `shape_invariants` argument of tf.while_loop to specify a less-specific shape."
        )


def _common_results(parts: list[Graph], answers: list[Any], names: list[str]) -> tuple:
    """Shape and dtype that hold whichever branch runs."""
    first = [abstract_of(x._value) for x in parts[0].outputs]
    for part, answer, name in zip(parts[1:], answers[1:], names[1:], strict=True):
        others = [abstract_of(x._value) for x in part.outputs]
        if len(others) != len(first) or not _same_structure(answers[0], answer):
            raise ValueError(
                f"{names[0]} and {name} must have the same number, type, and overall structure of "
                f"return values: {names[0]} returns {answers[0]!r}, {name} returns {answer!r}. "
                "Both are traced, and either may run."
            )
        for i, (a, b) in enumerate(zip(first, others, strict=True)):
            if a.dtype != b.dtype:
                raise TypeError(
                    f"{names[0]} and {name} arguments to tf.cond must have the same number, type, "
                    f"and overall structure of return values. Output {i} of {names[0]} has dtype "
                    f"{a.dtype}, that of {name} has dtype {b.dtype}: use tf.cast."
                )
            if a.ndim != b.ndim:
                raise ValueError(
                    f"Output {i} of {names[0]} has shape {a.shape}, that of {name} has shape "
                    f"{b.shape}: whichever branch runs, the rank must be the same."
                )
            sizes = [m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)]
            first[i] = Abstract(tuple(sizes), a.dtype)
    return tuple(first)


def _same_structure(a: Any, b: Any) -> bool:
    if nest.is_nested(a) != nest.is_nested(b):
        return False
    if isinstance(a, dict):
        return (
            isinstance(b, dict)
            and a.keys() == b.keys()
            and all(_same_structure(a[k], b[k]) for k in a)
        )
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(_same_structure, a, b))
    return (a is None) == (b is None)


def _either(pred: Any, function: Callable[[], Any], other: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: cond(pred, function, other)


def _asserted(function: Callable[[], Any], pred: Any, preds: list) -> Callable[[], Any]:
    def checked() -> Any:
        Assert(pred, ["None of conditions evaluated as True:", *preds])
        return function()

    return checked


def _truth(value: Any) -> bool:
    """The Python truth of a predicate: a number or a tensor with a single value."""
    if isinstance(value, Tensor | Variable):
        return bool(value)
    if np.size(value) != 1:
        raise ValueError(f"A predicate must be a single True or False, got {value!r}.")
    return bool(value)


def _check_scalar(x: Tensor, what: str) -> None:
    if x._value.ndim:
        raise ValueError(
            f"{what} must be a scalar, got shape {x.shape}. Use tf.reduce_any or tf.reduce_all; "
            "to choose element by element, tf.where."
        )
