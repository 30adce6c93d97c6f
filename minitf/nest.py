"""Structures: nested lists, tuples and dicts of values, as TensorFlow's tf.nest sees them.

flatten({"b": 1, "a": [2, 3]})            -> [2, 3, 1]      dicts in sorted key order
pack_like({"b": 1, "a": [2, 3]}, [7, 8, 9]) -> {"b": 9, "a": [7, 8]}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

_SEQUENCES = (list, tuple)
_END = object()


def is_nested(value: Any) -> bool:
    """True for a list, tuple or dict."""
    return isinstance(value, (list, tuple, dict))


def flatten(structure: Any) -> list[Any]:
    """The leaves, left to right; dicts in sorted key order; a single value gives a list of one."""
    leaves: list[Any] = []
    _collect(structure, leaves)
    return leaves


def pack_like(structure: Any, leaves: list[Any]) -> Any:
    """The same structure with `leaves` in the places of its own.

    Raises:
        ValueError: the number of leaves differs.
    """
    rest = iter(leaves)
    try:
        packed = _pack(structure, rest)
    except StopIteration:
        packed = rest = None
    if rest is None or next(rest, _END) is not _END:
        count = len(flatten(structure))
        raise ValueError(f"The structure has {count} leaves, but {len(leaves)} were given.")
    return packed


def map_structure(function: Callable[..., Any], *structures: Any) -> Any:
    """Applies `function` to corresponding leaves and keeps the structure."""
    columns = zip(*(flatten(s) for s in structures), strict=True)
    return pack_like(structures[0], [function(*leaves) for leaves in columns])


pack_sequence_as = pack_like


def _collect(part: Any, leaves: list[Any]) -> None:
    if isinstance(part, _SEQUENCES):
        for inner in part:
            _collect(inner, leaves)
    elif isinstance(part, dict):
        for key in sorted(part):
            _collect(part[key], leaves)
    else:
        leaves.append(part)


def _pack(structure: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(structure, _SEQUENCES):
        parts = [_pack(part, leaves) for part in structure]
        if hasattr(structure, "_fields"):  # a namedtuple
            return type(structure)(*parts)
        return type(structure)(parts)
    if isinstance(structure, dict):
        packed = {key: _pack(structure[key], leaves) for key in sorted(structure)}
        return type(structure)((key, packed[key]) for key in structure)
    return next(leaves)
