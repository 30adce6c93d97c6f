"""What layers check about their arguments and inputs, with Keras' messages.

    check_rank(layer, input_shape, 4)
    pair(3, "kernel_size")              # (3, 3)
"""

from __future__ import annotations

from typing import Any

import numpy as np


def check_rank(layer: Any, shape: Any, rank: int, hint: str = "") -> None:
    """Refuses inputs of another rank.

    Raises:
        ValueError: see above.
    """
    if len(shape) != rank:
        raise ValueError(
            f"Input 0 of layer {layer.name!r} is incompatible with the layer: expected "
            f"ndim={rank}, found ndim={len(shape)}. Full shape received: {tuple(shape)}. {hint}"
        )


def check_pictures(layer: Any, shape: Any) -> None:
    """Refuses what is not (batch, height, width, channels)."""
    check_rank(
        layer,
        shape,
        4,
        "Pictures need the axes (batch, height, width, channels): for grey pictures add one with "
        "x[..., None], for a single picture x[None].",
    )


def check_axis(axis: int, shape: Any, layer: str) -> None:
    """Refuses an axis that inputs of the shape do not have.

    Raises:
        IndexError: see above.
    """
    if not -len(shape) <= axis < len(shape):
        raise IndexError(
            f"{layer}: axis {axis} is out of range for inputs of shape {tuple(shape)}. Axes count "
            "from 0, the batch, to the last one, which is -1 as well."
        )


def pair(value: Any, name: str) -> tuple[int, int]:
    """Two positive integers from one or two.

    Raises:
        ValueError: something else.
    """
    parts = (value, value) if _is_whole(value) else value
    good = isinstance(parts, list | tuple) and len(parts) == 2 and all(map(_is_whole, parts))
    if not good:
        raise ValueError(
            f"The `{name}` argument must be an integer or a tuple of 2 integers. Received: "
            f"{name}={value!r}."
        )
    if min(parts) < 1:
        raise ValueError(
            f"The `{name}` argument must be a tuple of 2 integers above 0. Received: "
            f"{name}={value!r}."
        )
    return int(parts[0]), int(parts[1])


def positive(value: Any, name: str, layer: str) -> int:
    """A positive integer.

    Raises:
        ValueError: something else.
    """
    if not _is_whole(value) or value < 1:
        raise ValueError(
            f"{layer}: `{name}` must be a positive integer. Received: {name}={value!r}."
        )
    return int(value)


def padding_of(padding: Any) -> str:
    """ "valid" or "same".

    Raises:
        ValueError: something else.
    """
    name = padding.lower() if isinstance(padding, str) else padding
    if name not in ("valid", "same"):
        raise ValueError(
            f"The `padding` argument must be one of 'valid', 'same'. Received: {padding!r}."
        )
    return name


def check_channels_last(data_format: Any) -> None:
    """Refuses channels-first pictures.

    Raises:
        ValueError: see above.
    """
    if data_format not in (None, "channels_last"):
        raise ValueError(
            f"minitf knows data_format='channels_last' only, got {data_format!r}. Move the axis: "
            "tf.transpose(x, [0, 2, 3, 1])."
        )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
