"""Questions the viewer asks before it shows a gradient.

    questions(spec, True)           # one per input and parameter with a gradient
    questions(spec, ["w", "n2"])    # only these, by name or id
    questions(spec, False)          # none

A question belongs to the step in which its gradient becomes complete. The viewer asks when that
step is about to be shown. Saying the answer before seeing it is what makes a picture teach.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.graph_spec import GraphSpec, Node
from minitf.viz.labels import derivative_name


def questions(spec: GraphSpec, wanted: bool | Iterable[str] = True) -> list[dict[str, Any]]:
    """The questions, in the order of their steps, as plain data.

    Args:
        spec: the graph with its steps.
        wanted: True for all leaves with a gradient, False for none, or names or ids of nodes.

    Returns:
        Dicts with `node`, `step`, `text`, `kind` ("number" or "shape"), `answer` and `why`.

    Raises:
        ValueError: a name that is no node of this graph, or whose gradient is never computed.
    """
    steps = _completion_steps(spec)
    if wanted is True and spec.mode == "forward":
        nodes = [spec.node(spec.target)]
    elif wanted is True:
        nodes = [n for n in spec.nodes if n.kind in ("input", "param") and n.id in steps]
    else:
        nodes = [_find(spec, name, steps) for name in wanted or ()]
    asked = [_question(spec, node, steps[node.id]) for node in nodes]
    return sorted(asked, key=_step_of)


def _step_of(question: dict[str, Any]) -> int:
    return question["step"]


def _completion_steps(spec: GraphSpec) -> dict[str, int]:
    """Node id -> index of the last step that sends it a contribution."""
    if spec.mode == "forward":
        return {step.node: step.index for step in spec.steps if step.phase == "tangent"}
    source = {edge.id: edge.src for edge in spec.edges}
    last: dict[str, int] = {}
    for step in spec.steps:
        if step.phase == "reverse":
            for edge in step.edges:
                last[source[edge]] = step.index
    return last


def _find(spec: GraphSpec, name: str, steps: dict[str, int]) -> Node:
    for node in spec.nodes:
        if name in (node.id, node.name):
            if node.id in steps:
                return node
            raise ValueError(
                f"predict: no gradient flows back to {name!r} in this picture, so there is "
                f"nothing to predict. Nodes with a gradient: {_names(spec, steps)}."
            )
    raise ValueError(
        f"predict: no node is called {name!r}. Nodes with a gradient: {_names(spec, steps)}."
    )


def _names(spec: GraphSpec, steps: dict[str, int]) -> str:
    return ", ".join(n.name for n in spec.nodes if n.id in steps) or "none"


def _question(spec: GraphSpec, node: Node, step: int) -> dict[str, Any]:
    scalar = node.shape == ()
    return {
        "node": node.id,
        "step": step,
        "kind": "number" if scalar else "shape",
        "text": ("" if scalar else "shape of ") + derivative_name(spec, node),
        "answer": node.adjoint if scalar else list(node.shape),
        "answer_text": node.adjoint_text if scalar else str(node.shape),
        "why": spec.steps[step].sentence,
    }
