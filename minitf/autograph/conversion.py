"""Which functions are rewritten, and how the rewritten source becomes a function again.

g = converted(f)       # f with its control flow rewritten, or f itself
to_code(f)             # the rewritten source

Everything a traced function calls is rewritten too, except minitf, NumPy and Python's own library.
The new function shares f's globals, defaults and closure, and keeps its file and line numbers, so
a traceback points into the source as it was written.
"""

from __future__ import annotations

import ast
import functools
import inspect
import logging
import sys
import types
from collections.abc import Callable
from typing import Any

from minitf.autograph import operators
from minitf.autograph.expressions import ExpressionConverter
from minitf.autograph.jumps import CannotConvertError, remove_jumps
from minitf.autograph.liveness import mark_liveness
from minitf.autograph.python_builtins import REPLACED
from minitf.autograph.source import NoSourceError, function_tree
from minitf.autograph.statements import AG, StatementConverter
from minitf.state import state


class ConversionError(ValueError):
    """A function that AutoGraph cannot rewrite."""


_LIBRARIES = {"minitf", "numpy", *sys.stdlib_module_names} - {"__main__"}
_UNSUPPORTED = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith)
_code: dict[types.CodeType, types.CodeType | None] = {}  # None: is run as it is
_results: set[types.CodeType] = set()  # code that came out of a conversion


def converted(func: Any, user_requested: bool = False) -> Any:
    """The callable with its control flow rewritten; itself where that is not to be done."""
    if state.tracer is None and not user_requested:
        return func
    if isinstance(func, types.BuiltinFunctionType | type):
        return REPLACED.get(func, func)
    if isinstance(func, types.MethodType):
        return types.MethodType(converted(func.__func__, user_requested), func.__self__)
    if isinstance(func, functools.partial):
        inner = converted(func.func, user_requested)
        return functools.partial(inner, *func.args, **func.keywords)
    if not isinstance(func, types.FunctionType):
        call = inspect.getattr_static(type(func), "__call__", None)
        if isinstance(call, types.FunctionType) and _is_users(call):
            return types.MethodType(converted(call, user_requested), func)
        return func
    if hasattr(func, "__minitf_method__"):  # a tf.function bound to an object
        inner, reference = func.__minitf_method__
        return functools.partial(converted(inner, user_requested), reference())
    if not _is_users(func) or func.__code__ in _results:
        return func
    if func.__code__ not in _code:
        _code[func.__code__] = _converted_code(func)
    code = _code[func.__code__]
    return func if code is None else _rebuilt(func, code)


def to_code(entity: Callable[..., Any], recursive: bool = True, **_unused: Any) -> str:
    """The source that AutoGraph makes of a function.

    Raises:
        ConversionError: the source cannot be read or rewritten.
    """
    func: Any = getattr(entity, "python_function", entity)
    func = getattr(func, "__minitf_method__", (func,))[0]
    func = getattr(func, "__func__", func)
    if not hasattr(func, "__code__"):
        raise ConversionError(
            f"AutoGraph cannot rewrite {entity!r}: it has no Python source. Functions written in "
            "C, such as len, and objects that are no functions stay as they are."
        )
    try:
        return ast.unparse(_converted_tree(func)) + "\n"
    except (NoSourceError, CannotConvertError) as error:
        raise ConversionError(f"AutoGraph cannot rewrite {func.__name__}: {error}.") from None


def to_graph(entity: Callable[..., Any], recursive: bool = True, **_unused: Any) -> Any:
    """The rewritten function itself, which may also be called eagerly."""
    return converted(entity, user_requested=True)


def _is_users(func: types.FunctionType) -> bool:
    if getattr(func, "_do_not_convert", False):
        return False
    return func.__globals__.get("__name__", "").split(".")[0] not in _LIBRARIES


