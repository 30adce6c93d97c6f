"""NoneDoctor: why is my gradient None? Say the cause first, then see the severed link.

    tf.viz.NoneDoctor(tape, target, source)
    tf.viz.NoneDoctor("x = tf.constant(3.0)\\nwith tf.GradientTape() as tape: ...")
    tf.viz.NoneDoctor()                          # a ward of broken snippets, one per cause

The diagnosis is `tape.explain` on the learner's own tape. With lines of code, everything that ran
is drawn, also what the tape did not record.
"""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from minitf import nest, tape_views
from minitf.explain import Explanation, explain
from minitf.graph_names import Namer, caller_variables, names_of
from minitf.origins import Origins, latest_origins
from minitf.tape import GradientTape
from minitf.variable import Variable
from minitf.viz import engine, theme
from minitf.viz.dot import body, graph_defaults
from minitf.viz.flow_graph import NO_LINK, Flow, flow_of
from minitf.viz.none_cases import CASES
from minitf.viz.png import compact
from minitf.viz.snippets import Seen, SeenTape, run_snippet
from minitf.viz.viewer_data import drawing
from minitf.viz.widgets.base import CourseWidget

# Every cause of minitf/explain.py in a few words. Neighbours are easily mistaken for each other.
SHORT = {
    "not_watched": "nobody watches the source",
    "watched_late": "the source is watched too late",
    "replaced": "the source is a result, not what the tape watches",
    "not_used": "the tape never saw this source in an operation",
    "not_used_variable": "the variable is not read inside the block",
    "outside": "the target is computed outside the block",
    "not_trainable": "the variable is not trainable",
    "not_accessed": "the tape does not watch variables by itself",
    "integer_source": "the source is an integer",
    "integer": "the path turns into integers",
    "not_differentiable": "an operation on the path has no derivative",
    "stop_gradient": "tf.stop_gradient cuts the path",
    "numpy": "NumPy or Python takes the value off the tape",
    "assign": "an assignment forgets where the value came from",
    "constant_target": "the target is a constant",
    "no_path": "the target does not depend on the source",
    "rule_answered_none": "a gradient rule answers None",
    "forgotten": "the tape was used and has forgotten",
    "connected": "the gradient is not None",
}
_CHOICES = 4


@dataclass(frozen=True)
class _Case:
    """One patient."""

    code: str
    ask: str
    answer: str
    found: Explanation
    flow: Flow
    line: int | None


class NoneDoctor(CourseWidget):
    """A diagnosis, asked for before it is given.

    Keys: Left and Right change the case, T shows the table.

    Args:
        what: lines of code that end in `tape.gradient(target, source)`, several of them in a dict
            by name, or a tape; nothing for a ward with one case of each cause.
        target, source: after a tape, what was asked for.
        predict: ask for the cause first.
        values: variables of the lines.

    Raises:
        TypeError: `what` is none of these, or target and source are no tensors.
        ValueError: the lines ask for no gradient.
    """

    parts = ("graph_parts",)

    def __init__(
        self,
        what: Any = None,
        target: Any = None,
        source: Any = None,
        predict: bool = True,
        **values: Any,
    ) -> None:
        self._cases = _cases(what, target, source, values)
        super().__init__(
            cases=[_data(case, k) for k, case in enumerate(self._cases)], predict=predict
        )
        self.problem(drawing(self._cases[0].flow.spec)["problem"])

    def answer_drawing(self, data: dict[str, Any]) -> dict[str, Any]:
        """The picture of one case; they are drawn when they are looked at."""
        return drawing(self._cases[int(data["case"])].flow.spec)

    def describe(self) -> str:
        """Each case: what was asked, the answer, and why."""
        return "\n".join(
            f"{case.ask} is {case.answer}. {case.found.message} {_severed_words(case.flow)}".strip()
            for case in self._cases
        )

    def picture(self) -> bytes | None:
        """The graph of the first case, with its severed links."""
        return compact(engine.render(_severed_dot(self._cases[0].flow), "png"))


def _cases(what: Any, target: Any, source: Any, values: dict[str, Any]) -> list[_Case]:
    if isinstance(what, GradientTape):
        return [_case_of_tape(what, target, source)]
    if what is None:
        what = CASES
    if isinstance(what, str):
        what = {"": what}
    if not isinstance(what, Mapping):
        raise TypeError(
            f"NoneDoctor needs a tape with target and source, or lines of code, not a "
            f"{type(what).__name__}: {what!r}."
        )
    return [_case_of_code(source, values) for source in what.values()]


def _case_of_code(source: str, values: dict[str, Any]) -> _Case:
    source = textwrap.dedent(source).strip("\n") + "\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # integers are warned of; the diagnosis says more
        seen = run_snippet(source, **values)
    if not seen.gradients:
        raise ValueError(
            "These lines ask for no gradient. End with a line such as g = tape.gradient(y, x)."
        )
    call = seen.gradients[-1]
    tape = seen.tapes[call.tape]
    target = seen.value(call.target)
    wanted, name = _source_in(seen, call.source, tape, target)
    namer = _namer({**seen.names, name: wanted}, seen.where)
    found = explain(tape.tape, target, wanted)
    flow = flow_of(
        seen.calls, tape.tape, tape.records, target, wanted, namer, seen.place_of, _left(found)
    )
    ask = f"{call.tape}.gradient({call.target}, {name})"
    return _case(source, ask, found, flow, call.line)


