"""Bit by bit: what &, |, ^ and ~ mean for integers.

    tf.constant([5, 6]) & 3                     [1, 2]
    tf.bitwise.bitwise_or([5], [3])             [7]

Integers have no gradient. For booleans the same signs are tf.logical_and and its relatives.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import execute
from minitf.registry import define
from minitf.tensor import Tensor


def _integers_only(name: str, function: Any) -> Any:
    def kernel(*values: Any) -> Any:
        for x in values:
            if x.dtype.kind not in "iu":
                raise InvalidArgumentError(
                    f"{name} needs integers, but got {dtypes.of(x).name} of shape {x.shape} "
                    f"[Op:{name}]\nFor True and False use tf.logical_and, tf.logical_or and "
                    "tf.logical_not.",
                    name,
                )
        return function(*values)

    return kernel


AND = define(
    "BitwiseAnd", _integers_only("BitwiseAnd", operator.and_), same_dtype=True, text="{0} & {1}"
)
OR = define(
    "BitwiseOr", _integers_only("BitwiseOr", operator.or_), same_dtype=True, text="{0} | {1}"
)
XOR = define(
    "BitwiseXor", _integers_only("BitwiseXor", operator.xor), same_dtype=True, text="{0} ^ {1}"
)
INVERT = define("Invert", _integers_only("Invert", np.invert), text="~{0}")


def bitwise_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits that both have.

    Raises:
        InvalidArgumentError: an input holds no integers.
    """
    return execute(AND, (x, y))


def bitwise_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits that at least one has.

    Raises:
        InvalidArgumentError: an input holds no integers.
    """
    return execute(OR, (x, y))


def bitwise_xor(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits that exactly one has.

    Raises:
        InvalidArgumentError: an input holds no integers.
    """
    return execute(XOR, (x, y))


def invert(x: Any, name: str | None = None) -> Tensor:
    """Every bit turned around: ~5 is -6.

    Raises:
        InvalidArgumentError: the input holds no integers.
    """
    return execute(INVERT, (x,))
