"""`if` in rewritten source: if_stmt and if_exp.

    if_stmt(True, then, orelse, (x,), ("y",))        calls `then`
    if_stmt(tensor, then, orelse, (x,), ("y",))      traces both, adds the node `If`

Both branches must leave the same kind of value in every variable; what does not fit is named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.autograph.jumps import RETURN_VALUE
from minitf.autograph.undefined import UNDEFINED
from minitf.autograph.values import (
    as_bool,
    holds_numbers,
    is_tensor,
    leaves_of,
    refilled,
    same_form,
    tensors_in,
    zeros_for,
)
from minitf.composite import IF, trace_part
from minitf.control_flow import branch
from minitf.execute import convert_to_tensor
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray

Values = tuple


def if_stmt(
    test: Any, then: Callable, orelse: Callable, values: Values, names: tuple[str, ...]
) -> Values:
    """if test: then(*values) else: orelse(*values). `names` are those of the results."""
    if not is_tensor(test):
        return then(*values) if test else orelse(*values)
    if RETURN_VALUE in names:
        values = _with_return_value(then, orelse, values, names)
    test = as_bool(test)
    results: list[Values] = []

    def run(function: Callable) -> Callable[[], list[Any]]:
        def traced() -> list[Any]:
            results.append(function(*values))
            return [tensors_in(x) for x in results[-1]]

        return traced

    kept = _ResultCheck(names, results)
    found = branch(IF, test, [("main", run(then)), ("else", kept.second(run(orelse)))])
    return tuple([refilled(x, iter(f)) for x, f in zip(results[0], found, strict=True)])


def if_exp(test: Any, then: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
    """then() if test else orelse()"""
    if not is_tensor(test):
        return then() if test else orelse()
    (value,) = if_stmt(test, lambda: (then(),), lambda: (orelse(),), (), ("value",))
    return value


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
        if not same_form(a, b):
            raise TypeError(
                f"{name!r} does not have the same nested structure in the main and else branches: "
                f"{a!r} and {b!r}."
            )
        for x, y in zip(leaves_of(a), leaves_of(b), strict=True):
            if isinstance(x, TensorArray) and isinstance(y, TensorArray):
                continue
            if not holds_numbers(x) or not holds_numbers(y):
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
    return (*values[:place], zeros_for(given[0]), *values[place + 1 :])
