"""Plan: the loop that runs compiled steps over plain arrays.

values = [inputs..., constants..., one place per result]
for run, inputs, output in steps:
    values[output] = run(*[values[i] for i in inputs])
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from minitf.errors import OpError
from minitf.execute import execute
from minitf.state import state
from minitf.tensor import Tensor
from minitf.variable import Variable


class Step(NamedTuple):
    """One call.

    Attributes:
        run: function of the values; returns one value, or a tuple of them for several outputs.
        inputs: numbers of its inputs.
        output: number of its output; a slice of numbers if it has several, or none.
        node: what it stands for.
        place: where the result goes, in words, for printing.
    """

    run: Callable[..., Any]
    inputs: tuple[int, ...]
    output: int | slice
    node: Any
    place: str


class Plan:
    """Steps and the values they work on.

    One thread at a time: the buffers are shared by all calls.

    Attributes:
        steps: in order.
        size: bytes of all buffers.
    """

    def __init__(
        self, name: str, steps: list[Step], template: list[Any], outputs: list[Any], size: int
    ) -> None:
        self.name = name
        self.steps = steps
        self.size = size
        self._template = template  # values before a call: inputs and results are missing
        self._outputs = outputs  # (number of the value, its op or None for an input or constant)
        self._lock = threading.Lock()

    def run(self, inputs: list[Any]) -> list[Tensor] | None:
        """The results for tensors and variables; None if the plan is being run right now.

        That is so if another thread runs it, or if a step of it has called the function again.

        Raises:
            the error that eager execution would raise.
        """
        if not self._lock.acquire(blocking=False):
            return None
        try:
            values = self._template.copy()
            for i, x in enumerate(inputs):
                values[i] = x if isinstance(x, Variable) else x._value
            self._run_from(0, values)
            return [Tensor(values[i], op) for i, op in self._outputs]
        finally:
            self._lock.release()

    def _run_from(self, start: int, values: list[Any]) -> None:
        steps = self.steps[start:] if start else self.steps
        position = start
        try:
            for run, inputs, output, _, _ in steps:
                values[output] = run(*[values[i] for i in inputs])
                position += 1
            return
        except OpError:
            raise
        except (ValueError, TypeError, IndexError):
            step = self.steps[position]
            if step.node.op.kernel is None:  # a branch, a loop, a Python function: its own error
                raise
            values[step.output] = _as_eager(step, values)
        self._run_from(position + 1, values)

    def __repr__(self) -> str:
        lines = [f"plan {self.name}: {len(self.steps)} steps, {self.size:,} bytes of buffers"]
        return "\n".join([*lines, *(f"  {s.node!r}{s.place}" for s in self.steps)])


def _as_eager(step: Step, values: list[Any]) -> Any:
    """Runs a step that failed once more as an eager operation, which explains the error.

    If it succeeds, the shapes were not what the plan expected, and the result is as good as any.
    """
    outer, state.tapes = state.tapes, ()
    try:
        tensors = tuple([Tensor(values[i]) for i in step.inputs])
        found = execute(step.node.op, tensors, step.node.attrs)
    finally:
        state.tapes = outer
    return tuple([x._value for x in found]) if type(found) is tuple else found._value
