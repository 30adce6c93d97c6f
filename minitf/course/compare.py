"""Compare what an answer returned with what was expected, and say how they differ.

    difference(np.zeros((3, 1)), np.zeros((3, 4)))   # ['shape (3, 4), expected (3, 1)', ...]
    difference(2.0, 2.0)                             # []

Tensors and variables of minitf count as their NumPy values; lists, tuples and dicts are compared
item by item; everything numeric within a tolerance; the rest with `==`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def difference(expected: Any, got: Any, rtol: float = 1e-6, atol: float = 1e-9) -> list[str]:
    """Return lines that name the first difference, or an empty list when both agree."""
    expected, got = as_plain(expected), as_plain(got)
    if isinstance(expected, Mapping):
        return _mapping_difference(expected, got, rtol, atol)
    if isinstance(expected, list | tuple) and not _is_numeric(expected):
        return _sequence_difference(expected, got, rtol, atol)
    if _is_numeric(expected):
        return _numeric_difference(expected, got, rtol, atol)
    same = type(expected) is type(got) and bool(expected == got)
    return [] if same else _two_lines(expected, got)


def as_plain(value: Any) -> Any:
    """Return tensors and variables as NumPy arrays, and any other value unchanged."""
    to_numpy = getattr(value, "numpy", None)
    return to_numpy() if callable(to_numpy) else value


def show(value: Any, limit: int = 60) -> str:
    """Return a one-line text for a value: small arrays in full, large ones by shape and dtype."""
    value = as_plain(value)
    if isinstance(value, np.ndarray):
        if value.size > 8:
            return f"array of shape {value.shape}, {value.dtype}"
        text = np.array2string(value, precision=6, separator=", ").replace("\n", "")
    elif isinstance(value, float | np.floating):
        text = f"{float(value):.6g}"
    elif isinstance(value, np.generic):
        text = str(value.item())
    elif isinstance(value, list | tuple | dict | str | int | bool) or value is None:
        text = _show_container(value)
    else:
        # No repr of foreign objects: it may hold an address, and may be very long.
        text = f"{type(value).__name__} object"
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _show_container(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {show(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        inside = ", ".join(show(one) for one in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def _is_numeric(value: Any) -> bool:
    if isinstance(value, bool | str) or value is None:
        return False
    if isinstance(value, int | float | complex | np.number):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufc"
    return False


def _numeric_difference(expected: Any, got: Any, rtol: float, atol: float) -> list[str]:
    if not _is_numeric(got):
        return [f"expected {show(expected)}", f"got      {show(got)} ({type(got).__name__})"]
    want, have = np.asarray(expected), np.asarray(got)
    if want.shape != have.shape:
        return [
            f"expected shape {want.shape}: {show(want)}",
            f"got      shape {have.shape}: {show(have)}",
        ]
    if isinstance(expected, np.ndarray | np.generic) and _kind(want) != _kind(have):
        return [f"expected dtype {want.dtype}", f"got      dtype {have.dtype}"]
    close = np.isclose(have, want, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return []
    lines = _two_lines(expected, got)
    if want.ndim:
        index = tuple(int(i) for i in np.argwhere(~close)[0])
        where = ", ".join(map(str, index))
        lines.append(
            f"first difference at [{where}]: expected {show(want[index])}, "
            f"got {show(have[index])}; {int((~close).sum())} of {close.size} differ"
        )
    return lines


def _kind(array: np.ndarray) -> str:
    return "number" if array.dtype.kind in "iuf" else array.dtype.kind


def _sequence_difference(expected: Any, got: Any, rtol: float, atol: float) -> list[str]:
    if not isinstance(got, list | tuple):
        return [f"expected {show(expected)}", f"got      {show(got)} ({type(got).__name__})"]
    for index, (want, have) in enumerate(zip(expected, got, strict=False)):
        lines = difference(want, have, rtol, atol)
        if lines:
            return [f"item {index} differs", *lines]
    if len(expected) != len(got):
        return [f"expected {len(expected)} items", f"got      {len(got)} items: {show(got)}"]
    return []


def _mapping_difference(
    expected: Mapping[Any, Any], got: Any, rtol: float, atol: float
) -> list[str]:
    if not isinstance(got, Mapping):
        return [f"expected a dict {show(dict(expected))}", f"got      {show(got)}"]
    for key, want in expected.items():
        if key not in got:
            return [f"expected the key {key!r}", f"got      keys {sorted(map(str, got))}"]
        lines = difference(want, got[key], rtol, atol)
        if lines:
            return [f"entry {key!r} differs", *lines]
    extra = [key for key in got if key not in expected]
    return [f"unexpected key {extra[0]!r}"] if extra else []


def _two_lines(expected: Any, got: Any) -> list[str]:
    return [f"expected {show(expected)}", f"got      {show(got)}"]
