"""Input: the shape of one example, to build a Sequential model at once.

    tf.keras.Sequential([tf.keras.Input((784,)), tf.keras.layers.Dense(10)])
"""

from __future__ import annotations

from typing import Any

from minitf.keras.layers.base import Layer
from minitf.keras.naming import unique_name
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
        super().__init__(name=name, dtype=dtype)
        if shape is None:
            raise ValueError("Input needs the `shape` of one example, such as Input((28, 28)).")
        if isinstance(shape, int):
            raise ValueError(f"Input: write the shape as a tuple, ({shape},), not {shape}.")
        self.batch_shape = (batch_size, *shape)
        self.built = True

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs, unchanged."""
        return inputs


class KerasTensor:
    """What Input returns: a promise of a tensor of some shape. It holds no values.

    Attributes:
        shape: with None for the batch size.
        dtype: name of the element type.
    """

    def __init__(self, layer: InputLayer) -> None:
        self.layer = layer
        self.shape = layer.batch_shape
        self.dtype = layer.dtype
        self.name = layer.name

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"


def Input(  # noqa: N802 - Keras' name
    shape: Any = None, batch_size: int | None = None, dtype: Any = None, name: str | None = None
) -> KerasTensor:
    """Declares the shape of one example. Arguments as for InputLayer."""
    name = name or unique_name("keras_tensor")
    return KerasTensor(InputLayer(shape, batch_size, dtype, name))
