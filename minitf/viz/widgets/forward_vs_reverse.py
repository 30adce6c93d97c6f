"""ForwardVsReverse: one graph twice, tangents beside cotangents, and how many passes each takes.

    def f(x, w, b):
        product = x * w
        total = product + b
        return total * total, tf.sin(product)
    tf.viz.ForwardVsReverse(f, 2.0, 3.0, 1.0)

Forward mode needs a pass per input and fills a column of the Jacobian with each; reverse mode needs
a pass per output and fills a row. Both sets of passes are really run; see both_modes.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from minitf.graph_names import value_text
from minitf.graph_spec import ArraySummary, short
from minitf.inspect import value_data
from minitf.viz import theme
from minitf.viz.both_modes import both_modes
from minitf.viz.viewer_data import drawing
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png


class ForwardVsReverse(CourseWidget):
    """Both modes step by step. Asks first how many passes each of them needs.

    Keys: Left and Right step both modes, N goes to the next pass, Home and End jump, Space plays.

    Args:
        function: takes the inputs, returns one tensor or several scalars.
        inputs: scalars or small arrays, at most 12 numbers; the results may be 12 as well.

    Raises:
        TypeError, ValueError: see `both_modes`.
    """

    parts = ("graph_parts",)

    def __init__(self, function: Callable[..., Any], *inputs: Any) -> None:
        self._both = both = both_modes(function, inputs)
        first = drawing(both.spec, direction="TB")  # so that two stand side by side
        nodes = {node.id for node in both.spec.nodes}
        super().__init__(
            spec=both.spec.to_json(),
            drawing=first,
            inputs=both.inputs,
            outputs=both.outputs,
            output_nodes=both.output_nodes,
            forward=[_shown(found, nodes) for found in both.forward],
            reverse=[_shown(found, nodes) for found in both.reverse],
            columns=both.columns,
            rows=both.rows,
        )
        self.problem(first["problem"])

    def describe(self) -> str:
        """Passes of both modes, and the Jacobian they agree on."""
        both = self._both
        n, m = len(both.inputs), len(both.outputs)
        lines = [
            f"{both.spec.title}. {n} inputs ({', '.join(both.inputs)}), {m} outputs "
            f"({', '.join(both.outputs)}): {n} forward passes or {m} reverse passes."
        ]
        lines += [
            f"∂{name}/∂({', '.join(both.inputs)}) = {', '.join(short(x) for x in row)}"
            for name, row in zip(both.outputs, both.rows, strict=True)
        ]
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """The Jacobian twice: in columns, one per forward pass, and in rows, one per reverse."""
        return figure_png(self._draw, width=8, height=3)

    def _draw(self, figure: Any) -> None:
        both = self._both
        left, right = figure.subplots(1, 2)
        n, m = len(both.inputs), len(both.outputs)
        left.set_title(f"forward mode: {n} passes, one per column")
        right.set_title(f"reverse mode: {m} passes, one per row")
        for axes, matrix in ((left, both.columns.T), (right, both.rows)):
            axes.axis("off")
            axes.table(
                [[short(x) for x in row] for row in matrix],
                rowLabels=both.outputs,
                colLabels=both.inputs,
                cellLoc="center",
                bbox=[0, 0, 1, 1],
            )
        for j in range(n):
            left.add_patch(_frame((j / n, 0), 1 / n, m / (m + 1), theme.FORWARD, "-"))
        for i in range(m):
            right.add_patch(_frame((0, i / (m + 1)), 1, 1 / (m + 1), theme.REVERSE, "--"))


def _shown(found: dict[str, np.ndarray], nodes: set[str]) -> dict[str, dict[str, Any]]:
    """Node id -> the text of its number or shape, and for an array what a heat map needs."""
    shown = {}
    for node, value in found.items():
        if node in nodes:
            data = value_data(value)
            summary = asdict(data) if isinstance(data, ArraySummary) else None
            shown[node] = {"text": value_text(value), "summary": summary}
    return shown


def _frame(corner: tuple[float, float], width: float, height: float, colour: str, line: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(
        corner, width, height, fill=False, edgecolor=colour, linestyle=line, linewidth=2
    )
