"""Pipeline: the passes one after the other, each switched by tf.config.optimizer.

optimized(graph)       # after all passes that are on
stages(graph)          # what each of them did, as data
"""

from __future__ import annotations

from dataclasses import dataclass

from minitf import optimizer_options
from minitf.graph import Graph
from minitf.passes.arithmetic import arithmetic
from minitf.passes.common_subexpressions import common_subexpressions
from minitf.passes.constant_folding import constant_folding
from minitf.passes.fusion import fusion
from minitf.passes.prune import prune

# name, switch in tf.config.optimizer, pass
PIPELINE = (
    ("prune", "prune", prune),
    ("constant_folding", "constant_folding", constant_folding),
    ("arithmetic", "arithmetic_optimization", arithmetic),
    ("common_subexpressions", "common_subgraph_elimination", common_subexpressions),
    ("fusion", "remapping", fusion),
)


@dataclass(frozen=True)
class Stage:
    """What one pass did.

    Attributes:
        name: of the pass.
        on: whether it is switched on; if not, nothing changes.
        graph_before, graph_after: the graphs, which share what did not change.
    """

    name: str
    on: bool
    graph_before: Graph
    graph_after: Graph

    @property
    def before(self) -> int:
        """Number of operations before."""
        return len(self.graph_before.nodes)

    @property
    def after(self) -> int:
        """Number of operations after."""
        return len(self.graph_after.nodes)

    @property
    def op_counts(self) -> dict[str, tuple[int, int]]:
        """For each kind of operation whose number changed: how many before and after."""
        first, last = _counts(self.graph_before), _counts(self.graph_after)
        names = sorted({*first, *last})
        pairs = {name: (first.get(name, 0), last.get(name, 0)) for name in names}
        return {name: (a, b) for name, (a, b) in pairs.items() if a != b}

    def __repr__(self) -> str:
        return f"{self.name}{'' if self.on else ' (off)'}: {self.before} -> {self.after} operations"


def optimized(graph: Graph) -> Graph:
    """The graph after all passes that are on."""
    return stages(graph)[-1].graph_after


def stages(graph: Graph) -> list[Stage]:
    """Every pass in order, with the graphs before and after it."""
    found = []
    for name, switch, run in PIPELINE:
        on = optimizer_options.is_on(switch)
        after = _pruned_if(switch, run(graph)) if on else graph
        found.append(Stage(name, on, graph, after))
        graph = after
    return found


def _pruned_if(switch: str, graph: Graph) -> Graph:
    """A pass leaves nodes behind that nobody needs any more; they count as its work."""
    return prune(graph) if optimizer_options.is_on("prune") else graph


def _counts(graph: Graph) -> dict[str, int]:
    counts: dict[str, int] = {}
    for node in graph.nodes:
        counts[node.type] = counts.get(node.type, 0) + 1
    return counts
