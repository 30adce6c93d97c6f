"""Constant folding: what no argument can change is computed once, now.

@tf.function
def f(x):
    return x * tf.exp(tf.constant(2.0))     # tf.exp is done while tracing already

Most constants never become nodes: tracing runs an operation that has no symbolic input. Nodes on
constants appear when other passes, or a batch size that became known, leave them behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minitf.passes.rewriting import is_constant, is_pure, replaced, with_inputs
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.graph import Graph, Node

MOST_ELEMENTS = 10_000_000  # a larger constant costs more memory than it saves time


def constant_folding(graph: Graph) -> Graph:
    """The graph with nodes on constants replaced by their values."""
    known: dict[int, Any] = {}
    kept = []
    for node in graph.nodes:
        node = with_inputs(node, known)
        values = _computed(node)
        if values is None:
            kept.append(node)
        else:
            known.update({x.id: v for x, v in zip(node.outputs, values, strict=True)})
    return replaced(graph, kept, known)


def _computed(node: Node) -> list[Tensor] | None:
    """The node's outputs as constants, or None if they must wait for the run."""
    if not is_pure(node) or not node.inputs or not all(is_constant(x) for x in node.inputs):
        return None
    if any(x._value.size is None or x._value.size > MOST_ELEMENTS for x in node.outputs):
        return None
    try:
        result = node.op.kernel(*[x._value for x in node.inputs], **node.attrs)
    except Exception:  # whatever it is: the run will meet it, and say so where it belongs
        return None
    results = result if type(result) is tuple else (result,)
    return [Tensor(value, node.op) for value in results]
