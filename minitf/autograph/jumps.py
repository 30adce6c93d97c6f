"""Removes return, break and continue where they would leave a branch or a loop early.

    if c:                      if c:
        return a        ->         retval_ = a
    rest                       else:
    return b                       rest
                                   retval_ = b
                               return retval_

What follows a branch that may jump is moved into the branches that do not. In loops a flag says
that the loop is over:

    while test:                break_1 = False
        if c: break     ->     while not break_1 and test:
        rest                       if c: break_1 = True
                                   else: rest
"""

from __future__ import annotations

import ast
import copy
import itertools
from typing import Any

RETURN_VALUE = "retval_"
HAS_RETURNED = "did_return_"
_LOOPS = (ast.While, ast.For)


class CannotConvertError(Exception):
    """A construct that AutoGraph does not rewrite; the message says which and where."""


def remove_jumps(function: ast.FunctionDef) -> None:
    """Rewrites the body in place; a body with a single return at its end stays as it is.

    Raises:
        CannotConvertError: a jump out of `try` or `with` inside a branch or a loop.
    """
    counter = itertools.count(1)
    body = _without_loop_jumps(function.body, counter)
    if any(_has(stmt, ast.Return) for stmt in body[:-1]) or (
        body and not isinstance(body[-1], ast.Return) and _has(body[-1], ast.Return)
    ):
        fall_through = _assign(RETURN_VALUE, ast.Constant(None), body[-1])
        body = _pushed(body, [fall_through], None)
        body.append(ast.copy_location(ast.Return(_name(RETURN_VALUE)), function.body[-1]))
    function.body = body


def _without_loop_jumps(block: list[ast.stmt], counter: Any) -> list[ast.stmt]:
    """Rewrites all loops in the block, the innermost first."""
    result: list[ast.stmt] = []
    for stmt in block:
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(stmt, field, None)
            if isinstance(inner, list) and not _is_scope(stmt):
                setattr(stmt, field, _without_loop_jumps(inner, counter))
        for handler in getattr(stmt, "handlers", []):
            handler.body = _without_loop_jumps(handler.body, counter)
        result += _loop(stmt, counter) if isinstance(stmt, _LOOPS) else [stmt]
    return result


def _loop(loop: Any, counter: Any) -> list[ast.stmt]:
    before: list[ast.stmt] = []
    after: list[ast.stmt] = []
    orelse, loop.orelse = loop.orelse, []
    if any(_has(stmt, ast.Return) for stmt in loop.body):
        loop.body = _ReturnToBreak().block(loop.body)
        before.append(_assign(HAS_RETURNED, ast.Constant(False), loop))
        leave = ast.If(_name(HAS_RETURNED), [ast.Return(_name(RETURN_VALUE))], [])
        after.append(_at(leave, loop))
    if any(_has(stmt, ast.Break) for stmt in loop.body):
        flag = f"break_{next(counter)}"
        loop.body = _pushed(loop.body, [], flag)
        before.append(_assign(flag, ast.Constant(False), loop))
        go_on = ast.UnaryOp(ast.Not(), _name(flag))
        if isinstance(loop, ast.While):
            loop.test = _at(ast.BoolOp(ast.And(), [go_on, loop.test]), loop)
        else:
            loop.go_on = _at(go_on, loop)
        if orelse:
            orelse = [_at(ast.If(copy.deepcopy(go_on), orelse, []), loop)]
    elif any(_has(stmt, ast.Continue) for stmt in loop.body):
        loop.body = _pushed(loop.body, [], None)
    return [*before, loop, *after, *orelse]


def _pushed(block: list[ast.stmt], tail: list[ast.stmt], flag: str | None) -> list[ast.stmt]:
    """The block followed by `tail`, which does not run where the block has jumped."""
    done: list[ast.stmt] = []
    for i, stmt in enumerate(block):
        if isinstance(stmt, ast.Return):
            value = stmt.value or ast.Constant(None)
            return [*done, _assign(RETURN_VALUE, value, stmt)]
        if isinstance(stmt, ast.Break):
            return [*done, _assign(flag or "", ast.Constant(True), stmt)]
        if isinstance(stmt, ast.Continue):
            return done or [_at(ast.Pass(), stmt)]
        if _jumps(stmt):
            rest = [*block[i + 1 :], *tail]
            if isinstance(stmt, ast.If):
                stmt.body = _pushed(stmt.body, copy.deepcopy(rest), flag)
                stmt.orelse = _pushed(stmt.orelse, copy.deepcopy(rest), flag)
                return [*done, stmt]
            if isinstance(stmt, ast.With) and _always_jumps(stmt.body):
                stmt.body = _pushed(stmt.body, [], flag)
                return [*done, stmt]
            raise CannotConvertError(
                f"line {stmt.lineno}: return, break or continue inside of `{_word(stmt)}`"
            )
        done.append(stmt)
    return [*done, *_pushed(tail, [], flag)] if tail else done


class _ReturnToBreak(ast.NodeTransformer):
    """return v  ->  retval_ = v; did_return_ = True; break"""

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for stmt in statements:
            new = self.visit(stmt)
            result += new if isinstance(new, list) else [new]
        return result

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        return [
            _assign(RETURN_VALUE, node.value or ast.Constant(None), node),
            _assign(HAS_RETURNED, ast.Constant(True), node),
            _at(ast.Break(), node),
        ]

    def visit_FunctionDef(self, node: Any) -> Any:
        return node

    visit_Lambda = visit_ClassDef = visit_AsyncFunctionDef = visit_FunctionDef


def _jumps(stmt: ast.stmt) -> bool:
    return any(_has(stmt, kind) for kind in (ast.Return, ast.Break, ast.Continue))


def _has(node: ast.AST, kind: Any) -> bool:
    """Is there such a jump in the statement, out of the statement?"""
    if isinstance(node, kind):
        return True
    if _is_scope(node):
        return False
    if isinstance(node, _LOOPS) and kind in (ast.Break, ast.Continue):
        return any(_has(child, kind) for child in node.orelse)
    return any(_has(child, kind) for child in ast.iter_child_nodes(node))


def _always_jumps(block: list[ast.stmt]) -> bool:
    last = block[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and _always_jumps(last.body) and _always_jumps(last.orelse)
    if isinstance(last, ast.With):
        return _always_jumps(last.body)
    return isinstance(last, ast.Return | ast.Break | ast.Continue | ast.Raise)


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef)


def _word(stmt: ast.stmt) -> str:
    return type(stmt).__name__.lower()


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _assign(name: str, value: ast.expr, where: ast.AST) -> ast.stmt:
    return _at(ast.Assign([ast.Name(name, ast.Store())], value), where)


def _at(node: Any, where: ast.AST) -> Any:
    return ast.fix_missing_locations(ast.copy_location(node, where))
