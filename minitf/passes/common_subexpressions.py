"""Common subexpressions: what is computed twice is computed once.

    y = tf.exp(x) + tf.exp(x)        # one node Exp

Two nodes are the same if operation, inputs and attributes are. Gradient rules compute again what
the forward pass had (softmax beside cross-entropy, the forward pass inside a second derivative):
there this pass saves most. Random numbers are drawn as often as they were asked for, and a variable
is read again after anything that may have assigned it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.passes.rewriting import is_constant, is_pure, replaced, with_inputs

if TYPE_CHECKING:
    from minitf.graph import Graph, Node

_SMALL = 16  # elements: constants up to this size are compared by value


def common_subexpressions(graph: Graph) -> Graph:
    """The graph with equal nodes joined."""
    first: dict[Any, Node] = {}
    instead: dict[int, Any] = {}
    kept, effects = [], 0
    for node in graph.nodes:
        node = with_inputs(node, instead)
        effects += node.effect
        key = _key(node, effects)
        known = first.get(key) if key is not None else None
        if known is None:
            kept.append(node)
            if key is not None:
                first[key] = node
        else:
            pairs = zip(node.outputs, known.outputs, strict=True)
            instead.update({x.id: y for x, y in pairs})
    return replaced(graph, kept, instead)


def _key(node: Node, effects: int) -> Any:
    """Equal for nodes that compute the same; None for one that cannot be compared."""
    if node.op.name == "ReadVariableOp":
        return "read", node.inputs[0].id, effects
    if not is_pure(node):
        return None
    attrs = tuple((name, _frozen(value)) for name, value in sorted(node.attrs.items()))
    key = (node.op.name, tuple(_input_key(x) for x in node.inputs), attrs)
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _input_key(x: Any) -> Any:
    if is_constant(x) and x._value.size <= _SMALL and x._value.dtype != object:
        value = np.asarray(x._value)
        return value.dtype.str, value.shape, value.tobytes()
    return x.id


def _frozen(value: Any) -> Any:
    """The value with its type: 1, 1.0 and True are equal, and are not the same."""
    if isinstance(value, list | tuple):
        return type(value), tuple(_frozen(part) for part in value)
    return type(value), value
