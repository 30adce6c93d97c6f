"""Find what an exercise forbids in the source of an answer, before running it.

    forbidden_use("def f(x):\n    return np.gradient(x)", ("np.gradient",))   # 'np.gradient'

This keeps an honest learner from a shortcut that skips the point of the exercise. It is no lock:
whoever wants to cheat in the same Python process can.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

ALWAYS_FORBIDDEN = (
    "minitf.course.engine",
    "minitf.course.my_engine",
    "minitf.course.solution",
    "minitf.course.checks",
    "minitf.course.registry",
    "my_engine",
    "solution",
    "solutions",
)
_LONG_NAMES = {"np": "numpy", "tf": "minitf"}


def forbidden_use(source: str, forbid: tuple[str, ...]) -> str:
    """Return the first forbidden name that `source` uses, or "" when there is none."""
    wanted = {_long(name): name for name in (*forbid, *ALWAYS_FORBIDDEN)}
    for used in _used_names(ast.parse(source)):
        for long_name, name in wanted.items():
            if used == long_name or used.startswith(long_name + "."):
                return name
    return ""


def _used_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_long(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (_long(f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Attribute | ast.Name):
            name = _dotted(node)
            if name:
                yield _long(name)


def _dotted(node: ast.AST) -> str:
    """Return 'a.b.c' for such an expression, "" for anything more complicated."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _long(name: str) -> str:
    first, dot, rest = name.partition(".")
    return _LONG_NAMES.get(first, first) + dot + rest
