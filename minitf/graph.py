"""Graph: operations written down before they run.

While a function is being traced, its arguments are symbolic tensors: they have a shape and a dtype
but no value. An operation on one of them becomes a node of the graph instead of a computation.

    graph = Graph("square")
    x = graph.placeholder(TensorSpec([], tf.float32))
    with tracing(graph):
        y = x * x                      # adds the node `Mul`
    replay(graph, {x.id: tf.constant(3.0)}, [y])      # [9.0]

Replaying runs every node through `execute`, so a tape that is open around it records the
operations and differentiates them as if they had been written out.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import OperatorNotAllowedInGraphError
from minitf.execute import convert_to_tensor, execute
from minitf.registry import Op, define
from minitf.shape import TensorShape
from minitf.state import state
from minitf.tape import READ_VARIABLE as READ
from minitf.tensor import Tensor
from minitf.variable import Variable

ASSIGN = {
    "assign": define("AssignVariableOp", None, differentiable=False),
    "assign_add": define("AssignAddVariableOp", None, differentiable=False),
    "assign_sub": define("AssignSubVariableOp", None, differentiable=False),
}
_METHOD_OF = {op: name for name, op in ASSIGN.items()}
CUSTOM = define("CustomGradient", None)


class Abstract:
    """What is known of a value before it exists; stands where a NumPy array would.

    Attributes:
        shape: sizes, None where unknown.
        dtype: a NumPy dtype.
    """

    __slots__ = ("shape", "dtype")

    def __init__(self, shape: tuple[int | None, ...], dtype: np.dtype) -> None:
        self.shape = shape
        self.dtype = dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int | None:
        return None if None in self.shape else math.prod(self.shape)


class SymbolicTensor(Tensor):
    """A tensor of a graph: shape and dtype, no value."""

    __slots__ = ("graph",)

    def __init__(self, abstract: Abstract, origin: Op | None, graph: Graph) -> None:
        super().__init__(abstract, origin)
        self.graph = graph

    def numpy(self) -> Any:
        raise NotImplementedError(
            "numpy() is only available for eager tensors. Inside a tf.function the arguments have "
            "no values yet: stay with tf operations, print with tf.print, or return the tensor and "
            "call .numpy() outside."
        )

    def __bool__(self) -> bool:
        raise OperatorNotAllowedInGraphError(
            "Using a symbolic `tf.Tensor` as a Python `bool` is not allowed: while a function is "
            "traced, the value is not known. Use tf.where or tf.cond, or call the function eagerly."
        )

    def __iter__(self) -> Iterator[Tensor]:
        if not self._value.shape or self._value.shape[0] is None:
            raise OperatorNotAllowedInGraphError(
                "Iterating over a symbolic `tf.Tensor` is not allowed: its length is not known "
                "while the function is traced."
            )
        return (self[i] for i in range(self._value.shape[0]))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise NotImplementedError(
            "Cannot convert a symbolic tf.Tensor to a NumPy array: it has no value while the "
            "function is traced. Use the tf operation instead of NumPy's."
        )

    __float__ = __int__ = __complex__ = __index__ = numpy

    def __len__(self) -> int:
        if not self._value.shape or self._value.shape[0] is None:
            raise TypeError("len() of a symbolic tensor whose first size is not known.")
        return self._value.shape[0]

    def __format__(self, spec: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __str__(self) -> str:
        return f'Tensor("{self.name}", shape={self.shape}, dtype={self.dtype.name})'


class Node:
    """One operation of a graph.

    Attributes:
        op, attrs: as in `execute`.
        inputs: symbolic tensors, constants, or the variable for reads and assignments.
        outputs: the symbolic tensors it defines.
    """

    __slots__ = ("op", "inputs", "attrs", "outputs")

    def __init__(self, op: Op, inputs: tuple, attrs: dict, outputs: tuple) -> None:
        self.op = op
        self.inputs = inputs
        self.attrs = attrs
        self.outputs = outputs

    def __repr__(self) -> str:
        names = ", ".join(x.name for x in self.inputs)
        return f"{', '.join(x.name for x in self.outputs)} = {self.op.name}({names})"


class Graph:
    """Nodes in the order in which they were traced, which is an order they can run in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs: list[SymbolicTensor] = []
        self.nodes: list[Node] = []
        self._reads: dict[int, SymbolicTensor] = {}  # variable id -> its value right now

    def placeholder(self, shape: Any, dtype: Any) -> SymbolicTensor:
        """A new input of the graph."""
        abstract = Abstract(tuple(TensorShape(shape)), dtypes.as_dtype(dtype).dtype)
        x = SymbolicTensor(abstract, None, self)
        self.inputs.append(x)
        return x

    def add(self, op: Op, inputs: tuple, attrs: dict) -> Any:
        """Adds a node and returns its symbolic output (a tuple if there are several)."""
        results = _infer(op, inputs, attrs)
        several = type(results) is tuple
        outputs = tuple([SymbolicTensor(r, op, self) for r in (results if several else (results,))])
        self.nodes.append(Node(op, inputs, attrs, outputs))
        return outputs if several else outputs[0]

    def read(self, variable: Variable) -> SymbolicTensor:
        """The variable's value at this point of the program."""
        if variable.id not in self._reads:
            value = variable._snapshot._value
            out = SymbolicTensor(Abstract(value.shape, value.dtype), READ, self)
            self.nodes.append(Node(READ, (variable,), {}, (out,)))
            self._reads[variable.id] = out
        return self._reads[variable.id]

    def assign(self, method: str, variable: Variable, value: Any) -> Variable:
        """Notes an assignment; later reads see the new value. Returns the variable."""
        value = convert_to_tensor(value, dtype_hint=variable.dtype)
        self.nodes.append(Node(ASSIGN[method], (variable, value), {}, ()))
        self._reads.pop(variable.id, None)
        return variable

    def custom(self, op: Op, inputs: tuple, results: list[Tensor]) -> tuple[Tensor, ...]:
        """A result with its own gradient rule, which is traced into a graph of its own."""
        backward = Graph(f"gradient of {op.name}")
        upstream = [backward.placeholder(x.shape, x.dtype) for x in results]
        with tracing(backward):
            grads = op.gradient(None, upstream if len(upstream) > 1 else upstream[0])
        outputs = tuple([SymbolicTensor(_abstract(x), op, self) for x in results])
        attrs = {"op": op, "backward": backward, "grads": grads, "inputs": len(inputs)}
        self.nodes.append(Node(CUSTOM, (*inputs, *results), attrs, outputs))
        return outputs

    def __repr__(self) -> str:
        return "\n".join([f"graph {self.name}:", *(f"  {node!r}" for node in self.nodes)])


