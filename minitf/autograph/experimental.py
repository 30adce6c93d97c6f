"""tf.autograph.experimental: how to keep AutoGraph away.

@tf.autograph.experimental.do_not_convert
def as_it_is(x): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def do_not_convert(func: Callable[..., Any] | None = None) -> Any:
    """Decorator: a traced function that calls `func` runs its Python as it is."""
    if func is None:
        return do_not_convert
    vars(func)["_do_not_convert"] = True
    return func


def set_loop_options(*_args: Any, **_kwargs: Any) -> None:
    """Accepted for TensorFlow's sake; shapes that change need tf.while_loop's shape_invariants."""
