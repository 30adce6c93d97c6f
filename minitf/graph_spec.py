"""Plain data for pictures: a graph and the steps that walk it forward and back.

    spec = inspect.graph(tape, loss)      # a GraphSpec, made from what the tape recorded
    spec.nodes[0].value_text              # "2"
    spec.steps[-1].sentence               # "Done: dloss/dw = 2, ..."
    json.dumps(spec.to_json())            # everything a widget needs; no NumPy, no tensors

Nothing in here computes: `inspect` fills it, `viz` draws it. One description serves a tape, a
traced graph and a gradient graph.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

VERSION = 1


@dataclass(frozen=True)
class ArraySummary:
    """What a picture shows of an array with more than one element.

    Attributes:
        shape, dtype: as NumPy has them.
        low, high, mean: over the finite elements (None if there are none).
        cells: at most 28x28 numbers, row by row, for a heat map; a vector is one row; more axes
            are folded into rows; longer axes are sampled evenly.
    """

    shape: tuple[int, ...]
    dtype: str
    low: float | None
    high: float | None
    mean: float | None
    cells: tuple[tuple[float | str, ...], ...]


@dataclass(frozen=True)
class Node:
    """One value: a leaf (input, param, const) or the result of an operation.

    Attributes:
        id: `n0`, `n1`, ... in the order of computation; safe as a DOT id.
        kind: "input" (watched tensor), "param" (variable), "const" (not watched), "op", or
            "loss" (the target).
        name: the learner's own name for it ("w", "loss"), else a short one ("mul", "2.0").
        op: TensorFlow's op name ("Mul"); empty for leaves.
        text: the computation in the learner's names ("x × w"); empty for leaves.
        shape, dtype: of the value.
        value: a number for scalars ("inf", "-inf" and "nan" as strings), an ArraySummary otherwise.
        value_text: at most 8 characters: "-3", "2.125", or the shape "(2, 3)".
        adjoint: gradient of the target with respect to this value, in the form of `value`;
            None if no gradient reaches it or it is not watched.
        adjoint_text: like value_text; "none" if no path, "–" if not watched.
        group: name scope or layer it belongs to, outermost first, "/" between; empty for none.
        line: 1-based line of the learner's source that made it, or None if not known.
        source: that line's text, stripped, or "".
    """

    id: str
    kind: str
    name: str
    op: str
    text: str
    shape: tuple[int, ...]
    dtype: str
    value: float | str | ArraySummary
    value_text: str
    adjoint: float | str | ArraySummary | None
    adjoint_text: str
    group: str = ""
    line: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Edge:
    """One argument of one operation: `x * x` has two edges from x.

    Attributes:
        id: `e0`, `e1`, ...
        src, dst: node ids; values flow src -> dst, gradients dst -> src.
        slot: index of the argument.
        active: True if a gradient flows back along it.
        symbol: the local derivative by name: "∂mul/∂w".
        rule: what it equals, in the learner's names: "x"; "" if no short form exists.
        partial: its number for scalars, else None (arrays: the rule is a vector-Jacobian product).
        partial_text: "2", or "Jᵀ·" for arrays, "" if not active.
        contribution: what flows back along it (upstream × partial), in the form of Node.value.
        contribution_text: at most 8 characters.
    """

    id: str
    src: str
    dst: str
    slot: int
    active: bool
    symbol: str
    rule: str
    partial: float | str | None
    partial_text: str
    contribution: float | str | ArraySummary | None
    contribution_text: str


@dataclass(frozen=True)
class Step:
    """One frame. Frames are cumulative: showing frame k needs nothing from the frames before.

    Attributes:
        index: 0, 1, ...
        phase: "start" (nothing computed), "forward" (one node gets its value), "seed" (the
            target's adjoint is set to 1), "reverse" (one operation sends gradients to its inputs),
            "tangent" (in forward mode: one node gets its value and its tangent), "done".
        node: the node this step is about ("" at start and done).
        edges: ids of the edges this step uses.
        sentence: one sentence that says what happened, with the numbers.
        values: node id -> value_text of all values known so far.
        adjoints: node id -> text of all adjoints known so far. While contributions are still
            missing at a fan-out, the sum so far.
        addends: node id -> texts of the contributions that have arrived so far (only nodes with
            several outgoing active edges), such as {"n0": ["2", "-3"]}.
    """

    index: int
    phase: str
    node: str
    edges: tuple[str, ...]
    sentence: str
    values: dict[str, str]
    adjoints: dict[str, str]
    addends: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Path:
    """One way from a leaf to the target.

    Attributes:
        edges: edge ids from the leaf to the target.
        factors: texts of the local derivatives along it.
        product: their product (scalars only), else None.
        product_text: at most 8 characters.
    """

    edges: tuple[str, ...]
    factors: tuple[str, ...]
    product: float | str | None
    product_text: str


@dataclass(frozen=True)
class PathView:
    """All paths from one leaf: the chain rule as a sum of products.

    Attributes:
        source: node id of the leaf.
        count: number of paths (exact, however large).
        paths: at most 24 of them.
        total_text: the sum of all products, equal to the adjoint.
        edges_visited: edges a reverse sweep uses, for comparison with `count`.
    """

    source: str
    count: int
    paths: tuple[Path, ...]
    total_text: str
    edges_visited: int


@dataclass(frozen=True)
class GraphSpec:
    """A whole picture.

    Attributes:
        title: one line, such as "loss and its gradients".
        target: node id of the target.
        nodes, edges: in the order of computation.
        steps: the frames; empty if only the graph was asked for.
        paths: one PathView per leaf with a gradient.
        summary: sentences with every number, for screen readers and stored notebooks.
        mode: "reverse" (adjoints, ∂target/∂node) or "forward" (tangents, ∂node/∂source).
        source: node id of the input that moves, in forward mode.
    """

    title: str
    target: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    steps: tuple[Step, ...] = ()
    paths: tuple[PathView, ...] = ()
    summary: str = ""
    mode: str = "reverse"
    source: str = ""
    version: int = VERSION

    def node(self, node_id: str) -> Node:
        """The node with that id."""
        return next(n for n in self.nodes if n.id == node_id)

    def to_json(self) -> dict[str, Any]:
        """Nested dicts, lists, numbers and strings; nothing that JSON lacks."""
        return _jsonable(asdict(self))


def number(value: float) -> float | str:
    """A finite float, or "nan", "inf", "-inf": JSON has no such numbers."""
    value = float(value)
    return value if math.isfinite(value) else str(value)


def short(value: float) -> str:
    """A number in at most eight characters: 3, -0.25, 1.23e-5."""
    value = float(value)
    if not math.isfinite(value):
        return str(value)
    for digits in (4, 2, 1):
        text = f"{value:.{digits}g}".replace("e-0", "e-").replace("e+0", "e+")
        if len(text) <= 8:
            break
    return "0" if text == "-0" else text


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(x) for key, x in value.items()}
    if isinstance(value, tuple | list):
        return [_jsonable(x) for x in value]
    return value
