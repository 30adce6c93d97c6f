"""Product, bias and relu in one node: MatMul -> AddV2 -> Relu becomes FusedMatMul."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minitf.kernels.matmul_bias import FUSED_MATMUL
from minitf.passes.rewriting import Links

if TYPE_CHECKING:
    from minitf.graph import Graph, Node


def matmul_groups(graph: Graph) -> list[tuple[list[Node], Node]]:
    """Products whose result only meets a bias, and perhaps relu."""
    links = Links(graph)
    groups = []
    for product in graph.nodes:
        if product.op.name != "MatMul":
            continue
        add = links.only_user(product.outputs[0], "AddV2", "BiasAdd")
        if add is None or add.inputs[0] is not product.outputs[0] or not _is_bias(add):
            continue
        members = [product, add]
        relu = links.only_user(add.outputs[0], "Relu")
        if relu is not None:
            members.append(relu)
        inputs = (*product.inputs, add.inputs[1])
        attrs = {**product.attrs, "relu": relu is not None}
        groups.append((members, type(product)(FUSED_MATMUL, inputs, attrs, members[-1].outputs)))
    return groups


def _is_bias(add: Node) -> bool:
    """One number per column: a vector as long as the last axis, which stretches nothing."""
    product, bias = (x._value for x in add.inputs)
    return len(bias.shape) == 1 and bias.shape[0] is not None and bias.shape[0] == product.shape[-1]
