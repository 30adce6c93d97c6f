"""Loss and gradient in one node.

SparseSoftmaxCrossEntropyWithLogits(z, labels) and Softmax(z) - OneHot(labels) become
FusedCrossEntropy(z, labels), with two outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minitf.kernels.cross_entropy_with_gradient import FUSED_CROSS_ENTROPY
from minitf.passes.rewriting import Links

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
            node = type(loss)(FUSED_CROSS_ENTROPY, loss.inputs, {}, outputs)
            groups.append(([gradient, loss], node))
    return groups


def _gradient_of(loss: Node, links: Links) -> Node | None:
    """The node softmax(logits) - one_hot(labels)."""
    logits, labels = loss.inputs
    shape = logits._value.shape
    if len(shape) != 2 or labels._value.dtype.kind not in "iu":
        return None
    for softmax in links.users(logits):
        if softmax.op.name != "Softmax" or softmax.attrs["axis"] != 1:
            continue
        for difference in links.users(softmax.outputs[0]):
            if difference.op.name == "Sub" and _is_one_hot(difference.inputs[1], labels, links):
                return difference
    return None


def _is_one_hot(x: Any, labels: Any, links: Links) -> bool:
    node = links.maker(x, "OneHot")
    if node is None or node.inputs[0] is not labels:
        return False
    attrs = node.attrs
    return attrs["axis"] == 1 and (attrs["on"], attrs["off"]) == (1, 0)
