"""TapeView: the learner's lines beside the tape they fill, and the tape played backwards.

    tf.viz.TapeView(f, 2.0, w)                  # calls f on a tape
    tf.viz.TapeView(f, 2.0, order=2)            # on two: the gradient of a gradient
    tf.viz.TapeView("y = x * x + w", x=2.0, w=3.0)
    tf.viz.TapeView(tape, loss)                 # a tape that still has its rows
    tf.viz.TapeView(inner, y, outer, dy)        # two of them, the inner one first

The rows are the tape's own, the numbers come from its backward pass, and the bytes are those of
the arrays its rows hold.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from minitf.tape import GradientTape
from minitf.viz import theme
from minitf.viz.tape_frames import Frame, Reel
from minitf.viz.tape_rows import Row, brief_text
from minitf.viz.tape_takes import Take, take_of_function, take_of_source, take_of_tapes
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

_MOST_ROWS_DRAWN = 24
_CHOICES = 3


class TapeView(CourseWidget):
    """A film of one or two tapes.

    Keys: Left and Right step, Home and End jump, Space plays, T shows the table.

    Args:
        what: a function, lines of code, or a tape.
        args: the function's arguments (floats are watched); after a tape its target, and then
            perhaps the tape around it and that one's target.
        order: 2 differentiates a function twice, and compares the inner gradient taken inside
            the outer tape with one taken outside.
        predict: ask before the tape is played backwards.
        values: the variables of lines of code.

    Raises:
        TypeError: `what` is none of these, or a target is not one tensor.
        ValueError: nothing was recorded, or more rows than can be followed.
        RuntimeError: a tape has been used and has let its rows go.
    """

    def __init__(
        self, what: Any, *args: Any, order: int = 1, predict: bool = True, **values: Any
    ) -> None:
        self._takes = _takes(what, args, order, values)
        super().__init__(
            takes=[_data(take, k, predict) for k, take in enumerate(self._takes)],
        )

    def describe(self) -> str:
        """Every row, with its value and the upstream it gets, and the gradients."""
        return "\n".join(_words(take) for take in self._takes)

    def picture(self) -> bytes | None:
        """The filled tapes, after they were played backwards."""
        reels = self._takes[0].reels
        height = sum(_height(reel) for reel in reels)
        return figure_png(lambda figure: _draw(figure, reels), width=8.5, height=height)


def _takes(what: Any, args: tuple, order: int, values: dict[str, Any]) -> list[Take]:
    if isinstance(what, GradientTape):
        given = (what, *args)
        if len(given) not in (2, 4):
            raise TypeError(
                "TapeView(tape, target) shows one tape, TapeView(inner, y, outer, dy) shows two; "
                f"got {len(given)} arguments."
            )
        return [take_of_tapes(list(zip(given[::2], given[1::2], strict=True)))]
    if isinstance(what, str):
        return [take_of_source(what, values)]
    if not callable(what):
        raise TypeError(
            f"TapeView shows a function, lines of code or a tape, not a {type(what).__name__}: "
            f"{what!r}."
        )
    if order not in (1, 2):
        raise ValueError(f"order is 1 (the gradient) or 2 (the gradient of it), not {order!r}.")
    return take_of_function(what, args, order)


def _data(take: Take, k: int, predict: bool) -> dict[str, Any]:
    """What the browser needs of one take."""
    return {
        "label": take.label,
        "lines": [asdict(line) for line in take.lines],
        "tapes": [_tape_data(reel, len(take.reels)) for reel in take.reels],
        "frames": [asdict(frame) for frame in take.frames],
        "questions": _questions(take, k) if predict else [],
        "most": max(max(frame.memory) for frame in take.frames),
    }


def _tape_data(reel: Reel, count: int) -> dict[str, Any]:
    return {
        "title": "Tape" if count == 1 else f"{reel.name.capitalize()} tape",
        "target": reel.target_name,
        "rows": [_row_data(row) for row in reel.rows],
        "sources": list(reel.gradients),
    }


def _row_data(row: Row) -> dict[str, Any]:
    data = asdict(row)
    del data["output_id"]  # another one at each run
    return data


# -- questions


def _questions(take: Take, k: int) -> list[dict[str, Any]]:
    """Each with the frame before which it is asked."""
    found: list[dict[str, Any]] = []
    for t, reel in enumerate(take.reels):
        step = _start_of_reading(take.frames, t)
        for question in _about(take, t, reel):
            found.append({**question, "key": f"{k}.{question['key']}", "step": step})
    return found


def _start_of_reading(frames: tuple[Frame, ...], t: int) -> int:
    return next(i for i, f in enumerate(frames) if f.tape == t and f.phase in ("seed", "done"))


def _about(take: Take, t: int, reel: Reel) -> list[dict[str, Any]]:
    if len(take.reels) == 2 and t == 0:
        return [_records_itself(take)]
    if not reel.is_connected:
        return [
            {
                "key": "none",
                "text": f"{reel.name}.gradient({reel.target_name}, …) will be",
                "kind": "choice",
                "choices": ["a number", "0", "None"],
                "answer": "None",
                "hint": f"is there a row on the {reel.name} tape that made {reel.target_name}?",
            }
        ]
    return [q for q in (_first_row(reel), _first_gradient(reel)) if q is not None]


def _records_itself(take: Take) -> dict[str, Any]:
    """Does the outer tape write while the inner gradient is computed?"""
    reading = [f for f in take.frames if f.tape == 0 and f.phase in ("seed", "reverse")]
    writes = reading[-1].shown[1] > reading[0].shown[1]
    choices = ["it writes down that computation", "it stays as it is"]
    return {
        "key": "outer",
        "text": "While the inner tape is read backwards, what does the outer tape do?",
        "kind": "choice",
        "choices": choices,
        "answer": choices[0] if writes else choices[1],
        "hint": "look in the code whether the outer `with` block is still open in that line.",
    }


def _first_row(reel: Reel) -> dict[str, Any] | None:
    if len(reel.rows) < 2:
        return None
    first = reel.steps[0].row
    others = [i for i in (0, len(reel.rows) // 2, len(reel.rows) - 1) if i != first]
    shown = sorted({first, *others[: _CHOICES - 1]})
    return {
        "key": "first",
        "text": "Which row is read first on the way back?",
        "kind": "choice",
        "choices": [f"row {i + 1}" for i in shown],
        "answer": f"row {first + 1}",
        "hint": f"the way back begins at {reel.target_name}: which row made it?",
    }


def _first_gradient(reel: Reel) -> dict[str, Any] | None:
    """The gradient by the first value that has one: its number, or its shape."""
    known = {name: g for name, g in reel.gradients.items() if g is not None}
    if not known:
        return None
    name, gradient = next(iter(known.items()))
    question = {"key": "gradient", "text": f"∂{reel.target_name}/∂{name}", "hint": ""}
    if gradient.ndim == 0:
        return {**question, "kind": "number", "answer": float(gradient)}
    shape = list(gradient.shape)
    return {**question, "text": f"shape of {question['text']}", "kind": "shape", "answer": shape}


# -- words and the still picture


def _words(take: Take) -> str:
    lines = [f"The inner gradient {take.label}:"] if take.label else []
    for reel in take.reels:
        upstream = _upstreams(reel)
        kept = reel.rows[-1].total if reel.rows else 0
        title = "Tape" if len(take.reels) == 1 else f"{reel.name.capitalize()} tape"
        lines.append(f"{title}: {len(reel.rows)} rows that keep {kept} bytes alive.")
        for i, row in enumerate(reel.rows):
            back = f"; upstream {upstream[i]}" if i in upstream else "; no gradient"
            lines.append(f"Row {i + 1}: {row.output} = {row.text} = {row.value}{back}.")
        found = [f"∂{reel.target_name}/∂{n} = {_text(g)}" for n, g in reel.gradients.items()]
        lines.append(f"Gradients: {', '.join(found)}.")
    return "\n".join(lines)


def _upstreams(reel: Reel) -> dict[int, str]:
    return {step.row: step.upstream for step in reel.steps}


def _text(gradient: Any) -> str:
    return "None" if gradient is None else brief_text(gradient)


def _height(reel: Reel) -> float:
    return 1.1 + 0.26 * min(len(reel.rows), _MOST_ROWS_DRAWN)


def _draw(figure: Any, reels: tuple[Reel, ...]) -> None:
    heights = [_height(reel) for reel in reels]
    axes = figure.subplots(len(reels), squeeze=False, height_ratios=heights)[:, 0]
    for ax, reel in zip(axes, reels, strict=True):
        _draw_reel(ax, reel)


def _draw_reel(ax: Any, reel: Reel) -> None:
    rows, upstream = reel.rows[:_MOST_ROWS_DRAWN], _upstreams(reel)
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(len(rows) + 1.6, -1.2)
    more = f" (first {len(rows)} rows)" if len(rows) < len(reel.rows) else ""
    kept = reel.rows[-1].total if reel.rows else 0
    title = f"{reel.name}: {len(reel.rows)} rows, {kept} bytes kept alive{more}"
    ax.text(0, -0.7, title, fontweight="bold")
    places = (0.0, 0.06, 0.24, 0.62, 0.8)
    for x, head in zip(places, ("row", "result", "computed as", "value", "upstream"), strict=True):
        ax.text(x, 0.2, head, color=theme.MUTED)
    for i, row in enumerate(rows):
        cells = (str(i + 1), row.output, row.text, row.value, upstream.get(i, "–"))
        colours = (theme.MUTED, theme.INK, theme.INK, theme.FORWARD, theme.REVERSE)
        for x, cell, colour in zip(places, cells, colours, strict=True):
            ax.text(x, i + 1.2, cell[:34], color=colour)
    found = [f"∂{reel.target_name}/∂{n} = {_text(g)}" for n, g in reel.gradients.items()]
    ax.text(0, len(rows) + 1.3, "   ".join(found)[:110], color=theme.INK)
