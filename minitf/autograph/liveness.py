"""Which names a statement changes, and which of them are needed afterwards.

    if c:
        t = x * 2.0        changed: t, y
        y = t + 1.0
    else:
        y = x
    return y               needed after the `if`: y

A branch hands back only what is both. So `t` need not exist in the other branch.
"""

from __future__ import annotations

import ast
from typing import Any

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def mark_liveness(function: ast.FunctionDef) -> None:
    """Sets `live_out` on every if, while and for of the function, and `live_in` on loops:
    the names whose values may be read after it, and at the start of an iteration."""
    outer = [n for n in ast.walk(function) if isinstance(n, ast.Nonlocal | ast.Global)]
    Liveness(function).block(function.body, {name for n in outer for name in n.names})


class Liveness:
    """Walks statements backwards with the set of names that are needed after them."""

    def __init__(self, function: ast.FunctionDef) -> None:
        # using a nested function uses what it refers to
        self._inside = {
            node.name: _all_names(node)
            for node in ast.walk(function)
            if isinstance(node, ast.FunctionDef) and node is not function
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._inside[target.id] = _all_names(node.value)

    def block(self, statements: list[ast.stmt], live: set[str]) -> set[str]:
        """The names needed before the block, if `live` are needed after it."""
        for stmt in reversed(statements):
            live = self._statement(stmt, live)
        return live

    def _statement(self, stmt: Any, live: set[str]) -> set[str]:
        if isinstance(stmt, ast.If):
            vars(stmt)["live_out"] = set(live)
            branches = self.block(stmt.body, live) | self.block(stmt.orelse, live)
            return branches | self._reads(stmt.test)
        if isinstance(stmt, ast.While | ast.For):
            return self._loop(stmt, live)
        if isinstance(stmt, ast.With):
            inside = self.block(stmt.body, live)
            for item in stmt.items:
                inside -= stored(item)
            return inside.union(*[self._reads(item) for item in stmt.items])
        if isinstance(stmt, ast.Try | ast.TryStar | ast.Match):
            needed = live | self._reads(stmt)
            for field in ("body", "orelse", "finalbody"):
                self.block(getattr(stmt, field, []), needed)
            for part in (*getattr(stmt, "handlers", []), *getattr(stmt, "cases", [])):
                self.block(part.body, needed)
            return needed
        if isinstance(stmt, ast.Return):
            return self._reads(stmt)
        if isinstance(stmt, ast.AugAssign):
            return live | self._reads(stmt) | stored(stmt)
        return (live - stored(stmt)) | self._reads(stmt)

    def _loop(self, loop: Any, live: set[str]) -> set[str]:
        loop.live_out = set(live)
        head = live | self._reads(getattr(loop, "test", None), getattr(loop, "go_on", None))
        target = stored(loop.target) if isinstance(loop, ast.For) else set()
        while True:
            needed = head | (self.block(loop.body, head) - target)
            if needed == head:
                break
            head = needed
        loop.live_in = head
        return head | self._reads(getattr(loop, "iter", None))

    def _reads(self, *nodes: ast.AST | None) -> set[str]:
        names: set[str] = set()
        for node in nodes:
            if node is not None:
                names |= _all_names(node, ast.Load)
        for name in list(names):
            names |= self._inside.get(name, set())
        return names


def stored(*nodes: ast.AST) -> set[str]:
    """The names that the statements assign in their own scope."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, _COMPREHENSIONS):
            names |= {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.MatchMapping):
            name = node.rest if isinstance(node, ast.MatchMapping) else node.name
            names |= ({name} if name else set()) | stored(*ast.iter_child_nodes(node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(a.asname or a.name).split(".")[0] for a in node.names}
        elif not isinstance(node, _SCOPES):
            names |= stored(*ast.iter_child_nodes(node))
    return names


def _all_names(node: ast.AST, context: type | None = None) -> set[str]:
    return {
        n.id
        for n in ast.walk(node)
        if isinstance(n, ast.Name) and (context is None or isinstance(n.ctx, context))
    }
