"""Exercise ch06.vjp_moving: numbers that were moved, and how their gradients move back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.arrays.shared import rule_probe
from minitf.course.registry import Exercise, Mutant, Probe


def probe_vjp_moving(rng: np.random.Generator) -> Iterator[Probe]:
    """Each of the four rules: by hand or random, and where it is easily wrong."""
    x = rng.normal(size=(2, 3)).round(2)
    cube = rng.normal(size=(2, 3, 4)).round(2)
    yield rule_probe(
        "vjp_reshape", "(2, 3) to (6,)", rng.normal(size=6).round(2), {"x": x},
        attrs={"shape": (6,)},
    )  # fmt: skip
    yield rule_probe(
        "vjp_reshape", "(2, 3, 4) to (2, -1)", rng.normal(size=(2, 12)).round(2), {"x": cube},
        attrs={"shape": (2, -1)},
    )  # fmt: skip
    yield rule_probe(
        "vjp_transpose", "a (2, 3), axes=None", rng.normal(size=(3, 2)).round(2), {"x": x}
    )
    for axes in ((0, 2, 1), (1, 2, 0)):
        shape = tuple(cube.shape[axis] for axis in axes)
        yield rule_probe(
            "vjp_transpose", f"axes={axes}", rng.normal(size=shape).round(2), {"x": cube},
            edge=axes == (1, 2, 0), attrs={"axes": axes},
        )  # fmt: skip
    yield rule_probe(
        "vjp_slice", "x[1] of a (2, 3)", [10.0, 20.0, 30.0], {"x": x},
        {"x": np.array([[0.0, 0.0, 0.0], [10.0, 20.0, 30.0]])}, attrs={"index": 1},
    )  # fmt: skip
    yield rule_probe(
        "vjp_slice", "x[:, ::2, 1:3] of a (2, 3, 4)", rng.normal(size=(2, 2, 2)).round(2),
        {"x": cube}, edge=True, attrs={"index": (slice(None), slice(None, None, 2), slice(1, 3))},
    )  # fmt: skip
    x32 = np.ones((2, 1), np.float32)
    yield rule_probe(
        "vjp_slice", "float32 stays float32", np.array([3.0], np.float32), {"x": x32},
        {"x": np.array([[0.0], [3.0]])}, edge=True, attrs={"index": 1},
    )  # fmt: skip
    table, rows = rng.normal(size=(4, 2)).round(2), np.array([0, 2, 0])
    by_hand = {"table": np.array([[6.0, 8.0], [0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])}
    yield rule_probe(
        "vjp_gather", "rows 0, 2 and 0 of a (4, 2)", [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
        {"table": table, "rows": rows}, by_hand,
        likely="vjp_gather: rows is [0, 2, 0]. [1, 2] and [5, 6] go to row 0 of the table and add "
        "up, [3, 4] goes to row 2.",
    )  # fmt: skip
    rows = np.array([[3, 1, 3], [3, 0, 1]])
    yield rule_probe(
        "vjp_gather", "rows in a (2, 3)", rng.normal(size=(2, 3, 2)).round(2),
        {"table": table, "rows": rows}, edge=True,
    )  # fmt: skip
    table32, upstream = np.ones((2, 1), np.float32), np.array([[1.0], [2.0]], np.float32)
    yield rule_probe(
        "vjp_gather", "float32 stays float32", upstream,
        {"table": table32, "rows": np.array([1, 1])}, {"table": np.array([[0.0], [3.0]])},
        edge=True,
    )  # fmt: skip


_RIGHT = {
    "vjp_reshape": """
def vjp_reshape(upstream, inputs, output, shape):
    return (upstream.reshape(inputs[0].shape),)
""",
    "vjp_transpose": """
def vjp_transpose(upstream, inputs, output, axes=None):
    return (upstream.transpose(None if axes is None else np.argsort(axes)),)
""",
    "vjp_slice": """
def vjp_slice(upstream, inputs, output, index):
    gradient = np.zeros_like(inputs[0])
    gradient[index] = upstream
    return (gradient,)
