"""Values, and `apply`: where an operation runs and every open tape hears of it.

    x, w = Value(2.0), Value(3.0)
    y = x * w                       # the same as apply("mul", x, w)

Nothing here knows a derivative. Those are your rules.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minitf.course.workbench.kernels import KERNELS

TAPES: list[Any] = []  # the tapes that record now, outermost first; a tape adds and removes itself


class Value:
    """A NumPy array (or number) that flows through operations.

    Attributes:
        data: the array; float32 unless an array of another dtype is given. A parameter gets new
            data in each training step; nothing ever writes into an array.
        name: for printing.
    """

    __slots__ = ("data", "name")
    __array_priority__ = 100  # so that `array * value` is ours, not NumPy's

    def __init__(self, data: Any, name: str = "") -> None:
        known = isinstance(data, np.ndarray | np.generic)
        self.data = np.asarray(data) if known else np.asarray(data, np.float32)
        self.name = name

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return self.data.shape

    def __repr__(self) -> str:
        shown = f"{self.data:.6g}" if self.data.ndim == 0 else f"shape {self.data.shape}"
        return f"Value({self.name + ': ' if self.name else ''}{shown})"

    def __add__(self, other: Any) -> Value:
        return apply("add", self, other)

    def __radd__(self, other: Any) -> Value:
        return apply("add", other, self)

    def __sub__(self, other: Any) -> Value:
        return apply("sub", self, other)

    def __rsub__(self, other: Any) -> Value:
        return apply("sub", other, self)

    def __mul__(self, other: Any) -> Value:
        return apply("mul", self, other)

    def __rmul__(self, other: Any) -> Value:
        return apply("mul", other, self)

    def __truediv__(self, other: Any) -> Value:
        return apply("div", self, other)

    def __rtruediv__(self, other: Any) -> Value:
        return apply("div", other, self)

    def __matmul__(self, other: Any) -> Value:
        return apply("matmul", self, other)

    def __neg__(self) -> Value:
        return apply("neg", self)

    def __abs__(self) -> Value:
        return apply("abs", self)

    def __getitem__(self, index: Any) -> Value:
        return apply("slice", self, index=index)


class Entry(NamedTuple):
    """One line of a tape: `output = op(*inputs)`.

    Attributes:
        op: name of the operation, a key of KERNELS.
        inputs: the Values it was given.
        output: the Value it made.
        attrs: its further arguments, such as an axis.
    """

    op: str
    inputs: tuple[Value, ...]
    output: Value
    attrs: dict[str, Any]


def apply(op: str, *inputs: Any, **attrs: Any) -> Value:
    """Runs one operation and offers it to every tape that records.

    Args:
        op: a key of KERNELS.
        inputs: Values; anything else becomes one.
        attrs: further arguments of the kernel.

    Raises:
        KeyError: no kernel of that name.
    """
    if op not in KERNELS:
        raise KeyError(f"no operation {op!r}; the workbench has {', '.join(sorted(KERNELS))}")
    values = tuple([x if isinstance(x, Value) else _constant(x, inputs) for x in inputs])
    output = Value(KERNELS[op](*[x.data for x in values], **attrs))
    for tape in TAPES:
        tape.record(Entry(op, values, output, attrs))
    return output


def _constant(x: Any, beside: tuple[Any, ...]) -> Value:
    """A number takes the dtype of the Value beside it."""
    if isinstance(x, float | int):
        for other in beside:
            if isinstance(other, Value) and other.data.dtype.kind == "f":
                return Value(other.data.dtype.type(x))
    return Value(x)
