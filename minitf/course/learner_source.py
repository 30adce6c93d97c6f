"""Get the source text of what a learner defined in a notebook cell.

    source_of("step", get_ipython().user_ns)     # 'def step(w, gradient, learning_rate): ...'
    answer_source(exercise, namespace)           # the same with the helpers it calls

`inspect.getsource` cannot find a class that was written in a notebook, so this module looks for
the definition itself: in the cell the code object came from, else in the notebook's history.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import re
import symtable
from collections.abc import Iterator, Mapping
from types import CodeType, ModuleType
from typing import Any

from minitf.course import workbench
from minitf.course.registry import Exercise, exercises

_GIVEN = {"np", "tf", "math"}
_PLAIN = (int, float, complex, str, bool, type(None))


def source_of(name: str, namespace: Mapping[str, Any]) -> str:
    """Return the source that defines `name`, or "" when it cannot be found."""
    for text in _candidate_texts(namespace[name], namespace):
        found = _definition(name, text)
        if found:
            return found
    return f"{name} = {namespace[name]!r}\n" if _is_plain(namespace[name]) else ""


def answer_source(exercise: Exercise, namespace: Mapping[str, Any]) -> str:
    """Return source that defines the exercise's names and the learner's helpers they use.

    Returns "" when the source of one of the names cannot be found.
    """
    parts = [source_of(name, namespace) for name in exercise.names]
    if not all(parts):
        return ""
    own = set(exercise.names)
    others = {name for one in exercises().values() for name in one.names} - own
    skip = own | others | _GIVEN | set(dir(builtins))
    helpers = _helpers("\n".join(parts), namespace, skip)
    return "\n\n".join([*helpers, *parts])


def code_files(value: Any) -> set[str]:
    """Return the files (notebook cells) in which a function, class or dict of them was written."""
    return {code.co_filename for code in _code_objects(value)}


def has_newer_cell(name: str, namespace: Mapping[str, Any]) -> bool:
    """Tell whether a later cell writes `name` than the one its value came from.

    That cell then stopped before its definition was reached, and the kernel kept the older one.
    """
    history = namespace.get("In")
    files = code_files(namespace[name])
    used = {"".join(linecache.getlines(file)).strip() for file in files} - {""}
    if not used or not isinstance(history, list):
        return False
    written = re.compile(rf"^(def|class)\s+{re.escape(name)}\b", re.MULTILINE)
    newest = next((text for text in reversed(history) if written.search(text)), None)
    return newest is not None and newest.strip() not in used


def _candidate_texts(value: Any, namespace: Mapping[str, Any]) -> Iterator[str]:
    for filename in sorted(code_files(value)):
        yield "".join(linecache.getlines(filename))
    history = namespace.get("In")
    if isinstance(history, list):
        yield from reversed(history)


def _code_objects(value: Any) -> Iterator[CodeType]:
    function = getattr(value, "__wrapped__", value)
    if hasattr(function, "__code__"):
        yield function.__code__
    elif isinstance(function, type | dict):
        members = function if isinstance(function, dict) else vars(function)
        for member in members.values():
            code = getattr(member, "__code__", None)
            if code is not None:
                yield code


def _definition(name: str, text: str) -> str:
    """Return the last top-level statement of `text` that binds `name`, with its decorators."""
    try:
        statements = ast.parse(text).body
    except SyntaxError:  # a cell with %magics
        return ""
    for statement in reversed(statements):
        if name in _bound_names(statement):
            first = min([statement.lineno, *_decorator_lines(statement)])
            return "\n".join(text.splitlines()[first - 1 : statement.end_lineno]) + "\n"
    return ""


def _bound_names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {one.asname or one.name.partition(".")[0] for one in statement.names}
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    stored = (node for target in targets for node in ast.walk(target))
    return {node.id for node in stored if isinstance(node, ast.Name)}


def _decorator_lines(statement: ast.stmt) -> list[int]:
    return [one.lineno for one in getattr(statement, "decorator_list", [])]


def _helpers(source: str, namespace: Mapping[str, Any], skip: set[str]) -> list[str]:
    """Return sources of the globals that `source` reads, helpers of helpers first."""
    found: list[str] = []
    for name in sorted(_names_read(source) - skip):
        skip.add(name)
        if name in namespace:
            text = _helper_source(name, namespace)
            found += [*_helpers(text, namespace, skip), text] if text else []
    return found


def _names_read(source: str) -> set[str]:
    """Return the names that are looked up outside of functions; a local `x` is none."""
    tables = [symtable.symtable(source, "<answer>", "exec")]
    found = set()
    for table in tables:  # grows while it is walked
        tables += table.get_children()
        is_module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (is_module or symbol.is_global()):
                found.add(symbol.get_name())
    return found


def _helper_source(name: str, namespace: Mapping[str, Any]) -> str:
    value = namespace[name]
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}\n"
    if getattr(workbench, name, None) is value:
        return f"from {workbench.__name__} import {name}\n"  # a copy of TAPES would hear nothing
    module = getattr(value, "__module__", None)
    if module and module != namespace.get("__name__") and hasattr(value, "__name__"):
        return f"from {module} import {value.__name__} as {name}\n"
    return source_of(name, namespace)


def _is_plain(value: Any) -> bool:
    if isinstance(value, _PLAIN):
        return True
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    return False
