"""Nodes that hold graphs: a branch, a loop, a gradient, a function with its own gradient rule.

    If             inputs: predicate, arguments          attrs: branches (two graphs)
    Case           inputs: branch number, arguments      attrs: branches
    While          inputs: loop variables, captures      attrs: cond, body (graphs), count
    DatasetLoop    inputs: loop variables, captures      attrs: dataset, body, go_on, count
    Gradient       inputs: inputs of a graph, upstreams  attrs: graph, targets, sources
    CustomGradient inputs: arguments, results, captures  attrs: backward (graph), grads, count

Each kind has one function that runs it by replaying its graphs. What a tape around the run sees are
the operations that really ran, so nothing special is needed to differentiate it. While another
function is being traced, running one on symbolic tensors adds the same kind of node to that graph.

A tape *inside* a traced function records a composite as one operation. Its gradient rule is again
a composite: `Gradient` runs the node again under a tape and asks that tape. So every order works.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.execute import convert_to_tensor, leaked
from minitf.graph import RUNNERS, Graph, Node, outputs_of, replay, tracing
from minitf.inference import abstract_of
from minitf.ops import array
from minitf.plan.run import run_graph
from minitf.registry import Op, define, gradient
from minitf.state import state, unobserved
from minitf.symbolic import SymbolicTensor
from minitf.tape import GradientTape, Record
from minitf.tensor import Tensor
from minitf.variable import Variable

IF = define("If", None)
CASE = define("Case", None)
WHILE = define("While", None)
DATASET_LOOP = define("DatasetLoop", None)
GRADIENT = define("Gradient", None)
CUSTOM = define("CustomGradient", None)


def run_composite(op: Op, inputs: tuple, attrs: dict) -> tuple:
    """Runs it, or adds it to the graph being traced; tapes see what happens."""
    graph = state.tracer
    symbolic = any(type(x) is SymbolicTensor for x in inputs)
    if graph is None and symbolic:
        raise leaked(next(x for x in inputs if type(x) is SymbolicTensor))
    if graph is None or not _needs_node(op, inputs, symbolic):
        return _RUN[op](inputs, attrs)
    outputs = graph.add_node(op, inputs, attrs, attrs["results"], _has_effect(attrs))
    record(op, inputs, attrs, outputs)
    return outputs


def record(op: Op, inputs: tuple, attrs: dict, outputs: tuple) -> None:
    """Offers a call to the tapes."""
    if outputs:
        output = outputs[0] if len(outputs) == 1 else outputs
        for tape in state.tapes:
            tape._record(op, inputs, attrs, output)


def trace_part(name: str, function: Callable[..., list], specs: list[Any]) -> Graph:
    """Traces a branch or a loop body into a graph of its own; `function` returns flat tensors.

    Tensors of the outer graph become further inputs (see `Graph.own`).
    """
    part = Graph(name, parent=state.tracer)
    arguments = [part.placeholder(spec.shape, spec.dtype, "arg") for spec in specs]
    with unobserved(), tracing(part):
        part.outputs = [part.own(x) for x in function(*arguments)]
    return part


def share_captures(parts: list[Graph]) -> list[Any]:
    """Gives all parts the same inputs after their own, and returns what to pass there.

    Variables that no part assigns are read here, outside: so a tape outside sees the reading.
    Those that are assigned are passed as they are.
    """
    if not any(_writes_unknown(part) for part in parts):
        assigned = {x.id for part in parts for x in _assigned(part)}
        for part in parts:
            _hoist_reads(part, assigned)
    outer = {symbol.id: symbol for part in parts for symbol, _ in part.captures.values()}
    variables = {x.id: x for part in parts for x in _variables(part)}
    for part in parts:
        inner = {symbol.id: own for symbol, own in part.captures.values()}
        captured = {own.id for own in inner.values()}
        part.inputs = [x for x in part.inputs if x.id not in captured]
        for key, symbol in outer.items():
            label = part._label(symbol.label)
            absent = SymbolicTensor(abstract_of(symbol._value), None, part, label)
            part.inputs.append(inner.get(key, absent))
        part.inputs += variables.values()
    for variable in variables.values():
        variable._read()  # tapes outside watch it from here on
    return [*outer.values(), *variables.values()]


def gradient_of_records(
    records: list[Record], targets: list, upstreams: Any, sources: list
) -> list:
    """The gradients a tape is asked for while sizes are unknown: they wait for the run.

    The records themselves become the graph of a `Gradient` node. None where there is no path.
    """
    graph = Graph("gradient")
    for call in records:
        graph.nodes.append(Node(call.op, call.inputs, call.attrs, outputs_of(call)))
    made = {x.id for node in graph.nodes for x in node.outputs}
    used = [*[x for node in graph.nodes for x in node.inputs], *targets, *sources]
    given = {x.id: x for x in used if x.id not in made}
    graph.inputs = list(given.values())
    connected = [x for x in sources if _reaches(x, records, targets)]
    if not connected:
        return [None] * len(sources)
    seeds = [] if upstreams is None else [convert_to_tensor(u) for u in nest.flatten(upstreams)]
    found = gradient_later(graph, graph.inputs, targets, connected, seeds)
    grads = {x.id: g for x, g in zip(connected, found, strict=True)}
    return [grads.get(x.id) for x in sources]


def gradient_later(
    graph: Graph, inputs: list, targets: list, sources: list, upstreams: list
) -> tuple:
    """Adds or runs the gradients of `targets` with respect to `sources`, values of `graph`."""
    attrs = {
        "graph": graph,
        "targets": targets,
        "sources": sources,
        "count": len(inputs),
        "results": tuple([abstract_of(x._value) for x in sources]),
    }
    return run_composite(GRADIENT, (*inputs, *upstreams), attrs)


def trace_custom(name: str, rule: Callable, inputs: tuple, results: list[Tensor]) -> tuple:
    """Results with their own gradient rule, which is traced into a graph of its own.

    `rule(upstream)` returns one gradient (or None) per input; `results` were computed already.
    """
    backward = Graph(f"gradient of {name}", parent=state.tracer)
    upstream = [backward.placeholder(x.shape, x.dtype, "upstream") for x in results]
    with unobserved(), tracing(backward):
        grads = rule(None, upstream if len(upstream) > 1 else upstream[0])
        backward.outputs = [backward.own(g) for g in grads if g is not None]
    attrs = {
        "name": name,
        "backward": backward,
        "grads": tuple([g is not None for g in grads]),
        "count": len(inputs),
        "results": tuple([abstract_of(x._value) for x in results]),
    }
    return run_composite(CUSTOM, (*inputs, *results, *share_captures([backward])), attrs)


def _run_if(inputs: tuple, attrs: dict) -> tuple:
    return tuple(run_graph(attrs["branches"][0 if inputs[0]._value else 1], inputs[1:]))


def _run_case(inputs: tuple, attrs: dict) -> tuple:
    chosen, count = int(inputs[0]._value), len(attrs["branches"])
    if not 0 <= chosen < count:
        chosen = count - 1  # the last one is the default
    return tuple(run_graph(attrs["branches"][chosen], inputs[1:]))


def _run_while(inputs: tuple, attrs: dict) -> tuple:
    values, captured = inputs[: attrs["count"]], inputs[attrs["count"] :]
    while run_graph(attrs["cond"], (*values, *captured))[0]._value:
        values = tuple(run_graph(attrs["body"], (*values, *captured)))
    return tuple(values)


def _run_dataset_loop(inputs: tuple, attrs: dict) -> tuple:
    values, captured = inputs[: attrs["count"]], inputs[attrs["count"] :]
    for element in attrs["dataset"]:
        if not run_graph(attrs["go_on"], (*values, *captured))[0]._value:
            break
        values = tuple(run_graph(attrs["body"], (*nest.flatten(element), *values, *captured)))
    return tuple(values)


def run_gradient(inputs: tuple, attrs: dict) -> tuple:
    """Runs the graph of a `Gradient` node under a tape, and asks the tape."""
    graph, sources = attrs["graph"], attrs["sources"]
    # one tensor may come in twice: copies keep the gradients of the two inputs apart
    given = [array.identity(x) if _is_float_tensor(x) else x for x in inputs[: attrs["count"]]]
    known = dict(zip([x.id for x in graph.inputs], given, strict=True))
    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([known[x.id] for x in sources if x.id in known])
        targets = replay(graph, known, attrs["targets"])
    wanted = [known[x.id] for x in sources]
    upstreams = list(inputs[attrs["count"] :]) or None
    found = tape.gradient(targets, wanted, upstreams, "zero")
    return tuple([convert_to_tensor(g) for g in found])  # sparse ones become dense


def _run_custom(inputs: tuple, attrs: dict) -> tuple:
    start, count = attrs["count"], len(attrs["results"])
    outputs = tuple([Tensor(x._value, CUSTOM) for x in inputs[start : start + count]])
    record(CUSTOM, inputs, attrs, outputs)
    return outputs


_RUN = {
    IF: _run_if,
    CASE: _run_case,
    WHILE: _run_while,
    DATASET_LOOP: _run_dataset_loop,
    GRADIENT: run_gradient,
    CUSTOM: _run_custom,
}
RUNNERS.update({op: run_composite for op in _RUN})


@gradient("CustomGradient")
def _custom_gradient(call: Any, upstream: Any) -> tuple:
    # the rule the user wrote, replayed
    upstreams = upstream if isinstance(upstream, list) else [upstream]
    start = call.attrs["count"] + len(call.attrs["results"])
    found = iter(run_graph(call.attrs["backward"], (*upstreams, *call.inputs[start:])))
    grads = [next(found) if there else None for there in call.attrs["grads"]]
    return (*grads, *[None] * (len(call.inputs) - len(grads)))


def gradient_of(call: Any, upstream: Any) -> tuple:
    # run the node again under a tape, and ask that tape
    upstreams = upstream if isinstance(upstream, list) else [upstream]
    graph = Graph(f"gradient of {call.op.name}")
    inside = [_stand_for(x, graph) for x in call.inputs]
    graph.inputs = inside
    outputs = graph.add_node(call.op, tuple(inside), call.attrs, call.attrs["results"])
    flows = [_is_float(x) for x in outputs]
    sources = [x for x, wanted in zip(inside, call.wanted, strict=True) if wanted and _is_float(x)]
    found = gradient_later(
        graph,
        list(call.inputs),
        [x for x, flow in zip(outputs, flows, strict=True) if flow],
        sources,
        [u for u, flow in zip(upstreams, flows, strict=True) if flow],
    )
    grads = {x.id: g for x, g in zip(sources, found, strict=True)}
    return tuple([grads.get(x.id) for x in inside])


for _op in (IF, CASE, WHILE, DATASET_LOOP, GRADIENT):
    _op.gradient = gradient_of


def _needs_node(op: Op, inputs: tuple, symbolic: bool) -> bool:
    """While a function is traced: must this wait for the call, or can it be settled now?"""
    if op in (IF, CASE):
        return type(inputs[0]) is SymbolicTensor  # else only the chosen branch is added
    return symbolic or op in (WHILE, DATASET_LOOP)


def _has_effect(attrs: dict) -> bool:
    return any(node.effect for part in _parts(attrs) for node in part.nodes)


def _parts(attrs: dict) -> list[Graph]:
    found = [part for part in attrs.values() if isinstance(part, Graph)]
    return found + list(attrs.get("branches", ()))


def _nodes_within(graph: Graph) -> list[Node]:
    """All nodes, those of inner graphs included."""
    nodes = list(graph.nodes)
    for node in graph.nodes:
        for part in _parts(node.attrs):
            nodes += _nodes_within(part)
    return nodes


def _assigned(graph: Graph) -> list[Any]:
    return [
        node.inputs[0]
        for node in _nodes_within(graph)
        if node.effect and node.op.name.startswith("Assign")
    ]


def _writes_unknown(graph: Graph) -> bool:
    return any(node.effect and node.op.name == "Call" for node in _nodes_within(graph))


def _hoist_reads(part: Graph, assigned: set[int]) -> None:
    """Turns the reading of a variable into an input, read by the outer graph."""
    nodes, part.nodes = part.nodes, []
    for node in nodes:
        if node.op.name == "ReadVariableOp" and node.inputs[0].id not in assigned:
            inner = part.own(node.inputs[0]._read())
            node = Node(array.IDENTITY, (inner,), {}, node.outputs)
        part.nodes.append(node)


def _is_float_tensor(x: Any) -> bool:
    return isinstance(x, Tensor) and _is_float(x)


def _variables(part: Graph) -> list[Variable]:
    return [x for node in part.nodes for x in node.inputs if isinstance(x, Variable)]


def _stand_for(x: Any, graph: Graph) -> Any:
    return x if isinstance(x, Variable) else graph.placeholder(x._value.shape, x._value.dtype)


def _reaches(source: Any, records: list[Record], targets: list) -> bool:
    """Does a path of records lead from the source to a target?"""
    reached = {source.id}
    for call in records:
        if any(w and x.id in reached for x, w in zip(call.inputs, call.wanted, strict=True)):
            reached.update([x.id for x in outputs_of(call)])
    return any(x.id in reached for x in targets)


def _is_float(x: Any) -> bool:
    return x._value.dtype.kind in "fc"