@contextlib.contextmanager
def tracing(graph: Graph) -> Iterator[Graph]:
    """In this block operations on symbolic tensors become nodes of `graph`."""
    outer, state.tracer = state.tracer, graph
    try:
        yield graph
    finally:
        state.tracer = outer


def replay(graph: Graph, known: dict[int, Any], outputs: list[Any]) -> list[Any]:
    """Runs the nodes and returns the values of `outputs`.

    Args:
        known: tensors for the graph's inputs, by their ids; filled with every value on the way.
        outputs: symbolic tensors of the graph, or constants.
    """
    for node in graph.nodes:
        inputs = tuple([known.get(x.id, x) for x in node.inputs])
        if node.op is READ:
            known[node.outputs[0].id] = inputs[0]._read()
        elif node.op in _METHOD_OF:
            getattr(inputs[0], _METHOD_OF[node.op])(inputs[1])
        elif node.op is CUSTOM:
            _replay_custom(node, inputs, known)
        else:
            result = execute(node.op, inputs, node.attrs)
            results = result if type(result) is tuple else (result,)
            known.update(zip([x.id for x in node.outputs], results, strict=True))
    return [known.get(x.id, x) for x in outputs]


def _replay_custom(node: Node, inputs: tuple, known: dict[int, Any]) -> None:
    """Gives the results to tapes with the traced gradient rule, and with nothing else."""
    traced, count = node.attrs["op"], node.attrs["inputs"]
    backward, grads = node.attrs["backward"], node.attrs["grads"]
    at_this_call = dict(known)

    def rule(call: Any, upstream: Any) -> tuple:
        upstreams = upstream if isinstance(upstream, list) else [upstream]
        values = dict(at_this_call)
        values.update(zip([x.id for x in backward.inputs], upstreams, strict=True))
        wanted = [g for g in grads if g is not None]
        found = iter(replay(backward, values, wanted))
        return tuple([None if g is None else next(found) for g in grads])

    op = Op(traced.name, None, False, True, None, ())
    op.gradient = rule
    if state.tracer is not None and any(isinstance(x, SymbolicTensor) for x in inputs):
        outputs = state.tracer.custom(op, inputs[:count], list(inputs[count:]))
    else:
        outputs = tuple([Tensor(x._value, op) for x in inputs[count:]])
    for tape in state.tapes:
        tape._record(op, inputs[:count], {}, outputs[0] if len(outputs) == 1 else outputs)
    known.update(zip([x.id for x in node.outputs], outputs, strict=True))


def _infer(op: Op, inputs: tuple, attrs: dict) -> Any:
    """Shapes and dtypes of the results, found by running the kernel on stand-ins.

    Sizes not known yet are tried as 2 and as 3: what differs in the result is not known either.
    """
    unknown = any(None in x._value.shape for x in inputs)
    first = _try(op, inputs, attrs, 2)
    if not unknown:
        return _map(_abstract_of, first)
    return _map(_merge, first, _try(op, inputs, attrs, 3))


def _try(op: Op, inputs: tuple, attrs: dict, size: int) -> Any:
    with np.errstate(all="ignore"):
        return op.kernel(*[_stand_in(x, size) for x in inputs], **attrs)


def _stand_in(x: Tensor, size: int) -> Any:
    """The value itself if there is one, else an array of the right shape and dtype."""
    if not isinstance(x, SymbolicTensor):
        return x._value
    shape = tuple(size if s is None else s for s in x._value.shape)
    if x._value.dtype.kind in "fc":  # no zeros and no singular matrices
        value = np.random.default_rng(0).uniform(0.5, 1.5, shape).astype(x._value.dtype)
    else:
        value = np.zeros(shape, x._value.dtype)
    return value[()]


def _map(function: Any, first: Any, *others: Any) -> Any:
    if type(first) is tuple:
        return tuple(function(*parts) for parts in zip(first, *others, strict=True))
    return function(first, *others)


def _abstract_of(value: Any) -> Abstract:
    return Abstract(value.shape, value.dtype)


def _abstract(x: Tensor) -> Abstract:
    return Abstract(tuple(x._value.shape), x._value.dtype)


def _merge(a: Any, b: Any) -> Abstract:
    return Abstract(
        tuple(m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)), a.dtype
    )
