"""Assertions on shapes and dtypes: what is known of a tensor before its values are.

tf.debugging.assert_rank(x, 2)
tf.debugging.assert_shapes([(x, ("n", 3)), (y, ("n",))])     the same n in both
tf.debugging.assert_type(x, tf.float32)
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.execute import convert_to_tensor


def assert_rank(x: Any, rank: int, message: str | None = None, name: str | None = None) -> None:
    """x has exactly `rank` axes.

    Raises:
        ValueError: it has more or fewer.
    """
    x = convert_to_tensor(x)
    if x.shape.rank != int(rank):
        raise ValueError(
            f"{message or ''} Tensor must have rank {int(rank)}. Received rank {x.shape.rank}, "
            f"shape {x.shape}."
        )


def assert_rank_at_least(
    x: Any, rank: int, message: str | None = None, name: str | None = None
) -> None:
    """x has `rank` axes or more.

    Raises:
        ValueError: it has fewer.
    """
    x = convert_to_tensor(x)
    if x.shape.rank < int(rank):
        raise ValueError(
            f"{message or ''} Tensor must have rank at least {int(rank)}. Received rank "
            f"{x.shape.rank}, shape {x.shape}."
        )


def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Any:
    """The tensor itself, if it has no axes.

    Raises:
        ValueError: it has some.
    """
    tensor = convert_to_tensor(tensor)
    if tensor.shape.rank:
        raise ValueError(f"{message or ''} Expected scalar shape, saw shape {tensor.shape}.")
    return tensor


def assert_shapes(
    shapes: Any,
    data: Any = None,
    summarize: Any = None,
    message: str | None = None,
    name: str | None = None,
) -> None:
    """Each tensor has the shape beside it; a letter stands for one size, the same everywhere.

    Args:
        shapes: pairs of a tensor and a shape: numbers, letters, or None for any size.

    Raises:
        ValueError: a size that does not fit.
    """
    pairs = shapes.items() if isinstance(shapes, dict) else shapes
    sizes: dict[Any, tuple[int, str]] = {}
    for i, (x, wanted) in enumerate(pairs):
        x = convert_to_tensor(x.deref() if hasattr(x, "deref") else x)
        wanted = tuple(wanted) if isinstance(wanted, list | tuple | str) else (wanted,)
        assert_rank(x, len(wanted), message)
        for axis, (have, want) in enumerate(zip(x.shape, wanted, strict=True)):
            if have is None or want is None:
                continue
            known, where = sizes.setdefault(want, (have, f"axis {axis} of tensor {i}"))
            if isinstance(want, int):
                known, where = want, "the shape given"
            if have != known:
                raise ValueError(
                    f"{message or ''} Tensor {i} of shape {x.shape} has size {have} in axis "
                    f"{axis}, but {where} says {want} = {known}."
                )


def assert_type(
    tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None
) -> None:
    """The tensor has the dtype `tf_type`.

    Raises:
        TypeError: it has another.
    """
    tensor = convert_to_tensor(tensor)
    if tensor.dtype != tf_type:
        raise TypeError(
            f"{message or ''} Tensor must be of type {dtypes.as_dtype(tf_type)!r}, got "
            f"{tensor.dtype!r}. Use tf.cast."
        )


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> None:
    """The tensor holds integers.

    Raises:
        TypeError: it holds something else.
    """
    x = convert_to_tensor(x)
    if not x.dtype.is_integer:
        raise TypeError(f"{message or ''} Expected an integer tensor, got {x.dtype!r}.")
