"""Moving values within a tensor: pad, reverse, roll.

tf.pad(x, [[1, 0], [0, 2]])          one row above, two columns to the right
tf.reverse(x, [1])                   mirrored left to right
tf.roll(x, shift=1, axis=0)          what falls off at the end comes in at the start
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, indexing, slicing
from minitf.ops.checks import as_shape, normalize_axis
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _pad(x: np.ndarray, paddings: tuple, value: Any) -> np.ndarray:
    return np.pad(x, paddings, constant_values=value)


def _reverse(x: np.ndarray, axis: tuple[int, ...]) -> np.ndarray:
    return np.flip(x, axis)


def _roll(x: np.ndarray, shift: tuple[int, ...], axis: tuple[int, ...]) -> np.ndarray:
    return np.roll(x, shift, axis)


PAD = define("PadV2", _pad, text="pad({0})", partials=("1",))
REVERSE = define("ReverseV2", _reverse, text="reverse({0})", partials=("1",))
ROLL = define("Roll", _roll, text="roll({0})", partials=("1",))


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    constant_values: Any = 0,
    name: str | None = None,
) -> Tensor:
    """Adds `paddings[i] = [before, after]` entries along axis i.

    Args:
        mode: "CONSTANT" adds `constant_values`; "REFLECT" mirrors without the edge, "SYMMETRIC"
            with it.

    Raises:
        InvalidArgumentError: not one pair per axis, a negative one, or too much to mirror.
        ValueError: an unknown mode.
    """
    x = convert_to_tensor(tensor)
    pairs = tuple([as_shape(pair) for pair in convert_to_tensor(paddings)._value.tolist()])
    if len(pairs) != x._value.ndim or any(len(p) != 2 or min(p) < 0 for p in pairs):
        raise InvalidArgumentError(
            f"paddings must be one pair [before, after] >= 0 per axis, got {list(pairs)} for shape "
            f"{x.shape} [Op:Pad]\nWrite [0, 0] for an axis that stays.",
            "Pad",
        )
    if mode.upper() == "CONSTANT":
        value = constant_values._value if hasattr(constant_values, "_value") else constant_values
        return execute(PAD, (x,), {"paddings": pairs, "value": value})
    return _mirror(x, pairs, mode.upper())


@gradient("PadV2")
def _pad_grad(call: Any, upstream: Tensor) -> tuple:
    # the padding was constant: cut it off again
    (x,) = call.inputs
    begin = [before for before, _ in call.attrs["paddings"]]
    return (slicing.slice(upstream, begin, x._value.shape),)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """The entries along each of the given axes in opposite order.

    Raises:
        InvalidArgumentError: an axis the tensor does not have.
    """
    x = convert_to_tensor(tensor)
    axes = tuple([normalize_axis(a, x._value.ndim, "ReverseV2") for a in as_shape(axis)])
    return execute(REVERSE, (x,), {"axis": axes})


@gradient("ReverseV2")
def _reverse_grad(call: Any, upstream: Tensor) -> tuple:
    # reversed twice is as it was
    return (reverse(upstream, call.attrs["axis"]),)


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """Moves the entries `shift` places along `axis`, round the corner.

    Raises:
        InvalidArgumentError: an axis the tensor does not have, or not one shift per axis.
    """
    x = convert_to_tensor(input)
    shifts = as_shape(shift)
    axes = tuple([normalize_axis(a, x._value.ndim, "Roll") for a in as_shape(axis)])
    if len(shifts) != len(axes):
        raise InvalidArgumentError(
            f"shift and axis must have the same size: {list(shifts)} and {list(axes)} [Op:Roll]\n"
            "Give one shift per axis.",
            "Roll",
        )
    return execute(ROLL, (x,), {"shift": shifts, "axis": axes})


@gradient("Roll")
def _roll_grad(call: Any, upstream: Tensor) -> tuple:
    # roll back
    back = [-shift for shift in call.attrs["shift"]]
    return (roll(upstream, back, call.attrs["axis"]),)


def _mirror(x: Tensor, pairs: tuple, mode: str) -> Tensor:
    """Padding by mirroring is picking entries again, axis by axis."""
    if mode not in ("REFLECT", "SYMMETRIC"):
        raise ValueError(f"Unknown padding mode {mode!r}: use CONSTANT, REFLECT or SYMMETRIC.")
    for axis, (before, after) in enumerate(pairs):
        size = x._value.shape[axis]
        if max(before, after) > size - (mode == "REFLECT"):
            raise InvalidArgumentError(
                f"paddings {[before, after]} are too large to mirror axis {axis} of shape "
                f"{x.shape} [Op:MirrorPad]\n"
                f"{mode} can add at most {size - (mode == 'REFLECT')} entries.",
                "MirrorPad",
            )
        if before or after:
            order: Any = np.arange(size)
            order = np.pad(order, (before, after), "reflect" if mode == "REFLECT" else "symmetric")
            x = indexing.gather(x, Tensor(order), axis=axis)
    return array.identity(x)
