"""Compile: from the nodes of a graph to the steps of a plan.

plan = compiled(graph)      # the graph has been through the passes
plan.run([x, y])
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from minitf.graph import RUNNERS, Graph, Node
from minitf.passes.rewriting import is_pure
from minitf.plan.buffers import Memory, Pool
from minitf.plan.calls import planned_call
from minitf.plan.plan import Plan, Step
from minitf.plan.writers import WRITERS, may_work_in_place
from minitf.symbolic import SymbolicTensor
from minitf.tensor import Tensor
from minitf.variable import Variable


def compiled(graph: Graph) -> Plan:
    """The plan of a graph whose nodes are in an order they can run in."""
    return _Compiler(graph).plan()


class _Compiler:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes = graph.nodes
        self.calls = {i: planned_call(n) for i, n in enumerate(self.nodes) if n.op.name == "Call"}
        self.memory = Memory(
            self.nodes, [self._escaping(i) for i in range(len(self.nodes))], graph.outputs
        )
        self.known = _values_of_known_shape(graph)
        self.places = self._wanted_places()
        self.pool = Pool()
        self.piece_of: dict[int, int] = {}  # value -> piece of memory
        self.numbers: dict[int, int] = {}  # value -> its number in the plan
        self.template: list[Any] = []

    def plan(self) -> Plan:
        for x in self.graph.inputs:
            self._number(x, None)
        for x in self._constants():
            self._number(x, x._value if isinstance(x, Tensor) else x)
        steps = [self._step(i, node) for i, node in enumerate(self.nodes)]
        ops = {x.id: node.op for node in self.nodes for x in node.outputs}
        outputs = [(self.numbers[x.id], ops.get(x.id)) for x in self.graph.outputs]
        size = sum(piece.size for piece in self.pool.pieces)
        return Plan(self.graph.name, steps, self.template, outputs, size)

    def _number(self, x: Any, value: Any) -> int:
        if x.id not in self.numbers:
            self.numbers[x.id] = len(self.template)
            self.template.append(value)
        return self.numbers[x.id]

    def _constants(self) -> list[Any]:
        """Tensors and variables that stand in the nodes themselves."""
        made = {x.id for node in self.nodes for x in node.outputs}
        made |= {x.id for x in self.graph.inputs}
        used = [*[x for node in self.nodes for x in node.inputs], *self.graph.outputs]
        return list({x.id: x for x in used if x.id not in made}.values())

    def _escaping(self, i: int) -> tuple:
        """The inputs that a node may hand to someone who keeps them."""
        node = self.nodes[i]
        if is_pure(node) or self.calls.get(i) is not None:
            return ()
        return node.inputs

    def _wanted_places(self) -> dict[int, np.ndarray]:
        """Arrays in which planned calls want their inputs to be computed."""
        places: dict[int, np.ndarray] = {}
        for i, call in self.calls.items():
            for position, array in (call.places if call is not None else {}).items():
                x = self.nodes[i].inputs[position]
                if x.id not in self.memory.kept:
                    places.setdefault(x.id, array)
        return places

    def _step(self, i: int, node: Node) -> Step:
        inputs = tuple([self.numbers[x.id] for x in node.inputs])
        run, places = self._runner(i, node)
        first = len(self.template)
        for x in node.outputs:
            self._number(x, None)
        one = is_pure(node) and len(node.outputs) == 1
        output = first if one else slice(first, first + len(node.outputs))
        if node.op.kernel is not None and not is_pure(node):  # random numbers: one array
            output = first if len(node.outputs) == 1 else output
        self._free(i)
        return Step(run, inputs, output, node, places)

    def _runner(self, i: int, node: Node) -> tuple[Callable[..., Any], str]:
        """The function for a step, and where its results go, in words."""
        if node.op.name == "ReadVariableOp":
            return _read, ""
        call = self.calls.get(i)
        if call is not None:
            return call, "  -> in place"
        if node.op in RUNNERS:
            return _Tensors(node), ""
        writer = WRITERS.get(node.op.name)
        if writer is not None and self._shapes_are_known(node):
            out = [self._place_for(i, node, x) for x in node.outputs]
            if any(array is not None for array in out):
                words = "  -> " + ", ".join(self._words(x) for x in node.outputs)
                place = out[0] if len(out) == 1 else tuple(out)
                return partial(writer, **node.attrs, out=place), words
        kernel = node.op.kernel
        return (partial(kernel, **node.attrs) if node.attrs else kernel), ""

    def _shapes_are_known(self, node: Node) -> bool:
        """All shapes are certain, and all numbers are of one float type."""
        values = [x._value for x in (*node.inputs, *node.outputs)]
        floats = {x.dtype for x in values if x.dtype.kind not in "ib"}
        return (
            all(x.id in self.known for x in node.inputs)
            and len(floats) == 1
            and next(iter(floats)).kind == "f"
            and not any(None in x.shape for x in values)
        )

    def _place_for(self, i: int, node: Node, x: Any) -> np.ndarray | None:
        """The array that value x is written to; None if it must be a new one at every run."""
        value = x._value
        if not value.shape or x.id in self.memory.kept:
            return None
        if x.id in self.places:
            place = self.places[x.id]
            return place if place.shape == value.shape and place.dtype == value.dtype else None
        piece = self._piece_of_dying_input(i, node, value)
        if piece is None:
            piece = self.pool.take(int(np.prod(value.shape)) * value.dtype.itemsize)
        self.piece_of[x.id] = piece
        return self.pool.array(piece, value.shape, value.dtype)

    def _piece_of_dying_input(self, i: int, node: Node, value: Any) -> int | None:
        if not may_work_in_place(node.op.name):
            return None
        for x in node.inputs:
            dies = x.id in self.piece_of and self.memory.last_use[x.id] == i
            if dies and x._value.shape == value.shape:
                return self.piece_of.pop(x.id)
        return None

    def _free(self, i: int) -> None:
        """Gives back the memory that no later step needs."""
        for owner, piece in list(self.piece_of.items()):
            if self.memory.last_use[owner] <= i:
                del self.piece_of[owner]
                self.pool.give_back(piece)

    def _words(self, x: Any) -> str:
        if x.id in self.places:
            return "the optimizer's buffer"
        return f"buffer {self.piece_of[x.id]}" if x.id in self.piece_of else "a new array"


class _Tensors:
    """Runs a node that works on tensors: an assignment, a branch, a loop, a Python function."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._run = RUNNERS[node.op]

    def __call__(self, *values: Any) -> tuple:
        inputs = tuple([x if isinstance(x, Variable) else Tensor(x) for x in values])
        results = self._run(self._node.op, inputs, self._node.attrs)
        return tuple([x._value for x in results])


def _read(variable: Variable) -> tuple:
    return (variable._read()._value,)


def _values_of_known_shape(graph: Graph) -> set[int]:
    """Values whose shapes are certain: what a Python function or a branch returns may differ."""
    known = {x.id for x in graph.inputs}
    for node in graph.nodes:
        known.update([x.id for x in node.inputs if not isinstance(x, SymbolicTensor)])
        certain = node.op.name == "ReadVariableOp" or (
            node.op.kernel is not None and all(x.id in known for x in node.inputs)
        )
        if certain:
            known.update([x.id for x in node.outputs])
    return known
