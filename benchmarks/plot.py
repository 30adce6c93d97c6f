"""Draws the ratios: one group of bars per workload, minitf / peer on a logarithmic axis.

    draw(rows, "results.png")
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # write a file, open no window
import matplotlib.pyplot as plt  # noqa: E402

from benchmarks.measure import Row, ratio  # noqa: E402
from benchmarks.workload import library_of  # noqa: E402

COLOURS = {  # Okabe and Ito's, which colour-blind readers can tell apart
    "numpy": "#999999",
    "tensorflow": "#E69F00",
    "torch": "#D55E00",
    "jax": "#56B4E9",
    "autograd": "#009E73",
    "micrograd": "#CC79A7",
}


def draw(rows: Sequence[Row], path: str | Path) -> None:
    """Writes the picture; its format follows the ending of `path`.

    Raises:
        ValueError: no peer was measured beside minitf.
    """
    bars = _bars(rows)
    if not bars:
        raise ValueError("There is nothing to draw: no peer was measured beside minitf.")
    places = list(range(len(bars)))
    figure, axes = plt.subplots(figsize=(9, 1.2 + 0.22 * len(bars)), layout="constrained")
    widths = [value - 1 for _, _, value in bars]  # bars start at 1: equally fast
    axes.barh(places, widths, left=1, color=[colour for _, colour, _ in bars], height=0.7)
    axes.set_yticks(places, [label for label, _, _ in bars], fontsize=8)
    axes.invert_yaxis()
    axes.margins(y=0.01)
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xlabel("minitf / peer, time or memory (left of the line: minitf needs less)")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _bars(rows: Sequence[Row]) -> list[tuple[str, str, float]]:
    """(label, colour, ratio) of each peer that was measured beside a mode of minitf."""
    bars = []
    ours: Row | None = None
    for row in rows:
        if not row.figures:
            continue
        library = library_of(row.contestant)
        if library == "minitf":
            ours = row
        elif library in COLOURS and ours is not None and _same_place(ours, row):
            mode = ours.contestant.split("/")[1]
            label = f"{row.workload} {row.case}: {mode} / {row.contestant}".replace(" :", ":")
            bars.append((label, COLOURS[library], ratio(ours, row)))
    return bars


def _same_place(a: Row, b: Row) -> bool:
    return (a.workload, a.case) == (b.workload, b.case)
