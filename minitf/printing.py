"""tf.print and tf.debugging.Assert: values shown and checked at each call of a traced function.

@tf.function
def f(x):
    print("traced")          # once: Python runs while the function is traced
    tf.print("x is", x)      # at each call
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.later import call_later
from minitf.state import state, unobserved
from minitf.tensor import Tensor
from minitf.variable import Variable


def print_tensors(
    *inputs: Any, output_stream: Any = None, summarize: int = 3, sep: str = " ", end: str = "\n",
    name: str | None = None,
) -> None:  # fmt: skip
    """tf.print: writes values to the error stream, at each call of a traced function too.

    Args:
        inputs: tensors and anything else.
        output_stream: sys.stdout, sys.stderr (the default) or an open file.
        summarize: how many elements of each axis to show at both ends; -1 shows all.
        sep, end: as in Python's print.
    """
    if state.tracer is not None:
        given = {"output_stream": output_stream, "summarize": summarize, "sep": sep, "end": end}
        call_later(print_tensors, inputs, (), given, effect=True)
        return
    limit = sys.maxsize if summarize in (None, -1) else summarize
    stream = sys.stderr if output_stream is None else output_stream
    stream.write(sep.join([_written(x, limit) for x in inputs]) + end)


def Assert(
    condition: Any, data: Any, summarize: int | None = None, name: str | None = None
) -> None:  # noqa: N802
    """Raises if `condition` is False when the function runs.

    Raises:
        InvalidArgumentError: the condition is False; `data` is shown.
    """
    if state.tracer is not None:
        call_later(Assert, (condition, data, summarize), (), effect=True)
        return
    if not bool(np.all(convert_to_tensor(condition).numpy())):
        shown = " ".join(_written(x, summarize or 3) for x in data)
        raise InvalidArgumentError(
            f"Expected '{condition}' to be true. Summarized data: {shown}", "Assert"
        )


def _written(value: Any, limit: int) -> str:
    if isinstance(value, Variable | Tensor):
        with unobserved():
            return _array_text(np.asarray(convert_to_tensor(value)._value), limit)
    if isinstance(value, list | tuple):
        parts = ", ".join(_written(x, limit) for x in value)
        return f"[{parts}]" if isinstance(value, list) else f"({parts})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_written(x, limit)}" for k, x in value.items()) + "}"
    return str(value)


def _array_text(value: np.ndarray, limit: int) -> str:
    """[1 2 3 ... 8 9 10], rows on lines of their own: as tf.print writes arrays."""
    if value.dtype.kind == "O":
        return _bytes_text(value)
    if not value.ndim:
        return _number(value[()])
    with np.printoptions(threshold=1, edgeitems=min(limit, 10**6), linewidth=sys.maxsize):
        shown = np.array2string(value, separator=" ", formatter={"all": _number})
    return shown


def _number(x: Any) -> str:
    if isinstance(x, bool | np.bool_):
        return "1" if x else "0"
    if isinstance(x, float | np.floating):
        few, all_digits = (6, 9) if np.dtype(type(x)).itemsize <= 4 else (15, 17)
        short = f"{x:.{few}g}"
        return short if type(x)(short) == x or x != x else f"{x:.{all_digits}g}"
    return str(x)


def _bytes_text(value: Any) -> str:
    if not value.ndim:
        return f'"{value[()].decode(errors="replace")}"'
    return "[" + " ".join(f'"{x.decode(errors="replace")}"' for x in value.reshape(-1)) + "]"
