"""A variable that has no value yet, on its way through `if_stmt` and the loops.

maybe(lambda: y, "y")      # y's value, or UNDEFINED if there is none
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class _Undefined:
    """Complains when it is used, as Python does about a name without a value."""

    def _complain(self, *_args: Any, **_kwargs: Any) -> Any:
        raise UnboundLocalError(
            "a variable is used before it has a value: it gets one only in a branch or a loop that "
            "did not run. Give it a value before."
        )

    __call__ = __bool__ = __len__ = __iter__ = __getitem__ = __float__ = __int__ = _complain
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _complain
    __rtruediv__ = __pow__ = __neg__ = __lt__ = __le__ = __gt__ = __ge__ = _complain

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._complain()

    def __repr__(self) -> str:
        return "<no value yet>"


UNDEFINED = _Undefined()


def maybe(read: Callable[[], Any], name: str) -> Any:
    """read(), or UNDEFINED if the variable `name` has no value yet."""
    try:
        return read()
    except NameError:
        return UNDEFINED
