"""Writing to a part of a variable: v[0].assign(5.0), v.scatter_nd_update(indices, updates).

    v = tf.Variable([1.0, 2.0, 3.0])
    v[0].assign(9.0)                             [9, 2, 3]
    v.scatter_nd_add([[1], [1]], [1.0, 1.0])     [9, 4, 3]

A tensor never changes, so each of these builds the whole new value and assigns it. `attach` gives
them to Variable, and to the slices of one, once the operations they need exist.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor, execute
from minitf.ops import indexing, slicing
from minitf.registry import define
from minitf.state import unobserved
from minitf.tensor import Tensor
from minitf.variable import Variable


def _slice_assign(x: np.ndarray, part: Any, key: tuple) -> np.ndarray:
    out = np.array(x)
    out[key] = part
    return out


SLICE_ASSIGN = define(
    "StridedSliceAssign",
    _slice_assign,
    same_dtype=True,
    differentiable=False,
    text="{0}[...] := {1}",
)


def getitem(variable: Variable, key: Any) -> Tensor:
    """v[key]: a tensor, which remembers where it came from so that it can be assigned to."""
    part = slicing.getitem(variable, key)
    part._slice_of = (variable, key)
    return part


class AssignsSlice:
    """The method v[key].assign(value): the value broadcasts into the slice.

    Other tensors do not have it.

    Raises:
        AttributeError: the tensor is no slice of a variable.
        InvalidArgumentError: the value does not fit into the slice.
    """

    def __get__(self, part: Any, owner: type) -> Any:
        if part is None or not hasattr(part, "_slice_of"):
            raise AttributeError(
                "'Tensor' object has no attribute 'assign': a tensor never changes. Use a "
                "tf.Variable, whose value and slices can be assigned to."
            )
        return partial(_assign_slice, part)


def scatter_nd_update(self: Variable, indices: Any, updates: Any, name: Any = None) -> Variable:
    """Replaces the elements (or rows) at the positions `indices`; returns the variable.

    Raises:
        InvalidArgumentError: a position out of range, or updates of the wrong shape.
    """
    return _replaced_by(self, indexing.tensor_scatter_nd_update, indices, updates)


def scatter_nd_add(self: Variable, indices: Any, updates: Any, name: Any = None) -> Variable:
    """Adds at the positions `indices`, repeatedly where one occurs repeatedly."""
    return _replaced_by(self, indexing.tensor_scatter_nd_add, indices, updates)


def scatter_nd_sub(self: Variable, indices: Any, updates: Any, name: Any = None) -> Variable:
    """Subtracts at the positions `indices`, repeatedly where one occurs repeatedly."""
    return _replaced_by(self, _scatter_subtract, indices, updates)


def scatter_update(
    self: Variable, sparse_delta: Any, use_locking: Any = False, name: Any = None
) -> Variable:
    """Replaces the rows that an IndexedSlices names; returns the variable."""
    return scatter_nd_update(self, *_rows_of(sparse_delta))


def scatter_add(
    self: Variable, sparse_delta: Any, use_locking: Any = False, name: Any = None
) -> Variable:
    """Adds the rows of an IndexedSlices; a row that it names twice is added twice."""
    return scatter_nd_add(self, *_rows_of(sparse_delta))


def scatter_sub(
    self: Variable, sparse_delta: Any, use_locking: Any = False, name: Any = None
) -> Variable:
    """Subtracts the rows of an IndexedSlices: a step of gradient descent on an embedding."""
    return scatter_nd_sub(self, *_rows_of(sparse_delta))


def sparse_read(self: Variable, indices: Any, name: str | None = None) -> Tensor:
    """The rows at `indices`: the same as tf.gather(v, indices)."""
    return indexing.gather(self, indices)


def gather_nd(self: Variable, indices: Any, name: str | None = None) -> Tensor:
    """The elements at the positions `indices`: the same as tf.gather_nd(v, indices)."""
    return indexing.gather_nd(self, indices)


_METHODS = (
    scatter_nd_update, scatter_nd_add, scatter_nd_sub, scatter_update, scatter_add, scatter_sub,
    sparse_read, gather_nd,
)  # fmt: skip


def attach() -> None:
    """Gives Variable the methods above; called once by minitf."""
    for method in _METHODS:
        setattr(Variable, method.__name__, method)
    setattr(Variable, "__getitem__", getitem)  # noqa: B010 - mypy does not know the method
    Tensor.assign = AssignsSlice()  # type: ignore[attr-defined]


def _assign_slice(part: Tensor, value: Any, name: str | None = None) -> Variable:
    variable, key = part._slice_of
    with unobserved():  # writing is no use of the variable's value
        keys = slicing.plain_keys(convert_to_tensor(variable), key)
        whole = execute(SLICE_ASSIGN, (variable, value), {"key": keys})
    return variable.assign(whole)


def _replaced_by(variable: Variable, change: Any, indices: Any, updates: Any) -> Variable:
    with unobserved():
        whole = change(variable, indices, updates)
    return variable.assign(whole)


def _scatter_subtract(tensor: Any, indices: Any, updates: Any) -> Tensor:
    negative = -convert_to_tensor(updates, dtype_hint=tensor.dtype)
    return indexing.tensor_scatter_nd_add(tensor, indices, negative)


def _rows_of(slices: Any) -> tuple[Tensor, Any]:
    return convert_to_tensor(slices.indices)[:, None], slices.values
