"""unbroadcast: the gradient of broadcasting is a sum.

Forward, a size-1 (or missing) axis is copied along the other operand's axis. Each copy was used, so
backward the gradients of the copies add up:

    shapes (3, 2) + (2,)  ->  (3, 2)
    gradient for (2,): sum over axis 0
"""

from __future__ import annotations

import math
from typing import Any

from minitf.errors import InvalidArgumentError
from minitf.execute import execute
from minitf.registry import find
from minitf.tensor import Tensor


def unbroadcast(grad: Any, like: Any) -> Any:
    """Sums `grad` over the axes along which `like` was copied; the result has `like`'s shape."""
    if isinstance(grad, Tensor):
        shape, target = grad._value.shape, like._value.shape
    else:
        shape, target = grad.shape, like.shape
    if shape == target:
        return grad
    extra = len(shape) - len(target)
    axes = list(range(extra))
    axes += [i + extra for i, size in enumerate(target) if size == 1 and shape[i + extra] != 1]
    if axes:
        grad = execute(find("Sum"), (grad,), {"axis": tuple(axes), "keepdims": False})
    if shape_of(grad) != target:
        if math.prod(shape_of(grad)) != math.prod(target):
            raise InvalidArgumentError(
                f"A gradient of shape {shape} arrives for a value of shape {target}. A gradient "
                "has the shape of its value: look at what the rule of your tf.custom_gradient "
                "returns."
            )
        grad = execute(find("Reshape"), (grad,), {"shape": target})
    return grad


def shape_of(x: Any) -> tuple:
    """The sizes of a tensor, or of a NumPy value where a rule runs on arrays."""
    return x._value.shape if isinstance(x, Tensor) else x.shape
