"""Schedule: an order in which nodes can run, after a pass has moved some of them together.

Every node comes after those whose outputs it uses. Nodes with side effects, random numbers and
readings of variables keep the order in which they were traced; apart from that, nodes stay where
they were as far as possible.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from minitf.passes.rewriting import is_pure

if TYPE_CHECKING:
    from minitf.graph import Node


def scheduled(nodes: list[Node]) -> list[Node]:
    """The nodes in an order they can run in."""
    waits_for = dependencies(nodes)
    followers: list[list[int]] = [[] for _ in nodes]
    missing = [len(needed) for needed in waits_for]
    for i, needed in enumerate(waits_for):
        for j in needed:
            followers[j].append(i)
    ready = [i for i, count in enumerate(missing) if not count]
    order = []
    while ready:
        i = heapq.heappop(ready)
        order.append(nodes[i])
        for j in followers[i]:
            missing[j] -= 1
            if not missing[j]:
                heapq.heappush(ready, j)
    return order


def dependencies(nodes: list[Node]) -> list[set[int]]:
    """For each node the numbers of the nodes that must run before it."""
    maker = {x.id: i for i, node in enumerate(nodes) for x in node.outputs}
    found = []
    anchored: int | None = None
    for i, node in enumerate(nodes):
        needed = {maker[x.id] for x in node.inputs if x.id in maker}
        if not is_pure(node):
            if anchored is not None:
                needed.add(anchored)
            anchored = i
        found.append(needed)
    return found
