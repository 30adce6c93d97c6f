"""BroadcastLoom: two shapes are copied to one on the way forward, and added up on the way back.

    tf.viz.BroadcastLoom((3, 1), (4,))            # two shapes, filled with counting numbers
    tf.viz.BroadcastLoom(x, bias)                 # two tensors or variables of yours
    tf.viz.BroadcastLoom(x, w, tf.multiply)       # another operation of two arguments

The shape of the result has to be typed first, then the shape of each gradient. All gradients come
from a tape: those of the operands, and those of every single copy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.graph_names import caller_variables, names_of
from minitf.graph_spec import short
from minitf.viz import theme
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

MOST_CELLS = 160  # of the result; more numbers cannot be read side by side
MOST_AXES = 4
_SIGNS = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "pow": "^"}


class BroadcastLoom(CourseWidget):
    """Shows how the copies of broadcasting come about, and how their gradients are summed.

    Args:
        a, b: two shapes (tuples of sizes), or two tensors, variables or arrays.
        operation: an elementwise operation of two arguments.
        upstream: the gradient that arrives at the result; ones if not given, which makes the
            gradients those of the sum of the result. Not for shapes that change in the widget.

    Raises:
        TypeError: an argument is neither a shape nor an array, or its numbers are not floats.
        ValueError: there are too many numbers or axes to show, or `upstream` has another shape.
    """

    def __init__(
        self,
        a: Any,
        b: Any,
        operation: Callable[..., Any] = tf.add,
        upstream: Any = None,
    ) -> None:
        self._operation = operation
        known = names_of(caller_variables())
        names = [_name(x, known, usual) for x, usual in ((a, "a"), (b, "b"))]
        if names[0] == names[1]:
            names = ["a", "b"]
        operands = [_operand(a, 1.0, names[0]), _operand(b, 10.0, names[1])]
        self._cloth = weave(operands, operation, upstream)
        super().__init__(names=names, sign=_sign(operation), **self._cloth)

    def answer_weave(self, data: dict[str, Any]) -> dict[str, Any]:
        """The same for two shapes the learner typed."""
        operands = [
            _operand(_typed_shape(data["a"]), 1.0, "a"),
            _operand(_typed_shape(data["b"]), 10.0, "b"),
        ]
        return {"names": ["a", "b"], **weave(operands, self._operation)}

    def describe(self) -> str:
        """The shapes, and which axes are copied and added up."""
        data = self._cloth
        (name_a, name_b), (a, b) = self._data["names"], data["operands"]
        title = f"{name_a} {_tuple(a['shape'])} {_sign(self._operation)} {name_b} "
        title += _tuple(b["shape"])
        if data["error"]:
            return f"BroadcastLoom: {title} do not broadcast. {data['error']}"
        lines = [f"BroadcastLoom: {title} gives shape {_tuple(data['shape'])}."]
        for name, x in ((name_a, a), (name_b, b)):
            lines.append(
                f"Each number of {name} is used {x['copies']} times, and its gradient is a sum of "
                f"{x['copies']}: shape {_tuple(x['shape'])}, "
                f"{_listed(x['gradient'])}."
                if x["copies"] > 1
                else f"{name} is used as it is: gradient {_listed(x['gradient'])}."
            )
        return "\n".join(lines)

    def picture(self) -> bytes | None:
        """Operands, result and gradients as grids of numbers."""
        return figure_png(self._draw, width=8, height=3.6)

    def _draw(self, figure: Any) -> None:
        data, names = self._cloth, self._data["names"]
        operands = list(zip(names, data["operands"], strict=True))
        panels = [
            (f"{name} {_tuple(x['shape'])}", x["shape"], x["values"], theme.FORWARD)
            for name, x in operands
        ]
        if data["error"]:
            figure.suptitle("These shapes do not broadcast")
        else:
            title = f"result {_tuple(data['shape'])}"
            panels.append((title, data["shape"], data["values"], theme.FORWARD))
            panels += [
                (f"gradient of {name}: summed", x["shape"], x["gradient"], theme.REVERSE)
                for name, x in operands
            ]
        places = figure.subplots(1 if data["error"] else 2, 3, squeeze=False).ravel()
        grids = [_as_grid(shape, numbers) for _, shape, numbers, _ in panels]
        rows, columns = (max(grid.shape[k] for grid in grids) for k in (0, 1))
        for axes in places:
            axes.axis("off")
        for axes, (title, _, _, colour), grid in zip(places, panels, grids, strict=False):
            axes.set_title(title, fontsize=11)
            _draw_grid(axes, grid, grid.shape[0] / rows, grid.shape[1] / columns, colour)


def weave(operands: Sequence[Any], operation: Callable[..., Any], upstream: Any = None) -> dict:
    """Everything the picture shows: copies, result, and gradients by a tape.

    Returns:
        `operands`: per operand `shape`, `values`, and, if the shapes fit: `of` (for each number of
        the result, the index of the operand's number used there), `copies` (uses per number),
        `arriving` (the gradient of every single copy) and `gradient` (their sums). All flat.
        `shape`, `values`, `upstream` of the result; `axes`, from the first to the last, with the
        sizes in a, b and the result (None where there is none); `error`: "" or the reason.
    """
    a, b = operands
    cloth: dict[str, Any] = {
        "operands": [{"shape": list(x.shape), "values": _flat(x)} for x in operands],
        "axes": _axes(a.shape, b.shape),
        "error": "",
    }
    try:
        shape = np.broadcast_shapes(tuple(a.shape), tuple(b.shape))
    except ValueError:
        return {**cloth, "error": _refused(operation, a, b)}
    _check_size(shape)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([a, b])
        result = operation(a, b)
        copied = [tf.broadcast_to(a, shape), tf.broadcast_to(b, shape)]
        same_result = operation(*copied)
    if not isinstance(result, tf.Tensor) or tuple(result.shape) != shape:
        raise ValueError(
            f"{getattr(operation, '__name__', operation)} does not work element by element: of "
            f"{a.shape} and {b.shape} it makes {getattr(result, 'shape', result)}, broadcasting "
            f"makes {shape}. Give tf.add, tf.multiply or the like."
        )
    arriving = tf.ones_like(result) if upstream is None else tf.cast(upstream, result.dtype)
    if tuple(arriving.shape) != shape:
        raise ValueError(
            f"`upstream` arrives at the result and has its shape, {shape}; got {arriving.shape}."
        )
    zero = tf.UnconnectedGradients.ZERO
    sums = tape.gradient(result, [a, b], arriving, zero)
    parts = tape.gradient(same_result, copied, arriving, zero)
    for x, found, total, part in zip(operands, cloth["operands"], sums, parts, strict=True):
        size = math.prod(x.shape)
        index = np.broadcast_to(np.arange(size).reshape(tuple(x.shape)), shape)
        found["of"] = index.ravel()
        found["copies"] = math.prod(shape) // size if size else 0
        found["gradient"], found["arriving"] = _flat(total), _flat(part)
    return {
        **cloth,
        "shape": list(shape),
        "values": _flat(result),
        "upstream": _flat(arriving),
    }


def _operand(x: Any, first: float, name: str) -> Any:
    """A tensor of the learner's numbers, or, for a shape, of counting numbers."""
    if isinstance(x, tuple | list | tf.TensorShape) and all(isinstance(n, int) for n in x):
        _check_size(tuple(x))
        size = math.prod(x)
        return tf.constant(first * np.arange(1, size + 1, dtype=np.float32), shape=list(x))
    if not isinstance(x, tf.Tensor | tf.Variable | np.ndarray | float | list | tuple):
        raise TypeError(
            f"BroadcastLoom takes two shapes such as (3, 1), or two tensors; {name} is "
            f"{type(x).__name__}: {x!r}."
        )
    tensor = tf.convert_to_tensor(x)
    if not tensor.dtype.is_floating:
        raise TypeError(
            f"{name} holds {tensor.dtype.name}, which has no gradient. Write its numbers with a "
            "point, or use tf.cast(x, tf.float32)."
        )
    _check_size(tuple(tensor.shape))
    return tensor


def _check_size(shape: tuple[int, ...]) -> None:
    size = math.prod(shape)
    if len(shape) > MOST_AXES or size > MOST_CELLS or min(shape, default=1) < 1:
        raise ValueError(
            f"Shape {shape} has {len(shape)} axes and {size} numbers. The loom shows 1 to "
            f"{MOST_CELLS} numbers and at most {MOST_AXES} axes: take a slice, such as x[:4]."
        )


def _typed_shape(text: str) -> tuple[int, ...]:
    """ "(3, 1)", "3 1" and "3,1" are (3, 1); "" and "()" are ()."""
    if re.search(r"[^\d\s,()\[\]]", text):
        raise ValueError(f"A shape is a list of sizes, such as (3, 1), or () for one; got {text}")
    return tuple(int(size) for size in re.findall(r"\d+", text))


def _axes(a: Sequence[int], b: Sequence[int]) -> list[dict[str, int | None]]:
    """The sizes axis by axis, aligned at the last one."""
    rank = max(len(a), len(b))
    pairs = zip(_aligned(a, rank), _aligned(b, rank), strict=True)
    return [{"a": x, "b": y, "result": _joined(x, y)} for x, y in pairs]


def _aligned(shape: Sequence[int], rank: int) -> list[int | None]:
    return [None] * (rank - len(shape)) + list(shape)


def _joined(x: int | None, y: int | None) -> int | None:
    """The size of the result's axis; None if the two do not fit."""
    x, y = x or 1, y or 1
    return max(x, y) if 1 in (x, y) or x == y else None


def _refused(operation: Callable[..., Any], a: Any, b: Any) -> str:
    """What the operation itself says about shapes that do not fit."""
    try:
        operation(a, b)
    except tf.errors.InvalidArgumentError as error:
        return str(error)
    return f"NumPy's rules do not broadcast {a.shape} and {b.shape}."


def _name(x: Any, known: dict[int, str], usual: str) -> str:
    return known.get(x.id, usual) if isinstance(x, tf.Tensor | tf.Variable) else usual


def _sign(operation: Callable[..., Any]) -> str:
    name = getattr(operation, "__name__", "operation")
    return _SIGNS.get(name, name)


def _flat(x: Any) -> np.ndarray:
    return x.numpy().ravel()


def _tuple(shape: Sequence[int]) -> str:
    return str(tuple(shape))


def _listed(numbers: Sequence[float]) -> str:
    shown = ", ".join(short(x) for x in numbers[:6])
    return f"{shown}, …" if len(numbers) > 6 else shown


def _as_grid(shape: Sequence[int], numbers: Any) -> np.ndarray:
    """The numbers in rows of the last axis."""
    return np.reshape(numbers, (-1, shape[-1] if shape else 1))


def _draw_grid(axes: Any, grid: np.ndarray, height: float, width: float, colour: str) -> None:
    """A table in the upper left corner; height and width are shares of the panel."""
    cells = [[short(x) for x in row] for row in grid]
    table = axes.table(cells, cellLoc="center", bbox=[0, 1 - height, width, height])
    for cell in table.get_celld().values():
        cell.set_edgecolor(colour)
