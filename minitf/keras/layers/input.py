"""Input: the shape of one example, to build a model at once.

    tf.keras.Sequential([tf.keras.Input((784,)), tf.keras.layers.Dense(10)])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.keras.layers.base import Layer
from minitf.keras.layers.symbolic import KerasTensor, Node
from minitf.tensor import Tensor


class InputLayer(Layer):
    """Says what comes in, and passes it on.

    Args:
        shape: shape of one example, without the batch axis.
        batch_size: if it is always the same.
        dtype: element type.

    Raises:
        ValueError: no shape, or one that is not a sequence of sizes.
    """

    def __init__(
        self, shape: Any = None, batch_size: int | None = None, dtype: Any = None, name: Any = None
    ) -> None:
        super().__init__(name=name)
        if shape is None:
            raise ValueError("Input needs the `shape` of one example, such as Input((28, 28)).")
        if isinstance(shape, int):
            raise ValueError(f"Input: write the shape as a tuple, ({shape},), not {shape}.")
        for size in shape:
            if not isinstance(size, int | np.integer | None):
                raise ValueError(
                    f"Cannot convert {shape!r} to a shape: {size!r} is no size. Write a tuple of "
                    "integers, such as (28, 28), with None where any size will do."
                )
        self.batch_shape = (batch_size, *shape)
        self.input_dtype = dtypes.as_dtype(dtype or self.variable_dtype).name
        self.built = True
        self._output_shape = self.batch_shape
        node = Node(self, (), (), {})
        node.outputs = KerasTensor(self.batch_shape, self.input_dtype, node, name)
        self._nodes.append(node)

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs, unchanged."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Shape, batch size, dtype and name."""
        return {
            "shape": list(self.batch_shape[1:]),
            "batch_size": self.batch_shape[0],
            "dtype": self.input_dtype,
            "name": self.name,
        }


def Input(  # noqa: N802 - Keras' name
    shape: Any = None, batch_size: int | None = None, dtype: Any = None, name: str | None = None
) -> KerasTensor:
    """Declares the shape of one example. Arguments as for InputLayer."""
    return InputLayer(shape, batch_size, dtype, name).output
