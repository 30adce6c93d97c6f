"""GraphPlayground: drag the inputs of a function and watch values and gradients follow.

    def f(x, w):
        error = x * w - 4.0
        return error * error
    tf.viz.GraphPlayground(f, x=(-3, 3), w=2.0)

The learner's own function runs at every move, on a tape, and once more on either side of every
input: the central difference stands beside the gradient.
"""

from __future__ import annotations

import inspect as signatures
from collections.abc import Callable
from typing import Any, NamedTuple

from minitf import dtypes, inspect
from minitf.graph_spec import GraphSpec, short
from minitf.origins import origins
from minitf.state import unobserved
from minitf.tape import GradientTape
from minitf.tensor import Tensor
from minitf.variable import Variable
from minitf.viz.labels import derivative_name, edge_lines
from minitf.viz.static import static_picture
from minitf.viz.viewer_data import drawing, uses_of
from minitf.viz.widgets.base import CourseWidget

_MANY_INPUTS = 8
# Steps of the central difference: the error of a step h is about h² + rounding / h.
_STEP_64, _STEP_32 = 1e-5, 1e-2


class Knob(NamedTuple):
    """One input: its slider, and whether it is a parameter (a variable) or a watched input."""

    name: str
    low: float
    high: float
    start: float
    trainable: bool


class GraphPlayground(CourseWidget):
    """Sliders on the inputs of a function, and its graph with values and gradients.

    Keys: arrows move the slider that has the focus, R goes back to the start, T is the table.

    Args:
        f: the learner's function: scalar tensors by name to one scalar tensor.
        predict: ask for the sign of the first gradient before gradients are shown.
        inputs: `x=(low, high)` or `x=(low, high, start)` for a watched input, `w=2.0` for a
            parameter (a variable, with a slider around that value).

    Raises:
        TypeError: `f` does not take these inputs, or does not return one tensor.
        ValueError: no inputs or more than eight, an empty range, or a result that is not a scalar
            or does not depend on them.
    """

    parts = ("graph_parts",)

    def __init__(self, f: Callable[..., Any], *, predict: bool = True, **inputs: Any) -> None:
        self._f = f
        self._knobs = _knobs(f, inputs)
        values = {knob.name: knob.start for knob in self._knobs}
        self._spec = self._graph(values)
        self._topology = _topology(self._spec)
        self._in_float64 = self._runs_in_float64(values)
        first = drawing(self._spec)
        super().__init__(
            knobs=[knob._asdict() for knob in self._knobs],
            drawing=first,
            predict=predict,
            **self._picture_data(self._spec, values),
        )
        self.problem(first["problem"])

    def answer_evaluate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Values, gradients and differences at `values`; a drawing only if the graph changed."""
        values = {knob.name: float(data["values"][knob.name]) for knob in self._knobs}
        spec = self._graph(values)
        reply = self._picture_data(spec, values)
        if _topology(spec) != self._topology:
            self._topology = _topology(spec)
            reply["drawing"] = drawing(spec)
        return reply

    def describe(self) -> str:
        """Values, gradients and differences at the start, in words."""
        values = {knob.name: knob.start for knob in self._knobs}
        lines = [
            f"Check of {row['text']}: gradient {row['gradient_text']}, "
            f"central difference {row['difference_text']}."
            for row in self._check(self._spec, values)
        ]
        return "\n".join([self._spec.summary, *lines])

    def picture(self) -> bytes | None:
        """The graph at the start, with all gradients."""
        return static_picture(self._spec, -1).png

    def _graph(self, values: dict[str, float]) -> GraphSpec:
        """Runs the learner's function on a tape and describes what it recorded."""
        leaves = self._leaves(values, dtypes.float32)
        with unobserved(), origins() as where, GradientTape() as tape:
            tape.watch([x for x in leaves.values() if isinstance(x, Tensor)])
            result = self._f(**leaves)
        _check_result(self._f, result)
        names = dict(leaves)
        if result.id not in where.names():
            names[_result_name(self._f, leaves)] = result
        return inspect.graph(tape, result, names=names)

    def _leaves(self, values: dict[str, float], dtype: Any) -> dict[str, Any]:
        return {
            knob.name: Variable(values[knob.name], dtype=dtype, name=knob.name)
            if knob.trainable
            else Tensor(dtype.dtype.type(values[knob.name]))
            for knob in self._knobs
        }

    def _picture_data(self, spec: GraphSpec, values: dict[str, float]) -> dict[str, Any]:
        plain = spec.to_json()
        plain["steps"] = plain["steps"][-1:]
        return {
            "spec": plain,
            "uses": uses_of(spec),
            "labels": {edge.id: edge_lines(edge) for edge in spec.edges},
            "check": self._check(spec, values),
            "values": values,
        }

    # -- the check by differences

    def _check(self, spec: GraphSpec, values: dict[str, float]) -> list[dict[str, Any]]:
        """One row per input: the tape's gradient beside the central difference."""
        found = {n.name: n for n in spec.nodes if n.kind in ("input", "param")}
        rows = []
        for knob in self._knobs:
            if knob.name not in found:
                continue  # the function did not use it this time
            gradient = found[knob.name].adjoint
            difference = self._difference(values, knob.name)
            known = 0.0 if gradient is None else float(gradient)  # type: ignore[arg-type]
            rows.append(
                {
                    "name": knob.name,
                    "text": derivative_name(spec, found[knob.name]),
                    "gradient": gradient,
                    "gradient_text": found[knob.name].adjoint_text,
                    "difference": difference,
                    "difference_text": short(difference),
                    "agree": abs(known - difference) <= 2e-3 * max(1.0, abs(difference)),
                }
            )
        return rows

    def _difference(self, values: dict[str, float], name: str) -> float:
        step = (_STEP_64 if self._in_float64 else _STEP_32) * max(1.0, abs(values[name]))
        above = self._value({**values, name: values[name] + step})
        below = self._value({**values, name: values[name] - step})
        return round((above - below) / (2 * step), 6)  # the rest is rounding

    def _value(self, values: dict[str, float]) -> float:
        dtype = dtypes.float64 if self._in_float64 else dtypes.float32
        with unobserved():
            return float(self._f(**self._leaves(values, dtype)).numpy())

    def _runs_in_float64(self, values: dict[str, float]) -> bool:
        """False if the function holds float32 values of its own, which do not mix with float64."""
        try:
            with unobserved():
                self._f(**self._leaves(values, dtypes.float64))
        except (TypeError, ValueError):
            return False
        return True


