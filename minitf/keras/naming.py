"""Automatic names: the first Dense is "dense", the second "dense_1".

    unique_name("dense")     -> "dense", then "dense_1", ...
"""

from __future__ import annotations

from collections import Counter

_used: Counter[str] = Counter()


def unique_name(base: str) -> str:
    """`base`, with a number from the second time on."""
    count = _used[base]
    _used[base] += 1
    return f"{base}_{count}" if count else base


def clear_session() -> None:
    """Starts counting names from the beginning, so that a cell run twice gives the same names."""
    _used.clear()
