"""Calls that wait for the run: Python functions as nodes of a graph.

    @tf.function
    def f(x):
        tf.print("x is", x)                                   # prints at each call
        return tf.py_function(slow_python, [x], tf.float32)   # runs Python at each call

While a function is traced, such a call becomes a node `Call`, which holds the function and its
arguments. minitf's own operations use it where Python needs a value that is not there yet: the
shape in tf.zeros(tf.shape(x)), the limit in tf.range(n), an optimizer's step.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import nest
from minitf.composite import gradient_of, record
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.graph import RUNNERS
from minitf.indexed_slices import IndexedSlices
from minitf.registry import Op, define
from minitf.state import state, unobserved
from minitf.symbolic import Abstract
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable

CALL = define("Call", None)
CALL.gradient = gradient_of


class Hole:
    """Stands for a tensor among the arguments kept in a node: input number `index`."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


def call_later(
    function: Callable[..., Any],
    args: tuple,
    returns: Any = (),
    kwargs: dict[str, Any] | None = None,
    effect: bool = False,
) -> Any:
    """Adds a call of `function` to the graph being traced.

    Args:
        function: called with the values at each run. To be picklable, it must be importable.
        args, kwargs: its arguments; the tensors in them become the node's inputs.
        returns: structure of TensorSpecs for what it returns.
        effect: True if the call is needed even if nobody uses its results.

    Returns:
        The structure of `returns`, of symbolic tensors.
    """
    tensors: list[Any] = []
    attrs = {
        "function": function,
        "arguments": _with_holes((args, kwargs or {}), tensors),
        "results": tuple([Abstract(s.shape, s.dtype.dtype) for s in nest.flatten(returns)]),
        "effect": effect,
    }
    outputs = state.tracer.add_node(CALL, tuple(tensors), attrs, attrs["results"], effect)
    record(CALL, tuple(tensors), attrs, outputs)
    return nest.pack_like(returns, list(outputs))


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


def print_tensors(
    *inputs: Any, output_stream: Any = None, summarize: int = 3, sep: str = " ", end: str = "\n",
    name: str | None = None,
) -> None:  # fmt: skip
    """tf.print: writes values to the error stream, at each call of a traced function too.

    Args:
        inputs: tensors and anything else.
        output_stream: sys.stdout, sys.stderr (the default) or an open file.
        summarize: how many elements of each axis to show at both ends; -1 shows all.
        sep, end: as in Python's print.
    """
    if state.tracer is not None:
        given = {"output_stream": output_stream, "summarize": summarize, "sep": sep, "end": end}
        call_later(print_tensors, inputs, (), given, effect=True)
        return
    limit = sys.maxsize if summarize in (None, -1) else summarize
    stream = sys.stderr if output_stream is None else output_stream
    stream.write(sep.join([_written(x, limit) for x in inputs]) + end)


def Assert(
    condition: Any, data: Any, summarize: int | None = None, name: str | None = None
) -> None:  # noqa: N802
    """Raises if `condition` is False when the function runs.

    Raises:
        InvalidArgumentError: the condition is False; `data` is shown.
    """
    if state.tracer is not None:
        call_later(Assert, (condition, data, summarize), (), effect=True)
        return
    if not bool(np.all(convert_to_tensor(condition).numpy())):
        shown = " ".join(_written(x, summarize or 3) for x in data)
        raise InvalidArgumentError(
            f"Expected '{condition}' to be true. Summarized data: {shown}", "Assert"
        )


def no_op(name: str | None = None) -> None:
    """Does nothing. What a traced function does, it does in the order it is written."""


def group(*inputs: Any, name: str | None = None) -> None:
    """Does nothing more than its inputs did: a traced function runs all its side effects."""


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


def _run_call(op: Op, inputs: tuple, attrs: dict) -> tuple:
    if state.tracer is not None:  # a function that is called while another one is traced
        outputs = state.tracer.add_node(op, inputs, attrs, attrs["results"], attrs["effect"])
        record(op, inputs, attrs, outputs)
        return outputs
    args, kwargs = _filled(attrs["arguments"], inputs)
    answer = attrs["function"](*args, **kwargs)
    if not attrs["results"]:
        return ()
    return tuple([convert_to_tensor(x) for x in nest.flatten(answer)])


RUNNERS[CALL] = _run_call


def _with_holes(value: Any, tensors: list[Tensor]) -> Any:
    if isinstance(value, Tensor | Variable):
        tensors.append(value)
        return Hole(len(tensors) - 1)
    if isinstance(value, IndexedSlices):
        parts = (_with_holes(value.values, tensors), _with_holes(value.indices, tensors))
        return IndexedSlices(*parts, value.dense_shape)
    if isinstance(value, slice):
        bounds = [_with_holes(x, tensors) for x in (value.start, value.stop, value.step)]
        return slice(*bounds)
    if isinstance(value, dict):
        return {key: _with_holes(part, tensors) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)([_with_holes(part, tensors) for part in value])
    return value


def _filled(value: Any, inputs: tuple) -> Any:
    if isinstance(value, Hole):
        return inputs[value.index]
    if isinstance(value, IndexedSlices):
        parts = (_filled(value.values, inputs), _filled(value.indices, inputs))
        return IndexedSlices(*parts, value.dense_shape)
    if isinstance(value, slice):
        return slice(*[_filled(x, inputs) for x in (value.start, value.stop, value.step)])
    if isinstance(value, dict):
        return {key: _filled(part, inputs) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)([_filled(part, inputs) for part in value])
    return value


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


def _written(value: Any, limit: int) -> str:
    if isinstance(value, Variable | Tensor):
        with unobserved():
            return _array_text(np.asarray(convert_to_tensor(value)._value), limit)
    if isinstance(value, list | tuple):
        parts = ", ".join(_written(x, limit) for x in value)
        return f"[{parts}]" if isinstance(value, list) else f"({parts})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_written(x, limit)}" for k, x in value.items()) + "}"
    return str(value)


def _array_text(value: np.ndarray, limit: int) -> str:
    """[1 2 3 ... 8 9 10], rows on lines of their own: as tf.print writes arrays."""
    if value.dtype.kind == "O":
        return _bytes_text(value)
    if not value.ndim:
        return _number(value[()])
    with np.printoptions(threshold=1, edgeitems=min(limit, 10**6), linewidth=sys.maxsize):
        shown = np.array2string(value, separator=" ", formatter={"all": _number})
    return shown


def _number(x: Any) -> str:
    if isinstance(x, bool | np.bool_):
        return "1" if x else "0"
    if isinstance(x, float | np.floating):
        few, all_digits = (6, 9) if np.dtype(type(x)).itemsize <= 4 else (15, 17)
        short = f"{x:.{few}g}"
        return short if type(x)(short) == x or x != x else f"{x:.{all_digits}g}"
    return str(x)


def _bytes_text(value: np.ndarray) -> str:
    if not value.ndim:
        return f'"{value[()].decode(errors="replace")}"'
    return "[" + " ".join(f'"{x.decode(errors="replace")}"' for x in value.reshape(-1)) + "]"