def _knobs(f: Callable[..., Any], inputs: dict[str, Any]) -> list[Knob]:
    if not 1 <= len(inputs) <= _MANY_INPUTS:
        raise ValueError(
            f"GraphPlayground needs 1 to {_MANY_INPUTS} inputs, such as x=(-3, 3) or w=2.0; "
            f"got {len(inputs)}."
        )
    try:
        signatures.signature(f).bind(**inputs)
    except TypeError as error:
        raise TypeError(f"f cannot be called with {', '.join(inputs)} by name: {error}.") from None
    return [_knob(name, given) for name, given in inputs.items()]


def _knob(name: str, given: Any) -> Knob:
    if isinstance(given, tuple | list):
        if len(given) not in (2, 3) or not given[0] < given[1]:
            raise ValueError(
                f"{name}={given!r}: give (low, high) or (low, high, start), low < high."
            )
        low, high = float(given[0]), float(given[1])
        # not the middle: at 0 many gradients are 0, and show nothing
        start = float(given[2]) if len(given) == 3 else low + 0.75 * (high - low)
        if not low <= start <= high:
            raise ValueError(f"{name}={given!r}: the start lies outside of {low:g} to {high:g}.")
        return Knob(name, low, high, start, trainable=False)
    start = float(given)
    reach = max(1.0, 2 * abs(start))
    return Knob(name, start - reach, start + reach, start, trainable=True)


def _check_result(f: Callable[..., Any], result: Any) -> None:
    if not isinstance(result, Tensor):
        raise TypeError(
            f"{f.__name__} returned {type(result).__name__}, not a tensor. Return the result of "
            "the computation itself: float() and .numpy() are off the tape."
        )
    if result.shape != ():
        raise ValueError(
            f"{f.__name__} returned a tensor of shape {tuple(result.shape)}; GraphPlayground needs "
            "one number. Add tf.reduce_sum or tf.reduce_mean at the end."
        )


def _result_name(f: Callable[..., Any], taken: dict[str, Any]) -> str:
    name = getattr(f, "__name__", "")
    return name if name.isidentifier() and name not in taken else "result"


def _topology(spec: GraphSpec) -> tuple:
    """Two graphs with equal topology have the same drawing, whatever their numbers."""
    nodes = tuple((n.kind, n.name, n.text, n.shape) for n in spec.nodes)
    edges = tuple((e.src, e.dst, e.slot, e.active) for e in spec.edges)
    return nodes, edges
