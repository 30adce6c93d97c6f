"""function: trace once, run the graph from then on.

    @tf.function
    def f(x):
        print("tracing")          # Python runs while the function is traced, not at each call
        return x * x

    f(tf.constant(2.0))           # prints "tracing"; 4.0
    f(tf.constant(3.0))           # 9.0: same shape and dtype, the traced graph is run

One trace is kept per signature: shape and dtype for tensors, the value for everything else
(signature.py). A tape around a call records the operations of the graph, so gradients flow.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.concrete_function import ConcreteFunction
from minitf.config import functions_run_eagerly
from minitf.execute import convert_to_tensor
from minitf.graph import Graph, tracing
from minitf.signature import (
    as_argument,
    binding_error,
    fit_signature,
    leaf_key,
    relax,
    structure_key,
)
from minitf.state import state, unobserved
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    jit_compile: bool | None = None,
    reduce_retracing: bool = False,
    **_unused: Any,
) -> Any:
    """Decorator: traces `func` into a graph the first time it meets a signature.

    Args:
        func: a Python function of tensors and other values.
        input_signature: list of tf.TensorSpec, one per argument: a single trace serves all calls
            that fit it, and others are refused.
        autograph: convert Python's `if`, `while`, `for`, `and`, `or`, `not` on tensors.
        jit_compile: accepted for TensorFlow's sake.
        reduce_retracing: after a second shape, trace for any size (None) in its place.

    Raises (when called):
        OperatorNotAllowedInGraphError: a symbolic tensor was used as a Python condition.
        TypeError: the arguments do not fit the function or its input_signature.
        ValueError: a variable is created in a later call than the first.
    """
    options = {
        "input_signature": input_signature,
        "autograph": autograph,
        "reduce_retracing": reduce_retracing,
    }
    if func is None:
        return functools.partial(function, **options)
    return Function(func, **options)


class Function:
    """A Python function with a cache of traces."""

    def __init__(
        self,
        func: Callable[..., Any],
        input_signature: Any = None,
        autograph: bool = True,
        reduce_retracing: bool = False,
    ) -> None:
        functools.update_wrapper(self, func, updated=())
        self.__name__ = getattr(func, "__name__", type(func).__name__)
        self.python_function = func
        self.input_signature = None if input_signature is None else tuple(input_signature)
        self._options = {
            "input_signature": input_signature,
            "autograph": autograph,
            "reduce_retracing": reduce_retracing,
        }
        self._signature = inspect.signature(func)
        self._traces: dict[Any, ConcreteFunction] = {}
        self._count = 0
        self._recent: deque[bool] = deque(maxlen=_WATCHED_CALLS)  # was the call traced?
        self._bound: dict[int, tuple[Any, Function]] = {}
        self._known: dict[Any, ConcreteFunction] = {}  # by shapes and dtypes of tensors alone

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if functions_run_eagerly():
            return self.python_function(*args, **kwargs)
        key = None if kwargs else _shapes_and_dtypes(args)
        if key in self._known:  # nearly all calls: nothing to bind, nothing to compare
            self._recent.append(False)
            return self._known[key]._run(args)
        before = self._count
        concrete, tensors = self._trace_for(args, kwargs)
        self._note_call(self._count > before)
        if key is not None and len(tensors) == len(args) and not concrete.captured:
            self._known[key] = concrete
        return concrete._run(tensors)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """The function bound to an instance, with traces of its own; holds the instance weakly."""
        if instance is None:
            return self
        if id(instance) in self._bound:
            known, bound = self._bound[id(instance)]
            if known() is instance:
                return bound
        reference: Callable[[], Any]
        try:
            reference = weakref.ref(instance)
        except TypeError:  # some objects cannot be held weakly
            reference = functools.partial(_itself, instance)
        bound = Function(_weak_method(self.python_function, reference), **self._options)
        self._bound[id(instance)] = (reference, bound)
        return bound

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The trace for these arguments; a TensorSpec stands for any tensor that fits it."""
        if self.input_signature is not None and not args and not kwargs:
            args = self.input_signature
        return self._trace_for(args, kwargs)[0]

    def experimental_get_tracing_count(self) -> int:
        """How many times the Python function has been traced."""
        return self._count

    def concrete_functions(self) -> list[ConcreteFunction]:
        """All traces, oldest first."""
        return list(self._traces.values())

    def pretty_printed_concrete_signatures(self, verbose: bool = True) -> str:
        """The signatures of all traces, as text."""
        return "\n\n".join([c.pretty_printed_signature(verbose) for c in self._traces.values()])

    def _trace_for(self, args: tuple, kwargs: dict) -> tuple[ConcreteFunction, list[Any]]:
        arguments, names = self._bind(args, kwargs)
        leaves = [as_argument(x) for x in nest.flatten(arguments)]
        specs = self._specs(leaves)
        structure = structure_key(arguments)
        key = (structure, *[leaf_key(spec, specs) for spec in specs])
        concrete = self._traces.get(key) or self._fitting(structure, specs)
        if concrete is None:
            if self._options["reduce_retracing"]:
                specs = relax(specs, [c._specs for c in self._traces.values()
                                      if c._structure == structure])  # fmt: skip
                key = (structure, *[leaf_key(spec, specs) for spec in specs])
            concrete = self._trace(nest.pack_like(arguments, specs), names)
            concrete._structure = structure
            if not concrete.captured:
                self._traces[key] = concrete
        return concrete, [x for x in leaves if isinstance(x, Tensor | Variable)]

    def _bind(self, args: tuple, kwargs: dict) -> tuple[tuple, list[str]]:
        """The arguments in their places, and the names of the positional ones."""
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise binding_error(self.__name__, str(error), args, kwargs, self._signature) from None
        bound.apply_defaults()
        positional = bound.args
        if self.input_signature is not None:
            positional = fit_signature(self.__name__, positional, self.input_signature)
        return (positional, bound.kwargs), list(self._signature.parameters)

    def _specs(self, leaves: list[Any]) -> list[Any]:
        """A TensorSpec for each tensor (the declared one, if there is a signature)."""
        declared = iter(nest.flatten(self.input_signature or ()))
        return [
            (next(declared, None) or TensorSpec.from_tensor(x)) if isinstance(x, Tensor) else x
            for x in leaves
        ]

    def _fitting(self, structure: Any, specs: list[Any]) -> ConcreteFunction | None:
        """A trace for unknown sizes that serves these arguments too."""
        for concrete in reversed(self._traces.values()):
            if concrete._structure == structure and concrete.fits(specs):
                return concrete
        return None

    def _trace(self, arguments: tuple, names: list[str]) -> ConcreteFunction:
        concrete = self._trace_once(arguments, names)
        if concrete.graph.created:  # once more, now that the variables are there
            concrete = self._trace_once(arguments, names)
        return concrete

    def _trace_once(self, arguments: tuple, names: list[str]) -> ConcreteFunction:
        graph = Graph(self.__name__, parent=state.tracer)
        graph._may_create = self._count == 0
        symbolic = _placeholders(graph, arguments, names)
        self._count += 1
        body = self.python_function
        if self._options["autograph"]:
            from minitf.autograph import converted  # loaded when first needed

            body = converted(body, user_requested=True)
        with unobserved(), tracing(graph):
            args, kwargs = symbolic
            result = body(*args, **kwargs)
            graph.outputs = [
                graph.own(_as_output(x, self.__name__))
                for x in nest.flatten(result)
                if x is not None
            ]
        return ConcreteFunction(graph, arguments, symbolic, result, self._signature)

    def _note_call(self, traced: bool) -> None:
        """Warns when nearly every call is traced: tracing costs far more than running."""
        self._recent.append(traced)
        traces = sum(self._recent)
        if traced and traces >= _MANY_TRACES:
            import logging

            logging.getLogger("minitf").warning(
                "%d out of the last %d calls to %r triggered tf.function retracing. Tracing is "
                "expensive. It happens when (1) @tf.function is applied anew in a loop, (2) "
                "tensors of different shapes are passed: use reduce_retracing=True or an "
                "input_signature with None, (3) Python numbers are passed: pass tensors.",
                traces, len(self._recent), self.__name__,
            )  # fmt: skip

    def __repr__(self) -> str:
        return f"<tf.function {self.__name__}: {len(self._traces)} traces>"


