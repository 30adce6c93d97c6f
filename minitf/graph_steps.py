"""From a graph to its frames: forward values, the seed, then one gradient per argument backwards.

    spec = replace(spec, steps=steps_of(spec), paths=paths_of(spec))

Everything here reads a GraphSpec whose numbers are known already; it only puts them in order and
into words.
"""

from __future__ import annotations

import re
from collections import defaultdict

from minitf.graph_spec import Edge, GraphSpec, Node, Path, PathView, Step, number, short

MAX_PATHS = 24
MAX_NAMED = 8  # values listed in the first sentence, gradients in the last


def steps_of(spec: GraphSpec) -> tuple[Step, ...]:
    """The frames: start, one per operation, the seed, one per active argument, done."""
    frames = _Frames(spec)
    frames.start()
    for node in spec.nodes:
        if node.op:
            frames.forward(node)
    frames.seed()
    for node in reversed(spec.nodes):
        for edge in frames.into[node.id]:
            if edge.active:
                frames.reverse(edge)
    frames.done()
    return tuple(frames.steps)


def paths_of(spec: GraphSpec) -> tuple[PathView, ...]:
    """For every leaf with a gradient: all its ways to the target and their products."""
    leaves = [n for n in spec.nodes if not n.op and n.adjoint is not None]
    out_edges = _active_out_edges(spec)
    counts = _path_counts(spec, out_edges)
    used = sum(edge.active for edge in spec.edges)
    return tuple(
        PathView(
            source=leaf.id,
            count=counts[leaf.id],
            paths=tuple(_enumerate(leaf.id, spec.target, out_edges)),
            total_text=leaf.adjoint_text,
            edges_visited=used,
        )
        for leaf in leaves
    )


def summary_of(spec: GraphSpec) -> str:
    """Every number of the picture in lines of text: for screen readers and stored notebooks."""
    target = spec.node(spec.target)
    lines = [f"Graph of {target.name}: {len(spec.nodes)} values, {len(spec.edges)} arguments."]
    for node in spec.nodes:
        computed = f" = {node.text}" if node.op else f" ({_ROLE[node.kind]})"
        equals = f" = {node.value_text}" if not node.shape else f", shape {node.value_text}"
        lines.append(f"{node.name}{computed}{equals}")
    for node in reversed(spec.nodes):
        if node.adjoint is not None:
            lines.append(f"∂{target.name}/∂{node.name}{_equals(node, node.adjoint_text)}")
    return "\n".join(lines)


def with_numbers(node: Node, into: list[Edge], nodes: dict[str, Node]) -> str:
    """The computation with numbers in place of names: `2 × 3`, `4 - (-1)`.

    Args:
        node: the operation.
        into: its arguments' edges, in order.
        nodes: all nodes by id.
    """
    names = [nodes[e.src].name for e in into]
    values = [nodes[e.src].value_text for e in into]
    text, start = "", 0
    for name, value in zip(names, values, strict=True):
        # A whole word, and no function: the x of exp(x) is its last one.
        found = re.compile(rf"(?<!\w){re.escape(name)}(?![^\W²³]|\()").search(node.text, start)
        if found is None:
            return ", ".join(values)
        text += node.text[start : found.start()]
        start = found.end()
        alone = text[-1:] in ("", "(", "|") or text.endswith(", ")
        alone = alone and node.text[start:].lstrip()[:1] not in ("²", "³", "^")
        text += value if alone else in_brackets(value)
    return text + node.text[start:]


def in_brackets(text: str) -> str:
    """Brackets round a negative number, so that it can follow an operator."""
    return f"({text})" if text.startswith("-") else text


_ROLE = {"input": "watched input", "param": "variable", "const": "constant, not watched"}


