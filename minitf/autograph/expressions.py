"""and, or, not, a < b < c, `x if c else y`, and calls.

x > 0.0 and y > 0.0    ->   ag__.and_(lambda: x > 0.0, lambda: y > 0.0)
a if c else b          ->   ag__.if_exp(c, lambda: a, lambda: b)
g(x)                   ->   ag__.converted(g)(x)      so that g's source is rewritten as well
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from minitf.autograph.statements import _at, _call, _load, _thunk

_LEFT_ALONE = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)  # may not move into a lambda
_PLAIN = {
    "isinstance", "issubclass", "hasattr", "getattr", "setattr", "print", "zip", "list", "tuple",
    "dict", "set", "str", "repr", "type", "id", "super", "locals", "globals", "vars", "dir", "eval",
    "exec", "callable", "iter", "next", "format", "ValueError", "TypeError", "RuntimeError",
}  # fmt: skip


class ExpressionConverter(ast.NodeTransformer):
    """Rewrites expressions.

    Args:
        is_library: says whether the object that a dotted name starts with is a module whose
            functions need no rewriting (tf, np).
        first_argument: name of the method's self, for `super()` in branches.
    """

    def __init__(self, is_library: Callable[[str], bool], first_argument: str | None) -> None:
        self._is_library = is_library
        self._first = first_argument

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        self.generic_visit(node)
        if _stays(node):
            return node
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        return _at(_call(name, [_thunk(value) for value in node.values]), node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Not):
            return node
        return _at(_call("not_", [node.operand]), node)

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        inner = node.comparators[:-1]
        if not inner or not all(isinstance(x, ast.Name | ast.Constant) for x in inner):
            return node  # no chain, or one whose middle must be computed only once
        lefts = [node.left, *node.comparators]
        pairs = [
            ast.Compare(left, [op], [right])
            for left, op, right in zip(lefts, node.ops, node.comparators, strict=False)
        ]
        return _at(_call("and_", [_thunk(pair) for pair in pairs]), node)

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        self.generic_visit(node)
        if _stays(node):
            return node
        return _at(_call("if_exp", [node.test, _thunk(node.body), _thunk(node.orelse)]), node)

    def visit_Call(self, node: ast.Call) -> Any:
        self.generic_visit(node)
        if _is_bare_super(node) and self._first:
            node.args = [_at(_load("__class__"), node), _at(_load(self._first), node)]
            return node
        root = _root(node.func)
        if root == "ag__" or (root in _PLAIN and isinstance(node.func, ast.Name)):
            return node
        if root is not None and self._is_library(root):
            return node
        node.func = _at(_call("converted", [node.func]), node.func)
        return node


def _stays(node: ast.AST) -> bool:
    return any(isinstance(inner, _LEFT_ALONE) for inner in ast.walk(node))


def _root(node: ast.AST) -> str | None:
    """The name that a dotted name starts with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_bare_super(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args
