"""Shapes and dtypes of results that do not exist yet.

An operation's kernel is the one place that knows what comes out of it. So the kernel is run on
stand-ins: small arrays of the right shapes and dtypes. A size not known yet is tried as 2 and as 3
(or other sizes, if the kernel refuses these); what differs between the results is not known either.
"""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from minitf import seeds
from minitf.registry import Op
from minitf.symbolic import Abstract, SymbolicTensor
from minitf.tensor import Tensor


def infer(op: Op, inputs: tuple[Tensor, ...], attrs: dict[str, Any]) -> Any:
    """An Abstract for the result, or a tuple of them.

    Raises:
        the kernel's own error, if it refuses the shapes or dtypes.
    """
    if not any(None in x._value.shape or _is_mask(x) for x in inputs):
        return _map(abstract_of, _try(op, inputs, attrs, 2))
    if op.name == "Reshape":  # which sizes can be reshaped is no matter of trying
        return _reshaped(inputs[0]._value, attrs["shape"])
    results, refusal, fitting = [], None, 0
    for size in _sizes_to_try(inputs):
        try:
            results.append(_try(op, inputs, attrs, size))
            fitting = size
        except (ValueError, TypeError, IndexError) as error:
            refusal = refusal or error
        if len(results) == 2:
            return _unless_short(op, inputs, attrs, _map(merge, *results))
    if refusal is not None and not results:
        raise refusal
    return _one_by_one(op, inputs, attrs, fitting, _map(abstract_of, results[0]))


def _unless_short(op: Op, inputs: tuple[Tensor, ...], attrs: Any, found: Any) -> Any:
    """x[:2] has 2 rows of x's 2 and of x's 3, but of a single one it has 1."""
    try:
        return _map(merge, found, _try(op, inputs, attrs, 1))
    except (ValueError, TypeError, IndexError):
        return found  # a single one will not do, or changes the rank


def _one_by_one(op: Op, inputs: tuple[Tensor, ...], attrs: Any, size: int, found: Any) -> Any:
    """Only one size fits all unknown axes, beside a known one. Those that may have another size
    nevertheless, when changed alone, are not known: rows of x in x @ w, say."""
    for i, x in enumerate(inputs):
        for axis, known in enumerate(x._value.shape):
            if known is None:
                try:
                    found = _map(merge, found, _try(op, inputs, attrs, size, (i, axis)))
                except (ValueError, TypeError, IndexError):
                    continue
    return found


def _reshaped(x: Any, shape: tuple[int, ...]) -> Abstract:
    """The size that is to be worked out stays unknown."""
    return Abstract(tuple([None if size == -1 else size for size in shape]), x.dtype)


def abstract_of(value: Any) -> Abstract:
    """Shape and dtype of an array, a NumPy scalar or another Abstract."""
    return Abstract(value.shape, value.dtype)


def merge(a: Any, b: Any) -> Abstract:
    """What two values of the same rank and dtype have in common."""
    sizes = [m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)]
    return Abstract(tuple(sizes), a.dtype)


def _sizes_to_try(inputs: tuple[Tensor, ...]) -> list[int]:
    """2 and 3; else sizes that occur beside the unknown ones; else enough for x[10] or x[100]."""
    known = {n for x in inputs for n in x._value.shape if n is not None and n < 10_000}
    return list(dict.fromkeys([2, 3, *sorted(known), 1, 17, 18, 129, 130]))


def _try(
    op: Op, inputs: tuple[Tensor, ...], attrs: dict[str, Any], size: int, odd: Any = None
) -> Any:
    """Runs the kernel with `size` for every unknown one, except for the axis `odd` of an input:
    (number of the input, axis). Constant integers that it refuses (an index out of range, say) may
    be right in shape and wrong in value: that is for the run to find, so zeros are tried."""
    with np.errstate(all="ignore"), _draws_kept(op):
        try:
            return op.kernel(*_stand_ins(inputs, size, odd), **attrs)
        except (ValueError, TypeError, IndexError):
            values = _stand_ins(inputs, size, odd)
            harmless = [np.zeros_like(v)[()] if v.dtype.kind in "iu" else v for v in values]
            if all(a is b for a, b in zip(values, harmless, strict=True)):
                raise
            try:
                return op.kernel(*harmless, **attrs)
            except (ValueError, TypeError, IndexError):
                pass
            raise


def _stand_ins(inputs: tuple[Tensor, ...], size: int, odd: Any) -> list[Any]:
    where = [odd[1] if odd is not None and odd[0] == i else None for i in range(len(inputs))]
    return [_stand_in(x, size, axis) for x, axis in zip(inputs, where, strict=True)]


def _stand_in(x: Tensor, size: int, odd: int | None) -> Any:
    """The value itself if there is one, else an array of the right shape and dtype."""
    if not isinstance(x, SymbolicTensor):
        return x._value
    sizes = [size + 1 if axis == odd else size for axis in range(x._value.ndim)]
    shape = tuple([s if n is None else n for n, s in zip(x._value.shape, sizes, strict=True)])
    dtype = x._value.dtype
    if dtype.kind in "fc":  # no zeros and no singular matrices
        value = np.random.default_rng(0).uniform(0.5, 1.5, shape).astype(dtype)
    elif dtype.kind == "O":
        value = np.full(shape, b"", object)
        return value
    else:
        # a mask of False and one of True may select different numbers of rows
        value = np.full(shape, dtype.kind == "b" and size == 3, dtype)
    return value[()]


def _is_mask(x: Tensor) -> bool:
    return isinstance(x, SymbolicTensor) and x._value.dtype.kind == "b" and x._value.ndim > 0


def _map(function: Any, first: Any, *others: Any) -> Any:
    if type(first) is tuple:
        return tuple(function(*parts) for parts in zip(first, *others, strict=True))
    return function(first, *others)


def _draws_kept(op: Op) -> Any:
    """A random operation must not use up random numbers by being tried."""
    return seeds.undisturbed() if op.stateful else contextlib.nullcontext()
