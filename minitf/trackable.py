"""What a checkpoint saves: variables and random generators, found by the names that lead to them.

    leaves({"model": line, "step": step})
    # {"model/w": <Variable>, "model/b": <Variable>, "step": <Variable>}

A name is made of attribute names, keys and positions: step by step from the root. So an object made
anew by the same program has the same names, whatever its variables are called.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.module import Module
from minitf.variable import Variable


def leaves(root: Any) -> dict[str, Any]:
    """Variables and NumPy generators by name, each once, under its first name."""
    return {name: value for name, value in _walk(root) if isinstance(value, _LEAVES)}


def objects(root: Any) -> list[Any]:
    """Everything on the way that can be told when variables are added: see `_deferred_restore`."""
    return [value for _, value in _walk(root) if hasattr(value, "_trackable_children")]


def is_trackable(value: Any) -> bool:
    """True for what may stand in a checkpoint; a container counts if something in it does."""
    if isinstance(value, list | tuple):
        return any(is_trackable(part) for part in value)
    if isinstance(value, dict):
        return any(is_trackable(part) for part in value.values())
    return isinstance(value, (*_LEAVES, Module)) or hasattr(value, "_trackable_children")


_LEAVES = (Variable, np.random.Generator)


def _walk(root: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()
    waiting = [("", root)]
    while waiting:
        name, value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        found.append((name, value))
        below = [(_joined(name, key), part) for key, part in _children(value)]
        waiting += reversed(below)
    return found


def _children(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, _LEAVES):
        return []
    if hasattr(value, "_trackable_children"):
        children = value._trackable_children()
    elif isinstance(value, Module):
        children = vars(value)
    elif isinstance(value, dict):
        children = value
    elif isinstance(value, list | tuple):
        children = dict(enumerate(value))
    else:
        return []
    parts = [(str(key), part) for key, part in children.items() if is_trackable(part)]
    return sorted(parts, key=_public_first)


def _public_first(child: tuple[str, Any]) -> tuple[bool, int, str]:
    """w before _w; 2 before 10."""
    name = child[0]
    return name.startswith("_"), int(name) if name.isdigit() else -1, name


def _joined(name: str, key: str) -> str:
    key = key.replace(".", "..").replace("/", ".S")  # as TensorFlow writes them
    return f"{name}/{key}" if name else key
