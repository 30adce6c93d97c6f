"""Programs of ch05.explain_none, run for real: what does minitf's own doctor say?

    program, target, source = PATIENTS["watched too late"]
    cause_on_a_real_tape(program, target, source)      # "watched_late"

A program is {"before": records, "inside": records, "after": records}; a record is
(name, op, inputs, dtype).
"""

from __future__ import annotations

from typing import Any

import minitf as tf

Record = tuple[str, str, tuple[str, ...], str]
Program = dict[str, list[Record]]

X: Record = ("x", "Constant", (), "float32")
W: Record = ("w", "Variable", (), "float32")
WATCH_X: Record = ("", "Watch", ("x",), "")
Y_IS_X_X: Record = ("y", "Mul", ("x", "x"), "float32")
Y_IS_W_W: Record = ("y", "Mul", ("w", "w"), "float32")


def program(before: list[Record], inside: list[Record], *after: Record) -> Program:
    """A program of these records."""
    return {"before": before, "inside": inside, "after": list(after)}


PATIENTS: dict[str, tuple[Program, str, str]] = {
    "a constant": (program([X], [Y_IS_X_X]), "y", "x"),
    "a constant, watched": (program([X], [WATCH_X, Y_IS_X_X]), "y", "x"),
    "watched too late": (program([X], [Y_IS_X_X, WATCH_X]), "y", "x"),
    "a variable": (program([W], [Y_IS_W_W]), "y", "w"),
    "an integer variable": (
        program([("n", "Variable", (), "int32")], [("y", "Cast", ("n",), "float32")]), "y", "n",
    ),
    "through NumPy, then one more line": (
        program([W], [("a", "NumPy", ("w",), "float32"), ("y", "Sin", ("a",), "float32")]),
        "y", "w",
    ),
    "rounded": (
        program([W], [("a", "Round", ("w",), "float32"), ("y", "Sin", ("a",), "float32")]),
        "y", "w",
    ),
    "cast to integers and back": (
        program([W], [("a", "Cast", ("w",), "int32"), ("y", "Cast", ("a",), "float32")]), "y", "w",
    ),
    "the last line after the block": (
        program([W], [("a", "Mul", ("w", "w"), "float32")], ("y", "Sin", ("a",), "float32")),
        "y", "w",
    ),
    "used for something else": (
        program([W, X], [WATCH_X, ("z", "Sin", ("w",), "float32"), Y_IS_X_X]), "y", "w",
    ),
}  # fmt: skip


def cause_on_a_real_tape(program: Program, target: str, source: str) -> str:
    """Run the records on a tape of minitf and return the cause that `tape.explain` finds.

    Raises:
        ValueError: a record with an operation that is not known here.
    """
    values: dict[str, Any] = {}
    tape = tf.GradientTape()
    _run(program["before"], values, tape)
    with tape:
        _run(program["inside"], values, tape)
    _run(program["after"], values, tape)
    return tape.explain(values[target], values[source]).cause


def _run(records: list[Record], values: dict[str, Any], tape: tf.GradientTape) -> None:
    for name, op, inputs, dtype in records:
        arguments = [values[one] for one in inputs]
        if op == "Watch":
            tape.watch(arguments)
        else:
            values[name] = _value(op, arguments, dtype)


def _value(op: str, arguments: list[Any], dtype: str) -> Any:
    if op == "Constant":
        return tf.constant(2, dtype)
    if op == "Variable":
        return tf.Variable(2, dtype=dtype)
    if op == "NumPy":
        return tf.constant(arguments[0].numpy())
    if op == "Cast":
        return tf.cast(arguments[0], dtype)
    operations = {"Add": tf.add, "Mul": tf.multiply, "Sin": tf.sin, "Round": tf.round,
                  "Floor": tf.floor, "Greater": tf.greater}  # fmt: skip
    if op not in operations:
        raise ValueError(f"{op!r} cannot be run here; known are {', '.join(operations)}")
    return operations[op](*arguments)
