"""Functions of several tensors at once: identity_n, shape_n.

a, b = tf.identity_n([x, y])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import dtypes
from minitf.ops import array
from minitf.tensor import Tensor


def identity_n(input: Sequence[Any], name: str | None = None) -> list[Tensor]:  # noqa: A002
    """The same values as new tensors, for each of a list."""
    return [array.identity(x) for x in input]


def shape_n(
    input: Sequence[Any],  # noqa: A002
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> list[Tensor]:
    """The shape of each of a list, as integer tensors."""
    return [array.shape(x, out_type) for x in input]
