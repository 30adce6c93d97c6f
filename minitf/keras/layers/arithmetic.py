"""Arithmetic: what `a + b` on KerasTensors becomes.

    x = tf.keras.Input((3,))
    y = 2.0 * x + 1.0
    model = tf.keras.Model(x, y)
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras.layers.base import Layer
from minitf.keras.naming import unique_name
from minitf.tensor import Tensor


class Arithmetic(Layer):
    """left (operation) right, where one of the two may be a constant.

    Args:
        operation: "add", "subtract", "multiply" or "divide".
        left, right: the constant, or None for an input.
    """

    def __init__(self, operation: str, left: Any = None, right: Any = None, **kwargs: Any) -> None:
        super().__init__(name=kwargs.pop("name", None) or unique_name(operation), **kwargs)
        self.operation, self.left, self.right = operation, left, right

    def call(self, inputs: Any) -> Tensor:
        """One tensor beside a constant, or a list of two."""
        if isinstance(inputs, list | tuple):
            left, right = inputs
        else:
            left = inputs if self.left is None else tf.cast(self.left, inputs.dtype)
            right = inputs if self.right is None else tf.cast(self.right, inputs.dtype)
        return _OPERATIONS[self.operation](left, right)


_OPERATIONS = {
    "add": tf.add,
    "subtract": tf.subtract,
    "multiply": tf.multiply,
    "divide": tf.divide,
}
