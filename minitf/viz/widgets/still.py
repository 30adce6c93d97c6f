"""Still pictures of widgets, drawn with matplotlib: what a stored notebook shows.

    def draw(figure):
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=theme.FORWARD)
    png = figure_png(draw, width=6, height=4)

The figure is drawn without pyplot, so the notebook's own figures and settings are not touched.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from minitf.viz import theme
from minitf.viz.png import compact

_DOTS_PER_INCH = 110
_STYLE: dict[Any, Any] = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "axes.edgecolor": theme.MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": theme.INK,
    "axes.labelcolor": theme.INK,
    "xtick.color": theme.INK,
    "ytick.color": theme.INK,
}


def figure_png(draw: Callable[[Any], None], width: float = 7.0, height: float = 4.0) -> bytes:
    """Runs `draw(figure)` and returns the figure as a PNG.

    Args:
        draw: fills an empty matplotlib Figure.
        width, height: in inches, at 110 dots each.

    Raises:
        ImportError: matplotlib is missing; CourseWidget then shows the words alone.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), dpi=_DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
    return compact(out.getvalue())


def white_to(colour: str) -> Any:
    """A colour map for numbers from 0 on: white, then more and more of one colour."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(colour, ["#FFFFFF", colour])
