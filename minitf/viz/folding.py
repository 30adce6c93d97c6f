"""Groups of a graph: operations of one layer or name scope, shown together or folded into one box.

    groups_of(spec)                 # {"one": ("n2", "n3", "n4"), "two": (...)}
    folded = fold(spec, {"one"})    # a spec in which that group is a single node, "g0"

A group is named by the first part of `Node.group` in which the nodes differ. The result itself
never disappears in a group.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from minitf.graph_spec import Edge, GraphSpec, Node, Step

GROUP = "group"  # the kind of a node that stands for a folded group


def groups_of(spec: GraphSpec) -> dict[str, tuple[str, ...]]:
    """Group name -> ids of its nodes, in the order of computation; groups of one are left out."""
    paths = {n.id: n.group.split("/") for n in spec.nodes if n.group and n.id != spec.target}
    shared = _shared_length(list(paths.values()))
    found: dict[str, tuple[str, ...]] = {}
    for node_id, path in paths.items():
        if len(path) > shared:
            name = path[shared]
            found[name] = (*found.get(name, ()), node_id)
    return {name: members for name, members in found.items() if len(members) > 1}


def group_ids(spec: GraphSpec) -> dict[str, str]:
    """Group name -> the id its box has when it is folded."""
    return {name: f"g{k}" for k, name in enumerate(groups_of(spec))}


def shown_member(spec: GraphSpec, members: Collection[str]) -> str:
    """The node whose value leaves the group: the last one that is used outside."""
    leaving = [e.src for e in spec.edges if e.src in members and e.dst not in members]
    return leaving[-1] if leaving else list(members)[-1]


def fold(spec: GraphSpec, closed: Collection[str]) -> GraphSpec:
    """The same graph with the groups named in `closed` as one node each.

    A folded group shows the value that leaves it and the gradient that arrives there.
    """
    groups, ids = groups_of(spec), group_ids(spec)
    place: dict[str, str] = {}  # member -> the box that stands for it
    boxes: dict[str, Node] = {}  # first member -> that box
    shown: dict[str, str] = {}
    for name in groups:
        if name in closed:
            members = groups[name]
            place |= dict.fromkeys(members, ids[name])
            shown[ids[name]] = shown_member(spec, members)
            boxes[members[0]] = _box(spec, name, ids[name], shown[ids[name]], members)
    nodes = [boxes.get(n.id, n) for n in spec.nodes if n.id in boxes or n.id not in place]
    edges = [_moved(e, place) for e in spec.edges]
    outer = tuple(e for e in edges if e.src != e.dst)
    steps = tuple(_folded_step(step, place, shown) for step in spec.steps)
    return replace(spec, nodes=tuple(nodes), edges=outer, steps=steps, paths=())


def _shared_length(paths: list[list[str]]) -> int:
    """How many parts all paths have in common, such as the model's own name."""
    shared = 0
    while paths and all(len(p) > shared + 1 for p in paths):
        if len({p[shared] for p in paths}) > 1:
            break
        shared += 1
    return shared


def _box(spec: GraphSpec, name: str, box_id: str, shown: str, members: tuple[str, ...]) -> Node:
    inside = [n for n in spec.nodes if n.id in members]
    operations = sum(bool(n.op) for n in inside)
    return replace(
        spec.node(shown),
        id=box_id,
        kind=GROUP,
        name=name,
        op="",
        text=f"{operations} operation{'' if operations == 1 else 's'}",
        group="",
        line=None,
        source="",
    )


def _moved(edge: Edge, place: dict[str, str]) -> Edge:
    src, dst = place.get(edge.src, edge.src), place.get(edge.dst, edge.dst)
    if (src, dst) == (edge.src, edge.dst):
        return edge
    # a local derivative between a box and its surroundings would name nodes that are not shown
    return replace(edge, src=src, dst=dst, symbol="", rule="", partial_text="")


def _folded_step(step: Step, place: dict[str, str], shown: dict[str, str]) -> Step:
    values = {**step.values, **{g: step.values[n] for g, n in shown.items() if n in step.values}}
    adjoints = {
        **step.adjoints, **{g: step.adjoints[n] for g, n in shown.items() if n in step.adjoints}
    }  # fmt: skip
    return replace(step, node=place.get(step.node, step.node), values=values, adjoints=adjoints)
