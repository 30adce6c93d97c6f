"""Loss and gradient in one node.

SparseSoftmaxCrossEntropyWithLogits and SparseSoftmaxCrossEntropyGrad, which takes the same softmax
again, become FusedCrossEntropy with two outputs. What flows back to the losses must be known
beforehand: for a mean over 32 losses that is 1/32 for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from minitf.kernels.cross_entropy_with_gradient import FUSED_CROSS_ENTROPY
from minitf.passes.rewriting import Links, is_constant

if TYPE_CHECKING:
    from minitf.graph import Graph, Node


def cross_entropy_groups(graph: Graph) -> list[tuple[list[Node], Node]]:
    """Cross-entropies whose gradient is computed too."""
    links = Links(graph)
    groups = []
    for loss in graph.nodes:
        if loss.op.name != "SparseSoftmaxCrossEntropyWithLogits":
            continue
        gradient = _gradient_of(loss, links)
        if gradient is not None:
            outputs = (loss.outputs[0], gradient.outputs[0])
            node = type(loss)(FUSED_CROSS_ENTROPY, gradient.inputs, {}, outputs)
            groups.append(([gradient, loss], node))
    return groups


def _gradient_of(loss: Node, links: Links) -> Node | None:
    """The node that computes the gradient for the same logits and labels."""
    logits, labels = loss.inputs
    if len(logits._value.shape) != 2:
        return None
    for node in links.users(logits):
        same = node.op.name == "SparseSoftmaxCrossEntropyGrad" and node.inputs[1] is labels
        if same and node.inputs[0] is logits and is_constant(node.inputs[2]):
            return node
    return None
