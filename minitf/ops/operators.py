"""Python's operators on tensors and variables: `x * y` is tf.multiply(x, y).

They are attached here, after the operations exist, so that a tensor need not know what can be done
with it. TensorFlow does the same.
"""

from __future__ import annotations

from typing import Any

from minitf.execute import execute
from minitf.ops import bitwise, comparison, division, linalg, math, powers, slicing
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


def _divide(x: Any, y: Any) -> Tensor:
    return execute(division.DIV, (x, y))


def _reverse_divide(y: Any, x: Any) -> Tensor:
    return execute(division.DIV, (x, y))


def _floor_divide(x: Any, y: Any) -> Tensor:
    return execute(division.FLOOR_DIV, (x, y))


def _reverse_floor_divide(y: Any, x: Any) -> Tensor:
    return execute(division.FLOOR_DIV, (x, y))


def _modulo(x: Any, y: Any) -> Tensor:
    return execute(division.FLOOR_MOD, (x, y))


def _reverse_modulo(y: Any, x: Any) -> Tensor:
    return execute(division.FLOOR_MOD, (x, y))


def _power(x: Any, y: Any) -> Tensor:
    return execute(powers.POW, (x, y))


def _reverse_power(y: Any, x: Any) -> Tensor:
    return execute(powers.POW, (x, y))


def _less(x: Any, y: Any) -> Tensor:
    return execute(comparison.LESS, (x, y))


def _less_equal(x: Any, y: Any) -> Tensor:
    return execute(comparison.LESS_EQUAL, (x, y))


def _greater(x: Any, y: Any) -> Tensor:
    return execute(comparison.GREATER, (x, y))


def _greater_equal(x: Any, y: Any) -> Tensor:
    return execute(comparison.GREATER_EQUAL, (x, y))


def _equal(x: Any, y: Any) -> Any:
    if y is None:
        return False  # `tensor == None` asks whether there is a tensor at all
    return comparison.equal_or_not(comparison.EQUAL, x, y, otherwise=False)


def _not_equal(x: Any, y: Any) -> Any:
    if y is None:
        return True
    return comparison.equal_or_not(comparison.NOT_EQUAL, x, y, otherwise=True)


def _and(x: Any, y: Any) -> Tensor:
    return bitwise.bitwise_and(x, y) if _is_integer(x) else comparison.logical_and(x, y)


def _or(x: Any, y: Any) -> Tensor:
    return bitwise.bitwise_or(x, y) if _is_integer(x) else comparison.logical_or(x, y)


def _xor(x: Any, y: Any) -> Tensor:
    return bitwise.bitwise_xor(x, y) if _is_integer(x) else comparison.logical_xor(x, y)


def _invert(x: Any) -> Tensor:
    return bitwise.invert(x) if _is_integer(x) else comparison.logical_not(x)


def _is_integer(x: Any) -> bool:
    return x._value.dtype.kind in "iu"


def _add_in_place(variable: Any, value: Any) -> Any:
    raise _not_in_place("+=", "assign_add(value)", "+")


def _subtract_in_place(variable: Any, value: Any) -> Any:
    raise _not_in_place("-=", "assign_sub(value)", "-")


def _multiply_in_place(variable: Any, value: Any) -> Any:
    raise _not_in_place("*=", "assign(variable * value)", "*")


def _divide_in_place(variable: Any, value: Any) -> Any:
    raise _not_in_place("/=", "assign(variable / value)", "/")


def _power_in_place(variable: Any, value: Any) -> Any:
    raise _not_in_place("**=", "assign(variable ** value)", "**")


def _not_in_place(written: str, instead: str, sign: str) -> RuntimeError:
    """Python would bind the name to a new tensor, and the variable would be lost unnoticed."""
    return RuntimeError(
        f"`variable {written} value` with `tf.Variable`s is not supported. Use "
        f"`variable.{instead}` to modify the variable, or `out = variable {sign} value` if you "
        "need a new tensor."
    )


_OPERATORS = {
    "__add__": _add,
    "__radd__": _reverse_add,
    "__sub__": _subtract,
    "__rsub__": _reverse_subtract,
    "__mul__": _multiply,
    "__rmul__": _reverse_multiply,
    "__truediv__": _divide,
    "__rtruediv__": _reverse_divide,
    "__floordiv__": _floor_divide,
    "__rfloordiv__": _reverse_floor_divide,
    "__mod__": _modulo,
    "__rmod__": _reverse_modulo,
    "__pow__": _power,
    "__rpow__": _reverse_power,
    "__lt__": _less,
    "__le__": _less_equal,
    "__gt__": _greater,
    "__ge__": _greater_equal,
    "__eq__": _equal,
    "__ne__": _not_equal,
    "__and__": _and,
    "__rand__": _and,
    "__or__": _or,
    "__ror__": _or,
    "__xor__": _xor,
    "__rxor__": _xor,
    "__invert__": _invert,
    "__getitem__": slicing.getitem,
    "__neg__": _negative,
    "__abs__": _abs,
    "__matmul__": _matmul,
    "__rmatmul__": _reverse_matmul,
}
_OF_VARIABLES = {
    "__iadd__": _add_in_place,
    "__isub__": _subtract_in_place,
    "__imul__": _multiply_in_place,
    "__itruediv__": _divide_in_place,
    "__ipow__": _power_in_place,
}


def attach_operators() -> None:
    """Gives Tensor and Variable the operators of the tables above; called once by minitf."""
    for cls in (Tensor, Variable):
        for name, function in _OPERATORS.items():
            setattr(cls, name, function)
    for name, function in _OF_VARIABLES.items():
        setattr(Variable, name, function)