def _case_of_tape(tape: GradientTape, target: Any, source: Any) -> _Case:
    known, where = caller_variables(), latest_origins()
    found = explain(tape, target, source)  # refuses what is no tensor
    records = tape_views.records(tape)
    namer = _namer(known, where)
    flow = flow_of(None, tape, records, target, source, namer, where.of, _left(found))
    names = [_name_among(known, x) for x in (tape, target, source)]
    ask = f"{names[0]}.gradient({names[1]}, {names[2]})"
    return _case("", ask, found, flow, None)


def _case(code: str, ask: str, found: Explanation, flow: Flow, ask_line: int | None) -> _Case:
    gradient = flow.spec.node(flow.source)
    connected = gradient.adjoint is not None
    if found.cause == "forgotten" and connected:  # the rows are known here all the same
        found = Explanation("connected", "The gradient is not None: the target depends on it.")
    if found.cause == "connected":
        flow = flow._replace(cut=())
    answer = gradient.adjoint_text if connected else "None"
    return _Case(code, ask, answer, found, flow, _line_of(flow) or ask_line)


def _line_of(flow: Flow) -> int | None:
    """The line in which the way breaks."""
    severed = [edge for edge in flow.spec.edges if edge.id in flow.cut and edge.symbol != NO_LINK]
    ends = [flow.spec.node(node) for edge in severed for node in (edge.dst, edge.src)]
    return next((node.line for node in ends if node.line is not None), None)


def _source_in(seen: Seen, text: str, tape: SeenTape, target: Any) -> tuple[Any, str]:
    """The source that was asked for and its text; of several the first without a gradient."""
    tree = ast.parse(text, mode="eval").body
    if isinstance(tree, ast.List | ast.Tuple):
        pairs = [(seen.value(part), part) for part in map(ast.unparse, tree.elts)]
    else:
        value = seen.value(text)
        pairs = [(x, text) for x in nest.flatten(value)]
        if nest.is_nested(value):  # a list of weights: the weight's own name says more
            pairs = [(x, _own_name(x, text)) for x, text in pairs]
    for value, part in pairs:
        if explain(tape.tape, target, value).cause not in ("connected", "forgotten"):
            return value, part
    return pairs[0]


def _own_name(x: Any, text: str) -> str:
    return x.name.removesuffix(":0") if isinstance(x, Variable) else text


def _left(found: Explanation) -> int | None:
    return found.severed if found.cause == "numpy" else None


def _namer(names: dict[str, Any], where: Origins) -> Namer:
    known = names_of(names)
    lines = {i: name for i, name in where.names().items() if name not in known.values()}
    return Namer(lines | known)


def _name_among(known: dict[str, Any], x: Any) -> str:
    return next((name for name, y in known.items() if x is y and name[0] != "_"), "…")


# -- for the browser


def _data(case: _Case, k: int) -> dict[str, Any]:
    flow = case.flow
    return {
        "code": case.code.splitlines(),
        "ask": case.ask,
        "answer": case.answer,
        "cause": case.found.cause,
        "short": SHORT[case.found.cause],
        "message": case.found.message,
        "line": case.line,
        "choices": _choices(case.found.cause),
        "spec": flow.spec.to_json(),
        "source": flow.source,
        "cut": list(flow.cut),
        "never": [e.id for e in flow.spec.edges if e.symbol == NO_LINK],
        "unrecorded": list(flow.unrecorded),
        "key": f"case {k + 1}",
    }


def _choices(cause: str) -> list[str]:
    """The cause among its neighbours, always in the same order."""
    causes = list(SHORT)
    first = min(max(0, causes.index(cause) - _CHOICES // 2), len(causes) - _CHOICES)
    return [SHORT[c] for c in causes[first : first + _CHOICES]]


def _severed_dot(flow: Flow) -> str:
    """The graph as DOT; severed links are dashed and say so."""
    look = f', style=dashed, penwidth=2.5, color="{theme.REVERSE}", label="severed"'
    dotted = ', style=dotted, fontcolor="#00000000"'
    marks = {i: dotted for i in flow.unrecorded} | {i: look for i in flow.cut}
    lines = [*graph_defaults(), *body(flow.spec, None, edge_places=marks)]
    return "\n".join(["digraph minitf {", *lines, "}"]) + "\n"


def _severed_words(flow: Flow) -> str:
    names = {node.id: node.name for node in flow.spec.nodes}
    links = [f"{names[e.src]} to {names[e.dst]}" for e in flow.spec.edges if e.id in flow.cut]
    return f"Severed: {', '.join(dict.fromkeys(links))}." if links else ""
