"""Signatures: which calls of a tf.function may share a trace.

f(tf.constant(1.0)), f(tf.constant(2.0))     share one: same shape and dtype
f(tf.constant([1.0])), f(tf.constant(1))     two more: another shape, another dtype
f(1), f(2)                                   one each: a Python value is part of the trace
f(1), f(1.0), f(True)                        share one: Python finds them equal, as a dict would
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from minitf import nest
from minitf.execute import convert_to_tensor
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable


def as_argument(x: Any) -> Any:
    """NumPy values count as tensors."""
    return convert_to_tensor(x) if isinstance(x, np.ndarray | np.generic) else x


def leaf_key(x: Any, leaves: list[Any]) -> Any:
    """Two arguments with equal keys may share a trace.

    Raises:
        TypeError: the value can be no key of a dict.
    """
    if isinstance(x, TensorSpec):
        return "tensor", tuple(x.shape), x.dtype.name
    if isinstance(x, Variable):  # the same variable twice is not two variables
        first = next(i for i, other in enumerate(leaves) if other is x)
        return "variable", tuple(x.shape), x.dtype.name, x.trainable, first
    try:
        hash(x)
    except TypeError:
        raise TypeError(
            f"Could not generate a generic TraceType for {x!r}. Please verify that it is "
            "immutable/hashable: an argument of a tf.function is the key under which its trace is "
            "kept. Pass a tuple in place of a set, or tensors."
        ) from None
    return held(x)


def held(x: Any) -> Any:
    """How a trace remembers an argument: objects that are equal to themselves only weakly."""
    if isinstance(x, TensorSpec | Variable) or type(x).__eq__ is not object.__eq__:  # type: ignore[comparison-overlap]
        return x
    try:
        return weakref.ref(x)
    except TypeError:
        return x


def structure_key(value: Any) -> Any:
    """How lists, tuples and dicts are nested."""
    if isinstance(value, dict):
        return "dict", tuple((k, structure_key(value[k])) for k in sorted(value))
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(structure_key(x) for x in value)
    return None


def fit_signature(name: str, args: tuple, signature: tuple) -> tuple:
    """The positional arguments as tensors that fit the input_signature.

    Raises:
        TypeError: an argument does not fit, or there is one that the signature does not name.
    """
    fitted = []
    for i, (value, spec) in enumerate(zip(args, signature, strict=False)):
        leaves, specs = _leaves_for(value, spec), nest.flatten(spec)
        if len(leaves) != len(specs):
            raise TypeError(
                f"Binding inputs to tf.function failed: argument {i} of {name} holds {len(leaves)} "
                f"values, but input_signature asks for {spec}."
            )
        tensors = [_fit(name, i, x, s) for x, s in zip(leaves, specs, strict=True)]
        fitted.append(nest.pack_like(spec, tensors))
    if len(args) < len(signature):
        raise TypeError(
            f"Binding inputs to tf.function failed: {name} got {len(args)} arguments, but its "
            f"input_signature has {len(signature)}."
        )
    return (*fitted, *args[len(signature) :])


def relax(specs: list[Any], earlier: list[list[Any]]) -> list[Any]:
    """The specs with None in place of every size that differs from an earlier trace's."""
    for known in earlier:
        if len(known) == len(specs) and all(map(_same_kind, known, specs)):
            specs = [_common(a, b) for a, b in zip(known, specs, strict=True)]
    return specs


def binding_error(name: str, why: str, args: tuple, kwargs: dict, signature: Any) -> TypeError:
    """The error for arguments that do not fit the Python function."""
    return TypeError(
        f"Binding inputs to tf.function failed due to `{why}`. Received args: {args} and kwargs: "
        f"{kwargs} for signature: {name}{signature}."
    )


def _leaves_for(value: Any, spec: Any) -> list[Any]:
    """A list is a structure only where the signature has one; else it is a tensor to be."""
    return nest.flatten(value) if nest.is_nested(spec) else [value]


def _fit(name: str, i: int, value: Any, spec: TensorSpec) -> Any:
    if isinstance(value, TensorSpec):
        return value
    try:
        x = convert_to_tensor(value, dtype_hint=spec.dtype)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"Binding inputs to tf.function failed: argument {i} of {name}: {error}"
        ) from None
    if not spec.is_compatible_with(x):
        raise TypeError(
            f"Binding inputs to tf.function failed due to `Can not cast "
            f"{TensorSpec.from_tensor(x)} to {spec}`: argument {i} of {name} does not fit its "
            "input_signature. None in the signature stands for any size of one axis."
        )
    return x


def _same_kind(a: Any, b: Any) -> bool:
    if isinstance(a, TensorSpec) and isinstance(b, TensorSpec):
        return a.dtype == b.dtype and len(a.shape) == len(b.shape)
    if any(isinstance(x, Tensor | TensorSpec | Variable) for x in (a, b)):
        return isinstance(a, Variable) and isinstance(b, Variable) and a.shape == b.shape
    return a is b or a == b


def _common(a: Any, b: Any) -> Any:
    if not isinstance(b, TensorSpec):
        return b
    sizes = [m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)]
    return TensorSpec(sizes, b.dtype, b.name)
