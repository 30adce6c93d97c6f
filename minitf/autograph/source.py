"""The source of a function, as a syntax tree.

tree = function_tree(f)       # an ast.FunctionDef, with the line numbers of the file

The whole file is parsed and the function found in it by its first line; lambdas, of which a line
may hold several, by the columns that Python keeps for error messages.
"""

from __future__ import annotations

import ast
import linecache
import types
from typing import Any

NAME_OF_LAMBDA = "lambda_"


class NoSourceError(Exception):
    """The source of a function cannot be read; the message says why."""


def function_tree(func: types.FunctionType) -> ast.FunctionDef:
    """A copy of the function's definition that may be changed.

    Raises:
        NoSourceError: typed into a prompt, made by exec, or not to be told from its neighbours.
    """
    code = func.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename)
    if not lines:
        raise NoSourceError(f"the source of {func.__name__} is not available")
    try:
        module = ast.parse("".join(lines))
    except SyntaxError:
        raise NoSourceError(f"the source of {func.__name__} does not parse") from None
    if func.__name__ == "<lambda>":
        return _from_lambda(_matching_lambda(module, code))
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name == func.__name__:
            first = min([node.lineno, *[d.lineno for d in node.decorator_list]])
            if first == code.co_firstlineno or node.lineno == code.co_firstlineno:
                return node
    raise NoSourceError(f"{func.__name__} is not in {code.co_filename} (any more)")


def _matching_lambda(module: ast.Module, code: types.CodeType) -> ast.Lambda:
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    found = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Lambda)
        and node.lineno <= code.co_firstlineno <= (node.end_lineno or node.lineno)
        and tuple(a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
        == names
        and all(_within(node.body, position) for position in _positions(code))
    ]
    if not found:
        raise NoSourceError("the lambda is not in its file (any more)")
    return min(found, key=_extent)  # the innermost


def _positions(code: types.CodeType) -> list[tuple[int, int]]:
    places = []
    for line, _, column, end in code.co_positions():
        if line is not None and column is not None and end:
            places.append((line, column))
    return places


def _within(node: Any, position: tuple[int, int]) -> bool:
    start, end = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
    return start <= position < end


def _extent(node: Any) -> tuple[int, int]:
    return node.end_lineno - node.lineno, node.end_col_offset - node.col_offset


def _from_lambda(node: ast.Lambda) -> ast.FunctionDef:
    tree: Any = ast.parse(f"def {NAME_OF_LAMBDA}(): pass").body[0]
    tree.args, tree.body = node.args, [ast.copy_location(ast.Return(node.body), node.body)]
    return ast.copy_location(tree, node)
