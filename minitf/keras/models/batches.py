"""What fit, evaluate and predict walk: batches cut from arrays, or those of a dataset.

    for x, y in batches_of(images, labels, batch_size=32, shuffle=True):
        ...
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import nest, seeds
from minitf.data import Dataset
from minitf.keras.models.class_weight import sample_weights
from minitf.tensor import Tensor
from minitf.variable import Variable

FLOAT32 = np.dtype(np.float32)


class ArrayBatches:
    """Rows of arrays, 32 at a time by default, in a new random order for every pass.

    Args:
        x, y, sample_weight: arrays, tensors or lists, or structures of them; y and
            sample_weight may be None.
        batch_size: rows per batch; the last one may be smaller.
        shuffle: False keeps the order.

    Raises:
        ValueError: different numbers of rows, or none.
    """

    def __init__(
        self, x: Any, y: Any, sample_weight: Any, batch_size: int | None, shuffle: bool
    ) -> None:
        parts = {"x": x, "y": y, "sample_weight": sample_weight}
        arrays = {key: _as_arrays(part) for key, part in parts.items() if part is not None}
        self._data = tuple(arrays.values())
        self.rows = _common_rows(arrays)
        self.batch_size = _checked_batch_size(batch_size)
        self._rng = seeds.generator() if shuffle else None

    def __len__(self) -> int:
        return -(-self.rows // self.batch_size)

    def __iter__(self) -> Iterator[tuple]:
        order = None if self._rng is None else self._rng.permutation(self.rows)
        leaves = nest.flatten(self._data)
        for start in range(0, self.rows, self.batch_size):
            part = slice(start, start + self.batch_size)
            picked = part if order is None else order[part]
            yield nest.pack_like(self._data, [_batch(array, picked) for array in leaves])


class IterableBatches:
    """Batches that somebody else cuts: a tf.data.Dataset, or a generator of (x, y) tuples."""

    def __init__(self, batches: Any, class_weight: dict[int, float] | None = None) -> None:
        self._batches = batches
        self._class_weight = class_weight

    def size(self) -> int | None:
        """Number of batches, None if not known (or infinite)."""
        if isinstance(self._batches, Dataset):
            count = int(self._batches.cardinality())
            return count if count >= 0 else None
        return len(self._batches) if hasattr(self._batches, "__len__") else None

    def __iter__(self) -> Iterator[tuple]:
        for element in self._batches:
            batch = element if isinstance(element, tuple) else (element,)
            yield batch if self._class_weight is None else _weighted(batch, self._class_weight)


def batches_of(
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    batch_size: int | None = None,
    shuffle: bool = False,
    class_weight: dict[int, float] | None = None,
) -> ArrayBatches | IterableBatches:
    """The batches for the arguments that fit, evaluate and predict are given.

    Raises:
        ValueError: labels beside a dataset, or a batch size for one; both class_weight and
            sample_weight; see ArrayBatches.
    """
    if x is None:
        raise ValueError("There is no data: give arrays, fit(x, y), or a dataset, fit(dataset).")
    _check_one_weight(class_weight, sample_weight)
    if not isinstance(x, Dataset) and not hasattr(x, "__next__"):
        if class_weight is not None:
            sample_weight = sample_weights(y, class_weight)
        return ArrayBatches(x, y, sample_weight, batch_size, shuffle)
    if y is not None or sample_weight is not None:
        raise ValueError(
            "With a dataset or generator as x, `y` and `sample_weight` must be left out: the "
            "batches are tuples (x, y) already, as Dataset.from_tensor_slices((x, y)).batch(32) "
            "gives them."
        )
    if batch_size is not None:
        raise ValueError(
            "With a dataset or generator as x, `batch_size` must be left out: the dataset's own "
            ".batch(...) decides it."
        )
    return IterableBatches(x, class_weight)


def size_of(batches: ArrayBatches | IterableBatches) -> int | None:
    """Number of batches, None if not known."""
    return len(batches) if isinstance(batches, ArrayBatches) else batches.size()


def split_off(x: Any, y: Any, sample_weight: Any, part: float) -> tuple[tuple, tuple]:
    """The last `part` of the rows for validation, the others for training.

    Raises:
        ValueError: the part is not between 0 and 1, leaves nothing, or x is not arrays.
    """
    if not 0 < part < 1:
        raise ValueError(f"`validation_split` must be between 0 and 1, got {part}.")
    if isinstance(x, Dataset) or hasattr(x, "__next__"):
        raise ValueError(
            "`validation_split` needs arrays. Split a dataset with .take(n) and .skip(n), and give "
            "the one part as validation_data."
        )
    data = tuple(None if p is None else _as_arrays(p) for p in (x, y, sample_weight))
    named = dict(zip(("x", "y", "sample_weight"), data, strict=True))
    rows = _common_rows({key: arrays for key, arrays in named.items() if arrays is not None})
    at = int(rows * (1 - part))
    if at in (0, rows):
        raise ValueError(
            f"validation_split={part} of {rows} rows leaves no data for training or for validation."
        )

    def cut(rows: slice) -> tuple:
        parts = []
        for arrays in data:
            parts.append(None if arrays is None else nest.map_structure(lambda a: a[rows], arrays))
        return tuple(parts)

    return cut(slice(0, at)), cut(slice(at, None))


def unpack(data: Any) -> tuple[Any, Any, Any]:
    """A batch as (x, y, sample_weight), with None for what it does not have.

    Raises:
        ValueError: a tuple of more than three.
    """
    if not isinstance(data, tuple):
        return data, None, None
    if len(data) > 3:
        raise ValueError(
            f"A batch must be x, (x, y) or (x, y, sample_weight), got a tuple of {len(data)}."
        )
    return (*data, *[None] * (3 - len(data)))


def _weighted(batch: tuple, class_weight: dict[int, float]) -> tuple:
    x, y, sample_weight = unpack(batch)
    _check_one_weight(class_weight, sample_weight)
    return x, y, Tensor(sample_weights(y, class_weight))


def _check_one_weight(class_weight: Any, sample_weight: Any) -> None:
    if class_weight is not None and sample_weight is not None:
        raise ValueError(
            "You cannot give both `class_weight` and `sample_weight`: multiply the factors, and "
            "give them as sample_weight."
        )


def _batch(array: np.ndarray, picked: Any) -> Tensor:
    rows = array[picked]
    if rows.dtype.kind == "f" and rows.dtype is not FLOAT32:
        rows = rows.astype(FLOAT32)  # batch by batch: no second copy of all the data
    return Tensor(rows)


def _as_arrays(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _as_arrays(value) for key, value in part.items()}
    several = isinstance(part, list | tuple) and len(part) and hasattr(part[0], "shape")
    if several and part[0].shape:
        parts = [_as_arrays(value) for value in part]
        return type(part)(*parts) if hasattr(part, "_fields") else type(part)(parts)
    if isinstance(part, Tensor | Variable):
        return part._value
    return np.asarray(part)


def _common_rows(arrays: dict[str, Any]) -> int:
    sizes = {}
    for key, value in arrays.items():
        leaves = nest.flatten(value)
        for leaf in leaves:
            if not leaf.ndim or leaf.dtype == object:
                raise ValueError(
                    f"`{key}` must be an array with one row per example, got {leaf!r}."
                )
        sizes[key] = [len(leaf) for leaf in leaves]
    counts = {count for counts in sizes.values() for count in counts}
    if len(counts) > 1:
        listed = ", ".join(f"{key!r} sizes: {value}" for key, value in sizes.items())
        raise ValueError(
            "Data cardinality is ambiguous. Make sure all arrays contain the same number of "
            f"samples: {listed}. Every example needs its label: were train and test data mixed up?"
        )
    rows = counts.pop()
    if rows == 0:
        raise ValueError("The arrays hold no examples: their first axis has size 0.")
    return rows


def _checked_batch_size(batch_size: int | None) -> int:
    if batch_size is None:
        return 32
    if int(batch_size) < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}.")
    return int(batch_size)
