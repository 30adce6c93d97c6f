"""What the passes share: who made a value, who uses it, and putting one value for another.

links = Links(graph)
links.maker(x)          # the node that computes x, None for an input or a constant
links.only_user(x)      # the one node that uses x, None if there are more or x is a result
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.graph import Graph, Node


class Links:
    """Which node makes a value and which ones use it."""

    def __init__(self, graph: Graph) -> None:
        self._makers: dict[int, Node] = {x.id: node for node in graph.nodes for x in node.outputs}
        self._users: dict[int, list[Node]] = {}
        for node in graph.nodes:
            for x in node.inputs:
                self._users.setdefault(x.id, []).append(node)
        self.results = {x.id for x in graph.outputs}

    def maker(self, x: Any, *op_names: str) -> Node | None:
        """The node that computes x, if it is one of `op_names` (any, if none is named)."""
        node = self._makers.get(x.id)
        return node if node is None or not op_names or node.op.name in op_names else None

    def users(self, x: Any) -> list[Node]:
        """The nodes that use x, in order; one that uses it twice comes twice."""
        return self._users.get(x.id, [])

    def only_user(self, x: Any, *op_names: str) -> Node | None:
        """The node that alone uses x, if it is one of `op_names` and x is no result."""
        users = self.users(x)
        if len(users) != 1 or x.id in self.results:
            return None
        return users[0] if not op_names or users[0].op.name in op_names else None


def replaced(graph: Graph, nodes: list[Node], instead: dict[int, Any]) -> Graph:
    """A graph of `nodes`, in which each value whose id is in `instead` gives way to another."""
    if not instead:
        return graph.with_nodes(nodes)
    outputs = [instead.get(x.id, x) for x in graph.outputs]
    return graph.with_nodes([with_inputs(node, instead) for node in nodes], outputs)


def with_inputs(node: Node, instead: dict[int, Any]) -> Node:
    """The node with other inputs; itself if none of them changes."""
    if not any(x.id in instead for x in node.inputs):
        return node
    inputs = tuple([instead.get(x.id, x) for x in node.inputs])
    return type(node)(node.op, inputs, node.attrs, node.outputs, node.effect)


def is_pure(node: Node) -> bool:
    """Does it compute its outputs from its inputs alone, and nothing else?"""
    return node.op.kernel is not None and not node.effect and not node.op.stateful


def is_constant(x: Any) -> bool:
    """A tensor whose value is known while the graph is made."""
    return type(x) is Tensor


def has_shape(x: Any, shape: tuple) -> bool:
    """Is the shape of x known, and this one?"""
    return None not in x._value.shape and tuple(x._value.shape) == tuple(shape)
