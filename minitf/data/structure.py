"""Elements of a dataset: a tensor, or tuples and dicts of them.

    transform({"x": a, "y": b}, f)   -> {"x": f(a), "y": f(b)}

Lists are values here, not structure: from_tensor_slices([1, 2, 3]) walks one tensor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.tensor import Tensor


def transform(structure: Any, function: Callable[..., Any], *others: Any) -> Any:
    """Applies `function` to the corresponding leaves of structures of one form."""
    if isinstance(structure, dict):
        return {k: transform(structure[k], function, *(o[k] for o in others)) for k in structure}
    if isinstance(structure, tuple):
        parts = [transform(*_insert(function, row)) for row in zip(structure, *others, strict=True)]
        return type(structure)(*parts) if hasattr(structure, "_fields") else tuple(parts)
    return function(structure, *others)


def leaves(structure: Any) -> list[Any]:
    """The leaves, left to right."""
    if isinstance(structure, dict):
        return [leaf for key in structure for leaf in leaves(structure[key])]
    if isinstance(structure, tuple):
        return [leaf for part in structure for leaf in leaves(part)]
    return [structure]


def row_at(i: Any) -> Callable[[np.ndarray], Tensor]:
    """A function that makes a tensor of row i (or rows i) of an array."""

    def row(array: np.ndarray) -> Tensor:
        part = array[i]
        return Tensor(part if type(part) is not bytes else np.array(part, object))

    return row


def _insert(function: Callable[..., Any], row: tuple) -> tuple:
    return (row[0], function, *row[1:])