""",
    "vjp_gather": """
def vjp_gather(upstream, inputs, output):
    table, rows = inputs
    gradient = np.zeros_like(table)
    np.add.at(gradient, rows, upstream)
    return gradient, None
""",
}


def _with(**changed: str) -> str:
    """Source of all four rules, one of them changed."""
    return "\n".join((_RIGHT | changed).values())


_RESHAPE_AS_IT_IS = """
def vjp_reshape(upstream, inputs, output, shape):
    return (upstream,)
"""
_RESHAPE_BY_COLUMNS = """
def vjp_reshape(upstream, inputs, output, shape):
    return (upstream.reshape(inputs[0].shape, order="F"),)
"""
_SAME_AXES = """
def vjp_transpose(upstream, inputs, output, axes=None):
    return (upstream.transpose(axes),)
"""
_ALWAYS_REVERSED = """
def vjp_transpose(upstream, inputs, output, axes=None):
    return (upstream.T,)
"""
_TRANSPOSE_BY_RESHAPE = """
def vjp_transpose(upstream, inputs, output, axes=None):
    return (upstream.reshape(inputs[0].shape),)
"""
_SLICE_AS_IT_IS = """
def vjp_slice(upstream, inputs, output, index):
    return (upstream,)
"""
_SLICE_INTO_X = _RIGHT["vjp_slice"].replace("np.zeros_like(inputs[0])", "inputs[0].copy()")
_SLICE_DOUBLE = _RIGHT["vjp_slice"].replace("np.zeros_like(inputs[0])", "np.zeros(inputs[0].shape)")
_SLICE_AGAIN = """
def vjp_slice(upstream, inputs, output, index):
    return (upstream[index],)
"""
_NONE_SORTED = _RIGHT["vjp_transpose"].replace("None if axes is None else ", "")
_GATHER_BY_ROWS = _RIGHT["vjp_gather"].replace(
    "np.add.at(gradient, rows, upstream)",
    "for k, row in enumerate(rows):\n        gradient[row] += upstream[k]",
)
_GATHER_PLUS_EQUALS = _RIGHT["vjp_gather"].replace(
    "np.add.at(gradient, rows, upstream)", "gradient[rows] += upstream"
)
_GATHER_ONE = _RIGHT["vjp_gather"].replace("return gradient, None", "return (gradient,)")
_GATHER_TWO = _RIGHT["vjp_gather"].replace("gradient, None", "gradient, np.zeros(rows.shape)")
_GATHER_AGAIN = """
def vjp_gather(upstream, inputs, output):
    return upstream[inputs[1]], None
"""
_GATHER_DOUBLE = _RIGHT["vjp_gather"].replace("np.zeros_like(table)", "np.zeros(table.shape)")

_OTHER_STYLE = """
def vjp_reshape(upstream, inputs, output, shape):
    return (np.reshape(upstream, np.shape(inputs[0])),)


def vjp_transpose(upstream, inputs, output, axes=None):
    if axes is None:
        return (upstream.T,)
    home = [axes.index(axis) for axis in range(upstream.ndim)]
    return (upstream.transpose(home),)


def vjp_slice(upstream, inputs, output, index):
    (x,) = inputs
    places = np.arange(x.size).reshape(x.shape)[index]
    gradient = np.bincount(np.ravel(places), np.ravel(upstream), x.size)
    return (gradient.reshape(x.shape).astype(x.dtype),)


def vjp_gather(upstream, inputs, output):
    table, rows = inputs
    one_hot = np.eye(len(table), dtype=table.dtype)[rows.ravel()]
    flat = upstream.reshape(rows.size, -1)
    return (one_hot.T @ flat).reshape(table.shape), None
