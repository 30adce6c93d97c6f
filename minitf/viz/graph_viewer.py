"""GraphViewer: step through values and gradients of a graph in the notebook.

    viewer = tf.viz.show(tape, loss)    # the last line of a cell shows it
    viewer.step = 9                     # jump to a frame from Python
    viewer.predictions                  # what the learner predicted, {"w": {"answer": "2", ...}}
    viewer.static(step=-1)              # the last frame as an ordinary picture

All frames are sent once; stepping happens in the browser and needs no kernel. Stored in a
notebook, a viewer leaves a PNG and a description in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from minitf.graph_spec import GraphSpec
from minitf.viz.engine import NoEngineError
from minitf.viz.labels import describe
from minitf.viz.layout import layout
from minitf.viz.predictions import questions
from minitf.viz.static import StaticPicture, key_moments, static_picture
from minitf.viz.svg import to_svg
from minitf.viz.viewer_data import viewer_data

_HERE = Path(__file__).parent


class GraphViewer(anywidget.AnyWidget):
    """A stepper for one graph.

    Keys: Left and Right step, Home and End jump, Space plays, P shows paths, T the table.

    Args:
        spec: what to show.
        predict: ask for gradients before they are shown: True for every input and parameter,
            False for none, or a list of node names or ids.
        step: the frame to start with.
        interval: milliseconds per frame while playing.

    Raises:
        ValueError: `predict` names a node without a gradient, or `step` is out of range.
    """

    # The browser gets one module: both files, in this order.
    _esm = "\n".join(
        (_HERE / name).read_text(encoding="utf-8") for name in ("graph_parts.js", "graph_viewer.js")
    )
    _css = _HERE / "graph_viewer.css"

    step = traitlets.Int(0).tag(sync=True)
    interval = traitlets.Int(700, min=10).tag(sync=True)
    predictions = traitlets.Dict().tag(sync=True)
    _data = traitlets.Dict().tag(sync=True)
    _svg = traitlets.Unicode().tag(sync=True)
    _problem = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        spec: GraphSpec,
        predict: bool | Iterable[str] = True,
        step: int = 0,
        interval: int = 700,
    ) -> None:
        self._spec = spec
        svg, problem = _drawing(spec)
        super().__init__(
            step=step,
            interval=interval,
            _data=viewer_data(spec, questions(spec, predict)),
            _svg=svg,
            _problem=problem,
        )

    @property
    def spec(self) -> GraphSpec:
        """The description this viewer shows."""
        return self._spec

    def static(self, step: int | None = None) -> StaticPicture:
        """A PNG of one frame (-1 is the last), or of the key moments if no step is given."""
        return key_moments(self._spec) if step is None else static_picture(self._spec, step)

    @traitlets.validate("step")
    def _check_step(self, proposal: dict[str, Any]) -> int:
        step, count = proposal["value"], max(1, len(self._spec.steps))
        if not -count <= step < count:
            raise ValueError(
                f"step {step} does not exist: this viewer has {count} steps, 0 to {count - 1} "
                "(-1 is the last)."
            )
        return step % count

    def __repr__(self) -> str:
        return f"GraphViewer({self._spec.title}: {len(self._spec.nodes)} nodes)"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """The live view, and beside it what a reader without a kernel sees."""
        fallback, about = key_moments(self._spec)._repr_mimebundle_()
        fallback["text/plain"] = describe(self._spec)
        bundle, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return bundle | fallback, metadata | about


def _drawing(spec: GraphSpec) -> tuple[str, str]:
    """The SVG, or "" and why there is none: the viewer then shows its table."""
    try:
        return to_svg(spec, layout(spec)), ""
    except NoEngineError as problem:
        return "", str(problem)
