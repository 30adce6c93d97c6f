"""Arithmetic: steps that leave a value as it is are left out.

x * 1, x / 1, -(-x), a reshape to the same shape, identity     ->  x
a + (-b)                                                       ->  a - b

Only rules that keep every bit, nan and infinity included: x * 0 is not 0 for an infinite x, and
x + 0 turns -0.0 into 0.0. A backward pass is full of such steps: it starts from ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.passes.rewriting import Links, has_shape, is_constant, replaced, with_inputs
from minitf.registry import find

if TYPE_CHECKING:
    from minitf.graph import Graph, Node


def arithmetic(graph: Graph) -> Graph:
    """The graph without steps that change nothing."""
    links = Links(graph)
    instead: dict[int, Any] = {}
    kept = []
    for node in graph.nodes:
        node = with_inputs(node, instead)
        same = _unchanged(node, links)
        if same is None:
            kept.append(_as_difference(node, links))
        else:
            instead[node.outputs[0].id] = same
    return replaced(graph, kept, instead)


def _unchanged(node: Node, links: Links) -> Any:
    """The input that the node hands on as it is, or None."""
    name = node.op.name
    if name in ("Identity", "StopGradient"):
        return node.inputs[0]
    if name == "Reshape" and has_shape(node.inputs[0], node.outputs[0]._value.shape):
        return node.inputs[0]
    if name == "Neg":
        inner = links.maker(node.inputs[0], "Neg")
        return inner.inputs[0] if inner is not None else None
    if name == "Mul":
        a, b = node.inputs
        return _beside_ones(node, a, b) if is_constant(a) else _beside_ones(node, b, a)
    if name == "RealDiv":
        return _beside_ones(node, node.inputs[1], node.inputs[0])
    return None


def _beside_ones(node: Node, ones: Any, other: Any) -> Any:
    """`other`, if the first factor is all ones and does not stretch it to another shape."""
    value = ones._value
    if not is_constant(ones) or other._value.dtype != node.outputs[0]._value.dtype:
        return None
    if not np.all(value == 1) or not has_shape(other, node.outputs[0]._value.shape):
        return None
    return other


def _as_difference(node: Node, links: Links) -> Node:
    """a + (-b) as a - b, which IEEE 754 defines to be the same."""
    if node.op.name != "AddV2":
        return node
    a, b = node.inputs
    negated = links.maker(b, "Neg")
    if negated is None:
        return node
    return type(node)(find("Sub"), (a, negated.inputs[0]), {}, node.outputs)
