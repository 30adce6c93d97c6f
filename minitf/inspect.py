"""Looking at a tape: its rows, its graph, and every step of its backward pass, as plain data.

    with tf.GradientTape() as tape:
        loss = tf.abs(y_true - (x * w + b))
    spec = tf.inspect.graph(tape, loss)        # a GraphSpec; tf.viz draws it
    print(spec.summary)
    print(tf.inspect.rows(tape))               # what the tape wrote down

The numbers come from the tape's own backward pass, which is run here and watched: nothing is
re-enacted. Looking changes nothing: the tape can still be used for `gradient` afterwards.
With `tf.inspect.origins()` around the tape, nodes also know their source lines and layers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minitf.backward import Record, backpropagate
from minitf.graph_names import (
    Namer,
    caller_variables,
    names_of,
    outputs_of,
    short_op_name,
    value_text,
)
from minitf.graph_spec import ArraySummary, Edge, GraphSpec, Node, number, short
from minitf.graph_steps import paths_of, steps_of, summary_of
from minitf.indexed_slices import IndexedSlices
from minitf.ops import array
from minitf.origins import Origins, latest_origins
from minitf.origins import origins as origins
from minitf.state import unobserved
from minitf.tape import GradientTape
from minitf.tensor import Tensor
from minitf.traced_graph import function_graph as function_graph
from minitf.variable import Variable

MAX_NODES = 500  # more cannot be read in a picture
MAX_CELLS = 28  # rows and columns of a heat map: one MNIST image fits


@dataclass(frozen=True)
class TapeRow:
    """One line of a tape in words: `3: mul = Mul(x, w) = 6`."""

    index: int
    op: str
    inputs: tuple[str, ...]
    output: str
    value_text: str

    def __str__(self) -> str:
        call = f"{self.op}({', '.join(self.inputs)})"
        return f"{self.index}: {self.output} = {call} = {self.value_text}"


class TapeRows(tuple):
    """The rows of a tape; prints one per line."""

    def __repr__(self) -> str:
        return "\n".join(str(row) for row in self) or "(the tape is empty)"


def rows(tape: GradientTape, names: dict[str, Any] | None = None) -> TapeRows:
    """What the tape wrote down, in order.

    Args:
        tape: a tape that still has its records (not yet used, or persistent).
        names: tensors and variables by name; None takes the names of the caller's variables.
    """
    namer = Namer(names_of(names if names is not None else caller_variables()))
    out = []
    for i, record in enumerate(_records(tape)):
        inputs = tuple([namer.leaf(x) for x in record.inputs])
        first = outputs_of(record)[0]
        name = namer.result(record)
        out.append(TapeRow(i, record.op.name, inputs, name, value_text(first._value)))
    return TapeRows(out)


def graph(
    tape: GradientTape,
    target: Tensor,
    names: dict[str, Any] | None = None,
    max_nodes: int = MAX_NODES,
) -> GraphSpec:
    """The graph from the watched values to `target`, with every step forward and back.

    Args:
        tape: a tape that still has its records: ask before `gradient`, or use persistent=True.
        target: a tensor computed inside the tape; not a scalar: its sum is differentiated.
        names: tensors and variables by name, for the labels; None takes the caller's own names.
        max_nodes: refuse larger graphs.

    Raises:
        RuntimeError: the tape has been used, so its records are gone.
        TypeError: not a tape, or not one tensor.
        ValueError: the tape did not record the target, the graph is too large to read, or its
            numbers are complex.
    """
    if not isinstance(target, Tensor | Variable):
        raise TypeError(
            f"The target must be one tensor, such as the loss; got {type(target).__name__}: "
            f"{target!r}. float(loss) and loss.numpy() are off the tape."
        )
    where = latest_origins()
    known = names_of(names if names is not None else caller_variables())
    lines = {i: name for i, name in where.names().items() if name not in known.values()}
    known = lines | known
    records = records_of(tape, target)
    if not records:
        raise ValueError(
            "This tape did not record how the target was computed, so there is no graph to show. "
            f"{_why_empty(tape, target)}"
        )
    if any(x._value.dtype.kind == "c" for record in records for x in outputs_of(record)):
        raise ValueError("Graphs of complex numbers cannot be shown; tape.gradient computes them.")
    adjoints, flows, partials = _observed_backward(records, target)
    build = _Build(tape, target, known, where, adjoints, flows, partials)
    for record in records:
        build.add(record)
    if len(build.nodes) > max_nodes:
        raise ValueError(
            f"The graph has {len(build.nodes)} nodes; more than {max_nodes} cannot be read. Show a "
            "part of it (an intermediate target), or raise max_nodes."
        )
    spec = build.spec()
    spec = replace(spec, steps=steps_of(spec), paths=paths_of(spec))
    return replace(spec, summary=summary_of(spec))


def _records(tape: GradientTape) -> list[Record]:
    if not isinstance(tape, GradientTape):
        raise TypeError(f"A tf.GradientTape comes first, not {type(tape).__name__}: {tape!r}.")
    if tape._used and not tape._persistent:
        raise RuntimeError(
            "This tape was used by gradient() and has let its records go. Look at it before you "
            "call gradient, or create it with tf.GradientTape(persistent=True)."
        )
    return tape._records


def _why_empty(tape: GradientTape, target: Tensor) -> str:
    if not tape._records:
        return "The tape is empty: was anything watched? Constants need tape.watch(x)."
    if isinstance(target, Tensor) and not tape._was_recording(target.id):
        return "The target was computed outside the `with` block."
    return "The target does not depend on any watched value."


def records_of(tape: GradientTape, target: Tensor) -> list[Record]:
    """The records the target was computed by, in the order they ran.

    Raises:
        RuntimeError: the tape has been used, so its records are gone.
        TypeError: not a tape.
    """
    needed, found = {target.id}, []
    for record in reversed(_records(tape)):
        if any(x.id in needed for x in outputs_of(record)):
            needed.update(x.id for x in record.inputs)
            found.append(record)
    return found[::-1]


def _observed_backward(records: list[Record], target: Tensor) -> tuple[dict, dict, dict]:
    """Runs the tape's backward pass and notes what it does.

    Returns:
        adjoints: id of a value -> gradient of the target with respect to it.
        flows: (id of the record, slot) -> what flowed back along that argument.
        partials: (id of the record, slot) -> the local derivative, for scalar records.
    """
    flows: dict[tuple[int, int], Any] = {}
    partials: dict[tuple[int, int], Any] = {}

    def observe(record: Record, upstream: Any, downstream: tuple) -> None:
        for slot, grad in enumerate(downstream):
            if record.wanted[slot] and grad is not None:
                flows[id(record), slot] = _numpy(grad)
        if _is_scalar(record):
            local = record.op.gradient(record, array.ones_like(record.output))
            for slot, grad in enumerate(local):
                if record.wanted[slot] and grad is not None:
                    partials[id(record), slot] = float(_numpy(grad))

    values = {x.id: x for record in records for x in (*record.inputs, *outputs_of(record))}
    with unobserved():
        found = backpropagate(
            records, [target], [array.ones_like(target)], list(values.values()), observe
        )
    adjoints = {i: _numpy(g) for i, g in zip(values, found, strict=True) if g is not None}
    return adjoints, flows, partials


def _is_scalar(record: Record) -> bool:
    values = (*record.inputs, *outputs_of(record))
    return len(outputs_of(record)) == 1 and all(x.ndim == 0 for x in values)


def _numpy(grad: Any) -> Any:
    return (grad.to_dense() if isinstance(grad, IndexedSlices) else grad)._value


class _Build:
    """Collects nodes and edges, record by record."""

    def __init__(
        self,
        tape: GradientTape,
        target: Any,
        names: dict[int, str],
        where: Origins,
        adjoints: dict[int, Any],
        flows: dict[tuple[int, int], Any],
        partials: dict[tuple[int, int], float],
    ) -> None:
        self.tape, self.target, self.where = tape, target, where
        self.adjoints, self.flows, self.partials = adjoints, flows, partials
        self.namer = Namer(names)
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.node_of: dict[int, str] = {}  # id of a tensor -> id of its node
        self.reads: dict[int, Variable] = {}  # id of a snapshot -> the variable it was read from

    def add(self, record: Record) -> None:
        if record.op.name == "ReadVariableOp":
            self.reads[record.output.id] = record.inputs[0]
            return
        for x in record.inputs:
            if x.id not in self.node_of:
                self._add_leaf(x)
        inputs = [self.nodes[int(self.node_of[x.id][1:])].name for x in record.inputs]
        name = self.namer.result(record)
        outputs = outputs_of(record)
        is_target = any(x.id == self.target.id for x in outputs)
        text = _filled(record.op.text, inputs, name) or (
            f"{short_op_name(record.op.name)}({', '.join(inputs)})"
        )
        node = self._node(outputs[0], "loss" if is_target else "op", name, record.op.name, text)
        for x in outputs:
            self.node_of[x.id] = node.id
        for slot, x in enumerate(record.inputs):
            self._add_edge(record, slot, self.node_of[x.id], node, inputs)

    def spec(self) -> GraphSpec:
        target = self.node_of[self.target.id]
        name = self.nodes[int(target[1:])].name
        return GraphSpec(f"{name} and its gradients", target, tuple(self.nodes), tuple(self.edges))

    def _add_leaf(self, x: Tensor) -> None:
        if x.id in self.reads:
            kind, name = "param", self.namer.leaf(self.reads[x.id])
            if any(n.name == name for n in self.nodes):
                name = f"{name} (read again)"  # assigned in between: another value
        else:
            kind = "input" if x.id in self.tape._watched else "const"
            name = self.namer.leaf(x)
        self.node_of[x.id] = self._node(x, kind, name).id

    def _node(self, x: Tensor, kind: str, name: str, op: str = "", text: str = "") -> Node:
        adjoint = self.adjoints.get(x.id)
        if adjoint is not None:
            adjoint_text = value_text(adjoint)
        else:
            adjoint_text = "none" if x.id in self.tape._watched else "–"
        origin = self.where.of(x)
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
            adjoint=None if adjoint is None else value_data(adjoint),
            adjoint_text=adjoint_text,
            group=origin.group if origin else "",
            line=origin.line if origin and op else None,
            source=origin.source if origin and op else "",
        )
        self.nodes.append(node)
        return node

    def _add_edge(self, record: Record, slot: int, src: str, dst: Node, inputs: list[str]) -> None:
        key = (id(record), slot)
        flow, partial = self.flows.get(key), self.partials.get(key)
        active = flow is not None
        templates = record.op.partials
        rule = _filled(templates[slot], inputs, dst.name) if slot < len(templates) else ""
        if active and partial is None:
            partial_text = "Jᵀ·"
        else:
            partial_text = "" if partial is None else short(partial)
        edge = Edge(
            id=f"e{len(self.edges)}",
            src=src,
            dst=dst.id,
            slot=slot,
            active=active,
            symbol=f"∂{dst.name}/∂{inputs[slot]}",
            rule=rule,
            partial=None if partial is None else number(partial),
            partial_text=partial_text,
            contribution=value_data(flow) if active else None,
            contribution_text=value_text(flow) if active else "",
        )
        self.edges.append(edge)


def _filled(template: str | None, inputs: Iterable[str], name: str) -> str:
    try:
        return template.format(*inputs, y=name) if template else ""
    except IndexError:
        return ""  # fewer inputs than the template shows


def value_data(value: Any) -> float | str | ArraySummary:
    """A number for a scalar, a summary for an array."""
    if value.ndim == 0:
        return number(value)
    finite = value[np.isfinite(value)] if value.dtype.kind in "fc" else value
    some = finite.size > 0
    return ArraySummary(
        shape=tuple(value.shape),
        dtype=value.dtype.name,
        low=float(finite.min()) if some else None,
        high=float(finite.max()) if some else None,
        mean=float(finite.mean()) if some else None,
        cells=_cells(value),
    )


def _cells(value: np.ndarray) -> tuple[tuple[float | str, ...], ...]:
    if value.size == 0:
        return ()
    flat = value.reshape(-1, value.shape[-1])
    row = np.unique(np.linspace(0, flat.shape[0] - 1, min(flat.shape[0], MAX_CELLS)).astype(int))
    col = np.unique(np.linspace(0, flat.shape[1] - 1, min(flat.shape[1], MAX_CELLS)).astype(int))
    return tuple(tuple(number(x) for x in line) for line in flat[np.ix_(row, col)])
