"""TensorSpec: what is known about a tensor before it exists.

    tf.TensorSpec([None, 28, 28], tf.float32)     # None: a size not known yet
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.shape import TensorShape


class TensorSpec:
    """Shape and dtype of a tensor to come.

    Args:
        shape: sizes of the axes; None for a size that may vary.
        dtype: type of the elements.
        name: a name for it, or None.
    """

    __slots__ = ("shape", "dtype", "name")

    def __init__(self, shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> None:
        self.shape = TensorShape(shape)
        self.dtype = dtypes.as_dtype(dtype)
        self.name = name

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """The spec that fits exactly this tensor."""
        return cls(tensor.shape, tensor.dtype, name)

    def is_compatible_with(self, tensor: Any) -> bool:
        """True if `tensor` (or another spec) has this dtype and a shape this one allows."""
        return self.dtype == tensor.dtype and self.shape.is_compatible_with(tensor.shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorSpec):
            return NotImplemented
        return (self.shape, self.dtype) == (other.shape, other.dtype)

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype))

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self.shape}, dtype={self.dtype!r}, name={self.name!r})"
