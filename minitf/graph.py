"""Graph: operations written down before they run.

While a function is being traced, its arguments are symbolic tensors: they have a shape and a dtype
but no value. An operation on one of them becomes a node of the graph instead of a computation.

    graph = Graph("square")
    x = graph.placeholder([], tf.float32)
    with tracing(graph):
        y = x * x                      # adds the node `Mul`
    replay(graph, {x.id: tf.constant(3.0)}, [y])      # [9.0]

Replaying runs every node through `execute`, so a tape that is open around it records the
operations and differentiates them as if they had been written out.

A graph is data. It can be printed, and pickled and replayed in a process that has never seen the
Python code it was traced from (composite.py and later.py say what the larger nodes hold).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from minitf import dtypes
from minitf.execute import convert_to_tensor, execute, leaked
from minitf.inference import abstract_of, infer
from minitf.passes.prune import needed_nodes
from minitf.registry import Op, define
from minitf.shape import TensorShape
from minitf.state import state, unobserved
from minitf.symbolic import Abstract, SymbolicTensor
from minitf.tape import READ_VARIABLE as READ
from minitf.tensor import Tensor
from minitf.variable import Variable

ASSIGN = {
    "assign": define("AssignVariableOp", None, differentiable=False),
    "assign_add": define("AssignAddVariableOp", None, differentiable=False),
    "assign_sub": define("AssignSubVariableOp", None, differentiable=False),
}
_METHOD_OF = {op: name for name, op in ASSIGN.items()}

# How nodes run that have no kernel: functions of (op, inputs, attrs) that return a tuple.
RUNNERS: dict[Op, Callable[[Op, tuple, dict], tuple]] = {}


class Node:
    """One operation of a graph.

    Attributes:
        op, attrs: as in `execute`.
        inputs: symbolic tensors, constants, or the variable for reads and assignments.
        outputs: the symbolic tensors it defines.
        effect: True if it does something besides computing its outputs, such as assigning.
    """

    __slots__ = ("op", "inputs", "attrs", "outputs", "effect")

    def __init__(
        self, op: Op, inputs: tuple, attrs: dict, outputs: tuple, effect: bool = False
    ) -> None:
        self.op = op
        self.inputs = inputs
        self.attrs = attrs
        self.outputs = outputs
        self.effect = effect

    @property
    def type(self) -> str:
        """Name of the operation."""
        return self.op.name

    @property
    def name(self) -> str:
        """Name of the node: that of its first output."""
        return self.outputs[0].label if self.outputs else self.op.name

    def __repr__(self) -> str:
        names = ", ".join(_text(x) for x in self.inputs)
        results = ", ".join(f"{x.label}: {_spec_text(x)}" for x in self.outputs)
        return f"{results + ' = ' if results else ''}{_word(self.op, self.attrs)}({names})"


class Graph:
    """Nodes in the order in which they were traced, which is an order they can run in.

    Attributes:
        name: of the function it was traced from.
        inputs: placeholders; those made for tensors of an outer graph come last.
        nodes: the operations.
        outputs: what the graph computes, once that is known.
        parent: the graph around it, for a branch or a loop body, while it is traced.
        backward: ids of the values that a tape's gradient computes.
    """

    def __init__(self, name: str, parent: Graph | None = None) -> None:
        self.name = name
        self.parent = parent
        self.inputs: list[Any] = []
        self.nodes: list[Node] = []
        self.outputs: list[Any] = []
        self.created: list[Variable] = []
        self.captures: dict[int, tuple[SymbolicTensor, SymbolicTensor]] = {}
        self.backward: set[int] = set()
        self._may_create: bool = parent is None or parent._may_create
        self._reads: dict[int, SymbolicTensor] = {}  # variable id -> its value right now
        self._labels: dict[str, int] = {}
        self._live: list[Node] | None = None
        self.compiled: Any = None  # how to run it fast: see minitf/plan/run.py

    def placeholder(self, shape: Any, dtype: Any, name: str | None = None) -> SymbolicTensor:
        """A new input of the graph."""
        abstract = Abstract(tuple(TensorShape(shape)), dtypes.as_dtype(dtype).dtype)
        x = SymbolicTensor(abstract, None, self, self._label(name or "x"))
        self.inputs.append(x)
        return x

    def add(self, op: Op, inputs: tuple, attrs: dict) -> Any:
        """Adds a node and returns its symbolic output (a tuple if there are several)."""
        inputs = tuple([self.own(x) for x in inputs])
        results = infer(op, inputs, attrs)
        several = type(results) is tuple
        outputs = self.add_node(op, inputs, attrs, results if several else (results,))
        return outputs if several else outputs[0]

    def add_node(
        self, op: Op, inputs: tuple, attrs: dict, results: Any, effect: bool = False
    ) -> tuple[SymbolicTensor, ...]:
        """Adds a node whose results (Abstracts) are known already; returns its outputs."""
        inputs = tuple([self.own(x) for x in inputs])
        label = self._label(_word(op, attrs))
        outputs = tuple(
            [
                SymbolicTensor(r, op, self, label if not i else f"{label}.{i}")
                for i, r in enumerate(results)
            ]
        )
        self.nodes.append(Node(op, inputs, attrs, outputs, effect))
        if effect:
            self._reads.clear()  # variables may have changed
        return outputs

    def own(self, x: Any) -> Any:
        """`x` as this graph sees it: a tensor of an outer graph comes in as one more input.

        Raises:
            TypeError: a tensor of a graph that is not around this one.
        """
        if type(x) is not SymbolicTensor or x.graph is self:
            return x
        if x.id not in self.captures:
            if self.parent is None:
                raise leaked(x)
            outer = self.parent.own(x)
            inner = SymbolicTensor(outer._value, x.origin, self, self._label(x.label))
            self.inputs.append(inner)
            self.captures[x.id] = (outer, inner)
        return self.captures[x.id][1]

    def read(self, variable: Variable) -> SymbolicTensor:
        """The variable's value at this point of the program."""
        if variable.id not in self._reads:
            value = abstract_of(variable._snapshot._value)
            label = variable.name.removesuffix(":0")
            out = SymbolicTensor(value, READ, self, self._label(f"read_{label}"))
            self.nodes.append(Node(READ, (variable,), {}, (out,)))
            self._reads[variable.id] = out
        return self._reads[variable.id]

    def assign(self, method: str, variable: Variable, value: Any) -> Variable:
        """Notes an assignment; later reads see the new value. Returns the variable.

        Raises:
            ValueError: the shapes cannot be equal.
        """
        value = convert_to_tensor(value, dtype_hint=variable.dtype)
        if not variable.shape.is_compatible_with(value.shape):
            raise ValueError(
                f"Cannot assign value to variable '{variable.name}': Shape mismatch. The variable "
                f"shape {variable.shape} and the assigned value shape {value.shape} are "
                "incompatible."
            )
        self.nodes.append(Node(ASSIGN[method], (variable, self.own(value)), {}, (), True))
        self._reads.pop(variable.id, None)
        return variable

    def created_variable(self, variable: Variable) -> None:
        """Notes that the traced code made a variable.

        Raises:
            ValueError: it is not the first call, or the code makes one at every call.
        """
        if not self._may_create:
            raise ValueError(
                "tf.function only supports singleton tf.Variables created on the first call. Make "
                "sure the tf.Variable is only created once or created outside tf.function. Write "
                "`if self.v is None: self.v = tf.Variable(...)`, or make the variable before the "
                "function. See "
                "https://www.tensorflow.org/guide/function#creating_tfvariables for more "
                "information."
            )
        root = self
        while root.parent is not None:
            root = root.parent
        root.created.append(variable)

    def value_of(self, x: Any) -> Any:
        """What a symbolic tensor is worth, if it depends on no argument (an initial value).

        Raises:
            ValueError: it does.
        """
        if not isinstance(x, SymbolicTensor):
            return x
        needed = needed_nodes(self.nodes, [self.own(x)])
        given = {i.id for i in self.inputs}
        if any(i.id in given for node in needed for i in node.inputs) or x.id in given:
            raise ValueError(
                f"The initial value of a tf.Variable depends on an argument of the tf.function "
                f"({x!r}), which has no value while the function is traced. Start from a constant "
                "such as tf.zeros(shape), and assign to the variable."
            )
        with unobserved(), tracing(None):
            return run_nodes(needed, {}, [x])[0]

    def gradients_later(
        self, records: list[Any], targets: list, upstreams: Any, sources: list
    ) -> list[Any] | None:
        """The gradients as a node, if sizes are unknown that the rules would need; else None."""
        values = [x for call in records for x in (*call.inputs, *outputs_of(call))]
        if not any(None in x._value.shape for x in (*values, *targets, *sources)):
            return None
        from minitf.composite import gradient_of_records

        return gradient_of_records(records, targets, upstreams, sources)

    def note_backward(self, first_id: int) -> None:
        """The nodes made since that id was given out belong to a backward pass."""
        for node in reversed(self.nodes):
            if not node.outputs or node.outputs[0].id < first_id:
                return
            self.backward.update([x.id for x in node.outputs])

    def wait(self, function: Callable, args: tuple, shape: Any, dtype: Any) -> SymbolicTensor:
        """A call of one of minitf's own functions that needs values: it waits for the run."""
        from minitf.later import call_later
        from minitf.tensor_spec import TensorSpec

        return call_later(function, args, TensorSpec(shape, dtype), waits=True)

    def live_nodes(self) -> list[Node]:
        """The nodes that its outputs and its side effects need."""
        if self._live is None:
            self._live = needed_nodes(self.nodes, self.outputs)
        return self._live

    def with_nodes(self, nodes: list[Node], outputs: list[Any] | None = None) -> Graph:
        """A graph of the same inputs: what a pass returns. This one stays as it is."""
        graph = Graph(self.name)
        graph.inputs, graph.nodes, graph.backward = self.inputs, nodes, self.backward
        graph.outputs = self.outputs if outputs is None else outputs
        return graph

    def get_operations(self) -> list[Node]:
        """All nodes; `.type` is the operation's name."""
        return list(self.nodes)

    def _label(self, name: str) -> str:
        count = self._labels.get(name, 0)
        self._labels[name] = count + 1
        return name if not count else f"{name}_{count}"

    def __getstate__(self) -> dict:  # what tracing needed is not part of the data
        return {"name": self.name, "inputs": self.inputs, "nodes": self.nodes,
                "outputs": self.outputs}  # fmt: skip

    def __setstate__(self, data: dict) -> None:
        Graph.__init__(self, data["name"])
        self.inputs, self.nodes, self.outputs = data["inputs"], data["nodes"], data["outputs"]

    def __repr__(self) -> str:
        inputs = ", ".join(f"{x.label}: {_spec_text(x)}" for x in self.inputs)
        lines = [f"graph {self.name}({inputs}):", *(f"  {node!r}" for node in self.nodes)]
        if self.outputs:
            lines.append(f"  return {', '.join(_text(x) for x in self.outputs)}")
        return "\n".join(lines)


