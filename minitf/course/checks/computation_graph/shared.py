"""What the exercises of chapter 02 share: the lesson's graph, and references that need no sweep.

    lesson_gradients(2.0, 3.0, 1.0, 4.0)["w"]     # 2.0, in closed form
    differences(operator.mul, (2.0, 3.0))         # about (3.0, 2.0)

Expected values come from closed forms worked out by hand and from central differences, never from
another backward pass. Random numbers stay away from the kink of the absolute value.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np

Records = list[tuple[str, str, tuple[str, ...], float]]

OPERATIONS: dict[str, Callable[..., float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
    "abs": operator.abs,
}
LESSON = {"x": 2.0, "w": 3.0, "b": 1.0, "y_true": 4.0}


def random_leaves(rng: np.random.Generator, sign: float) -> dict[str, float]:
    """Four numbers for the lesson's graph whose error has this sign and is at least 1."""
    x, w, b = (float(n) for n in rng.uniform(0.5, 3.0, size=3).round(2))
    y_true = float(np.dot([x, 1.0], [w, b])) + sign * float(rng.uniform(1.0, 2.0))
    return {"x": -x, "w": -w, "b": b, "y_true": round(y_true, 2)}


def lesson_records(x: float, w: float, b: float, y_true: float) -> Records:
    """The four records, from the formula as a whole and not from one another."""
    prediction = float(np.dot([x, 1.0], [w, b]))
    return [
        ("product", "mul", ("x", "w"), x * w),
        ("y_pred", "add", ("product", "b"), prediction),
        ("error", "sub", ("y_true", "y_pred"), y_true - prediction),
        ("loss", "abs", ("error",), math.dist([y_true], [prediction])),
    ]


def lesson_gradients(x: float, w: float, b: float, y_true: float) -> dict[str, float]:
    """All gradients of the lesson's graph in closed form: s is the sign of the error."""
    error = y_true - (x * w + b)
    s = float(np.sign(error))
    grads = {"loss": 1.0, "error": s, "y_true": s, "y_pred": -s, "product": -s, "b": -s}
    return {**grads, "x": -s * w, "w": -s * x}


def differences(function: Callable[..., float], inputs: tuple[float, ...]) -> tuple[float, ...]:
    """Central differences of a function of several numbers, one per input."""
    eps, found = 1e-5, []
    for i in range(len(inputs)):
        up = [value + eps * (k == i) for k, value in enumerate(inputs)]
        down = [value - eps * (k == i) for k, value in enumerate(inputs)]
        found.append((function(*up) - function(*down)) / (2 * eps))
    return tuple(found)


def right_partials(op: str, inputs: tuple[float, ...]) -> tuple[float, ...]:
    """The right answer to ch02.local_derivs, for mutants to spoil one line of."""
    if op == "mul":
        return (inputs[1], inputs[0])
    if op == "abs":
        return (float(np.sign(inputs[0])),)
    return {"add": (1.0, 1.0), "sub": (1.0, -1.0), "neg": (-1.0,)}[op]
