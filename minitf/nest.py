"""Structures: nested lists, tuples and dicts of values, as TensorFlow's tf.nest sees them.

flatten({"b": 1, "a": [2, 3]})            -> [2, 3, 1]      dicts in sorted key order
pack_like({"b": 1, "a": [2, 3]}, [7, 8, 9]) -> {"b": 9, "a": [7, 8]}
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

_SEQUENCES = (list, tuple)
_NESTED = (list, tuple, dict)
_END = object()


def is_nested(value: Any) -> bool:
    """True for a list, tuple or dict."""
    return isinstance(value, _NESTED)


def flatten(structure: Any) -> list[Any]:
    """The leaves, left to right; dicts in sorted key order; a single value gives a list of one."""
    if not isinstance(structure, _NESTED):
        return [structure]
    leaves: list[Any] = []
    _collect(structure, leaves)
    return leaves


def pack_like(structure: Any, leaves: list[Any]) -> Any:
    """The same structure with `leaves` in the places of its own.

    Raises:
        ValueError: the number of leaves differs.
    """
    if not isinstance(structure, _NESTED) and len(leaves) == 1:
        return leaves[0]
    if type(structure) is list and len(structure) == len(leaves) and _is_flat(structure):
        return list(leaves)
    rest = iter(leaves)
    try:
        packed = _pack(structure, rest)
        fits = next(rest, _END) is _END
    except StopIteration:
        fits = False
    if not fits:
        count = len(flatten(structure))
        raise ValueError(f"The structure has {count} leaves, but {len(leaves)} were given.")
    return packed


def map_structure(function: Callable[..., Any], *structures: Any) -> Any:
    """Applies `function` to corresponding leaves and keeps the structure.

    Raises:
        ValueError: the structures differ.
    """
    for other in structures[1:]:
        assert_same_structure(structures[0], other)
    columns = zip(*(flatten(s) for s in structures), strict=True)
    return pack_like(structures[0], [function(*leaves) for leaves in columns])


def assert_same_structure(a: Any, b: Any) -> None:
    """Checks that two structures differ in their leaves only; a list may stand for a tuple.

    Raises:
        ValueError: they differ.
    """
    if is_nested(a) != is_nested(b) or isinstance(a, dict) != isinstance(b, dict):
        same = False
    elif isinstance(a, dict):
        same = a.keys() == b.keys()
    else:
        same = not is_nested(a) or len(a) == len(b)
    if not same:
        raise ValueError(f"The two values don't have the same structure: {a!r} and {b!r}.")
    if is_nested(a):
        for key in a if isinstance(a, dict) else range(len(a)):
            assert_same_structure(a[key], b[key])


pack_sequence_as = pack_like


def _collect(nested: Any, leaves: list[Any]) -> None:
    parts = [nested[key] for key in sorted(nested)] if isinstance(nested, dict) else nested
    for part in parts:
        if isinstance(part, _NESTED):
            _collect(part, leaves)
        else:
            leaves.append(part)


def _is_flat(structure: list[Any]) -> bool:
    for part in structure:
        if isinstance(part, _NESTED):
            return False
    return True


def _pack(structure: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(structure, _SEQUENCES):
        parts = []
        for part in structure:
            parts.append(_pack(part, leaves) if isinstance(part, _NESTED) else next(leaves))
        if hasattr(structure, "_fields"):  # a namedtuple
            return type(structure)(*parts)
        return type(structure)(parts)
    if isinstance(structure, dict):
        packed = copy.copy(structure)  # keeps its kind, and the order of its keys
        for key in sorted(structure):
            packed[key] = _pack(structure[key], leaves)
        return packed
    return next(leaves)
