"""Running a traced graph: by its plan where possible, node by node where someone watches.

    run_graph(graph, [x, w])        # a list of tensors

Under a tape every operation must be recorded, and while another function is traced every operation
becomes a node of that one: then the graph is replayed through `execute`.
"""

from __future__ import annotations

from typing import Any

from minitf import optimizer_options
from minitf.graph import Graph, run_nodes
from minitf.state import state


def run_graph(graph: Graph, inputs: Any) -> list[Any]:
    """The graph as a function: runs what its outputs and its side effects need."""
    if not state.tapes and state.tracer is None and optimizer_options.is_on("plan"):
        inputs = list(inputs)
        found = _program(graph).run(inputs)
        if found is not None:
            return found
    known = dict(zip([x.id for x in graph.inputs], inputs, strict=True))
    return run_nodes(graph.live_nodes(), known, graph.outputs)


def plan_of(graph: Graph, inputs: list[Any]) -> Any:
    """The plan for these inputs; where all sizes are known, the graph's own inputs will do.

    Raises:
        ValueError: sizes are missing.
    """
    given = inputs if len(inputs) == len(graph.inputs) else graph.inputs
    if any(None in x._value.shape for x in given):
        raise ValueError(
            f"{graph.name} was traced for any size (None), and a plan is made for known ones: give "
            "the arguments of a call, as in concrete.plan(x)."
        )
    return _program(graph).plan_for(given)


def _program(graph: Graph) -> Any:
    """The graph's plans under the present settings."""
    settings = optimizer_options.current()
    if graph.compiled is None or graph.compiled.settings != settings:
        from minitf.plan.program import Program  # loaded when a function first runs

        graph.compiled = Program(graph, settings)
    return graph.compiled