@contextlib.contextmanager
def tracing(graph: Graph | None) -> Iterator[Graph | None]:
    """In this block operations on symbolic tensors become nodes of `graph`; None: they run."""
    outer, state.tracer = state.tracer, graph
    try:
        yield graph
    finally:
        state.tracer = outer


def replay(graph: Graph, known: dict[int, Any], outputs: list[Any]) -> list[Any]:
    """Runs all nodes and returns the values of `outputs`.

    Args:
        known: tensors for the graph's inputs, by their ids; filled with every value on the way.
        outputs: symbolic tensors of the graph, or constants.
    """
    return run_nodes(graph.nodes, known, outputs)


def run_nodes(nodes: list[Node], known: dict[int, Any], outputs: list[Any]) -> list[Any]:
    """Runs nodes one by one through `execute`, as if they had been written out."""
    for node in nodes:
        inputs = tuple([known.get(x.id, x) for x in node.inputs])
        run = RUNNERS.get(node.op)
        if run is not None:
            results = run(node.op, inputs, node.attrs)
        else:
            results = execute(node.op, inputs, node.attrs)
            if type(results) is not tuple:
                known[node.outputs[0].id] = results
                continue
        for x, value in zip(node.outputs, results, strict=True):
            known[x.id] = value
    return [known.get(x.id, x) for x in outputs]


def outputs_of(call: Any) -> tuple:
    return call.output if type(call.output) is tuple else (call.output,)


def _run_read(op: Op, inputs: tuple, attrs: dict) -> tuple:
    return (inputs[0]._read(),)


def _run_assign(op: Op, inputs: tuple, attrs: dict) -> tuple:
    getattr(inputs[0], _METHOD_OF[op])(inputs[1])
    return ()


RUNNERS[READ] = _run_read
RUNNERS.update({op: _run_assign for op in ASSIGN.values()})


def _word(op: Op, attrs: dict) -> str:
    """Name of the operation, or of the Python function that a node `Call` calls."""
    return attrs["function"].__name__ if "function" in attrs else op.name


def _text(x: Any) -> str:
    if isinstance(x, SymbolicTensor):
        return x.label
    if isinstance(x, Tensor) and not x._value.ndim:
        return str(x._value)
    return x.name.removesuffix(":0") if isinstance(x, Variable) else f"constant{tuple(x.shape)}"


def _spec_text(x: SymbolicTensor) -> str:
    return f"{x.dtype.name}{list(x._value.shape)}"
