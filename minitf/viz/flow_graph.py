"""Everything that ran between a source and a target, and where the gradient's way is severed.

    flow = flow_of(calls, tape, records, target, source, namer, line_of)
    flow.spec           # a GraphSpec of all operations, whether or not the tape recorded them
    flow.cut            # ids of the edges at which every way from source to target breaks

A tape records less than what ran. The calls come from a listener beside the tape (snippets.py), or
from the tape's records alone; the gradients from minitf's own backward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from minitf import tape_views
from minitf.backward import Record, backpropagate, dense
from minitf.gradient_arguments import seeds_of
from minitf.graph_names import Namer, outputs_of, short_op_name, value_text
from minitf.graph_spec import Edge, GraphSpec, Node
from minitf.inspect import value_data
from minitf.origins import Origin
from minitf.state import unobserved
from minitf.tape import GradientTape
from minitf.variable import Variable
from minitf.viz.snippets import Call

OFF_TAPE = "NumPy"  # the node where a value leaves for NumPy or Python
NO_LINK = "no link"  # the symbol of an edge that stands for a way that never was


class Flow(NamedTuple):
    """The graph of a computation with its severed links.

    Attributes:
        spec: nodes and edges; `active` edges carry a gradient.
        source, target: ids of their nodes.
        cut: ids of the severed edges; one of them may be a link that never was.
        unrecorded: ids of edges the tape did not record.
    """

    spec: GraphSpec
    source: str
    target: str
    cut: tuple[str, ...]
    unrecorded: tuple[str, ...]


def _calls_of(records: list[Record]) -> list[Call]:
    return [
        Call(
            "read" if r.op.name == "ReadVariableOp" else "op",
            r.op.name,
            r.inputs,
            outputs_of(r),
            r.op.text,
        )
        for r in records
    ]


def flow_of(
    calls: list[Call] | None,
    tape: GradientTape,
    records: list[Record],
    target: Any,
    source: Any,
    namer: Namer,
    origin_of: Callable[[Any], Origin | None],
    left_for_numpy: int | None = None,
) -> Flow:
    """Draws what ran, and finds the severed links.

    Args:
        calls: all operations, in order; None: nobody listened, the tape's records must do.
        tape, records: the tape and all it recorded.
        target, source: what was asked for.
        namer: the learner's names.
        origin_of: source lines of values.
        left_for_numpy: id of the value that left the tape for NumPy, if that is the cause.
    """
    build = _Build(tape, records, target, source, namer, origin_of)
    build.listened = calls is not None
    for call in _until(_calls_of(records) if calls is None else calls, target):
        build.add(call, left_for_numpy)
    return build.flow()


def _until(calls: list[Call], target: Any) -> list[Call]:
    """The calls up to the one that made the target: later ones belong to the backward pass."""
    made = [i for i, call in enumerate(calls) if any(x.id == target.id for x in call.outputs)]
    if made:
        return calls[: made[-1] + 1]
    return [c for c in calls if all(x.id < target.id for x in c.outputs)]


class _Build:
    """Collects nodes and edges; see flow_of."""

    def __init__(
        self,
        tape: GradientTape,
        records: list[Record],
        target: Any,
        source: Any,
        namer: Namer,
        origin_of: Callable[[Any], Origin | None],
    ) -> None:
        self.tape, self.target, self.source = tape, target, source
        self.namer, self.origin_of = namer, origin_of
        self.recorded = {x.id: r for r in records for x in outputs_of(r)}
        self.reached = _reached(records, source)
        self.gradients, self.flows, self.visited = _gradients(records, target)
        self.listened = True
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.node_of: dict[int, str] = {}  # id of a value -> id of its node
        self.stored: dict[int, Any] = {}  # id of a variable -> the tensor assigned to it
        self.read_value: dict[int, Any] = {}  # id of a variable -> what it held when last read
        self.broken: list[str] = []  # ids of edges where the way from the source ends
        self.unrecorded: list[str] = []

    # -- adding calls

    def add(self, call: Call, left_for_numpy: int | None) -> None:
        if call.kind == "assign":
            self.stored[call.outputs[0].id] = call.inputs[0]
        elif call.kind == "read":
            self._read(call.inputs[0], call.outputs[0])
        elif call.kind == "op":
            self._operation(call)
        elif call.inputs[0].id == left_for_numpy:
            self._leave(call.inputs[0])

    def _read(self, variable: Variable, snapshot: Any) -> None:
        if snapshot.id in self.node_of:
            return
        value = self.stored.pop(variable.id, None)
        known = self.node_of.get(variable.id)
        if known and value is None and self.read_value[variable.id] is snapshot._value:
            self.node_of[snapshot.id] = known  # the same value, read once more
            return
        self.read_value[variable.id] = snapshot._value
        name = self.namer.leaf(variable)
        if any(n.name == name for n in self.nodes):
            name = f"{name} (read again)"
        watched = tape_views.is_watched(self.tape, variable)
        node = self._node(snapshot, "param", name, watched=watched)
        self.node_of[variable.id] = node.id
        if value is not None:
            self._edge(value, node, recorded=False, leads_on=False)

    def _operation(self, call: Call) -> None:
        outputs = call.outputs
        if all(x.id in self.node_of for x in outputs):
            return
        inputs = [self._leaf(x) for x in call.inputs]
        names = [node.name for node in inputs]
        if outputs[0].id not in self.namer.names:
            self.namer.names[outputs[0].id] = self.namer._free(short_op_name(call.op))
        name = self.namer.names[outputs[0].id]
        text = _text(call, names)
        kind = "loss" if any(x.id == self.target.id for x in outputs) else "op"
        node = self._node(outputs[0], kind, name, call.op, text)
        for x in outputs:
            self.node_of[x.id] = node.id
        record = self.recorded.get(outputs[0].id)
        for slot, x in enumerate(call.inputs):
            recorded = record is not None and slot < len(record.wanted) and record.wanted[slot]
            flows = record is not None and (id(record), slot) in self.flows
            silent = recorded and not flows and id(record) in self.visited  # its rule says None
            leads_on = outputs[0].id in self.reached and not silent
            self._edge(x, node, bool(recorded), leads_on, slot, flows)

    def _leave(self, x: Any) -> None:
        node = self._node(x, "op", OFF_TAPE, "", "off the tape", watched=False)
        self._edge(x, node, recorded=False, leads_on=False)

    def _leaf(self, x: Any) -> Node:
        if x.id not in self.node_of:
            kind = "const"
            if isinstance(x, Variable):
                kind = "param"
            elif tape_views.is_watched(self.tape, x):
                kind = "input"
            self._node(x, kind, self.namer.leaf(x))
        return self._of(x.id)

    def _of(self, value_id: int) -> Node:
        return self.nodes[int(self.node_of[value_id][1:])]

    def _node(
        self,
        x: Any,
        kind: str,
        name: str,
        op: str = "",
        text: str = "",
        watched: bool | None = None,
    ) -> Node:
        gradient = self.gradients.get(x.id) if name != OFF_TAPE else None
        if watched is None:
            watched = tape_views.is_watched(self.tape, x)
        missing = "none" if watched else "–"
        origin = self.origin_of(x)
        node = Node(
            id=f"n{len(self.nodes)}",
            kind=kind,
            name=name,
            op=op,
            text=text,
            shape=tuple(x.shape),
            dtype=x.dtype.name,
            value=value_data(x._value),
            value_text=value_text(x._value),
            adjoint=None if gradient is None else value_data(gradient),
            adjoint_text=missing if gradient is None else value_text(gradient),
            line=origin.line if origin and text else None,
            source=origin.source if origin and text else "",
        )
        self.nodes.append(node)
        self.node_of.setdefault(x.id, node.id)
        return node

    def _edge(
        self,
        x: Any,
        dst: Node,
        recorded: bool,
        leads_on: bool,
        slot: int = 0,
        flows: bool = False,
    ) -> None:
        """An argument; `leads_on`: the gradient's way from the source goes on behind it."""
        edge = self._new_edge(self._leaf(x).id, dst.id, slot, flows)
        if not recorded:
            self.unrecorded.append(edge.id)
        if x.id in self.reached and not leads_on:
            self.broken.append(edge.id)

    def _new_edge(self, src: str, dst: str, slot: int, flows: bool, symbol: str = "") -> Edge:
        edge = Edge(f"e{len(self.edges)}", src, dst, slot, flows, symbol, "", None, "", None, "")
        self.edges.append(edge)
        return edge

    # -- the whole

    def flow(self) -> Flow:
        source = self._leaf(self.source)
        if self.target.id not in self.node_of and self.target.id in self.stored:
            self._read(self.target, self.target)
        target = self._leaf(self.target)
        if not self.listened:
            self._add_noted_links()
        shown = self._leading_to(target.id)
        if source.id not in shown:  # no way at all: show where the source goes instead
            shown |= self._following(source.id)
            self.broken = [e.id for e in self.edges if e.id in self.broken and self._leaves(e)]
            if not self.broken:
                never = self._new_edge(source.id, target.id, 0, False, NO_LINK)
                self.broken.append(never.id)
        nodes = tuple([n for n in self.nodes if n.id in shown])
        edges = tuple([e for e in self.edges if e.src in shown and e.dst in shown])
        drawn = {e.id for e in edges}
        spec = GraphSpec(f"From {source.name} to {target.name}", target.id, nodes, edges)
        return Flow(
            spec,
            source.id,
            target.id,
            tuple([i for i in self.broken if i in drawn]),
            tuple([i for i in self.unrecorded if i in drawn]),
        )

    def _leaves(self, edge: Edge) -> bool:
        return self.nodes[int(edge.dst[1:])].name == OFF_TAPE

    def _leading_to(self, node_id: str) -> set[str]:
        """Ids of the nodes from which values flow to this one, itself included."""
        return _closure(node_id, [(e.dst, e.src) for e in self.edges])

    def _following(self, node_id: str) -> set[str]:
        return _closure(node_id, [(e.src, e.dst) for e in self.edges])

    def _add_noted_links(self) -> None:
        """What the tape itself noted of ways that end, where nobody listened beside it."""
        for value, cuts in tape_views.severed(self.tape).items():
            for origin in cuts:
                if value in self.node_of and origin in self.node_of:
                    edge = self._new_edge(self.node_of[origin], self.node_of[value], 0, False)
                    self.unrecorded.append(edge.id)
                    if origin in self.reached:
                        self.broken.append(edge.id)


