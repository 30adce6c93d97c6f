"""Convolution, bias, relu and max pooling in one node, and their gradients in another.

    Conv2D -> AddV2 -> Relu -> MaxPool                           becomes FusedConvPool
    MaxPoolGrad -> ReluGrad -> Sum, Conv2DBackprop...            becomes FusedConvPoolGrad

Only where the pooling windows are 2x2 and do not overlap, and nobody else looks at what lies
between. The second node uses what the first one has kept (see kernels/conv_pool.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from minitf.kernels.conv_pool import (
    FUSED_CONV_POOL,
    FUSED_CONV_POOL_GRAD,
    grad_workspace,
    workspace,
)
from minitf.passes.rewriting import Links
from minitf.symbolic import Abstract, SymbolicTensor

if TYPE_CHECKING:
    from minitf.graph import Graph, Node

NO_PADDING = ((0, 0), (0, 0))
FEWEST_PICTURES = 16  # with fewer, the runs of neighbouring numbers are too short to pay


@dataclass
class _Found:
    """The nodes of one convolution; those of the way back are None without gradients."""

    conv: Node
    add: Node
    relu: Node
    pool: Node
    pool_grad: Node | None = None
    relu_grad: Node | None = None
    after: dict[str, Node] = field(default_factory=dict)  # users of relu_grad, by operation


def conv_pool_groups(graph: Graph) -> list[tuple[list[Node], Node]]:
    """One group per convolution, or two with its gradients."""
    links = Links(graph)
    place = {id(node): i for i, node in enumerate(graph.nodes)}
    groups = []
    for conv in graph.nodes:
        found = _found(conv, links) if conv.op.name == "Conv2D" else None
        if found is None:
            continue
        forward = _forward(found, graph)
        groups.append(([found.conv, found.add, found.relu, found.pool], forward))
        if found.pool_grad is not None:
            behind = [found.pool_grad, found.relu_grad, *found.after.values()]
            members = sorted([n for n in behind if n is not None], key=lambda n: place[id(n)])
            groups.append((members, _backward(found, forward, graph)))
    return groups


def _found(conv: Node, links: Links) -> _Found | None:
    frame = conv.attrs["frame"]
    add = links.only_user(conv.outputs[0], "AddV2", "BiasAdd")
    if (frame.shape[0] or 0) < FEWEST_PICTURES:
        return None
    if frame.strides != (1, 1) or frame.dilations != (1, 1) or add is None:
        return None
    if add.inputs[0] is not conv.outputs[0] or len(add.inputs[1]._value.shape) != 1:
        return None
    relu = links.only_user(add.outputs[0], "Relu")
    if relu is None or relu.outputs[0].id in links.results:
        return None
    users = {node.op.name: node for node in links.users(relu.outputs[0])}
    pool = users.pop("MaxPool", None)
    if pool is None or not _is_two_by_two(pool) or conv.outputs[0]._value.dtype.kind != "f":
        return None
    if add.inputs[1]._value.shape[0] != conv.outputs[0]._value.shape[-1]:
        return None
    found = _Found(conv, add, relu, pool)
    if not users:
        return found if len(links.users(relu.outputs[0])) == 1 else None
    return found if _find_gradients(found, users, links) else None


def _is_two_by_two(pool: Node) -> bool:
    frame = pool.attrs["frame"]
    return frame.ksize == frame.strides == (2, 2) and frame.pads == NO_PADDING


def _find_gradients(found: _Found, users: dict[str, Node], links: Links) -> bool:
    """Fills in the way back; False if it is not the one that is known here."""
    relu = found.relu.outputs[0]
    if sorted(users) != ["MaxPoolGrad", "ReluGrad"] or len(links.users(relu)) != 3:
        return False
    pool_grad, relu_grad = users["MaxPoolGrad"], users["ReluGrad"]
    flow = relu_grad.outputs[0]
    if pool_grad.inputs[:2] != (relu, found.pool.outputs[0]) or relu_grad.inputs[1] is not relu:
        return False
    if links.only_user(pool_grad.outputs[0]) is not relu_grad or flow.id in links.results:
        return False
    if pool_grad.attrs["frame"] != found.pool.attrs["frame"]:
        return False
    after = {node.op.name: node for node in links.users(flow)}
    if len(after) != len(links.users(flow)) or not _are_gradients(after, found, flow):
        return False
    found.pool_grad, found.relu_grad, found.after = pool_grad, relu_grad, after
    return True


def _are_gradients(after: dict[str, Node], found: _Found, flow: Any) -> bool:
    """Bias and kernel must have one, the pictures may."""
    total, by_kernel = after.get("Sum"), after.get("Conv2DBackpropFilter")
    by_input = after.get("Conv2DBackpropInput")
    frame, (x, kernel) = found.conv.attrs["frame"], found.conv.inputs
    if total is None or by_kernel is None or len(after) != (2 if by_input is None else 3):
        return False
    if total.attrs["axis"] != (0, 1, 2) or total.attrs["keepdims"]:
        return False
    if by_kernel.inputs[0] is not x or by_kernel.inputs[1] is not flow:
        return False
    if by_kernel.attrs["frame"] != frame:
        return False
    return by_input is None or (
        by_input.inputs[0] is kernel
        and by_input.inputs[1] is flow
        and by_input.attrs["frame"] == frame
    )


def _forward(found: _Found, graph: Graph) -> Node:
    conv, y = found.conv, found.pool.outputs[0]
    x, kernel = conv.inputs
    pooled = found.pool.attrs["frame"].out
    attrs = {"frame": conv.attrs["frame"], "pooled": pooled}
    shapes = workspace(kernel._value.shape, conv.attrs["frame"], pooled, y._value.dtype)
    kept = _new_values(["patches", "winners", "planes"], shapes[1:], y.label, graph)
    inputs = (x, kernel, found.add.inputs[1])
    return type(conv)(FUSED_CONV_POOL, inputs, attrs, (y, *kept))


def _backward(found: _Found, forward: Node, graph: Graph) -> Node:
    y, patches, winners, _ = forward.outputs
    kernel, frame = found.conv.inputs[1], found.conv.attrs["frame"]
    by_input = found.after.get("Conv2DBackpropInput")
    attrs = {"frame": frame, "with_input": by_input is not None}
    shapes = grad_workspace(
        kernel._value.shape, frame, winners._value.shape[2:4], y._value.dtype, by_input is not None
    )
    wanted = [found.after["Conv2DBackpropFilter"], found.after["Sum"], by_input]
    outputs = [node.outputs[0] for node in wanted if node is not None]
    label = outputs[0].label
    work = _new_values(["grad_planes", "grad_patches"], shapes[len(outputs) :], label, graph)
    inputs = (found.pool_grad.inputs[2], y, patches, winners, kernel)  # type: ignore[union-attr]
    return type(forward)(FUSED_CONV_POOL_GRAD, inputs, attrs, (*outputs, *work))


def _new_values(names: list[str], shapes: list, label: str, graph: Graph) -> list[SymbolicTensor]:
    return [
        SymbolicTensor(Abstract(shape, dtype), None, graph, f"{label}.{name}")
        for name, (shape, dtype) in zip(names, shapes, strict=True)
    ]
