"""tf.py_function and tf.numpy_function: Python in the middle of a graph.

@tf.function
def f(x):
    return tf.py_function(slow_python, [x], tf.float32)   # runs slow_python at each call
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import nest
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.later import call_later
from minitf.state import state, unobserved
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable


def py_function(func: Callable[..., Any], inp: Any, Tout: Any, name: str | None = None) -> Any:  # noqa: N803
    """Runs Python at each call, with eager tensors; gradients pass.

    Args:
        func: function of the tensors in `inp`.
        inp: list of tensors.
        Tout: dtype (or TensorSpec) of what it returns, or a list of them; None or [] for nothing.

    Raises:
        InvalidArgumentError: `func` returns another dtype than Tout says.
    """
    if state.tracer is None:
        return _converted(func(*[convert_to_tensor(x) for x in inp]), Tout)
    arguments = tuple([convert_to_tensor(x) for x in inp])
    specs = nest.map_structure(lambda t: _spec(t, arguments), [] if Tout is None else Tout)
    return call_later(_PyFunction(func, Tout), arguments, specs, effect=True)


def numpy_function(
    func: Callable[..., Any],
    inp: Any,
    Tout: Any,
    stateful: bool = True,
    name: str | None = None,  # noqa: N803
) -> Any:
    """As py_function, but `func` gets and returns NumPy arrays, and no gradient passes."""
    return py_function(_NumpyFunction(func), inp, Tout)


class _PyFunction:
    """Calls the function and checks what it returns."""

    def __init__(self, func: Callable[..., Any], returns: Any) -> None:
        self.func = func
        self.returns = returns

    @property
    def __name__(self) -> str:
        return getattr(self.func, "__name__", type(self.func).__name__)

    def __call__(self, *values: Any) -> Any:
        return _converted(self.func(*values), self.returns)


class _NumpyFunction:
    def __init__(self, func: Callable[..., Any]) -> None:
        self.func = func

    @property
    def __name__(self) -> str:
        return getattr(self.func, "__name__", type(self.func).__name__)

    def __call__(self, *tensors: Tensor) -> Any:
        with unobserved():
            answer = self.func(*[x.numpy() for x in tensors])
        return nest.map_structure(np.asarray, answer)


def _spec(wanted: Any, arguments: tuple[Tensor, ...]) -> TensorSpec:
    """A dtype alone leaves the shape open: it is taken to be that of the first argument."""
    if isinstance(wanted, TensorSpec):
        return wanted
    return TensorSpec(arguments[0].shape if arguments else (), wanted)


def _converted(answer: Any, wanted: Any) -> Any:
    """The function's answer as tensors of the dtypes that were announced."""
    if wanted is None or wanted == []:
        return []
    specs = nest.flatten(wanted)
    values = [answer] if not isinstance(wanted, list | tuple | dict) else nest.flatten(answer)
    tensors = []
    for value, spec in zip(values, specs, strict=True):
        dtype = spec.dtype if isinstance(spec, TensorSpec) else spec
        tensors.append(_of_dtype(value, dtype))
    return nest.pack_like(wanted, tensors)


def _of_dtype(value: Any, dtype: Any) -> Tensor:
    if not isinstance(value, Tensor | Variable):
        return convert_to_tensor(value, dtype_hint=dtype)
    tensor = convert_to_tensor(value)
    if tensor.dtype != dtype:
        raise InvalidArgumentError(
            f"The py_function returned {tensor.dtype.name}, but Tout says {dtype!r}. Cast the "
            "result, or name its dtype in Tout.",
            "EagerPyFunc",
        )
    return tensor
