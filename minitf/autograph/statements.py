"""if, while, for and assert, rewritten as calls that take the branches and bodies as functions.

    while i < n:                      def test_1(i): return i < n
        i = i + 1           ->        def body_1(i):
                                          i = i + 1
                                          return (i,)
                                      (i,) = ag__.while_stmt(test_1, body_1, (i,), ('i',))

The variables a branch or a body changes go in as parameters and come out as results.
"""

from __future__ import annotations

import ast
import itertools
from typing import Any

from minitf.autograph.liveness import Liveness, stored

AG = "ag__"
# after these a name may have no value, though a part of them gives it one
_MAY_SKIP = (ast.If, ast.While, ast.For, ast.Try, ast.TryStar, ast.Match, ast.Delete)


class StatementConverter(ast.NodeTransformer):
    """Rewrites the statements of one function, innermost first; needs the marks of liveness.py."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self._numbers = itertools.count(1)
        self._liveness = Liveness(function)
        arguments = function.args
        given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        self._sure = {a.arg for a in given}  # names that have a value for certain

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Converts statements that run one after the other."""
        result: list[ast.stmt] = []
        for stmt in statements:
            new = self.visit(stmt)
            result += new if isinstance(new, list) else [new]
            if not isinstance(stmt, _MAY_SKIP):
                self._sure |= stored(stmt)
            elif isinstance(stmt, ast.Delete):
                self._sure -= stored(stmt)
        return result

    def visit_If(self, node: Any) -> list[ast.stmt]:
        changed = stored(*node.body, *node.orelse)
        results = sorted(changed & node.live_out)
        read = self._liveness.block(node.body, node.live_out)
        read |= self._liveness.block(node.orelse, node.live_out)
        names = results + sorted((changed & read) - set(results))
        number = next(self._numbers)
        before = set(self._sure)
        branches, sure = [], []
        for word, body in (("then", node.body), ("else", node.orelse)):
            self._sure = set(before)
            inside = self.block(body)
            sure.append(self._sure)
            branches.append(_function(f"{word}_{number}", names, inside, results, node))
        self._sure = before | (sure[0] & sure[1])
        call = _call(
            "if_stmt",
            [
                node.test,
                _load(f"then_{number}"),
                _load(f"else_{number}"),
                self._values(names, before),
                _strings(results),
            ],
        )
        return [*branches, _assign_all(results, call, node)]

    def visit_While(self, node: Any) -> list[ast.stmt]:
        names = sorted(stored(*node.body) & (node.live_in | node.live_out))
        number = next(self._numbers)
        before = set(self._sure)
        body = _function(f"body_{number}", names, self.block(node.body), names, node)
        self._sure = before
        test = _expression_function(f"test_{number}", names, node.test, node)
        call = _call(
            "while_stmt",
            [
                _load(f"test_{number}"),
                _load(f"body_{number}"),
                self._values(names, before),
                _strings(names),
            ],
        )
        return [test, body, _assign_all(names, call, node)]

    def visit_For(self, node: Any) -> list[ast.stmt]:
        number = next(self._numbers)
        target = stored(node.target)
        names = sorted(
            (stored(*node.body) & (node.live_in | node.live_out)) | (target & node.live_out)
        )
        before = set(self._sure)
        self._sure |= target
        item = f"item_{number}"
        unpack = _at(ast.Assign([node.target], _load(item)), node)
        inside = [unpack, *self.block(node.body)]
        self._sure = before
        body = _function(f"body_{number}", [item, *names], inside, names, node)
        functions = [body]
        go_on: ast.expr = ast.Constant(None)
        if hasattr(node, "go_on"):
            functions.append(_expression_function(f"go_on_{number}", names, node.go_on, node))
            go_on = _load(f"go_on_{number}")
        call = _call(
            "for_stmt",
            [
                node.iter,
                _load(f"body_{number}"),
                go_on,
                self._values(names, before),
                _strings(names),
                _strings(sorted(target & set(names))),
            ],
        )
        return [*functions, _assign_all(names, call, node)]

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        message = _thunk(node.msg or ast.Constant(None))
        return _at(ast.Expr(_call("assert_stmt", [node.test, message])), node)

    def visit_With(self, node: ast.With) -> ast.stmt:
        for item in node.items:
            self._sure |= stored(item)
        node.body = self.block(node.body)
        return node

    def visit_Try(self, node: Any) -> ast.stmt:
        before = set(self._sure)
        for field in ("body", "orelse", "finalbody"):
            setattr(node, field, self.block(getattr(node, field)))
            self._sure = set(before)
        for handler in node.handlers:
            handler.body = self.block(handler.body)
            self._sure = set(before)
        return node

    visit_TryStar = visit_Try

    def visit_Match(self, node: ast.Match) -> ast.stmt:
        before = set(self._sure)
        for case in node.cases:
            self._sure = before | stored(case.pattern)
            case.body = self.block(case.body)
        self._sure = before
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        return node  # converted by itself (conversion.py)

    visit_Lambda = visit_ClassDef = visit_AsyncFunctionDef = visit_FunctionDef

    def _values(self, names: list[str], sure: set[str]) -> ast.expr:
        """(x, ag__.maybe(lambda: y, 'y')): y may have no value yet."""
        values: list[ast.expr] = [
            _load(n) if n in sure else _call("maybe", [_thunk(_load(n)), ast.Constant(n)])
            for n in names
        ]
        return ast.Tuple(values, ast.Load())


def _function(
    name: str, parameters: list[str], body: list[ast.stmt], results: list[str], where: ast.AST
) -> ast.stmt:
    result = ast.Return(ast.Tuple([_load(n) for n in results], ast.Load()))
    return _at(_definition(name, parameters, [*body, result]), where)


def _expression_function(
    name: str, parameters: list[str], value: ast.expr, where: ast.AST
) -> ast.stmt:
    return _at(_definition(name, parameters, [ast.Return(value)]), where)


def _definition(name: str, parameters: list[str], body: list[ast.stmt]) -> ast.FunctionDef:
    tree: Any = ast.parse(f"def {name}({', '.join(parameters)}): pass").body[0]
    tree.body = body
    return tree


def _assign_all(names: list[str], call: ast.expr, where: ast.AST) -> ast.stmt:
    if not names:
        return _at(ast.Expr(call), where)
    targets = ast.Tuple([ast.Name(n, ast.Store()) for n in names], ast.Store())
    return _at(ast.Assign([targets], call), where)


def _call(operator: str, arguments: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Attribute(_load(AG), operator, ast.Load()), arguments, [])


def _thunk(value: ast.expr) -> ast.Lambda:
    empty = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Lambda(empty, value)


def _strings(names: list[str]) -> ast.expr:
    return ast.Tuple([ast.Constant(n) for n in names], ast.Load())


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _at(node: Any, where: ast.AST) -> Any:
    return ast.fix_missing_locations(ast.copy_location(node, where))
