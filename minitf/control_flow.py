"""cond, case, switch_case: choices that tensors decide (loops: while_loop.py).

    tf.cond(x > 0.0, lambda: x * x, lambda: -x)

Eagerly they are Python's `if`. While a function is traced, *all* branches are traced into graphs of
their own, and the node `If` or `Case` chooses at each call which of them runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import nest
from minitf.composite import CASE, IF, run_composite, share_captures, trace_part
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.graph import Graph
from minitf.inference import abstract_of
from minitf.printing import Assert
from minitf.state import state
from minitf.symbolic import Abstract
from minitf.tensor import Tensor
from minitf.variable import Variable


def cond(
    pred: Any,
    true_fn: Any = None,
    false_fn: Any = None,
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
        return true_fn() if truth(pred) else false_fn()
    pred = convert_to_tensor(pred)
    check_scalar(pred, "The predicate of tf.cond")
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
    if exclusive and state.tracer is None and sum(truth(pred) for pred, _ in pairs) > 1:
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
    leaves = [None if x is None else next(found) for x in nest.flatten(answers[0])]
    return nest.pack_like(answers[0], leaves)


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


def truth(value: Any) -> bool:
    """The Python truth of a predicate: a number or a tensor with a single value."""
    if isinstance(value, Tensor | Variable) and value.shape.num_elements() == 1:
        return bool(value)
    if np.size(value) != 1:
        raise ValueError(
            f"A predicate must be a single True or False, got {value!r}. Use tf.reduce_any or "
            "tf.reduce_all; to choose element by element, tf.where."
        )
    return bool(value)


def check_scalar(x: Tensor, what: str) -> None:
    if x._value.ndim:
        raise ValueError(
            f"{what} must be a scalar, got shape {x.shape}. Use tf.reduce_any or tf.reduce_all; "
            "to choose element by element, tf.where."
        )
