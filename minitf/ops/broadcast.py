"""unbroadcast: the gradient of broadcasting is a sum.

Forward, a size-1 (or missing) axis is copied along the other operand's axis. Each copy was used, so
backward the gradients of the copies add up:

    shapes (3, 2) + (2,)  ->  (3, 2)
    gradient for (2,): sum over axis 0
"""

from __future__ import annotations

from minitf.execute import execute
from minitf.registry import find
from minitf.tensor import Tensor


def unbroadcast(grad: Tensor, like: Tensor) -> Tensor:
    """Sums `grad` over the axes along which `like` was copied; the result has `like`'s shape."""
    shape, target = grad._value.shape, like._value.shape
    if shape == target:
        return grad
    extra = len(shape) - len(target)
    axes = list(range(extra))
    axes += [i + extra for i, size in enumerate(target) if size == 1 and shape[i + extra] != 1]
    if axes:
        grad = execute(find("Sum"), (grad,), {"axis": tuple(axes), "keepdims": False})
    if grad._value.shape != target:
        grad = execute(find("Reshape"), (grad,), {"shape": target})
    return grad
