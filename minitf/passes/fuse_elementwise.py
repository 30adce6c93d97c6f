"""Chains of element-wise operations on large arrays become one node that runs block by block.

A group holds operations of one shape and dtype. Its inputs have that shape or are scalars. No value
may leave the group and come back: the group could run neither before nor after what lies between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.kernels.chain import FUSED_ELEMENTWISE, Chain
from minitf.kernels.elementwise import FUNCTIONS
from minitf.passes.rewriting import Links, has_shape, is_constant
from minitf.passes.schedule import dependencies
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.graph import Graph, Node

LARGE = 65_536  # elements: smaller arrays stay in the cache by themselves


def elementwise_groups(graph: Graph) -> list[tuple[list[Node], Node]]:
    """Groups of at least two nodes."""
    groups = _Groups(dependencies(graph.nodes))
    newest: dict[Any, int] = {}
    for i, node in enumerate(graph.nodes):
        kind = _kind(node)
        if kind is None:
            groups.leave_alone(i)
            continue
        if kind not in newest or not groups.may_join(i, newest[kind]):
            newest[kind] = groups.open()
        groups.join(i, newest[kind], is_sum=node.op.name == "Sum")
    links = Links(graph)
    found = [[graph.nodes[i] for i in members] for members in groups.members if len(members) > 1]
    return [_fused(members, links) for members in found]


class _Groups:
    """Groups of node numbers, and which groups each node must wait for."""

    def __init__(self, needs: list[set[int]]) -> None:
        self.members: list[list[int]] = []
        self._needs = needs
        self._group_of: dict[int, int] = {}
        self._sums: set[int] = set()
        self._node_waits: dict[int, set[int]] = {}
        self._group_waits: list[set[int]] = []

    def open(self) -> int:
        """A new, empty group."""
        self.members.append([])
        self._group_waits.append(set())
        return len(self.members) - 1

    def leave_alone(self, i: int) -> None:
        """Node i stays out of all groups."""
        self._node_waits[i] = self._waits_of(i, None)

    def may_join(self, i: int, group: int) -> bool:
        """False if node i needs something that itself waits for the group, or one of its sums."""
        return group not in self._waits_of(i, group) and not self._needs[i] & self._sums

    def join(self, i: int, group: int, is_sum: bool) -> None:
        """Adds node i; whoever waits for the group now waits for what i needs too."""
        waits = self._group_waits[group] | self._waits_of(i, group)
        self.members[group].append(i)
        self._group_of[i] = group
        if is_sum:
            self._sums.add(i)
        if waits != self._group_waits[group]:
            self._group_waits[group] = waits
            for others in (*self._group_waits, *self._node_waits.values()):
                if group in others:
                    others |= waits

    def _waits_of(self, i: int, group: int | None) -> set[int]:
        """The groups that node i waits for, leaving out what it needs from its own one."""
        found: set[int] = set()
        for j in self._needs[i]:
            other = self._group_of.get(j)
            if other is None:
                found |= self._node_waits[j]
            elif other != group:
                found |= {other} | self._group_waits[other]
        return found


def _kind(node: Node) -> Any:
    """Shape and dtype, for a node that may stand in a group."""
    if node.op.name == "Sum":
        return _kind_of_sum(node)
    if node.op.name not in FUNCTIONS or node.attrs:
        return None
    value = node.outputs[0]._value
    if None in value.shape or value.size < LARGE or value.dtype.kind != "f":
        return None
    for x in node.inputs:
        if x._value.dtype != value.dtype or not (has_shape(x, value.shape) or not x._value.shape):
            return None
    return value.shape, value.dtype


def _kind_of_sum(node: Node) -> Any:
    """A sum over all axes is taken block by block as well."""
    (x,) = node.inputs
    value, out = x._value, node.outputs[0]._value
    if None in value.shape or value.size < LARGE or value.dtype.kind != "f" or out.shape:
        return None
    return tuple(value.shape), value.dtype


def _fused(members: list[Node], links: Links) -> tuple[list[Node], Node]:
    inside = {id(node) for node in members}
    made = {x.id for node in members for x in node.outputs}
    given = {x.id: x for node in members for x in node.inputs if x.id not in made}
    scalars = {key: _as_scalar(x) for key, x in given.items() if _is_uniform(x)}
    number = {key: i for i, key in enumerate([*given, *[n.outputs[0].id for n in members]])}
    results = [
        node.outputs[0]
        for node in members
        if node.outputs[0].id in links.results
        or any(id(user) not in inside for user in links.users(node.outputs[0]))
    ]
    steps = [
        (FUNCTIONS.get(node.op.name), tuple([number[x.id] for x in node.inputs]))
        for node in members
    ]
    shape, dtype = _kind(members[0])
    chain = Chain(
        tuple(shape),
        dtype,
        tuple([key in scalars or not x._value.shape for key, x in given.items()]),
        steps,
        tuple([number[x.id] for x in results]),
        tuple([node.op.name for node in members]),
    )
    inputs, attrs = tuple([scalars.get(key, x) for key, x in given.items()]), {"chain": chain}
    return members, type(members[0])(FUSED_ELEMENTWISE, inputs, attrs, tuple(results))


def _is_uniform(x: Any) -> bool:
    """A constant array of one number, such as the ones a backward pass starts from."""
    return is_constant(x) and x._value.ndim > 0 and bool(np.all(x._value == x._value.flat[0]))


def _as_scalar(x: Any) -> Tensor:
    return Tensor(x._value.flat[0])
