"""Fusion: operations that belong together become one.

    conv_pool         conv2d + bias + relu + max_pool, forward and backward
    cross_entropy     the loss and its gradient
    matmul            product + bias + relu
    elementwise       chains on large arrays, run block by block

Each rule (fuse_*.py) finds groups of nodes and names the one node that replaces each group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from minitf.passes.fuse_conv_pool import conv_pool_groups
from minitf.passes.fuse_cross_entropy import cross_entropy_groups
from minitf.passes.fuse_elementwise import elementwise_groups
from minitf.passes.fuse_matmul import matmul_groups
from minitf.passes.prune import prune
from minitf.passes.schedule import scheduled

if TYPE_CHECKING:
    from minitf.graph import Graph, Node

RULES = (conv_pool_groups, cross_entropy_groups, matmul_groups, elementwise_groups)


def fusion(graph: Graph) -> Graph:
    """The graph with groups of nodes fused."""
    for groups_of in RULES:
        groups = groups_of(graph)
        if groups:
            graph = prune(graph.with_nodes(scheduled(_with_groups(graph.nodes, groups))))
    return graph


def _with_groups(nodes: list[Node], groups: list[tuple[list[Node], Node]]) -> list[Node]:
    """Each group's new node where its last one stood."""
    new = {id(members[-1]): node for members, node in groups}
    gone = {id(member) for members, _ in groups for member in members}
    kept = []
    for node in nodes:
        if id(node) in new:
            kept.append(new[id(node)])
        elif id(node) not in gone:
            kept.append(node)
    return kept
