"""TraceTheatre: calls of a tf.function, its cache of traces, and what the passes make of a graph.

    tf.viz.TraceTheatre(f, tf.constant(1.0), (tf.constant([1.0, 2.0]),), 3)

Each call after the function is a tuple of arguments, one argument that is no tuple, or a dict of
keywords. The calls are made, in this order; the cache and the graphs are the function's own.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from minitf.function import Function
from minitf.viz import theme
from minitf.viz.engine import NoEngineError
from minitf.viz.labels import clip
from minitf.viz.pass_drawing import MOST_BOXES, OpBox, boxes_of, counts, operations, pass_svgs
from minitf.viz.trace_log import LoggedTrace, call_log
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

_OUTCOMES = {"traced": "traced", "kept": "runs a kept trace", "refused": "raises an error"}
_WORDS = {
    "prune": "What no result needs is left out.",
    "constant_folding": "What no argument can change is computed once, now.",
    "arithmetic": "Steps that leave a value as it is are left out.",
    "common_subexpressions": "What is computed twice is computed once.",
    "fusion": "What belongs together becomes one operation.",
}
_MOST_DRAWN = 14
_LONGEST_TEXT = 86


class TraceTheatre(CourseWidget):
    """A tf.function on stage: calls first, then its graphs.

    Keys: Left and Right step through the calls, P looks at the next pass, T shows the table.

    Args:
        f: a tf.function. Traces it has already are shown too.
        calls: the arguments of each call.
        predict: ask before each call whether it will be traced.

    Raises:
        TypeError: `f` is no tf.function.
        ValueError: no calls, or functions run eagerly.
    """

    def __init__(self, f: Function, *calls: Any, predict: bool = True) -> None:
        earlier = len(f.concrete_functions()) if isinstance(f, Function) else 0
        self._log = call_log(f, [_arguments(call) for call in calls])
        self._stages = [_stages(trace) for trace in self._log.traces]
        super().__init__(
            name=self._log.name,
            earlier=earlier,
            calls=[asdict(call) | {"said": _OUTCOMES[call.outcome]} for call in self._log.calls],
            outcomes=list(_OUTCOMES.values()),
            traces=[
                {"signature": list(trace.signature), "stages": [_stage_data(s) for s in stages]}
                for trace, stages in zip(self._log.traces, self._stages, strict=True)
            ],
            predict=predict,
        )

    def answer_stage(self, data: dict[str, Any]) -> dict[str, Any]:
        """The pictures before and after a pass; "" where there is nothing to draw them with."""
        stage = self._stages[int(data["trace"])][int(data["stage"])]
        if max(len(stage.before), len(stage.after)) > MOST_BOXES:
            return _no_pictures(f"More than {MOST_BOXES} boxes: see the table.")
        try:
            before, after = pass_svgs(stage.before, stage.after)
        except NoEngineError as error:
            return _no_pictures(str(error))
        return {"before": before, "after": after, "problem": ""}

    def describe(self) -> str:
        """Every call with its outcome, every trace with the operations after each pass."""
        lines = [f"Calls of {self._log.name}:"]
        for k, call in enumerate(self._log.calls):
            ran = "" if call.trace is None else f" (trace {call.trace + 1})"
            lines.append(f"{k + 1}. {call.text}: {_OUTCOMES[call.outcome]}{ran}. {call.why}")
        for k, (trace, stages) in enumerate(zip(self._log.traces, self._stages, strict=True)):
            steps = ", ".join(f"{s.name} {len(operations(s.after))}" for s in stages)
            first = len(operations(stages[0].before))
            lines.append(
                f"Trace {k + 1}, {'; '.join(trace.signature)}: {first} operations; after {steps}."
            )
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """The log of calls, and the number of operations after each pass."""
        rows = min(len(self._log.calls), _MOST_DRAWN) + len(self._stages)
        return figure_png(self._draw, width=8.5, height=1.2 + 0.27 * rows)

    def _draw(self, figure: Any) -> None:
        calls = self._log.calls[:_MOST_DRAWN]
        axes = figure.subplots()
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(len(calls) + len(self._stages) + 2, -0.5)
        for k, call in enumerate(calls):
            ran = "" if call.trace is None else f", trace {call.trace + 1}"
            said = f"{k + 1}. {_OUTCOMES[call.outcome]}{ran}"
            axes.text(0, k, said, color=_colour(call.outcome))
            axes.text(0.3, k, clip(call.text, _LONGEST_TEXT), fontsize=9)
        top = len(calls) + 0.8
        axes.text(0, top, "operations as traced, then after each pass", color=theme.MUTED)
        for k, stages in enumerate(self._stages):
            steps = [f"{s.name.replace('_', ' ')} {len(operations(s.after))}" for s in stages]
            line = " → ".join([str(len(operations(stages[0].before))), *steps])
            axes.text(0, top + k + 1, f"trace {k + 1}")
            axes.text(0.1, top + k + 1, line, fontsize=9)


class _Stage:
    """One pass: the boxes before and after it, and which of them are gone, new or changed."""

    def __init__(self, name: str, on: bool, before: list[OpBox], after: list[OpBox]) -> None:
        self.name, self.on, self.before, self.after = name, on, before, after
        old, new = {b.id: b.same_as for b in before}, {b.id: b.same_as for b in after}
        self.gone = {i for i in old if i not in new}
        self.new = {i for i in new if i not in old}
        self.changed = {i for i in new if i in old and new[i] != old[i]}


def _no_pictures(problem: str) -> dict[str, Any]:
    return {"before": "", "after": "", "problem": problem}


def _arguments(call: Any) -> tuple[tuple, dict]:
    if isinstance(call, dict):
        return (), call
    return (call, {}) if isinstance(call, tuple) else ((call,), {})


def _stages(trace: LoggedTrace) -> list[_Stage]:
    known = not any(None in x._value.shape for x in trace.concrete.inputs)
    passes = trace.concrete.passes() if known else trace.concrete.passes(*trace.tensors)
    return [_Stage(p.name, p.on, boxes_of(p.graph_before), boxes_of(p.graph_after)) for p in passes]


def _stage_data(stage: _Stage) -> dict[str, Any]:
    kinds = _kinds(stage)
    changes = [f"{name} {a} → {b}" for name, (a, b) in kinds.items() if a != b]
    return {
        "name": stage.name,
        "on": stage.on,
        "words": _WORDS.get(stage.name, ""),
        "before": [_op_data(box, stage.gone, set()) for box in operations(stage.before)],
        "after": [_op_data(box, stage.new, stage.changed) for box in operations(stage.after)],
        "parts": [counts(stage.before), counts(stage.after)],
        "changes": changes,
    }


def _op_data(box: OpBox, marked: set[str], changed: set[str]) -> list[str]:
    state = "marked" if box.id in marked else "changed" if box.id in changed else ""
    return [box.text, box.part, state]


def _kinds(stage: _Stage) -> dict[str, tuple[int, int]]:
    """Kind of operation -> how many before and after."""
    before, after = ([_kind(b) for b in operations(x)] for x in (stage.before, stage.after))
    return {k: (before.count(k), after.count(k)) for k in sorted({*before, *after})}


def _kind(box: OpBox) -> str:
    """ "Mul" from "Mul_1: float32[3, 1] = Mul(constant(3, 1), Sub)"."""
    return box.text.split(" = ")[-1].split("(")[0]


def _colour(outcome: str) -> str:
    return {"traced": theme.REVERSE, "kept": theme.FORWARD}.get(outcome, theme.INK)
