"""Running a few lines of a learner's code while everything they do is written down.

    seen = run_snippet("with tf.GradientTape() as tape:\\n    y = x * x\\ntape.gradient(y, x)", x=x)
    seen.calls                  # every operation, whether or not a tape recorded it
    seen.tapes["tape"].rows     # what the tape recorded, also after gradient() has freed it
    seen.gradients              # which gradients were asked for: [("tape", "y", "x")]

The lines run as they are, with the tapes they open. A listener stands beside those tapes.
"""

from __future__ import annotations

import ast
import itertools
import linecache
from typing import Any, NamedTuple

from minitf import tape_views
from minitf.backward import Record
from minitf.origins import Origin, Origins
from minitf.state import listening, state
from minitf.tape import GradientTape
from minitf.tensor import Tensor
from minitf.variable import Variable

_numbers = itertools.count(1)


class Call(NamedTuple):
    """One operation: `kind` is "op", "read" (of a variable), "assign" or "numpy".

    Attributes:
        op: TensorFlow's name of it; "" where it is none.
        inputs, outputs: tensors and variables.
        text: how the call reads, with {0}, {1} for the inputs; None if unknown.
    """

    kind: str
    op: str
    inputs: tuple
    outputs: tuple
    text: str | None = None


class SeenTape(NamedTuple):
    """A tape that recorded, and its rows."""

    tape: GradientTape
    rows: list[tuple]

    @property
    def records(self) -> list[Record]:
        """The rows as Records."""
        return [Record._make(row) for row in self.rows]


class GradientCall(NamedTuple):
    """A line `tape.gradient(target, source)`, as texts."""

    tape: str
    target: str
    source: str
    line: int


class Seen(NamedTuple):
    """What a snippet did.

    Attributes:
        file: the name its lines have in `where`.
        names: its variables afterwards.
        where: source lines by value.
        calls: every operation in the order of execution.
        tapes: tapes that recorded something, by the name of their variable.
        gradients: the gradients it asked for.
    """

    source: str
    file: str
    names: dict[str, Any]
    where: Origins
    calls: list[Call]
    tapes: dict[str, SeenTape]
    gradients: list[GradientCall]

    def value(self, text: str) -> Any:
        """What an expression of the snippet is worth afterwards."""
        return eval(compile(text, self.file, "eval"), dict(self.names))

    def place_of(self, x: Any) -> Origin | None:
        """Where a value was made."""
        return self.where.of(x)


def run_snippet(source: str, /, **values: Any) -> Seen:
    """Runs the lines with `tf` and `values` as their variables.

    Raises:
        SyntaxError: the lines are no Python.
        whatever the lines raise.
    """
    import minitf

    file = f"<snippet {next(_numbers)}>"
    lines = source.splitlines(keepends=True)
    tree = ast.parse(source, file)
    linecache.cache[file] = (len(source), None, lines, file)  # tracebacks and origins show them
    names: dict[str, Any] = {"tf": minitf, **values, "__name__": "__main__"}
    witness, where = Witness(), Origins()
    with listening(witness), listening(where):
        exec(compile(tree, file, "exec"), names)
    tapes = {name: witness.seen_tape(x) for name, x in names.items() if isinstance(x, GradientTape)}
    del names["__builtins__"], names["__name__"]
    return Seen(source, file, names, where, witness.calls, tapes, gradient_calls(tree))


def gradient_calls(tree: ast.AST) -> list[GradientCall]:
    """The calls `name.gradient(target, source)` in the order of their lines."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, given = node.func.value, {k.arg: k.value for k in node.keywords}
        given |= dict(zip(("target", "sources"), node.args, strict=False))
        if node.func.attr != "gradient" or not isinstance(owner, ast.Name):
            continue
        if {"target", "sources"} <= set(given):
            texts = ast.unparse(given["target"]), ast.unparse(given["sources"])
            found.append(GradientCall(owner.id, *texts, node.lineno))
    return sorted(found, key=lambda call: call.line)


class Witness:
    """Listens to operations like one more tape, and keeps the rows of the tapes beside it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._rows: dict[GradientTape, list[tuple]] = {}

    def seen_tape(self, tape: GradientTape) -> SeenTape:
        """The tape with all it recorded while this was listening."""
        return SeenTape(tape, self._rows.get(tape, tape_views.rows(tape)))

    # Called by execute and by variables, as for a tape.

    def _record(self, op: Any, inputs: tuple, attrs: dict, output: Any) -> None:
        outputs = output if type(output) is tuple else (output,)
        self._add(Call("op", op.name, inputs, outputs, op.text))

    def _record_read(self, variable: Any, snapshot: Any) -> None:
        self._add(Call("read", "ReadVariableOp", (variable,), (snapshot,), "{0}"))

    def _note_numpy(self, tensor: Any) -> None:
        self._add(Call("numpy", "", (tensor,), ()))

    def _note_assign(self, variable: Any, value: Any) -> None:
        if isinstance(value, Tensor | Variable):
            self._add(Call("assign", "", (value,), (variable,)))

    def _add(self, call: Call) -> None:
        self.calls.append(call)
        for tape in state.tapes:
            if isinstance(tape, GradientTape):  # gradient() frees rows by making a new list
                self._rows[tape] = tape_views.rows(tape)
