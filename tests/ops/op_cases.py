"""The table of operations under test: a function, its arguments, and what NumPy says.

    case("sqrt", tf.sqrt, [POSITIVE], np.sqrt)

The rows are in cases_math.py, cases_array.py and cases_nn.py. `test_op_cases.py` checks each row:
value, dtype, gradient and gradient of the gradient.
Arguments keep away from kinks and ties; those are in `test_conventions.py`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass
class Case:
    name: str
    function: Callable
    args: list
    reference: Callable | None
    order: int


CASES: dict[str, Case] = {}


def case(name, function, args, reference=None, order=2):
    """Adds a row; `order` 0 has no gradient to check, 1 only the first."""
    assert name not in CASES, name
    args = [np.asarray(a, dtype=np.float64) for a in args]
    CASES[name] = Case(name, function, args, reference, order)


def spread(*shape, low=-2.0, high=2.0):
    """Distinct numbers in a scrambled order, none of them round."""
    n = int(np.prod(shape))
    steps = (np.arange(n) * 7 + 3) % n if n % 7 else np.arange(n)[::-1]
    return (low + (high - low) * (steps + 0.37) / n).reshape(shape)


X = spread(2, 3)
Y = spread(2, 3, low=0.6, high=2.5)[::-1]
POSITIVE = spread(2, 3, low=0.3, high=3.0)
UNIT = spread(2, 3, low=-0.9, high=0.9)
CUBE = spread(2, 3, 4)
MASK = X > 0.2
INVERTIBLE = np.array([[2.0, 1.0, 0.5], [0.3, 3.0, -1.0], [1.0, -0.4, 2.5]])
SYMMETRIC = INVERTIBLE @ INVERTIBLE.T


def erf(x):
    return np.vectorize(math.erf)(x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