"""

VJP_MOVING = Exercise(
    id="ch06.vjp_moving",
    title="Back to where it came from",
    names=("vjp_reshape", "vjp_transpose", "vjp_slice", "vjp_gather"),
    points=4,
    minutes=12,
    difficulty=3,
    importance=4,
    probes=probe_vjp_moving,
    hints=(
        "Nothing is computed here; numbers move. For each of the four: number k of the output, "
        "where in x did it come from? Its gradient goes there.",
        "reshape: reshape to the shape of x. transpose: np.argsort(axes) is the way home. slice: "
        "zeros of the shape of x, and upstream written into the slice. gather: the same, but "
        "added, as rows may repeat: np.add.at.",
        "upstream.reshape(x.shape); upstream.transpose(None if axes is None else "
        "np.argsort(axes)); gradient = np.zeros_like(x), then gradient[index] = upstream; "
        "np.add.at(gradient, rows, upstream), and return gradient, None.",
    ),
    mutants=(
        Mutant(
            "reshape_as_it_is",
            _with(vjp_reshape=_RESHAPE_AS_IT_IS),
            "vjp_reshape returns the new shape; the gradient needs the shape of x.",
        ),
        Mutant(
            "reshape_by_columns",
            _with(vjp_reshape=_RESHAPE_BY_COLUMNS),
            "vjp_reshape fills column by column; the way forward went row by row.",
        ),
        Mutant(
            "same_axes",
            _with(vjp_transpose=_SAME_AXES),
            "vjp_transpose moves the axes once more; it must move them home: np.argsort(axes).",
        ),
        Mutant(
            "always_reversed",
            _with(vjp_transpose=_ALWAYS_REVERSED),
            "vjp_transpose: .T turns all axes round. Only axes=None did that on the way forward.",
        ),
        Mutant(
            "transpose_by_reshape",
            _with(vjp_transpose=_TRANSPOSE_BY_RESHAPE),
            "vjp_transpose: reshape gives the right shape and leaves the numbers in wrong places.",
        ),
        Mutant(
            "slice_as_it_is",
            _with(vjp_slice=_SLICE_AS_IT_IS),
            "vjp_slice returns the piece; the gradient has the shape of x, with zeros elsewhere.",
        ),
        Mutant(
            "slice_into_x",
            _with(vjp_slice=_SLICE_INTO_X),
            "vjp_slice: outside the piece the gradient is 0, and not what stood in x.",
        ),
        Mutant(
            "slice_again",
            _with(vjp_slice=_SLICE_AGAIN),
            "vjp_slice: upstream is the piece already. Write it into zeros of the shape of x.",
        ),
        Mutant(
            "none_sorted",
            _with(vjp_transpose=_NONE_SORTED),
            "vjp_transpose: axes=None has no order to sort. transpose(None) is its own way home.",
        ),
        Mutant(
            "gather_by_rows",
            _with(vjp_gather=_GATHER_BY_ROWS),
            "vjp_gather: your loop works for a list of rows; rows may have any shape. np.add.at.",
        ),
        Mutant(
            "gather_plus_equals",
            _with(vjp_gather=_GATHER_PLUS_EQUALS),
            "vjp_gather: row 0 was used twice. gradient[rows] += u keeps the last; np.add.at adds.",
        ),
        Mutant(
            "gather_again",
            _with(vjp_gather=_GATHER_AGAIN),
            "vjp_gather picks rows a second time. Add each of upstream to the row it came from.",
        ),
        Mutant(
            "gather_one",
            _with(vjp_gather=_GATHER_ONE),
            "vjp_gather has two inputs, the table and the rows: return gradient, None.",
        ),
        Mutant(
            "gather_two",
            _with(vjp_gather=_GATHER_TWO),
            "vjp_gather: rows are whole numbers and have no slope. Their gradient is None.",
        ),
        Mutant(
            "double_precision",
            _with(vjp_slice=_SLICE_DOUBLE, vjp_gather=_GATHER_DOUBLE),
            "np.zeros makes float64; np.zeros_like keeps the dtype of its array.",
        ),
    ),
    alternatives=(_OTHER_STYLE,),
    meaning="Reshape costs nothing on the way back. A slice leaves zeros. Gather is fan-out: "
    "repeated rows add up.",
)
