"""Which dtype a layer computes in, and which its weights are kept in.

    DTypePolicy("float32")            # both
    DTypePolicy("mixed_float16")      # computes in float16, keeps its weights in float32

Mixed: activations take half the memory, while the small steps of training are not lost: 2 + 0.0009
is 2 in float16.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.keras.configurable import Configurable

__all__ = ["DTypePolicy", "as_policy", "dtype_policy", "set_dtype_policy"]


class DTypePolicy(Configurable):
    """A compute dtype and a variable dtype under one name.

    Args:
        name: a float dtype such as "float32", or "mixed_float16".

    Raises:
        ValueError: another name.
    """

    def __init__(self, name: str) -> None:
        compute = name.removeprefix("mixed_") if isinstance(name, str) else ""
        if compute not in _FLOATS or (compute != name and compute != "float16"):
            known = ", ".join([*_FLOATS, "mixed_float16"])
            raise ValueError(
                f"Cannot convert {name!r} to a mixed precision DTypePolicy. Known: {known}."
            )
        self.name = name
        self.compute_dtype = compute
        self.variable_dtype = "float32" if compute != name else compute

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


_FLOATS = ("float16", "float32", "float64")
_of_all_layers = DTypePolicy("float32")


def set_dtype_policy(policy: Any) -> None:
    """From here on new layers take this policy, a DTypePolicy or its name."""
    global _of_all_layers
    _of_all_layers = as_policy(policy)


def dtype_policy() -> DTypePolicy:
    """What layers without a dtype of their own take."""
    return _of_all_layers


def as_policy(dtype: Any) -> DTypePolicy:
    """A policy for a policy, its name, a dtype or None.

    Raises:
        ValueError: not a float dtype.
    """
    if dtype is None:
        return _of_all_layers
    if isinstance(dtype, DTypePolicy):
        return dtype
    name = dtype if isinstance(dtype, str) else dtypes.as_dtype(dtype).name
    return DTypePolicy(name)
