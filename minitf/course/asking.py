"""Put an exercise's probes to an answer and write down the replies.

    reply = ask(probe, {"double": double})
    reply.value, reply.error, reply.changed_input

The answer gets copies of the inputs, so that it cannot spoil them for the next probe; a changed
copy is reported as `changed_input`. Prints and warnings are kept, not shown.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from minitf.course.compare import difference, show
from minitf.course.guard import TimeIsUp
from minitf.course.registry import Probe

Args = tuple[Any, ...]
KeywordArgs = dict[str, Any]


@dataclass
class Reply:
    """What came back from one probe: a value or an error, and what was printed on the way."""

    probe: Probe
    value: Any = None
    error: BaseException | None = None
    changed_input: str = ""
    printed: str = ""
    warned: str = ""

    def problem(self) -> list[str]:
        """Return lines that say why this reply is wrong, or an empty list."""
        if self.probe.accept is None:
            return difference(self.probe.expected, self.value, self.probe.rtol, self.probe.atol)
        complaint = self.probe.accept(self.value)
        return [complaint, f"got      {show(self.value)}"] if complaint else []


def ask(probe: Probe, names: Mapping[str, Any]) -> Reply:
    """Ask one probe. Raises only `TimeIsUp` and the user's own KeyboardInterrupt."""
    args, kwargs = _copied(probe.args), _copied(dict(probe.kwargs or {}))
    reply = Reply(probe)
    with _quietly(reply):
        try:
            reply.value = _call(probe, names, args, kwargs)
        except (TimeIsUp, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 also SystemExit: nothing may end the kernel
            reply.error = error
    reply.changed_input = _changed(probe, args, kwargs)
    return reply


def gives(replies: Sequence[Reply], names: Mapping[str, Any], same_text: bool = False) -> bool:
    """Tell whether `names` give these replies too; the first that differs ends the asking.

    Errors are alike if their types are; `same_text` asks for the same message as well.
    """
    return all(_same(ask(reply.probe, names), reply, same_text) for reply in replies)


def _call(probe: Probe, names: Mapping[str, Any], args: Args, kwargs: KeywordArgs) -> Any:
    if probe.call is not None:
        return probe.call(SimpleNamespace(**names), *args, **kwargs)
    answer = names[probe.name] if probe.name else next(iter(names.values()))
    return answer(*args, **kwargs) if callable(answer) or args else answer


def _same(one: Reply, two: Reply, same_text: bool) -> bool:
    if one.error is not None or two.error is not None:
        alike = type(one.error) is type(two.error)
        return alike and (not same_text or str(one.error) == str(two.error))
    if bool(one.changed_input) != bool(two.changed_input):
        return False
    probe = one.probe
    try:
        if difference(one.value, two.value, probe.rtol, probe.atol):
            # Where many answers are right, two right ones need not be equal to be alike.
            return probe.accept is not None and not one.problem() and not two.problem()
        # Equal numbers may still differ in what `accept` looks at, such as the dtype.
        return bool(one.problem()) == bool(two.problem())
    except Exception:  # noqa: BLE001 values of foreign types may refuse to be compared
        return False


def _changed(probe: Probe, args: Args, kwargs: KeywordArgs) -> str:
    for index, (before, after) in enumerate(zip(probe.args, args, strict=True)):
        if difference(before, after, rtol=0, atol=0):
            return f"argument {index + 1} was {show(before)} and is now {show(after)}"
    for key, before in (probe.kwargs or {}).items():
        if difference(before, kwargs[key], rtol=0, atol=0):
            return f"argument {key} was {show(before)} and is now {show(kwargs[key])}"
    return ""


def _copied(value: Any) -> Any:
    """Copy arrays and containers; anything else (tensors, functions) is passed as it is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(_copied(one) for one in value)
    if type(value) is dict:
        return {key: _copied(one) for key, one in value.items()}
    return value


@contextlib.contextmanager
def _quietly(reply: Reply) -> Iterator[None]:
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always")
        yield
    reply.printed = printed.getvalue()
    reply.warned = str(warned[0].message) if warned else ""
