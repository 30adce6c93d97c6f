"""What needs a memory of the elements before: scan and unique.

    ds = tf.data.Dataset.range(5)
    ds.scan(np.int64(0), lambda total, x: (total + x, total + x))     # 0, 1, 3, 6, 10
    tf.data.Dataset.from_tensor_slices([1, 37, 2, 37, 1]).unique()    # 1, 37, 2
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from minitf.data.dataset import UNKNOWN_CARDINALITY, Dataset, as_tensor
from minitf.data.structure import transform
from minitf.data.transformations import Transformation
from minitf.function import function as traced
from minitf.tensor_spec import TensorSpec


class Scan(Transformation):
    """A function of the state and the element, giving the next state and a new element."""

    def __init__(self, source: Dataset, initial_state: Any, function: Callable[..., Any]) -> None:
        super().__init__(source)
        self._start = transform(initial_state, as_tensor)
        self._function = traced(function)
        state_spec = transform(self._start, TensorSpec.from_tensor)
        concrete = self._function.get_concrete_function(state_spec, source.element_spec)
        returned = concrete.structured_outputs
        if not isinstance(returned, tuple) or len(returned) != 2:
            raise TypeError(
                "`scan_func` must return a pair, (new state, new element), got "
                f"{returned!r}. Write `return state, element`."
            )
        new_state, element = transform(returned, TensorSpec.from_tensor)
        if new_state != state_spec:
            raise TypeError(
                f"`scan_func` turns a state of {state_spec} into one of {new_state}: shape and "
                "dtype must stay. A Python number starts as int32 or float32; give tf.constant("
                "..., dtype) for another dtype."
            )
        self._element_spec = element

    @property
    def element_spec(self) -> Any:
        return self._element_spec

    def _walk(self) -> Iterator[Any]:
        state = self._start
        for element in self._source:
            state, made = self._function(state, element)
            yield made


class Unique(Transformation):
    """Each element once, where it comes first."""

    def __init__(self, source: Dataset) -> None:
        super().__init__(source)
        spec = source.element_spec
        known = isinstance(spec, TensorSpec) and spec.dtype.name in ("int32", "int64", "string")
        if not known:
            raise TypeError(
                "unique() needs elements of one component of dtype int32, int64 or string, got "
                f"{spec}. Use .map to keep only that component."
            )

    def _walk(self) -> Iterator[Any]:
        seen = set()
        for element in self._source:
            value = element._value
            key = (value.shape, tuple(value.reshape(-1).tolist()))
            if key not in seen:
                seen.add(key)
                yield element

    def _size(self) -> int:
        return UNKNOWN_CARDINALITY
