"""Prune: what neither a result nor a side effect needs is not computed.

@tf.function
def f(x):
    unused = tf.exp(x)       # this node goes
    return x * x
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minitf.graph import Graph, Node


def prune(graph: Graph) -> Graph:
    """The graph without the nodes that nobody needs."""
    return graph.with_nodes(needed_nodes(graph.nodes, graph.outputs))


def needed_nodes(nodes: list[Node], outputs: list[Any]) -> list[Node]:
    """The nodes that `outputs` and side effects need, in order."""
    needed = {x.id for x in outputs}
    kept = []
    for node in reversed(nodes):
        if node.effect or any(x.id in needed for x in node.outputs):
            needed.update([x.id for x in node.inputs])
            kept.append(node)
    return kept[::-1]
