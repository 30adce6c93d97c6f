"""What the viewer's JavaScript is sent: the spec as JSON, with frames as differences.

    data = viewer_data(spec, questions(spec))
    data["spec"]["steps"][3]["values"]      # only what step 3 added

Frames of a GraphSpec are cumulative, so their size grows with the square of the graph. Sent as
differences, 200 nodes need 100 kB instead of 2 MB.
"""

from __future__ import annotations

from typing import Any

from minitf.graph_spec import GraphSpec
from minitf.viz.labels import derivative_name

_GROWING = ("values", "adjoints", "addends")


def viewer_data(spec: GraphSpec, asked: list[dict[str, Any]]) -> dict[str, Any]:
    """The viewer's data; JSON-able, deterministic."""
    plain = spec.to_json()
    before: dict[str, Any] = dict.fromkeys(_GROWING, {})
    steps = []
    for step in plain["steps"]:
        steps.append(step | {key: _news(before[key], step[key]) for key in _GROWING})
        before = step
    plain["steps"] = steps
    uses = {n.id: sum(e.active and e.src == n.id for e in spec.edges) for n in spec.nodes}
    names = {n.id: derivative_name(spec, n) for n in spec.nodes}
    return {"spec": plain, "questions": asked, "uses": uses, "derivatives": names}


def _news(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in after.items() if before.get(key) != value}
