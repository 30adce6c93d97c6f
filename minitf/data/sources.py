"""Where elements come from: arrays, whole tensors, ranges, generators.

    TensorSlices((images, labels))      one element per row
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.data.dataset import UNKNOWN_CARDINALITY, Dataset, as_tensor, spec_of
from minitf.data.structure import leaves, row_at, transform
from minitf.errors import WrongTypeError
from minitf.execute import convert_to_tensor
from minitf.ops.checks import as_integer
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec

_AT_ONCE = 1_000_000  # numbers that a range may hold in memory


class TensorSlices(Dataset):
    """The rows of arrays held in memory."""

    def __init__(self, tensors: Any) -> None:
        self._tensors = transform(tensors, as_tensor)
        self._arrays = transform(self._tensors, _array_of)
        self._length = _common_length(leaves(self._arrays))

    @property
    def element_spec(self) -> Any:
        return transform(self._tensors, _row_spec)

    def _walk(self) -> Iterator[Any]:
        for i in range(self._length):
            yield transform(self._arrays, row_at(i))

    def _size(self) -> int:
        return self._length

    def _rows(self) -> tuple[Any, np.ndarray]:
        return self._arrays, np.arange(self._length)


class Tensors(Dataset):
    """One element: the tensors as they are."""

    def __init__(self, tensors: Any) -> None:
        self._element = transform(tensors, as_tensor)

    @property
    def element_spec(self) -> Any:
        return spec_of(self._element)

    def _walk(self) -> Iterator[Any]:
        yield self._element

    def _size(self) -> int:
        return 1


class Range(Dataset):
    """Whole numbers, as Python's range gives them, made one by one."""

    def __init__(self, args: tuple[int, ...], output_type: Any) -> None:
        if not 1 <= len(args) <= 3:
            raise ValueError(
                "Dataset.range takes 1 to 3 numbers, (stop), (start, stop) or (start, stop, step), "
                f"but got {len(args)}."
            )
        self._numbers = range(*(as_integer(a, "a bound") for a in args))
        self._dtype = dtypes.as_dtype(output_type)
        np.array([*self._numbers[:1], *self._numbers[-1:]], self._dtype.dtype)  # do they fit?

    @property
    def element_spec(self) -> Any:
        return TensorSpec([], self._dtype)

    def _walk(self) -> Iterator[Any]:
        for number in self._numbers:
            yield Tensor(self._dtype.dtype.type(number))

    def _size(self) -> int:
        return len(self._numbers)

    def _rows(self) -> tuple[Any, np.ndarray] | None:
        if len(self._numbers) > _AT_ONCE:
            return None  # one by one, then
        return np.array(self._numbers, self._dtype.dtype), np.arange(len(self._numbers))


class FromGenerator(Dataset):
    """What a Python generator yields, checked against the signature."""

    def __init__(self, generator: Callable[..., Any], signature: Any, args: tuple) -> None:
        if not callable(generator):
            raise TypeError(
                "`generator` must be a Python callable that returns an iterable: pass the "
                "generator function itself, not the result of calling it."
            )
        if signature is None:
            raise TypeError(
                "from_generator needs `output_signature`, for example "
                "output_signature=tf.TensorSpec([], tf.int32)."
            )
        self._generator, self._signature, self._args = generator, signature, args

    @property
    def element_spec(self) -> Any:
        return self._signature

    def _walk(self) -> Iterator[Any]:
        for element in self._generator(*self._args):
            try:
                yield transform(self._signature, _conform, element)
            except (TypeError, KeyError, ValueError) as error:
                raise WrongTypeError(
                    f"`generator` yielded {element!r}, which does not fit the output_signature "
                    f"{self._signature}: {error}"
                ) from None

    def _size(self) -> int:
        return UNKNOWN_CARDINALITY


def shapes_seen(types: Any, generator: Callable[..., Any], args: tuple) -> Any:
    """The rank of the first element's components, with every size open; scalars if there is none.

    minitf has no shapes of unknown rank, so it has to look.
    """
    for element in generator(*args):
        return transform(types, lambda _, value: [None] * np.ndim(value), element)
    return transform(types, lambda _: [])


def signature_of(types: Any, shapes: Any) -> Any:
    """TensorSpecs from the older pair of arguments."""
    if isinstance(types, dict):
        return {key: signature_of(types[key], shapes[key]) for key in types}
    if isinstance(types, tuple):
        return tuple(signature_of(t, s) for t, s in zip(types, shapes, strict=True))
    return TensorSpec(shapes, types)


def _array_of(tensor: Tensor) -> Any:
    if tensor.ndim == 0:
        raise ValueError(
            f"Unbatching a tensor is only supported for rank >= 1: cannot slice the scalar "
            f"{tensor}. Use from_tensors for a single element, or pass a list."
        )
    return tensor._value


def _common_length(arrays: list[np.ndarray]) -> int:
    if not arrays:
        raise ValueError("from_tensor_slices needs at least one array.")
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        raise ValueError(
            f"from_tensor_slices: the first axes have different lengths {lengths}. Every component "
            "needs one entry per element, for example as many labels as images."
        )
    return lengths[0]


def _row_spec(tensor: Tensor) -> TensorSpec:
    return TensorSpec(tensor.shape[1:], tensor.dtype)


def _conform(spec: TensorSpec, value: Any) -> Tensor:
    tensor = convert_to_tensor(value, spec.dtype)
    if not spec.is_compatible_with(tensor):
        raise ValueError(f"shape {tensor.shape} where {spec.shape} was promised.")
    return tensor
