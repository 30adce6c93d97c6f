"""IndexedSlices: the gradient of `gather`, kept as the few rows it touches.

table = tf.Variable(tf.ones([10000, 8]))
with tf.GradientTape() as tape:
    y = tf.reduce_sum(tf.gather(table, [3, 3, 1]))
g = tape.gradient(y, table)      # rows 3, 3 and 1: `g.indices`, `g.values`
tf.convert_to_tensor(g)          # dense; repeated indices add up
"""

from __future__ import annotations

from typing import Any

from minitf.execute import execute
from minitf.registry import find
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class IndexedSlices:
    """A gradient that is zero but for some rows.

    Attributes:
        values: the rows, shape (n, ...).
        indices: which row each belongs to, shape (n,); the same row may occur twice.
        dense_shape: shape of the whole.
    """

    __slots__ = ("values", "indices", "dense_shape")

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: Any = None) -> None:
        self.values = values
        self.indices = indices
        self.dense_shape = None if dense_shape is None else TensorShape(dense_shape)

    @property
    def shape(self) -> TensorShape | None:
        """Shape of the dense tensor it stands for."""
        return self.dense_shape

    @property
    def dtype(self) -> Any:
        """Type of the elements."""
        return self.values.dtype

    def to_dense(self) -> Tensor:
        """The whole tensor: zeros, with each row added in its place."""
        attrs = {"num_segments": self.dense_shape[0]}
        return execute(find("UnsortedSegmentSum"), (self.values, self.indices), attrs)

    __tf_tensor__ = to_dense  # lets any operation take it

    def __repr__(self) -> str:
        return f"IndexedSlices(indices={self.indices}, values={self.values})"


def add_gradients(a: Any, b: Any) -> Any:
    """a + b for two contributions to one gradient; two sparse ones stay sparse."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return execute(find("AddV2"), (a, b))
    if isinstance(a, IndexedSlices) and isinstance(b, IndexedSlices):
        values = execute(find("ConcatV2"), (a.values, b.values), {"axis": 0})
        indices = execute(find("ConcatV2"), (a.indices, b.indices), {"axis": 0})
        return IndexedSlices(values, indices, a.dense_shape)
    dense = [x.to_dense() if isinstance(x, IndexedSlices) else x for x in (a, b)]
    return execute(find("AddV2"), tuple(dense))