def _converted_code(func: types.FunctionType) -> types.CodeType | None:
    """The code of the rewritten function; None, and a warning, if it cannot be made."""
    try:
        tree = _converted_tree(func)
    except (NoSourceError, CannotConvertError) as error:
        logging.getLogger("minitf").warning(
            "AutoGraph could not transform %s and will run it as it is: %s. Python's `if`, `while` "
            "and `for` on tensors will raise there. To silence this, decorate it with "
            "@tf.autograph.experimental.do_not_convert.", func.__qualname__, error,
        )  # fmt: skip
        return None
    tree.name = f"{tree.name}_converted"  # or it would hide a global of its own name
    free = list(func.__code__.co_freevars)
    factory: Any = ast.parse(f"def factory({', '.join([AG, *free])}): pass")
    factory.body[0].body = [tree]
    module = compile(ast.fix_missing_locations(factory), func.__code__.co_filename, "exec")
    outer = next(c for c in module.co_consts if isinstance(c, types.CodeType))
    code = next(
        c for c in outer.co_consts if isinstance(c, types.CodeType) and c.co_name == tree.name
    )
    _results.update(_all_code(code))
    return code.replace(co_name=func.__name__, co_qualname=func.__qualname__)


def _converted_tree(func: types.FunctionType) -> ast.FunctionDef:
    tree = function_tree(func)
    if any(isinstance(node, _UNSUPPORTED) for node in ast.walk(tree)):
        raise CannotConvertError("it is a generator or a coroutine")
    tree.decorator_list = []
    _strip_annotations(tree)
    owner = func.__qualname__.split(".")[-2:-1]
    if owner and owner != ["<locals>"]:
        _mangle_private_names(tree, owner[0])
    for inner in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)][::-1]:
        _convert_statements(inner)  # nested functions first
    arguments = [*tree.args.posonlyargs, *tree.args.args]
    first = arguments[0].arg if arguments else None
    body = [ExpressionConverter(_library_test(func), first).visit(stmt) for stmt in tree.body]
    tree.body = body
    return ast.fix_missing_locations(tree)


def _convert_statements(tree: ast.FunctionDef) -> None:
    remove_jumps(tree)
    mark_liveness(tree)
    outside = _declarations(tree)
    tree.body = outside + StatementConverter(tree).block(tree.body)


def _declarations(tree: ast.FunctionDef) -> list[ast.stmt]:
    """Takes `global` and `nonlocal` out of the body: they apply to the whole function anyway."""
    remover = _DeclarationRemover()
    tree.body = [remover.visit(stmt) for stmt in tree.body]
    return remover.found


class _DeclarationRemover(ast.NodeTransformer):
    def __init__(self) -> None:
        self.found: list[ast.stmt] = []

    def visit_Global(self, node: Any) -> ast.stmt:
        self.found.append(node)
        return ast.copy_location(ast.Pass(), node)

    visit_Nonlocal = visit_Global

    def visit_FunctionDef(self, node: Any) -> Any:
        return node

    visit_Lambda = visit_ClassDef = visit_FunctionDef


def _rebuilt(func: types.FunctionType, code: types.CodeType) -> types.FunctionType:
    """A function of the new code with everything else of the old one, its live closure included."""
    cells = dict(zip(func.__code__.co_freevars, func.__closure__ or (), strict=True))
    cells[AG] = types.CellType(operators)
    closure = tuple([cells[name] for name in code.co_freevars])
    new = types.FunctionType(code, func.__globals__, func.__name__, func.__defaults__, closure)
    new.__kwdefaults__ = func.__kwdefaults__
    new.__qualname__, new.__module__ = func.__qualname__, func.__module__
    return new


def _library_test(func: types.FunctionType) -> Callable[[str], bool]:
    closure = dict(zip(func.__code__.co_freevars, func.__closure__ or (), strict=True))

    def is_library(name: str) -> bool:
        value = func.__globals__.get(name)
        if name in closure:
            try:
                value = closure[name].cell_contents
            except ValueError:  # not assigned yet
                return False
        return isinstance(value, types.ModuleType) and value.__name__.split(".")[0] in _LIBRARIES

    return is_library


def _all_code(code: types.CodeType) -> list[types.CodeType]:
    found = [code]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found += _all_code(constant)
    return found


def _strip_annotations(tree: ast.FunctionDef) -> None:
    tree.returns = None
    given = tree.args
    for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if argument is not None:
            argument.annotation = None
    given.defaults = [ast.Constant(None) for _ in given.defaults]  # the function keeps its own
    given.kw_defaults = [None if d is None else ast.Constant(None) for d in given.kw_defaults]


def _mangle_private_names(tree: ast.AST, owner: str) -> None:
    """self.__x means self._Owner__x in the class it was written in."""
    for node in ast.walk(tree):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if isinstance(name, str) and name.startswith("__") and not name.endswith("__"):
            setattr(node, "attr" if hasattr(node, "attr") else "id", f"_{owner.lstrip('_')}{name}")
