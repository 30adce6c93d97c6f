"""function: trace once, run the graph from then on.

    @tf.function
    def f(x):
        print("tracing")          # Python runs while the function is traced, not at each call
        return x * x

    f(tf.constant(2.0))           # prints "tracing"; 4.0
    f(tf.constant(3.0))           # 9.0: same shape and dtype, the traced graph is run

One trace is kept per signature: shape and dtype for tensors, type and value for everything else.
A tape around a call records the operations of the graph, so gradients flow through it.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import nest
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor
from minitf.graph import Graph, replay, tracing
from minitf.state import unobserved
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    **_unused: Any,
) -> Any:
    """Decorator: traces `func` into a graph the first time it meets a signature.

    Args:
        func: a Python function of tensors and other values.
        input_signature: list of tf.TensorSpec, one per argument: a single trace serves all calls
            that fit it, and others are refused.
        autograph: accepted for TensorFlow's sake. Python `if` and `while` on a tensor raise
            OperatorNotAllowedInGraphError either way.

    Raises (when called):
        OperatorNotAllowedInGraphError: a symbolic tensor was used as a Python number or condition.
        TypeError: the arguments do not fit the function or its input_signature.
    """
    if func is None:
        return functools.partial(function, input_signature=input_signature, autograph=autograph)
    return Function(func, input_signature)


class Function:
    """A Python function with a cache of traces."""

    def __init__(self, func: Callable[..., Any], input_signature: Any = None) -> None:
        functools.update_wrapper(self, func)
        self.python_function = func
        self.input_signature = None if input_signature is None else tuple(input_signature)
        self._signature = inspect.signature(func)
        self._traces: dict[Any, ConcreteFunction] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        concrete, tensors = self._trace_for(args, kwargs)
        return concrete._run(tensors)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The trace for these arguments; a TensorSpec stands for any tensor that fits it."""
        return self._trace_for(args, kwargs)[0]

    def experimental_get_tracing_count(self) -> int:
        """How many times the Python function has been traced."""
        return len(self._traces)

    def _trace_for(self, args: tuple, kwargs: dict) -> tuple[ConcreteFunction, list[Any]]:
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        arguments = (bound.args, bound.kwargs)
        if self.input_signature is not None:
            arguments = self._fit_signature(bound.args), bound.kwargs
        leaves = [_as_argument(x) for x in nest.flatten(arguments)]
        specs = self._declared_specs(leaves)
        key = (_structure(arguments), *[_key(spec) for spec in specs])
        if key not in self._traces:
            self._traces[key] = self._trace(nest.pack_like(arguments, specs))
        return self._traces[key], [x for x in leaves if isinstance(x, Tensor | Variable)]

    def _trace(self, arguments: tuple) -> ConcreteFunction:
        graph = Graph(self.python_function.__name__)
        symbolic = nest.map_structure(
            lambda x: graph.placeholder(x.shape, x.dtype) if isinstance(x, TensorSpec) else x,
            arguments,
        )
        with unobserved(), tracing(graph):
            args, kwargs = symbolic
            result = self.python_function(*args, **kwargs)
            outputs = [_as_output(x) for x in nest.flatten(result) if x is not None]
        variables = [x for x in nest.flatten(symbolic) if isinstance(x, Variable)]
        specs = [x for x in nest.flatten(arguments) if isinstance(x, TensorSpec | Variable)]
        return ConcreteFunction(graph, specs, variables, result, outputs)

    def _fit_signature(self, args: tuple) -> tuple:
        skip = len(args) - len(self.input_signature)  # a method's self
        fitted = [convert_to_tensor(x) for x in args[skip:]]
        for i, (x, spec) in enumerate(zip(fitted, self.input_signature, strict=True)):
            if not spec.is_compatible_with(x):
                raise TypeError(
                    f"Binding inputs to tf.function failed: argument {i} of "
                    f"{self.python_function.__name__} has shape {x.shape} and dtype "
                    f"{x.dtype.name}, but input_signature asks for {spec}."
                )
        return (*args[:skip], *fitted)

    def _declared_specs(self, leaves: list[Any]) -> list[Any]:
        """A TensorSpec for each tensor (the declared one, if there is a signature)."""
        declared = iter(self.input_signature or ())
        specs = []
        for x in leaves:
            if isinstance(x, Tensor):
                specs.append(next(declared, None) or TensorSpec.from_tensor(x))
            else:
                specs.append(x)
        return specs

    def __repr__(self) -> str:
        return f"<tf.function {self.python_function.__name__}: {len(self._traces)} traces>"


class ConcreteFunction:
    """One trace: a graph, and what its inputs and outputs stand for.

    Attributes:
        graph: the traced operations; `print(f.get_concrete_function(...).graph)` lists them.
        structured_input_signature: specs of the tensor arguments.
    """

    def __init__(self, graph: Graph, specs: list, variables: list, result: Any, outputs: list):
        self.graph = graph
        self.structured_input_signature = tuple(specs)
        self._specs = specs
        self._variables = variables
        self._result = result
        self._outputs = outputs

    def __call__(self, *args: Any) -> Any:
        tensors = [_as_argument(x) for x in nest.flatten(args)]
        for x, spec in zip(tensors, self._specs, strict=True):
            if isinstance(spec, TensorSpec) and not spec.is_compatible_with(x):
                raise InvalidArgumentError(
                    f"cannot compute {self.graph.name}: the argument has shape {x.shape} and dtype "
                    f"{x.dtype.name}, but this concrete function was traced for {spec}.",
                    self.graph.name,
                )
        return self._run(tensors)

    def _run(self, arguments: list[Any]) -> Any:
        tensors = [x for x in arguments if isinstance(x, Tensor)]
        variables = [x for x in arguments if isinstance(x, Variable)]
        known = {s.id: x for s, x in zip(self.graph.inputs, tensors, strict=True)}
        known.update({s.id: x for s, x in zip(self._variables, variables, strict=True)})
        values = iter(replay(self.graph, known, self._outputs))
        flat = [None if x is None else next(values) for x in nest.flatten(self._result)]
        return nest.pack_like(self._result, flat)

    def __repr__(self) -> str:
        return f"<ConcreteFunction {self.graph.name}{self.structured_input_signature}>"


def _as_argument(x: Any) -> Any:
    return convert_to_tensor(x) if isinstance(x, np.ndarray | np.generic) else x


def _as_output(x: Any) -> Any:
    """What the graph must produce for one leaf of the result."""
    if isinstance(x, Variable):
        return x._read()
    return x if isinstance(x, Tensor) else convert_to_tensor(x)


def _key(x: Any) -> Any:
    """Two arguments with equal keys may share a trace."""
    if isinstance(x, TensorSpec):
        return "tensor", tuple(x.shape), x.dtype.name
    if isinstance(x, Variable):
        return "variable", tuple(x.shape), x.dtype.name
    try:
        hash(x)
    except TypeError:
        return _Identity(x)
    return type(x), x


class _Identity:
    """Key of an object that cannot be hashed: equal to itself only, and kept alive."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def _structure(value: Any) -> Any:
    if isinstance(value, dict):
        return "dict", tuple((k, _structure(value[k])) for k in sorted(value))
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(_structure(x) for x in value)
    return None
