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
from typing import Any

import traitlets

from minitf.graph_spec import GraphSpec
from minitf.viz.folding import groups_of
from minitf.viz.labels import describe
from minitf.viz.predictions import questions
from minitf.viz.static import StaticPicture, key_moments, static_picture
from minitf.viz.viewer_data import drawing, viewer_data
from minitf.viz.widgets.base import CourseWidget

MANY_NODES = 40  # with more than these, groups are folded at first


class GraphViewer(CourseWidget):
    """A stepper for one graph.

    Keys: Left and Right step, Home and End jump, Space plays, P shows paths, T the table, G folds
    groups. Groups and source lines are shown if `tf.inspect.origins()` was open around the tape.

    Args:
        spec: what to show.
        predict: ask for gradients before they are shown: True for every input and parameter,
            False for none, or a list of node names or ids.
        step: the frame to start with.
        interval: milliseconds per frame while playing.

    Raises:
        ValueError: `predict` names a node without a gradient, or `step` is out of range.
    """

    parts = ("graph_parts",)

    step = traitlets.Int(0).tag(sync=True)
    interval = traitlets.Int(700, min=10).tag(sync=True)

    def __init__(
        self,
        spec: GraphSpec,
        predict: bool | Iterable[str] = True,
        step: int = 0,
        interval: int = 700,
    ) -> None:
        self._spec = spec
        groups = groups_of(spec)
        first = drawing(spec, groups if len(spec.nodes) > MANY_NODES else ())
        super().__init__(
            **viewer_data(spec, questions(spec, predict)), drawing=first, group_names=list(groups)
        )
        self.problem(first["problem"])
        self.interval = interval
        self.step = step

    @property
    def spec(self) -> GraphSpec:
        """The description this viewer shows."""
        return self._spec

    def answer_fold(self, data: dict[str, Any]) -> dict[str, Any]:
        """The drawing with the groups named in `closed` as one box each."""
        return drawing(
            self._spec, [name for name in groups_of(self._spec) if name in data["closed"]]
        )

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

    def describe(self) -> str:
        """Every value and gradient of the graph, in words."""
        return describe(self._spec)

    def picture(self) -> bytes | None:
        """The key moments: start, after the forward pass, midway back, the end."""
        return key_moments(self._spec).png
