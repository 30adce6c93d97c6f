"""The variables of a branch or a loop: which parts of them the graph carries.

tensors_in({"a": 1, "b": "name"})          [tensor 1]: numbers and tensors travel
refilled(value, iter(tensors))             the same variable with those parts replaced
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import nest
from minitf.execute import convert_to_tensor
from minitf.ops import array, comparison, creation
from minitf.state import state
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.variable import Variable


def tensors_in(value: Any) -> list[Tensor]:
    """The parts of a variable that the graph carries."""
    if isinstance(value, TensorArray):
        return [value.stack()]
    return [convert_to_tensor(x) for x in leaves_of(value) if holds_numbers(x)]


def refilled(value: Any, tensors: Any) -> Any:
    """The variable again, with those parts replaced."""
    if isinstance(value, TensorArray):
        return value.with_rows(next(tensors))
    leaves = [next(tensors) if holds_numbers(x) else x for x in leaves_of(value)]
    return nest.pack_like(value, leaves) if nest.is_nested(value) else leaves[0]


def leaves_of(value: Any) -> list[Any]:
    return nest.flatten(value) if nest.is_nested(value) else [value]


def holds_numbers(x: Any) -> bool:
    return isinstance(x, Tensor | Variable | bool | int | float | np.ndarray | np.generic)


def same_form(a: Any, b: Any) -> bool:
    if nest.is_nested(a) != nest.is_nested(b):
        return False
    if not nest.is_nested(a):
        return True
    return type(a) is type(b) and len(nest.flatten(a)) == len(nest.flatten(b))


def is_tensor(x: Any) -> bool:
    """Must the graph decide? Eagerly, a tensor is as good as its value."""
    return isinstance(x, Tensor | Variable) and state.tracer is not None


def as_bool(test: Any) -> Tensor:
    """A condition as a bool scalar; a number counts as `number != 0`."""
    test = convert_to_tensor(test)
    if test._value.ndim:
        raise ValueError(
            f"The condition of `if` or `while` must be a scalar, got shape {test.shape}. Use "
            "tf.reduce_any or tf.reduce_all; to choose element by element, tf.where."
        )
    if test._value.dtype.kind == "b":
        return test
    return comparison.not_equal(test, array.zeros_like(test))


def is_dataset(items: Any) -> bool:
    return hasattr(items, "element_spec") and hasattr(items, "_size")


def zeros_for(value: Any) -> Any:
    if not holds_numbers(value):
        return value
    tensor = convert_to_tensor(value)
    return creation.zeros([s or 0 for s in tensor.shape], tensor.dtype)
