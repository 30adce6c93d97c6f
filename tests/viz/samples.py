"""Graph descriptions written by hand, so that pictures are tested without the engine.

A sample is a list of lines, leaves first:  ("mul", "Mul", "x × w", 6, [("x", "w", 3), ...])
with one (argument, rule, partial) per argument; values and partials are given, not computed.
"""

from __future__ import annotations

import math

from minitf.graph_spec import (
    ArraySummary,
    Edge,
    GraphSpec,
    Node,
    Path,
    PathView,
    Step,
    number,
    short,
)


def worked_example() -> GraphSpec:
    """loss = |y_true - (x*w + b)| at x=2, w=3, b=1, y_true=4."""
    return scalar_graph(
        leaves=[("x", "input", 2), ("w", "param", 3), ("b", "param", 1), ("y_true", "input", 4)],
        operations=[
            ("mul", "Mul", "x × w", 6, [("x", "w", 3), ("w", "x", 2)]),
            ("add", "AddV2", "mul + b", 7, [("mul", "1", 1), ("b", "1", 1)]),
            ("sub", "Sub", "y_true − add", -3, [("y_true", "1", 1), ("add", "-1", -1)]),
            ("loss", "Abs", "|sub|", 3, [("sub", "sign(sub)", -1)]),
        ],
    )


def reuse() -> GraphSpec:
    """y = x*x + x at x=3: three contributions meet at x."""
    return scalar_graph(
        leaves=[("x", "param", 3)],
        operations=[
            ("square", "Mul", "x × x", 9, [("x", "x", 3), ("x", "x", 3)]),
            ("y", "AddV2", "square + x", 12, [("square", "1", 1), ("x", "1", 1)]),
        ],
    )


def unwatched() -> GraphSpec:
    """y = x * 2.0, where 2.0 is not watched."""
    return scalar_graph(
        leaves=[("x", "input", 5), ("2.0", "const", 2)],
        operations=[("y", "Mul", "x × 2.0", 10, [("x", "2.0", 2), ("2.0", "x", 5)])],
    )


def non_finite() -> GraphSpec:
    """y = log(x) + n at x=0, n=nan: -inf, nan and an infinite gradient."""
    return scalar_graph(
        leaves=[("x", "param", 0), ("n", "input", math.nan)],
        operations=[
            ("log", "Log", "log(x)", -math.inf, [("x", "1 / x", math.inf)]),
            ("y", "AddV2", "log + n", math.nan, [("log", "1", 1), ("n", "1", 1)]),
        ],
    )


def chain(length: int) -> GraphSpec:
    """x, doubled again and again: `length` nodes one behind the other."""
    operations = []
    before = "x"
    for k in range(1, length):
        name = f"h{k}"
        partial = 1.5 if k % 2 else 0.5
        value = 1.0 if k % 2 == 0 else 1.5
        operations.append((name, "Mul", f"{partial} × {before}", value, [(before, "", partial)]))
        before = name
    return scalar_graph(leaves=[("x", "param", 1)], operations=operations)


