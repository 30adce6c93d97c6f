"""Program: the plans of one graph, one for each set of input shapes."""

from __future__ import annotations

from typing import Any

from minitf.graph import Graph
from minitf.passes.pipeline import optimized
from minitf.plan.compile import compiled
from minitf.plan.plan import Plan
from minitf.plan.specialize import specialized
from minitf.tensor import Tensor

MOST_PLANS = 16  # a graph that meets more shapes than that is replayed for further ones


class Program:
    """A graph and its plans.

    Attributes:
        settings: of tf.config.optimizer, under which the plans were made.
    """

    def __init__(self, graph: Graph, settings: tuple[bool, ...]) -> None:
        self.settings = settings
        self._graph = graph
        self._plans: dict[Any, Plan | None] = {}

    def run(self, inputs: list[Any]) -> list[Tensor] | None:
        """The results, or None if the graph must be replayed."""
        plan = self.plan_for(inputs)
        return plan.run(inputs) if plan is not None else None

    def plan_for(self, inputs: list[Any]) -> Plan | None:
        """The plan for inputs of these shapes."""
        shapes = tuple([x._value.shape for x in inputs])
        plan = self._plans.get(shapes)
        if plan is None and shapes not in self._plans and len(self._plans) < MOST_PLANS:
            plan = self._plans[shapes] = self._made_for(inputs)
        return plan

    def _made_for(self, inputs: list[Any]) -> Plan | None:
        try:
            graph = specialized(self._graph, inputs)
        except Exception:  # shapes that do not fit: replaying meets the same, and explains it
            return None
        return compiled(optimized(graph))
