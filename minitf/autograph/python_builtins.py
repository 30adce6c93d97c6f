"""Python's built-in functions that need the value of a tensor, and what stands for them.

range(n)  -> tf.range(n)      len(x)   -> tf.shape(x)[0]     int(x), float(x) -> tf.cast
min, max  -> tf.minimum ...   enumerate over a tensor or a dataset

With Python values they do what Python does.
"""

from __future__ import annotations

import builtins
from typing import Any

from minitf import dtypes
from minitf.autograph.loops import Enumerated
from minitf.autograph.values import is_dataset
from minitf.ops import array, creation, reductions, selection
from minitf.state import state
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor
from minitf.variable import Variable


def range_(*bounds: Any) -> Any:
    """range"""
    if any(isinstance(b, Tensor | Variable) for b in bounds):
        return creation.range(*bounds)
    return builtins.range(*bounds)


def len_(x: Any) -> Any:
    """len"""
    if isinstance(x, Tensor) and is_symbolic(x) and x._value.ndim and x.shape[0] is None:
        return array.shape(x)[0]
    return builtins.len(x)


def int_(x: Any = 0, *base: Any, **by_name: Any) -> Any:
    """int"""
    return array.cast(x, dtypes.int32) if is_symbolic(x) else builtins.int(x, *base, **by_name)


def float_(x: Any = 0.0) -> Any:
    """float"""
    return array.cast(x, dtypes.float32) if is_symbolic(x) else builtins.float(x)


def bool_(x: Any = False) -> Any:
    """bool"""
    return array.cast(x, dtypes.bool_) if is_symbolic(x) else builtins.bool(x)


def max_(*values: Any, **options: Any) -> Any:
    """max"""
    if not is_symbolic(values) or options:
        return builtins.max(*values, **options)
    if builtins.len(values) == 1:
        return reductions.reduce_max(values[0])
    largest = values[0]
    for value in values[1:]:
        largest = selection.maximum(largest, value)
    return largest


def min_(*values: Any, **options: Any) -> Any:
    """min"""
    if not is_symbolic(values) or options:
        return builtins.min(*values, **options)
    if builtins.len(values) == 1:
        return reductions.reduce_min(values[0])
    smallest = values[0]
    for value in values[1:]:
        smallest = selection.minimum(smallest, value)
    return smallest


def enumerate_(items: Any, start: Any = 0) -> Any:
    """enumerate"""
    if state.tracer is not None and (isinstance(items, Tensor | Variable) or is_dataset(items)):
        return Enumerated(items, start)
    return builtins.enumerate(items, start)


REPLACED = {
    range: range_,
    len: len_,
    int: int_,
    float: float_,
    bool: bool_,
    max: max_,
    min: min_,
    enumerate: enumerate_,
}
