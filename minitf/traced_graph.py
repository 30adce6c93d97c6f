"""The graph of a traced function as plain data, for pictures: no values, but shapes.

    concrete = f.get_concrete_function(x)
    spec = tf.inspect.function_graph(concrete)                  # as it was traced
    for stage in concrete.passes():                             # before and after each pass
        spec = tf.inspect.function_graph(stage.graph_after)
    tf.viz.show(spec)

The same GraphSpec as that of a tape, with empty values: nothing has been computed yet. A node's
`value_text` is its shape.
"""

from __future__ import annotations

from typing import Any

from minitf.concrete_function import ConcreteFunction
from minitf.graph import Graph
from minitf.graph import Node as GraphNode
from minitf.graph_names import short_op_name
from minitf.graph_spec import Edge, GraphSpec, Node, short
from minitf.symbolic import SymbolicTensor
from minitf.variable import Variable

MAX_NODES = 500  # more cannot be read in a picture


def function_graph(traced: ConcreteFunction | Graph, max_nodes: int = MAX_NODES) -> GraphSpec:
    """The operations of a traced function, with shapes in place of values.

    Args:
        traced: f.get_concrete_function(...), or one of its graphs before or after a pass.
        max_nodes: refuse larger graphs.

    Raises:
        TypeError: neither of them.
        ValueError: nothing to show, or too much.
    """
    graph = traced.graph if isinstance(traced, ConcreteFunction) else traced
    if not isinstance(graph, Graph):
        raise TypeError(
            f"function_graph shows a traced function, not {type(traced).__name__}. Ask the "
            "tf.function for a trace first: f.get_concrete_function(x)."
        )
    build = _Build(graph)
    for node in graph.nodes:
        build.add(node)
    if len(build.nodes) > max_nodes:
        raise ValueError(
            f"The graph has {len(build.nodes)} nodes; more than {max_nodes} cannot be read. Trace "
            "a smaller function, or raise max_nodes."
        )
    if not build.nodes:
        raise ValueError(f"{graph.name} has no operations: there is nothing to show.")
    return build.spec()


class _Build:
    """Collects nodes and edges, operation by operation."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self._place: dict[int, int] = {}  # id of a value -> number of its node
        self._results = {x.id for x in graph.outputs}
        for x in graph.inputs:
            self._leaf(x)

    def add(self, node: GraphNode) -> None:
        if node.op.name == "ReadVariableOp":
            name = _variable_name(node.inputs[0])
            self._place[node.outputs[0].id] = self._node("param", name, node.outputs[0])
            return
        places = [self._leaf(x) for x in node.inputs]
        names = [self.nodes[i].name for i in places]
        word = _word(node)
        first = node.outputs[0] if node.outputs else None
        is_result = any(x.id in self._results for x in node.outputs)
        name = _unused(short_op_name(word), {n.name for n in self.nodes})
        kind = "loss" if is_result else "op"
        number = self._node(kind, name, first, word, _call_text(node, names, name))
        self._place.update({x.id: number for x in node.outputs})
        for slot, i in enumerate(places):
            self._edge(self.nodes[i], self.nodes[number], slot)

    def spec(self) -> GraphSpec:
        found = [self._place[x.id] for x in self.graph.outputs if x.id in self._place]
        target = self.nodes[found[0] if found else -1].id
        spec = GraphSpec(f"{self.graph.name}, traced", target, tuple(self.nodes), tuple(self.edges))
        lines = [f"Graph of {self.graph.name}: {len(self.graph.nodes)} operations."]
        lines += [
            f"{n.name}: {n.dtype} {n.value_text}{' = ' + n.text if n.text else ''}"
            for n in spec.nodes
        ]
        return GraphSpec(**{**vars(spec), "summary": "\n".join(lines)})

    def _leaf(self, x: Any) -> int:
        if x.id not in self._place:
            if isinstance(x, Variable):
                number = self._node("param", _variable_name(x), x)
            elif isinstance(x, SymbolicTensor):
                number = self._node("input", x.label, x)
            else:
                name = short(float(x._value)) if _is_number(x) else "constant"
                number = self._node("const", name, x)
            self._place[x.id] = number
        return self._place[x.id]

    def _node(self, kind: str, name: str, x: Any, op: str = "", text: str = "") -> int:
        shape = tuple(x._value.shape) if x is not None else ()
        dtype = x.dtype.name if x is not None else ""
        known = kind == "const" and _is_number(x)
        shown = name if known else _shape_text(x)
        number = len(self.nodes)
        self.nodes.append(
            Node(f"n{number}", kind, name, op, text, shape, dtype, shown, shown, None, "–")
        )
        return number

    def _edge(self, src: Node, dst: Node, slot: int) -> None:
        number = f"e{len(self.edges)}"
        symbol = f"∂{dst.name}/∂{src.name}"
        edge = Edge(number, src.id, dst.id, slot, False, symbol, "", None, "", None, "")
        self.edges.append(edge)


def _word(node: GraphNode) -> str:
    function = node.attrs.get("function")
    return getattr(function, "__name__", "call") if function is not None else node.op.name


def _call_text(node: GraphNode, names: list[str], name: str) -> str:
    """The computation in names: `x × w`."""
    try:
        text = node.op.text.format(*names, y=name) if node.op.text else ""
    except IndexError:  # fewer inputs than the template shows
        text = ""
    return text or f"{name}({', '.join(names)})"


def _variable_name(variable: Variable) -> str:
    return variable.name.removesuffix(":0")


def _unused(name: str, taken: set[str]) -> str:
    """The name, numbered if it repeats: exp, exp_2, exp_3."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _is_number(x: Any) -> bool:
    return not isinstance(x, SymbolicTensor) and not x._value.shape and x._value.dtype.kind in "fiu"


def _shape_text(x: Any) -> str:
    if x is None:
        return ""
    sizes = ["?" if size is None else str(size) for size in x._value.shape]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})" if sizes else "scalar"
