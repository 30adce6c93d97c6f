"""What to call a value in a picture: the learner's own name for it, else a short one.

names_of({"w": w})                  -> {w.id: "w"}
short_op_name("AddV2")              -> "add"
"""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

from minitf.backward import Record
from minitf.graph_spec import short
from minitf.tensor import Tensor
from minitf.variable import Variable


def names_of(variables: dict[str, Any]) -> dict[int, str]:
    """Ids of tensors and variables -> the first public name they have in `variables`."""
    names: dict[int, str] = {}
    for name, value in variables.items():
        if name.startswith("_"):
            continue  # IPython's _, __ and Out
        if isinstance(value, Variable):
            names.setdefault(value._snapshot.id, name)
        if isinstance(value, Tensor | Variable):
            names.setdefault(value.id, name)
    return names


def short_op_name(op: str) -> str:
    """TensorFlow's op name as a short label: AddV2 -> add, ReduceMax -> reduce_max."""
    op = re.sub(r"V\d$", "", op)
    op = {"RealDiv": "div", "Select": "where", "Pack": "stack", "MatMul": "matmul"}.get(op, op)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", op).lower()


def caller_variables() -> dict[str, Any]:
    """Variables of the nearest frame outside minitf: locals first, then globals."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("minitf"):
        frame = frame.f_back
    if frame is None:
        return {}
    inner, outer = frame.f_locals, frame.f_globals
    return {**inner, **{name: outer[name] for name in outer if name not in inner}}


class Namer:
    """Labels: the learner's own names first, then short op names, numbered when they repeat."""

    def __init__(self, names: dict[int, str]) -> None:
        self.names = dict(names)
        self.taken = set(names.values())

    def leaf(self, x: Any) -> str:
        if x.id not in self.names:
            if isinstance(x, Variable):
                name = self._free(x.name.removesuffix(":0").replace("Variable", "variable"))
            elif x.ndim == 0:
                return value_text(x._value)  # a bare number needs no name
            else:
                name = self._free("const")
            self.names[x.id] = name
        return self.names[x.id]

    def result(self, record: Record) -> str:
        first = outputs_of(record)[0]
        if first.id not in self.names:
            if record.op.name == "ReadVariableOp":
                self.names[first.id] = self.leaf(record.inputs[0])
            else:
                self.names[first.id] = self._free(short_op_name(record.op.name))
        return self.names[first.id]

    def _free(self, base: str) -> str:
        name, i = base, 0
        while name in self.taken:
            i += 1
            name = f"{base}_{i}"
        self.taken.add(name)
        return name


def value_text(value: Any) -> str:
    """A scalar in at most eight characters, or the shape of an array."""
    if value.ndim:
        return str(tuple(value.shape))
    if value.dtype.kind == "b":
        return str(bool(value))
    return short(value)


def outputs_of(record: Record) -> tuple[Tensor, ...]:
    """The results of a call, of which most have one."""
    return record.output if type(record.output) is tuple else (record.output,)
