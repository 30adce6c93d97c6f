"""Takes: a computation on its tapes, ready for TapeView, from whatever the learner has at hand.

take_of_function(f, (2.0, w), order=1)      # calls it on a tape
take_of_source("y = x * x", {"x": 2.0})     # runs the lines; on a tape if they open none
take_of_tapes([(tape, loss)])               # a tape that still has its rows
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf import tape_views
from minitf.execute import convert_to_tensor
from minitf.graph_names import Namer, caller_variables, names_of
from minitf.inspect import rows
from minitf.origins import Origins, latest_origins
from minitf.tape import GradientTape
from minitf.tensor import Tensor
from minitf.variable import Variable
from minitf.viz.snippets import GradientCall, Seen, run_snippet
from minitf.viz.tape_frames import Frame, Reel, film

MANY_ROWS = 300  # more cannot be followed row by row


@dataclass(frozen=True)
class Line:
    """A source line: number and text; `title` stands above it if it begins a part."""

    number: int
    text: str
    title: str = ""


@dataclass(frozen=True)
class Take:
    """One run of a computation: its code, its tapes, its film."""

    label: str
    lines: tuple[Line, ...]
    reels: tuple[Reel, ...]
    frames: tuple[Frame, ...]


def take_of_function(f: Callable[..., Any], args: tuple, order: int) -> list[Take]:
    """Calls `f` on a tape; for order 2 on two tapes, with the inner gradient inside and outside.

    Raises:
        TypeError: the arguments do not fit `f`.
        ValueError: no argument can be differentiated by.
    """
    python = getattr(f, "python_function", f)
    values: dict[str, Any] = inspect.signature(python).bind(*args).arguments
    values = {name: _as_value(x) for name, x in values.items()}
    name = f.__name__ if getattr(f, "__name__", "").isidentifier() else "f"
    inside = getattr(getattr(python, "__code__", None), "co_varnames", ())
    result = next(n for n in ("y", "loss", "result", "answer") if n not in {*values, *inside})
    call = f"{result} = {name}({', '.join(values)})"
    sources = [n for n, x in values.items() if _is_source(x)]
    watched = [n for n in sources if isinstance(values[n], Tensor)]
    outside = _variables_used(python, taken={*values, name, result})
    own = _function_lines(python)
    given = {name: f, **values, **outside}
    if order == 1:
        source = _on_one_tape(call, result, [*sources, *outside], watched)
        return [_take("", run_snippet(source, **given), own)]
    if not sources:
        raise ValueError(
            "order=2 differentiates twice by the first argument that is a float tensor or a "
            f"variable, and {name} got none. Write 2.0 instead of 2."
        )
    takes = []
    for label, inside in {"inside the outer tape": True, "after the outer tape": False}.items():
        source = _on_two_tapes(call, result, sources[0], watched, inside)
        takes.append(_take(label, run_snippet(source, **given), own))
    return takes


def take_of_source(source: str, values: dict[str, Any]) -> Take:
    """Runs the lines; without a tape of their own they are put on one.

    Raises:
        ValueError: a tape is opened, but no gradient of one named value asked for.
        whatever the lines raise.
    """
    source = textwrap.dedent(source).strip("\n") + "\n"
    values = {name: _as_value(x) for name, x in values.items()}
    if "GradientTape" not in source:
        sources = [n for n, x in values.items() if _is_source(x)]
        watched = [n for n in sources if isinstance(values[n], Tensor)]
        source = _on_one_tape(source, _last_name(source), sources, watched)
    return _take("", run_snippet(source, **values), None)


def take_of_tapes(pairs: list[tuple[GradientTape, Any]]) -> Take:
    """Tapes as they are, with what each was asked for.

    Raises:
        RuntimeError: a tape has been used, so its rows are gone.
        TypeError: a pair is not a tape and a tensor.
    """
    known = caller_variables()
    where = latest_origins()
    namer = _namer(known, where)
    listing = _Listing(where)
    reels = []
    for tape, target in pairs:
        _check_pair(tape, target)
        rows(tape)  # says what to do about a tape that was used
        title = next((n for n, x in known.items() if x is tape), "tape")
        reels.append(Reel(title, tape, tape_views.records(tape), target, namer))
    listing.add_origins(reels)
    return _finished("", listing, reels, namer)


# -- the lines around the learner's own


def _on_one_tape(body: str, target: str, sources: list[str], watched: list[str]) -> str:
    watch = [f"tape.watch({_one_or_list(watched)})"] if watched else []
    block = textwrap.indent("\n".join([*watch, body.rstrip()]), "    ")
    of = f"[{', '.join(sources)}]" if sources else "tape.watched_variables()"
    return f"with tf.GradientTape() as tape:\n{block}\ngradients = tape.gradient({target}, {of})\n"


def _on_two_tapes(call: str, y: str, source: str, watched: list[str], inside: bool) -> str:
    names = [_one_or_list(watched)] if watched else []
    lines = [
        "with tf.GradientTape() as outer:",
        *[f"    outer.watch({x})" for x in names],
        "    with tf.GradientTape() as inner:",
        *[f"        inner.watch({x})" for x in names],
        f"        {call}",
        f"{'    ' if inside else ''}d{y} = inner.gradient({y}, {source})",
        f"d2{y} = outer.gradient(d{y}, {source})",
    ]
    return "\n".join(lines) + "\n"


def _one_or_list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _last_name(source: str) -> str:
    """The variable that the last line assigns."""
    last = ast.parse(source).body[-1]
    if isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        return last.targets[0].id
    raise ValueError(
        "The last line must give the result a name, such as loss = tf.abs(error): its gradients "
        f"are shown. It is: {ast.unparse(last)}"
    )


def _as_value(x: Any) -> Any:
    """Floats and arrays of floats become tensors, which can be watched; the rest stays."""
    if isinstance(x, float | np.floating | np.ndarray):
        return convert_to_tensor(x)
    if isinstance(x, list) and np.asarray(x).dtype.kind == "f":
        return convert_to_tensor(x)
    return x


def _variables_used(f: Any, taken: set[str]) -> dict[str, Variable]:
    """Variables that the function finds outside itself, by name."""
    try:
        used = inspect.getclosurevars(f)
    except TypeError:  # no Python function
        return {}
    found = {**used.globals, **used.nonlocals}
    return {n: x for n, x in found.items() if isinstance(x, Variable) and n not in taken}


def _is_source(x: Any) -> bool:
    return isinstance(x, Tensor | Variable) and x.dtype.is_floating


# -- from a run to a take


def _take(label: str, seen: Seen, own: list[tuple[str, int, str]] | None) -> Take:
    namer = _namer(seen.names, seen.where)
    listing = _Listing(seen.where)
    if own:
        listing.block(own)
    lines = seen.source.splitlines()
    title = "" if not own else "the tapes" if label else "the tape"
    listing.block([(seen.file, n, text) for n, text in enumerate(lines, 1)], title)
    reels = []
    for call in _asked(seen):
        tape = seen.tapes[call.tape]
        target = seen.value(call.target)
        _check_pair(tape.tape, target)
        ask = listing.index(seen.file, call.line)
        reels.append(Reel(call.tape, tape.tape, tape.records, target, namer, ask))
    listing.add_origins(reels)
    return _finished(label, listing, reels, namer)


def _finished(label: str, listing: _Listing, reels: list[Reel], namer: Namer) -> Take:
    longest = max(len(reel.rows) for reel in reels)
    if longest > MANY_ROWS:
        raise ValueError(
            f"The tape has {longest} rows; more than {MANY_ROWS} cannot be followed row by row. "
            "Give it fewer steps of a loop, or a smaller model."
        )
    if longest == 0:
        raise ValueError(
            "The tape recorded nothing: no operation had a watched input. Pass floats (2.0, not "
            "2) or variables, or call tape.watch(x). tf.viz.NoneDoctor says more."
        )
    frames = film(reels, namer, listing.line_of)
    return Take(label, tuple(listing.lines), tuple(reels), tuple(frames))


def _asked(seen: Seen) -> list[GradientCall]:
    """The gradients that can be shown: the last one, and the one of a tape inside it."""
    calls = {call.tape: call for call in seen.gradients if call.tape in seen.tapes}
    if not calls:
        raise ValueError(
            "No gradient is asked for. End with a line such as gradient = tape.gradient(loss, x)."
        )
    return list(calls.values())[-2:]


def _check_pair(tape: Any, target: Any) -> None:
    if not isinstance(tape, GradientTape):
        raise TypeError(f"A tf.GradientTape comes first, not {type(tape).__name__}: {tape!r}.")
    if not isinstance(target, Tensor | Variable):
        raise TypeError(
            f"After a tape comes the one tensor to differentiate; got {type(target).__name__}: "
            f"{target!r}."
        )


def _namer(names: dict[str, Any], where: Origins) -> Namer:
    known = names_of(names)
    lines = {i: name for i, name in where.names().items() if name not in known.values()}
    return Namer(lines | known)


def _first(record: Any) -> Any:
    return record.output[0] if type(record.output) is tuple else record.output


def _function_lines(f: Any) -> list[tuple[str, int, str]] | None:
    """(file, number, text) of a function's source; None if it cannot be found."""
    try:
        lines, start = inspect.getsourcelines(f)
        file = inspect.getsourcefile(f) or f.__code__.co_filename
    except (OSError, TypeError):
        return None
    file = f.__code__.co_filename if hasattr(f, "__code__") else file
    texts = textwrap.dedent("".join(lines)).rstrip().splitlines()
    return [(file, start + i, text) for i, text in enumerate(texts)]


class _Listing:
    """The lines that are shown, and which of them made a value."""

    def __init__(self, where: Origins) -> None:
        self.lines: list[Line] = []
        self._where = where
        self._index: dict[tuple[str, int], int] = {}

    def block(self, lines: list[tuple[str, int, str]], title: str = "") -> None:
        """Lines that belong together."""
        for k, (file, number, text) in enumerate(lines):
            self._index[file, number] = len(self.lines)
            self.lines.append(Line(number, text, title if k == 0 else ""))

    def add_origins(self, reels: list[Reel]) -> None:
        """Lines that made a row and are not there yet: of functions that are called, say."""
        found = {self._where.of(_first(record)) for reel in reels for record in reel.records}
        more = {(o.file, o.line, o.source) for o in found if o is not None and o.source}
        more = {x for x in more if x[:2] not in self._index}
        self.block(sorted(more), "called from there" if self.lines else "")

    def index(self, file: str, number: int) -> int | None:
        return self._index.get((file, number))

    def line_of(self, record: Any) -> int | None:
        """Index of the line that made a record's result."""
        origin = self._where.of(_first(record))
        return self.index(origin.file, origin.line) if origin else None
