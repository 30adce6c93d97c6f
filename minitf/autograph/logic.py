"""and, or, not and assert in rewritten source.

and_(lambda: a, lambda: b)      a and b; on tensors tf.logical_and
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.autograph.values import is_tensor
from minitf.ops import comparison
from minitf.printing import Assert


def and_(*operands: Callable[[], Any]) -> Any:
    """a and b: stops at the first Python value that is false."""
    value: Any = True
    for i, operand in enumerate(operands):
        new = operand()
        value = new if not i or not is_tensor(value) else comparison.logical_and(value, new)
        if not is_tensor(value) and not value:
            return value
    return value


def or_(*operands: Callable[[], Any]) -> Any:
    """a or b: stops at the first Python value that is true."""
    value: Any = False
    for i, operand in enumerate(operands):
        new = operand()
        value = new if not i or not is_tensor(value) else comparison.logical_or(value, new)
        if not is_tensor(value) and value:
            return value
    return value


def not_(value: Any) -> Any:
    """not value"""
    return comparison.logical_not(value) if is_tensor(value) else not value


def assert_stmt(test: Any, message: Callable[[], Any]) -> None:
    """assert test, message()"""
    if is_tensor(test):
        Assert(test, [message()])
    else:
        assert test, message()
