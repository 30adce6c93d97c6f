"""Specialize: a graph traced for any batch size becomes one for this batch size.

    @tf.function(input_signature=[tf.TensorSpec([None, 784])])
    def step(x): ...

While a size is unknown some things must wait for the run: tf.zeros(tf.shape(x)), convolutions, and
gradients, whose rules ask for shapes (the nodes `Call` and `Gradient`). With the sizes at hand the
graph is traced once more from its own nodes. What waited becomes ordinary operations, and the
passes can work on them.
"""

from __future__ import annotations

from typing import Any

from minitf.composite import GRADIENT, run_gradient
from minitf.graph import ASSIGN, Graph, Node, run_nodes, tracing
from minitf.state import unobserved
from minitf.symbolic import SymbolicTensor
from minitf.tensor import next_id

_METHODS = {op: name for name, op in ASSIGN.items()}


def specialized(graph: Graph, inputs: list[Any]) -> Graph:
    """The graph for inputs of these shapes; itself if it needs no more than it knows.

    Raises:
        whatever tracing raises, if the shapes do not fit.
    """
    if not any(None in x._value.shape for x in graph.inputs):
        return graph
    known: dict[int, Any] = {}
    new = Graph(graph.name)
    for x, value in zip(graph.inputs, inputs, strict=True):
        if isinstance(x, SymbolicTensor):
            known[x.id] = new.placeholder(value._value.shape, x.dtype, x.label)
        else:  # a variable
            known[x.id] = x
            new.inputs.append(x)
    with unobserved(), tracing(new):
        for node in graph.live_nodes():
            first_id = next_id()
            _trace_again(node, known, new)
            if any(x.id in graph.backward for x in node.outputs):
                new.note_backward(first_id)
        new.outputs = [new.own(known.get(x.id, x)) for x in graph.outputs]
    return new


def _trace_again(node: Node, known: dict[int, Any], new: Graph) -> None:
    inputs = tuple([known.get(x.id, x) for x in node.inputs])
    if node.op.name == "ReadVariableOp":
        known[node.outputs[0].id] = new.read(inputs[0])
    elif node.op in _METHODS:
        new.assign(_METHODS[node.op], *inputs)
    elif node.op is GRADIENT:
        found = run_gradient(inputs, node.attrs)
        known.update({x.id: g for x, g in zip(node.outputs, found, strict=True)})
    else:
        run_nodes([node], known, [])