def array_graph() -> GraphSpec:
    """loss = mean(relu(X @ W)): three nodes with heat maps, one scalar."""
    x = _array((4, 3), [[0.5, -1, 2], [1, 0, -0.5], [-2, 1, 1], [0.25, 0.5, -1]])
    w = _array((3, 2), [[1, -1], [0.5, 2], [-1, 0.25]])
    h = _array((4, 2), [[-2, -2], [1.5, -1.125], [-2.5, 4.25], [1.5, 0.5]])
    r = _array((4, 2), [[0, 0], [1.5, 0], [0, 4.25], [1.5, 0.5]])
    dr = _array((4, 2), [[0.125] * 2] * 4)
    dh = _array((4, 2), [[0, 0], [0.125, 0], [0, 0.125], [0.125, 0.125]])
    dw = _array((3, 2), [[0.15625, -0.21875], [0.0625, 0.1875], [-0.1875, 0]])
    nodes = (
        _array_node("n0", "const", "X", "", "", x, None),
        _array_node("n1", "param", "W", "", "", w, dw),
        _array_node("n2", "op", "matmul", "MatMul", "X @ W", h, dh),
        _array_node("n3", "op", "relu", "Relu", "relu(matmul)", r, dr),
        Node("n4", "loss", "loss", "Mean", "mean(relu)", (), "float32", 0.9688, "0.9688", 1.0, "1"),
    )
    edges = (
        _array_edge("e0", "n0", "n2", 0, False, "∂matmul/∂X", "", None),
        _array_edge("e1", "n1", "n2", 1, True, "∂matmul/∂W", "Xᵀ · g", dw),
        _array_edge("e2", "n2", "n3", 0, True, "∂relu/∂matmul", "matmul > 0", dh),
        _array_edge("e3", "n3", "n4", 0, True, "∂loss/∂relu", "1 / 8", dr),
    )
    return _finished("loss", nodes, edges)


def scalar_graph(leaves: list[tuple], operations: list[tuple]) -> GraphSpec:
    """A graph of numbers: adjoints, steps and paths follow from values and partials."""
    ids = {name: f"n{i}" for i, (name, *_) in enumerate([*leaves, *operations])}
    kinds = {name: kind for name, kind, _ in leaves}
    edges = []
    for name, _op, _text, _value, arguments in operations:
        for slot, (source, rule, partial) in enumerate(arguments):
            active = kinds.get(source) != "const"
            edges.append((ids[source], ids[name], slot, active, source, name, rule, partial))
    target = operations[-1][0]
    adjoints = {ids[target]: 1.0}
    for src, dst, _slot, active, *_, partial in reversed(edges):
        if active:
            adjoints[src] = adjoints.get(src, 0.0) + adjoints[dst] * partial
    nodes = [
        _scalar_node(ids[name], kind, name, "", "", value, adjoints.get(ids[name]))
        for name, kind, value in leaves
    ]
    for name, op, text, value, _arguments in operations:
        kind = "loss" if name == target else "op"
        nodes.append(_scalar_node(ids[name], kind, name, op, text, value, adjoints[ids[name]]))
    made = tuple(
        Edge(
            id=f"e{i}",
            src=src,
            dst=dst,
            slot=slot,
            active=active,
            symbol=f"∂{dst_name}/∂{src_name}",
            rule=rule,
            partial=number(partial) if active else None,
            partial_text=short(partial) if active else "",
            contribution=number(adjoints[dst] * partial) if active else None,
            contribution_text=short(adjoints[dst] * partial) if active else "",
        )
        for i, (src, dst, slot, active, src_name, dst_name, rule, partial) in enumerate(edges)
    )
    return _finished(target, tuple(nodes), made)


