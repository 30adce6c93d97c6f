"""What is passed to `gradient` and its relatives: checked, and brought into one form.

checked_sources({"w": w, "b": b})      -> [b, w]
seeds_of([loss], None)                 -> [1.0]
"""

from __future__ import annotations

import enum
import warnings
from typing import Any

import numpy as np

from minitf import nest
from minitf.errors import InvalidArgumentError, NotATensorError
from minitf.execute import convert_to_tensor
from minitf.ops import array
from minitf.tensor import Tensor
from minitf.variable import Variable

_VALUES = (Tensor, Variable)


class UnconnectedGradients(enum.Enum):
    """What `gradient` answers for a source the target does not depend on."""

    NONE = "none"
    ZERO = "zero"


_NONE = UnconnectedGradients.NONE
_ONES = {np.float32: np.float32(1), np.float64: np.float64(1)}


def policy_of(unconnected_gradients: UnconnectedGradients | str) -> UnconnectedGradients:
    """The enum's member, also from its name in lower case; else ValueError."""
    if unconnected_gradients is _NONE:  # the commonest case: looking it up takes longer
        return _NONE
    try:
        return UnconnectedGradients(unconnected_gradients)
    except ValueError:
        raise ValueError(
            f"Unknown value for unconnected_gradients: {unconnected_gradients!r}. Use 'none' (a "
            "source without a path has gradient None) or 'zero' (it has zeros)."
        ) from None


def checked(values: list[Any], what: str) -> list[Any]:
    """The values themselves, if all are tensors or variables; else NotATensorError."""
    for x in values:
        if not isinstance(x, _VALUES):
            raise NotATensorError(
                f"Argument `{what}` should be a list or nested structure of Tensors or Variables "
                f"to be differentiated, but received {x!r} of type {type(x).__name__}. If it was a "
                "tensor once, float(...) or .numpy() took it off the tape."
            )
    return values


def checked_sources(sources: Any) -> list[Any]:
    """The sources in a flat list; warns about integers, whose gradient is None."""
    flat = checked(nest.flatten(sources), "sources")
    for x in flat:
        if x._value.dtype.kind not in "fc":
            warnings.warn(
                f"The dtype of the source tensor must be floating (e.g. tf.float32) when calling "
                f"GradientTape.gradient, got {x.dtype!r}: its gradient is None. Integers have no "
                "small changes; use tf.cast(x, tf.float32) before the tape.",
                stacklevel=3,
            )
    return flat


def differentiable(x: Tensor | Variable) -> bool:
    """True for floating and complex dtypes."""
    return x._value.dtype.kind in "fc"


def seeds_of(targets: list[Any], output_gradients: Any) -> list[Any]:
    """What the backward walk starts from: the given upstreams, ones where none is given."""
    if output_gradients is None:
        return list(map(_ones_for, targets))
    given = nest.flatten(output_gradients)
    if len(given) != len(targets):
        raise ValueError(
            f"output_gradients has {len(given)} entries for {len(targets)} targets: give one each."
        )
    seeds = []
    for target, seed in zip(targets, given, strict=True):
        if seed is None:
            seeds.append(array.ones_like(target))
            continue
        seed = convert_to_tensor(seed, dtype_hint=target.dtype)
        if seed.shape != target.shape:
            raise InvalidArgumentError(
                f"output_gradients of shape {seed.shape} for a target of shape {target.shape}: "
                "an upstream gradient has the shape of its target."
            )
        if seed.dtype is not target.dtype:
            raise InvalidArgumentError(
                f"output_gradients of dtype {seed.dtype.name} for a target of dtype "
                f"{target.dtype.name}: use tf.cast(upstream, tf.{target.dtype.name})."
            )
        seeds.append(seed)
    return seeds


def _ones_for(target: Any) -> Tensor:
    one = _ONES.get(type(target._value))  # a scalar, as a loss is: no need to look further
    return array.ones_like(target) if one is None else Tensor(one)


def filled(found: list, sources: list, policy: UnconnectedGradients, shape: Any = None) -> list:
    """What was found, with zeros in place of None if the policy says so.

    Zeros have the shape of their source, or for Jacobians what `shape(source)` says.
    """
    if policy is _NONE:
        return found
    return [
        _zeros(x, shape) if grad is None else grad for grad, x in zip(found, sources, strict=True)
    ]


def _zeros(source: Any, shape: Any) -> Tensor:
    if shape is None:
        return array.zeros_like(source)
    return Tensor(np.zeros(shape(source), source._value.dtype))
