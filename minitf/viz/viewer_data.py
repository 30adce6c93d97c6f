"""What the viewer's JavaScript is sent: the spec as JSON, with frames as differences.

    data = viewer_data(spec, questions(spec))
    data["spec"]["steps"][3]["values"]      # only what step 3 added

Frames of a GraphSpec are cumulative, so their size grows with the square of the graph. Sent as
differences, 200 nodes need 100 kB instead of 2 MB.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from minitf.graph_spec import GraphSpec
from minitf.viz.engine import NoEngineError
from minitf.viz.folding import fold, group_ids, groups_of, shown_member
from minitf.viz.layout import layout
from minitf.viz.svg import to_svg

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
    return {"spec": plain, "questions": asked, "uses": uses_of(spec)}


def uses_of(spec: GraphSpec) -> dict[str, int]:
    """Node id -> number of arguments through which a gradient comes back or a tangent goes on."""
    uses = dict.fromkeys([n.id for n in spec.nodes], 0)
    for edge in spec.edges:
        uses[edge.src] += edge.active
    return uses


def drawing(spec: GraphSpec, closed: Collection[str] = (), direction: str = "LR") -> dict[str, Any]:
    """The SVG with these groups folded, and which nodes each box stands for.

    Returns:
        `svg`, `closed` (names), `problem` ("" or why there is no drawing), and `groups`: box id
        -> its `name`, its `members`, and the member whose numbers are `shown`.
    """
    groups, ids = groups_of(spec), group_ids(spec)
    boxes = {
        ids[name]: {"name": name, "members": members, "shown": shown_member(spec, members)}
        for name, members in groups.items()
    }
    folded = fold(spec, closed) if closed else spec
    try:
        svg, problem = to_svg(folded, layout(folded, direction)), ""
    except NoEngineError as error:
        svg, problem = "", str(error)
    return {"svg": svg, "closed": sorted(closed), "groups": boxes, "problem": problem}


def _news(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in after.items() if before.get(key) != value}