class _Frames:
    """Builds the frames one after another; each is complete in itself."""

    def __init__(self, spec: GraphSpec) -> None:
        self.spec = spec
        self.nodes = {node.id: node for node in spec.nodes}
        self.target = self.nodes[spec.target]
        self.into: dict[str, list[Edge]] = defaultdict(list)
        uses: dict[str, int] = defaultdict(int)
        for edge in spec.edges:
            self.into[edge.dst].append(edge)
            uses[edge.src] += edge.active
        self.fan_out = {node_id for node_id, count in uses.items() if count > 1}
        self.missing = dict(uses)  # contributions that have not arrived yet
        self.sums: dict[str, float] = {}
        self.steps: list[Step] = []
        self.values: dict[str, str] = {}
        self.adjoints: dict[str, str] = {}
        self.addends: dict[str, tuple[str, ...]] = {}

    def start(self) -> None:
        leaves = [n for n in self.spec.nodes if not n.op]
        self.values = {n.id: n.value_text for n in leaves}
        named = [n for n in leaves if n.name != n.value_text]  # a bare number explains itself
        given = ", ".join(f"{n.name}{_equals(n, n.value_text)}" for n in named[:MAX_NAMED])
        if len(named) > MAX_NAMED:
            given += f", and {len(named) - MAX_NAMED} more"
        self._add("start", "", (), f"Given: {given}. Nothing is computed yet.")

    def forward(self, node: Node) -> None:
        self.values[node.id] = node.value_text
        edges = tuple(e.id for e in self.into[node.id])
        if node.shape or any(self.nodes[e.src].shape for e in self.into[node.id]):
            sentence = f"{node.name} = {node.text}{_equals(node, node.value_text)}."
        else:
            numbers = with_numbers(node, self.into[node.id], self.nodes)
            sentence = f"{node.name} = {node.text} = {numbers} = {node.value_text}."
        self._add("forward", node.id, edges, sentence)

    def seed(self) -> None:
        name = self.target.name
        self.adjoints[self.target.id] = "1"
        what = f"∂{name}/∂{name} = 1" if not self.target.shape else "a 1 for each of its elements"
        self._add("seed", self.target.id, (), f"Now backwards. Start at {name} with {what}.")

    def reverse(self, edge: Edge) -> None:
        node, dst = self.nodes[edge.src], self.nodes[edge.dst]
        self.missing[node.id] -= 1
        arrived = (*self.addends.get(node.id, ()), edge.contribution_text)
        if node.id in self.fan_out:
            self.addends = {**self.addends, node.id: arrived}
        complete = self.missing[node.id] == 0
        if isinstance(edge.contribution, float):
            self.sums[node.id] = self.sums.get(node.id, 0.0) + edge.contribution
            so_far = node.adjoint_text if complete else short(self.sums[node.id])
        else:
            so_far = node.adjoint_text if complete else f"Σ {len(arrived)}"
        self.adjoints[node.id] = so_far
        self._add("reverse", node.id, (edge.id,), self._received(edge, node, dst, arrived, so_far))

    def done(self) -> None:
        name = self.target.name
        leaves = [n for n in self.spec.nodes if not n.op and n.kind != "const"]
        found = [
            f"∂{name}/∂{n.name}{_equals(n, n.adjoint_text)}"
            if n.adjoint is not None
            else f"∂{name}/∂{n.name}: None"
            for n in leaves[:MAX_NAMED]
        ]
        if len(leaves) > MAX_NAMED:
            found.append(f"and {len(leaves) - MAX_NAMED} more")
        self._add("done", "", (), f"Done: {', '.join(found)}.")

    def _received(self, edge: Edge, node: Node, dst: Node, arrived: tuple, so_far: str) -> str:
        if edge.partial is None:
            shape = edge.contribution_text
            text = f"{node.name} receives a gradient of shape {shape} from {dst.name}"
            text += "." if edge.rule in ("", "1") else f": {_with_upstream(edge.rule)}."
        else:
            rule = f" = {edge.rule}" if edge.rule and edge.rule != edge.partial_text else ""
            only = " for this use" if node.id in self.fan_out else ""
            upstream, partial = in_brackets(dst.adjoint_text), in_brackets(edge.partial_text)
            text = (
                f"{node.name} receives {upstream} × {partial} = "
                f"{edge.contribution_text}: upstream {dst.adjoint_text} times "
                f"{edge.symbol}{rule} = {edge.partial_text}{only}."
            )
        if len(arrived) > 1:
            text += f" One term per use, so far: {' + '.join(map(in_brackets, arrived))}"
            text += f" = {so_far}." if edge.partial is not None else "."
        return text

    def _add(self, phase: str, node: str, edges: tuple[str, ...], sentence: str) -> None:
        self.steps.append(
            Step(
                index=len(self.steps),
                phase=phase,
                node=node,
                edges=edges,
                sentence=sentence,
                values=dict(self.values),
                adjoints=dict(self.adjoints),
                addends=self.addends,
            )
        )


def _equals(node: Node, text: str) -> str:
    return f": shape {text}" if node.shape and text.startswith("(") else f" = {text}"


def _with_upstream(rule: str) -> str:
    """The rule with the upstream in its place: a matrix factor has a side, · marks it."""
    if rule.startswith("·"):
        return f"upstream {rule}"
    return f"{rule} upstream" if rule.endswith("·") else f"upstream × {rule}"


def _active_out_edges(spec: GraphSpec) -> dict[str, list[Edge]]:
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in spec.edges:
        if edge.active:
            out[edge.src].append(edge)
    return out


def _path_counts(spec: GraphSpec, out_edges: dict[str, list[Edge]]) -> dict[str, int]:
    """Number of ways from each node to the target: one addition per edge, however many ways."""
    counts = {spec.target: 1}
    for node in reversed(spec.nodes):
        if node.id != spec.target:
            counts[node.id] = sum(counts[edge.dst] for edge in out_edges[node.id])
    return counts


def _enumerate(source: str, target: str, out_edges: dict[str, list[Edge]]) -> list[Path]:
    """The first paths, depth first, with their products."""
    found: list[Path] = []
    pending: list[tuple[str, tuple[Edge, ...]]] = [(source, ())]
    while pending and len(found) < MAX_PATHS:
        node, edges = pending.pop()
        if node == target:
            found.append(_path(edges))
            continue
        for edge in reversed(out_edges[node]):
            pending.append((edge.dst, (*edges, edge)))
    return found


def _path(edges: tuple[Edge, ...]) -> Path:
    factors = tuple(edge.partial_text for edge in edges)
    product: float | None = 1.0
    for edge in edges:
        product = None if product is None or edge.partial is None else product * float(edge.partial)
    ids = tuple(edge.id for edge in edges)
    if product is None:
        return Path(ids, factors, None, "")
    return Path(ids, factors, number(product), short(product))