def _closure(start: str, links: list[tuple[str, str]]) -> set[str]:
    """Everything that can be reached from `start`."""
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        new = {b for a, b in links if a == here} - found
        found |= new
        waiting += new
    return found


def _text(call: Call, names: list[str]) -> str:
    short_form = f"{short_op_name(call.op)}({', '.join(names)})"
    try:
        return call.text.format(*names) if call.text else short_form
    except (IndexError, KeyError):
        return short_form


def _reached(records: list[Record], source: Any) -> set[int]:
    """Ids of all values that recorded operations lead to from the source, itself included."""
    found = {source.id}
    if isinstance(source, Variable):
        found.add(source._snapshot.id)  # where nobody watched, no record leads to it
    for record in records:
        pairs = zip(record.inputs, record.wanted, strict=True)
        if any(wanted and x.id in found for x, wanted in pairs):
            found.update([x.id for x in outputs_of(record)])
    return found


def _gradients(records: list[Record], target: Any) -> tuple[dict[int, Any], dict, set[int]]:
    """Id of a value -> gradient; (id of a record, slot) -> what flowed; ids of visited records."""
    flows: dict[tuple[int, int], Any] = {}
    visited: set[int] = set()

    def observe(record: Record, upstream: Any, downstream: tuple) -> None:
        visited.add(id(record))
        for slot, grad in enumerate(downstream):
            if record.wanted[slot] and grad is not None:
                flows[id(record), slot] = grad

    values = {x.id: x for record in records for x in (*record.inputs, *outputs_of(record))}
    values[target.id] = target
    with unobserved():
        found = backpropagate(
            records, [target], seeds_of([target], None), list(values.values()), observe
        )
    gradients = {i: dense(g)._value for i, g in zip(values, found, strict=True) if g is not None}
    return gradients, flows, visited
