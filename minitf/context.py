"""Which mode is on: eagerly, or tracing a function; and scopes that only TensorFlow needs.

    tf.executing_eagerly()                         False while a tf.function is traced
    with tf.init_scope(): ...                      eager again, for a moment
    with tf.control_dependencies([op]): ...        nothing to do: effects keep their order
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from minitf.graph import tracing
from minitf.state import state


def executing_eagerly() -> bool:
    """True where operations run at once; False while a tf.function is traced."""
    return state.tracer is None


def inside_function() -> bool:
    """True while a tf.function is traced."""
    return state.tracer is not None


@contextlib.contextmanager
def init_scope() -> Iterator[None]:
    """In this block operations run at once, even while a function is traced."""
    with tracing(None):
        yield


@contextlib.contextmanager
def control_dependencies(control_inputs: Any) -> Iterator[None]:
    """Runs the block after `control_inputs`: in minitf, as in the order of the lines, anyway."""
    yield


class name_scope:  # noqa: N801 - TensorFlow's name
    """In this block the names of new variables begin with `name` and a slash.

    `with name_scope("layer") as scope` gives the whole prefix, those of outer scopes included;
    name_scope(scope) opens that same one again, wherever it stands.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._outer: list[str] = []  # one scope may be entered again inside itself

    @property
    def name(self) -> str:
        """The name it was made with."""
        return self._name

    def __enter__(self) -> str:
        self._outer.append(state.scope)
        whole = self._name.endswith("/") or not self._name
        state.scope = self._name if whole else f"{state.scope}{self._name}/"
        return state.scope

    def __exit__(self, *exception: Any) -> None:
        state.scope = self._outer.pop()


@contextlib.contextmanager
def device(device_name: str | None) -> Iterator[None]:
    """Accepted for TensorFlow's sake: minitf computes on the CPU."""
    yield
