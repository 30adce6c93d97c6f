"""TensorArray: results of a loop, collected one by one.

    @tf.function
    def squares(n):
        found = tf.TensorArray(tf.float32, size=n)
        for i in tf.range(n):
            found = found.write(i, tf.cast(i, tf.float32) ** 2)
        return found.stack()

A Python list cannot grow inside a loop of a graph, whose body is traced once. A TensorArray is one
tensor of rows; writing gives a new one, so it must be assigned: `found = found.write(...)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError, OutOfRangeError
from minitf.execute import convert_to_tensor
from minitf.ops import array, creation, indexing, joining
from minitf.state import state
from minitf.symbolic import is_symbolic
from minitf.tensor import Tensor


class TensorArray:
    """Rows of one dtype and shape.

    Args:
        dtype: of the elements.
        size: number of rows; 0 if left out.
        dynamic_size: True lets `write` append rows behind the end.
        element_shape: shape of a row; found from the first write if left out.
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = 0,
        dynamic_size: bool = False,
        clear_after_read: bool | None = None,
        element_shape: Any = None,
        **_unused: Any,
    ) -> None:
        self.dtype = dtypes.as_dtype(dtype)
        self.dynamic_size = dynamic_size
        self._size = size
        self._rows: Tensor | None = None
        if element_shape is not None and None not in tuple(element_shape):
            self._rows = self._empty(tuple(element_shape))

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with `value` as row `index`; eagerly, this array itself is changed.

        Raises:
            OutOfRangeError: no such row, and the size is not dynamic.
            InvalidArgumentError: a value of another dtype.
        """
        value = self._element(value)
        rows = self._empty(value.shape) if self._rows is None else self._rows
        if not rows.shape[1:].is_compatible_with(value.shape):
            raise ValueError(
                f"Incompatible shape for value ({value.shape}), expected ({rows.shape[1:]}): all "
                "rows of a TensorArray have the shape of the first one, or element_shape."
            )
        if state.tracer is not None:
            rows = _later(rows, index, value, self.dynamic_size)
            return self.with_rows(rows)
        self._rows = _written(rows, index, value, self.dynamic_size)
        return self

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """Row `index`.

        Raises:
            OutOfRangeError: no such row.
            ValueError: nothing was written, so that the shape of a row is not known.
        """
        if self._rows is None:
            raise ValueError(
                f"Cannot read row {index} of a TensorArray before something was written: the shape "
                "of its rows is not known. Give element_shape, or write first."
            )
        length = self._rows.shape[0]
        if not is_symbolic((index, self._rows)) and not 0 <= int(index) < length:
            raise OutOfRangeError(
                f"Tried to read from index {int(index)} but array size is: {length}. Rows count "
                "from 0.",
                "TensorArrayRead",
            )
        return self._rows[index]

    def stack(self, name: str | None = None) -> Tensor:
        """All rows as one tensor."""
        return self._empty(()) if self._rows is None else self._rows

    def concat(self, name: str | None = None) -> Tensor:
        """All rows joined along their first axis."""
        rows = self.stack()
        return array.reshape(rows, (-1, *rows.shape[2:]))

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """The rows with these numbers."""
        return indexing.gather(self.stack(), indices)

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """The array with the rows of a tensor."""
        rows = convert_to_tensor(value, dtype_hint=self.dtype)
        if state.tracer is not None:
            return self.with_rows(rows)
        self._rows = rows
        return self

    def size(self, name: str | None = None) -> Tensor:
        """Number of rows."""
        if self._rows is None:
            return convert_to_tensor(self._size)
        return array.shape(self._rows)[0]

    def with_rows(self, rows: Tensor | None) -> TensorArray:
        """A new array of the same kind."""
        new = TensorArray(self.dtype, self._size, self.dynamic_size)
        new._rows = rows
        return new

    def like_first_write(self, other: TensorArray) -> TensorArray:
        """Empty rows of the shape that was written to `other`: what a loop starts with."""
        if self._rows is not None or other._rows is None:
            return self
        return self.with_rows(self._empty(tuple(other._rows.shape[1:])))

    def _empty(self, element_shape: tuple) -> Tensor:
        rows = creation.zeros([self._size, *element_shape], self.dtype)
        if self.dynamic_size and state.tracer is not None:
            rows = array.reshape(rows, _unknown_length(rows))
        return rows

    def _element(self, value: Any) -> Tensor:
        value = convert_to_tensor(value, dtype_hint=self.dtype)
        if value.dtype is not self.dtype:
            raise InvalidArgumentError(
                f"TensorArray dtype is {self.dtype.name} but Op is trying to write dtype "
                f"{value.dtype.name}. Use tf.cast.",
                "TensorArrayWrite",
            )
        return value


def _written(rows: Tensor, index: Any, value: Tensor, grows: bool) -> Tensor:
    """The rows with one of them replaced, after growing if need be."""
    index, length = int(index), rows.shape[0]
    if index >= length and grows:
        missing = creation.zeros([index + 1 - length, *value.shape], value.dtype)
        rows = joining.concat([rows, missing], axis=0)
    elif not 0 <= index < length:
        raise OutOfRangeError(
            f"Tried to write to index {index} of a TensorArray of size {length}. Give a larger "
            "size, or dynamic_size=True.",
            "TensorArrayWrite",
        )
    return indexing.tensor_scatter_nd_update(rows, np.array([[index]]), value[None])


def _later(rows: Tensor, index: Any, value: Tensor, grows: bool) -> Tensor:
    shape = (None, *value.shape) if grows else rows.shape
    return state.tracer.wait(_written, (rows, index, value, grows), shape, value.dtype)


def _unknown_length(rows: Tensor) -> Any:
    """The shape as a tensor of the graph, so that its length counts as not known."""
    if is_symbolic(rows):
        return array.shape(rows)
    return state.tracer.wait(_shape_of, (rows,), (rows.ndim,), dtypes.int32)


def _shape_of(rows: Tensor) -> Tensor:
    return array.shape(rows)
