"""Module: an object that finds the variables it holds.

    class Line(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(3.0, name="w")
            self.b = tf.Variable(1.0, name="b")

    Line().trainable_variables      # b, then w: in the order of the attributes' names

Variables are found in attributes, in lists, tuples and dicts of them, and in modules held in the
same ways.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minitf.context import name_scope
from minitf.state import state
from minitf.variable import Variable


class Module:
    """Base class for anything with variables.

    Args:
        name: a valid Python identifier; the class's name in snake_case if not given.

    Raises:
        ValueError: the name is not an identifier.
    """

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            name = snake_case(type(self).__name__)
        if not str(name).isidentifier():
            raise ValueError(
                f"{name!r} is not a valid module name. Module names must be valid Python "
                "identifiers: letters, digits and underscores, not starting with a digit."
            )
        self._name = name
        self._scope = f"{state.scope}{name}/"

    @property
    def name(self) -> str:
        """Name of this module."""
        return self._name

    @property
    def name_scope(self) -> Any:
        """A tf.name_scope of this module's name, for the variables it makes."""
        return name_scope(self._scope)

    @classmethod
    def with_name_scope(cls, method: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: variables that `method` makes are named after the module, as in "m/w:0"."""

        @functools.wraps(method)
        def inside(self: Module, *args: Any, **kwargs: Any) -> Any:
            with self.name_scope:
                return method(self, *args, **kwargs)

        return inside

    @property
    def variables(self) -> Sequence[Variable]:
        """All variables: this module's by attribute name, then those of the modules it holds."""
        return tuple(x for x in _walk(self, set()) if isinstance(x, Variable))

    @property
    def trainable_variables(self) -> Sequence[Variable]:
        """The variables that training may change."""
        return tuple(v for v in self.variables if v.trainable)

    @property
    def non_trainable_variables(self) -> Sequence[Variable]:
        """The variables that training leaves alone."""
        return tuple(v for v in self.variables if not v.trainable)

    @property
    def submodules(self) -> tuple[Module, ...]:
        """All modules below this one."""
        return tuple(x for x in _walk(self, {id(self)}) if isinstance(x, Module))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def snake_case(name: str) -> str:
    """MyDense2D -> my_dense2d, the way TensorFlow and Keras name things after their class."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _walk(module: Module, seen: set[int]) -> Iterator[Any]:
    """Variables and modules of `module`, its own before those of the modules it holds."""
    below = []
    for key in sorted(vars(module)):
        for leaf in _leaves(vars(module)[key]):
            if id(leaf) in seen or not isinstance(leaf, Variable | Module):
                continue
            seen.add(id(leaf))
            yield leaf
            if isinstance(leaf, Module):
                below.append(leaf)
    for child in below:
        yield from _walk(child, seen)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _leaves(value[key])
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
    else:
        yield value
