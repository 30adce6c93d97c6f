"""Python's operators on tensors and variables: `x * y` is tf.multiply(x, y).

They are attached here, after the operations exist, so that a tensor need not know what can be done
with it. TensorFlow does the same.
"""

from __future__ import annotations

from typing import Any

from minitf.execute import execute
from minitf.ops import linalg, math
from minitf.tensor import Tensor
from minitf.variable import Variable


def _add(x: Any, y: Any) -> Tensor:
    return execute(math.ADD, (x, y))


def _reverse_add(y: Any, x: Any) -> Tensor:
    return execute(math.ADD, (x, y))


def _subtract(x: Any, y: Any) -> Tensor:
    return execute(math.SUB, (x, y))


def _reverse_subtract(y: Any, x: Any) -> Tensor:
    return execute(math.SUB, (x, y))


def _multiply(x: Any, y: Any) -> Tensor:
    return execute(math.MUL, (x, y))


def _reverse_multiply(y: Any, x: Any) -> Tensor:
    return execute(math.MUL, (x, y))


def _negative(x: Any) -> Tensor:
    return execute(math.NEG, (x,))


def _abs(x: Any) -> Tensor:
    return execute(math.ABS, (x,))


def _matmul(x: Any, y: Any) -> Tensor:
    return linalg.matmul(x, y)


def _reverse_matmul(y: Any, x: Any) -> Tensor:
    return linalg.matmul(x, y)


_OPERATORS = {
    "__add__": _add,
    "__radd__": _reverse_add,
    "__sub__": _subtract,
    "__rsub__": _reverse_subtract,
    "__mul__": _multiply,
    "__rmul__": _reverse_multiply,
    "__neg__": _negative,
    "__abs__": _abs,
    "__matmul__": _matmul,
    "__rmatmul__": _reverse_matmul,
}


def attach_operators() -> None:
    """Gives Tensor and Variable the operators of the table above; called once by minitf."""
    for cls in (Tensor, Variable):
        for name, function in _OPERATORS.items():
            setattr(cls, name, function)
