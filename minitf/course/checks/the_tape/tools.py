"""What the probes of chapter 04 share: a clean workbench, right rules, and slopes by nudging.

with clean_workbench():
    entries, target, sources = written_down(fan_out, 2.0, 3.0)
slopes_by_nudging(fan_out, 2.0, 3.0)      # another road to the same gradients
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from minitf.course.workbench import TAPES, Entry, Value, apply

Program = Callable[..., Value]


class ReferenceRecorder:
    """The course's own recorder: mutants and alternatives stand on it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)

    def __enter__(self) -> Any:
        TAPES.append(self)
        return self

    def __exit__(self, *exception: object) -> None:
        TAPES.remove(self)


@contextmanager
def clean_workbench() -> Iterator[None]:
    """No tape is open inside; afterwards those that were open before are open again."""
    before = TAPES[:]
    TAPES.clear()
    try:
        yield
    finally:
        TAPES[:] = before


def written_down(program: Program, *numbers: Any) -> tuple[list[Entry], Value, list[Value]]:
    """Run a program on Values of float64; return the entries, its result and its inputs."""
    sources = [value64(number) for number in numbers]
    with clean_workbench(), ReferenceRecorder() as recorder:
        target = program(*sources)
    return recorder.entries, target, sources


def value64(number: Any) -> Value:
    """A Value of float64: differences need the digits."""
    return Value(np.asarray(number, np.float64))


def slopes_by_nudging(program: Program, *numbers: Any, eps: float = 1e-6) -> list[np.ndarray]:
    """Central differences of the sum of all elements of the result, element by element."""
    arrays = [np.asarray(number, np.float64) for number in numbers]
    with clean_workbench():
        return [_slope(program, arrays, k, eps) for k in range(len(arrays))]


def _slope(program: Program, arrays: list[np.ndarray], k: int, eps: float) -> np.ndarray:
    slope = np.zeros_like(arrays[k])
    for place in np.ndindex(arrays[k].shape):
        ends = []
        for step in (eps, -eps):
            nudged = [array.copy() for array in arrays]
            nudged[k][place] += step
            ends.append(program(*map(Value, nudged)).data.sum())
        slope[place] = (ends[0] - ends[1]) / (2 * eps)
    return slope


# -- programs


def fan_out(x: Value, w: Value) -> Value:
    """The lesson's example: u is used twice, and so is x."""
    u = x * w
    v = u + x
    return u * v


def absolute_error(x: Value, w: Value, b: Value, y_true: Value) -> Value:
    """The loss of chapter 02."""
    return abs(y_true - (x * w + b))


def all_eight(x: Value, w: Value, b: Value) -> Value:
    """Every scalar operation at least once, with values that are used again."""
    u = apply("sin", x * w) - b
    v = apply("exp", -u) + x
    return abs(v / (w * w + 2.0)) * u + v


def shared_sum(x: Value, z: Value) -> Value:
    """x and z are handed the same array by `add`; then one of them gets more."""
    doubled = x * 2.0
    total = x + z
    return doubled + total


# -- right rules, and two more that are not in chapter 04


def vjp_add(upstream, inputs, output):
    return upstream, upstream


def vjp_sub(upstream, inputs, output):
    return upstream, -upstream


def vjp_mul(upstream, inputs, output):
    x, y = inputs
    return upstream * y, upstream * x


def vjp_div(upstream, inputs, output):
    x, y = inputs
    return upstream / y, -upstream * x / (y * y)


def vjp_neg(upstream, inputs, output):
    return (-upstream,)


def vjp_abs(upstream, inputs, output):
    return (upstream * np.sign(inputs[0]),)


def vjp_exp(upstream, inputs, output):
    return (upstream * output,)


def vjp_sin(upstream, inputs, output):
    return (upstream * np.cos(inputs[0]),)


def vjp_sum(upstream, inputs, output, axis=None):
    spread = upstream if axis is None else np.expand_dims(upstream, axis)
    return (np.broadcast_to(spread, inputs[0].shape),)


def vjp_gather(upstream, inputs, output):
    table, rows = inputs
    gradient = np.zeros_like(table)
    np.add.at(gradient, rows, upstream)
    return gradient, None  # a row number has no gradient


RULES = {
    "add": vjp_add, "sub": vjp_sub, "mul": vjp_mul, "div": vjp_div, "neg": vjp_neg,
    "abs": vjp_abs, "exp": vjp_exp, "sin": vjp_sin,
}  # fmt: skip
MORE_RULES = {**RULES, "sum": vjp_sum, "gather": vjp_gather}


def reference_sweep(entries, target, sources, rules):
    """The course's own walk back, for mutants of the tape."""
    gradients = {id(target): np.ones_like(target.data)}
    for entry in reversed(entries):
        if id(entry.output) not in gradients:
            continue
        inputs = tuple([x.data for x in entry.inputs])
        upstream = gradients[id(entry.output)]
        found = rules[entry.op](upstream, inputs, entry.output.data, **entry.attrs)
        for x, gradient in zip(entry.inputs, found, strict=True):
            if gradient is not None:
                gradients[id(x)] = gradients.get(id(x), 0.0) + gradient
    return [gradients.get(id(source)) for source in sources]