_WATCHED_CALLS = 10
_MANY_TRACES = 5


def _placeholders(graph: Graph, arguments: tuple, names: list[str]) -> Any:
    """Symbolic tensors for the specs among the arguments, named after their parameters."""
    args, kwargs = arguments
    parameters = [*names, *["arg"] * len(args)]
    named = [*zip(parameters, args, strict=False), *sorted(kwargs.items())]
    leaves = []
    for name, value in named:
        for x in nest.flatten(value):
            if isinstance(x, TensorSpec):
                x = graph.placeholder(x.shape, x.dtype, x.name or name)
            leaves.append(x)
    return nest.pack_like(arguments, leaves)


def _as_output(x: Any, name: str) -> Any:
    """What the graph must produce for one leaf of the result."""
    if isinstance(x, Variable):
        return x._read()
    try:
        return x if isinstance(x, Tensor) else convert_to_tensor(x)
    except (TypeError, ValueError):
        raise TypeError(
            "To be compatible with tf.function, Python functions must return zero or more Tensors "
            f"or None values; {name} returned a {type(x).__name__}, which is not a tensor."
        ) from None


def _shapes_and_dtypes(args: tuple) -> Any:
    """A key for arguments that are all tensors with values; None for others."""
    key = []
    for x in args:
        if type(x) is not Tensor:
            return None
        key.append((x._value.shape, x._value.dtype))
    return tuple(key)


def _itself(x: Any) -> Any:
    return x


def _weak_method(func: Callable[..., Any], reference: Callable[[], Any]) -> Callable[..., Any]:
    """`func` with its first argument filled in, without keeping that object alive."""

    @functools.wraps(func)
    def method(*args: Any, **kwargs: Any) -> Any:
        return func(reference(), *args, **kwargs)

    parameters = list(inspect.signature(func).parameters.values())[1:]
    vars(method)["__signature__"] = inspect.Signature(parameters)
    vars(method)["__minitf_method__"] = (func, reference)  # for AutoGraph, which converts `func`
    return method
