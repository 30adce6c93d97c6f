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


@contextlib.contextmanager
def name_scope(name: str) -> Iterator[str]:
    """Accepted for TensorFlow's sake: gives the name back."""
    yield f"{name}/"


@contextlib.contextmanager
def device(device_name: str | None) -> Iterator[None]:
    """Accepted for TensorFlow's sake: minitf computes on the CPU."""
    yield
