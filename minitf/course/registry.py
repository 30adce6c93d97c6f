"""One `Exercise` per graded task, found by listing the folder `checks/`.

    from minitf.course.registry import get
    get("ch00.warm_up").title       # 'One step downhill'

Each chapter has one module in `checks/`, named like the chapter, with a tuple `EXERCISES`.
Nothing is registered by hand elsewhere: a new file in the folder is a new chapter.
How to write one: chapters/README.md.
"""

from __future__ import annotations

import difflib
import importlib.util
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from minitf.course.home import checks_folder

ID_FORM = re.compile(r"ch\d\d\.[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Probe:
    """One question put to the learner's answer, with the expected reply.

    By default the learner's first name is called with copies of `args` and `kwargs`; a name that
    is a plain value is taken as it is. `call(names, *args)` replaces that when one call is not
    enough; `names.local_derivs` is then the learner's function. `accept(got)` replaces the
    comparison with `expected` when many answers are right: it returns "" or says what is wrong.
    """

    label: str
    args: tuple[Any, ...] = ()
    expected: Any = None
    kwargs: Mapping[str, Any] | None = None
    name: str | None = None
    call: Callable[..., Any] | None = None
    accept: Callable[[Any], str] | None = None
    rtol: float = 1e-6
    atol: float = 1e-9
    edge: bool = False
    likely: str = ""


@dataclass(frozen=True)
class Mutant:
    """A plausible wrong answer, and what to say to a learner whose answer behaves like it.

    `code` is the function, class or value itself when the exercise has one name, or a source
    string that defines all of its names.
    """

    label: str
    code: Any
    diagnosis: str


@dataclass(frozen=True)
class Exercise:
    """Everything the course knows about one task, apart from its text and its solution."""

    id: str
    title: str
    names: tuple[str, ...]
    probes: Callable[[Any], Iterable[Probe]]
    hints: tuple[str, str, str]
    mutants: tuple[Mutant, ...]
    alternatives: tuple[Any, ...]
    meaning: str
    points: int
    minutes: int
    difficulty: int
    importance: int
    needs: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    seconds: float = 5.0
    version: int = 1

    @property
    def chapter(self) -> int:
        """Number of the chapter, read from the id."""
        return int(self.id[2:4])


class UnknownExercise(LookupError):
    """Raised for an id that no chapter defines; the message names the nearest ones."""

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: show the sentence and no traceback."""
        return [str(self)]


def get(exercise_id: str) -> Exercise:
    """Return the exercise with this id, or raise `UnknownExercise` naming similar ids."""
    known = exercises()
    if isinstance(exercise_id, str) and exercise_id in known:
        return known[exercise_id]
    raise UnknownExercise(_unknown_text(exercise_id, list(known)))


def exercises(chapter: int | None = None) -> dict[str, Exercise]:
    """Return all exercises (of one chapter) in course order, keyed by id."""
    known = _load_all(checks_folder())
    return {key: one for key, one in known.items() if chapter in (None, one.chapter)}


def definitions(exercise: Exercise, code: Any) -> dict[str, Any]:
    """Return the names that a mutant or an alternative defines, as a namespace."""
    if not isinstance(code, str):
        return {exercise.names[0]: code}
    namespace = engine_globals()
    exec(compile(code, f"<{exercise.id}>", "exec"), namespace)  # noqa: S102 our own source
    return {name: namespace[name] for name in exercise.names if name in namespace}


def engine_globals() -> dict[str, Any]:
    """Return the names every answer may use without an import: `math`, `np` and `tf`."""
    import math

    import numpy as np

    import minitf as tf

    return {"__name__": "__learner__", "math": math, "np": np, "tf": tf}


@cache
def _load_all(folder: Path) -> dict[str, Exercise]:
    known: dict[str, Exercise] = {}
    for path in sorted(folder.glob("ch[0-9][0-9]_*.py")):
        for exercise in _load_module(path).EXERCISES:
            if exercise.id in known:
                raise ValueError(f"{path.name} defines {exercise.id} a second time")
            known[exercise.id] = exercise
    return known


def _load_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"minitf.course.checks.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load the exercises in {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _unknown_text(exercise_id: str, known: list[str]) -> str:
    if not isinstance(exercise_id, str) or not exercise_id.strip():
        example = next(iter(known), "ch00.warm_up")
        return (
            "which exercise? Write its id between the brackets, in quotes, for example "
            f'"{example}". The id stands above each task; progress() lists them all.'
        )
    near = difflib.get_close_matches(str(exercise_id), known, n=3, cutoff=0.7)
    also = f"Did you mean {' or '.join(near)}?" if near else "progress() lists them all."
    return f"there is no exercise {exercise_id!r}. {also}"