def _finished(target: str, nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> GraphSpec:
    target_id = next(n.id for n in nodes if n.name == target)
    return GraphSpec(
        title=f"{target} and its gradients",
        target=target_id,
        nodes=nodes,
        edges=edges,
        steps=_steps(target_id, nodes, edges),
        paths=_paths(target_id, nodes, edges),
    )


def _steps(target: str, nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> tuple[Step, ...]:
    by_id = {n.id: n for n in nodes}
    values: dict[str, str] = {}
    adjoints: dict[str, str] = {}
    arrived: dict[str, list[str]] = {}
    uses = {n.id: sum(e.active and e.src == n.id for e in edges) for n in nodes}
    steps: list[Step] = []

    def add(phase: str, node: str, used: tuple[str, ...], sentence: str) -> None:
        several = {k: tuple(v) for k, v in arrived.items() if uses[k] > 1}
        steps.append(
            Step(len(steps), phase, node, used, sentence, dict(values), dict(adjoints), several)
        )

    add("start", "", (), "Nothing is computed yet.")
    for n in nodes:
        values[n.id] = n.value_text
        into = tuple(e.id for e in edges if e.dst == n.id)
        sentence = f"{n.name} = {n.text} = {n.value_text}" if n.op else f"{n.name} = {n.value_text}"
        add("forward", n.id, into, sentence + ".")
    adjoints[target] = by_id[target].adjoint_text
    name = by_id[target].name
    add("seed", target, (), f"The gradient of {name} with respect to itself is 1.")
    for n in reversed(nodes):
        into = [e for e in edges if e.dst == n.id and e.active]
        if not into:
            continue
        told = []
        for e in into:
            arrived.setdefault(e.src, []).append(e.contribution_text)
            adjoints[e.src] = _sum_text(arrived[e.src], by_id[e.src])
            told.append(
                f"{by_id[e.src].name} receives {n.adjoint_text} × {e.partial_text} "
                f"= {e.contribution_text}"
            )
        add("reverse", n.id, tuple(e.id for e in into), "; ".join(told) + ".")
    add("done", "", (), "Done.")
    return tuple(steps)


def _sum_text(addends: list[str], node: Node) -> str:
    try:
        return short(sum(float(a) for a in addends))
    except ValueError:
        return node.adjoint_text


def _paths(target: str, nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> tuple[PathView, ...]:
    views = []
    active = [e for e in edges if e.active]
    for leaf in nodes:
        if leaf.op or leaf.adjoint is None:
            continue
        found: list[tuple[Edge, ...]] = []
        waiting: list[tuple[Edge, ...]] = [(e,) for e in active if e.src == leaf.id]
        while waiting:
            path = waiting.pop(0)
            if path[-1].dst == target:
                found.append(path)
            else:
                waiting += [(*path, e) for e in active if e.src == path[-1].dst]
        paths = tuple(_path(p) for p in found)
        views.append(PathView(leaf.id, len(paths), paths, leaf.adjoint_text, len(active)))
    return tuple(views)


def _path(edges: tuple[Edge, ...]) -> Path:
    factors = tuple(e.partial_text for e in edges)
    if any(e.partial is None for e in edges):
        return Path(tuple(e.id for e in edges), factors, None, "")
    product = math.prod(float(e.partial) for e in edges)
    return Path(tuple(e.id for e in edges), factors, number(product), short(product))


def _scalar_node(
    node_id: str, kind: str, name: str, op: str, text: str, value: float, adjoint: float | None
) -> Node:
    return Node(
        id=node_id,
        kind=kind,
        name=name,
        op=op,
        text=text,
        shape=(),
        dtype="float32",
        value=number(value),
        value_text=short(value),
        adjoint=None if adjoint is None else number(adjoint),
        adjoint_text="–" if adjoint is None else short(adjoint),
        line=7 if op else None,
        source=f"{name} = {text}" if op else "",
    )


def _array(shape: tuple[int, ...], rows: list[list[float]]) -> ArraySummary:
    flat = [x for row in rows for x in row]
    cells = tuple(tuple(row) for row in rows)
    return ArraySummary(shape, "float32", min(flat), max(flat), sum(flat) / len(flat), cells)


def _array_node(
    node_id: str,
    kind: str,
    name: str,
    op: str,
    text: str,
    value: ArraySummary,
    adjoint: ArraySummary | None,
) -> Node:
    shape = str(value.shape)
    seen = "–" if adjoint is None else shape
    return Node(node_id, kind, name, op, text, value.shape, "float32", value, shape, adjoint, seen)


def _array_edge(
    edge_id: str,
    src: str,
    dst: str,
    slot: int,
    active: bool,
    symbol: str,
    rule: str,
    contribution: ArraySummary | None,
) -> Edge:
    text = str(contribution.shape) if contribution else ""
    return Edge(
        edge_id, src, dst, slot, active, symbol, rule, None, "Jᵀ·" if active else "",
        contribution, text,
    )  # fmt: skip
