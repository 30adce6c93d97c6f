"""Calls of a tf.function, one after another: was it traced, and why?

    log = call_log(f, [(x,), (y, 3)])
    log.calls[0].outcome        # "traced", "kept" or "refused"
    log.calls[1].why            # "x: shape (3,), and trace 1 is for (2,)."

The function itself is called; what is told comes from its cache of concrete functions.
"""

from __future__ import annotations

import contextlib
import inspect
import io
from dataclasses import dataclass
from typing import Any

from minitf import nest
from minitf.concrete_function import ConcreteFunction
from minitf.config import functions_run_eagerly
from minitf.function import Function
from minitf.graph_spec import short
from minitf.signature import as_argument, structure_key
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable

_LONGEST_OUTPUT = 120


@dataclass(frozen=True)
class LoggedCall:
    """One call.

    Attributes:
        text: "f(x = tensor (2,) float32, n = 3)".
        outcome: "traced", "kept" (a trace of an earlier call ran) or "refused" (it raised).
        trace: index of the trace that ran, or None.
        why: one or two sentences.
        printed: what the call printed.
    """

    text: str
    outcome: str
    trace: int | None
    why: str
    printed: str


@dataclass(frozen=True)
class LoggedTrace:
    """One trace: its signature as lines, the concrete function, the tensors it was traced with."""

    signature: tuple[str, ...]
    concrete: ConcreteFunction
    tensors: tuple[Any, ...]


@dataclass(frozen=True)
class CallLog:
    """All calls, and the traces in the order in which they were made."""

    name: str
    calls: tuple[LoggedCall, ...]
    traces: tuple[LoggedTrace, ...]


def call_log(f: Function, calls: list[tuple[tuple, dict]]) -> CallLog:
    """Makes the calls and notes what came of each.

    Raises:
        TypeError: `f` is no tf.function.
        ValueError: no calls, or tf.config.run_functions_eagerly(True) is on.
    """
    if not isinstance(f, Function):
        raise TypeError(
            f"This shows a tf.function; got {type(f).__name__}: {f!r}. Decorate it with "
            "@tf.function, or pass tf.function(f)."
        )
    if not calls:
        raise ValueError("Give the arguments of at least one call, such as (tf.constant(2.0),).")
    if functions_run_eagerly():
        raise ValueError(
            "tf.config.run_functions_eagerly(True) is on: nothing is traced. Turn it off first."
        )
    scribe = _Scribe(f)
    logged = [scribe.call(args, kwargs) for args, kwargs in calls]
    return CallLog(f.__name__, tuple(logged), tuple(scribe.traces))


def parts_of(concrete: ConcreteFunction) -> list[tuple[str, Any]]:
    """(name, value) of each argument: a TensorSpec for a tensor; x[0], x[1] for a structure."""
    args, kwargs = concrete.structured_input_signature
    return _named_leaves(concrete._names, args, kwargs)


def spec_text(x: Any) -> str:
    """ "tensor (2, None) float32", "the value 3"."""
    if isinstance(x, Variable):
        return f"variable {_shape(x.shape)} {x.dtype.name}"
    if isinstance(x, TensorSpec | Tensor):
        return f"tensor {_shape(x.shape)} {x.dtype.name}"
    return f"the value {_value_text(x)}"


class _Scribe:
    """Makes calls and remembers which traces there are."""

    def __init__(self, f: Function) -> None:
        self.f = f
        self.names = list(inspect.signature(f.python_function).parameters)
        self.traces: list[LoggedTrace] = [_logged(c, ()) for c in f.concrete_functions()]

    def call(self, args: tuple, kwargs: dict) -> LoggedCall:
        named = _named_leaves(self.names, args, kwargs)
        text = f"{self.f.__name__}({', '.join(f'{n} = {_argument_text(x)}' for n, x in named)})"
        before = self.f.experimental_get_tracing_count()
        known = list(self.traces)
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                self.f(*args, **kwargs)
                concrete = self.f.get_concrete_function(*args, **kwargs)
        except Exception as error:  # whatever it is, the learner shall read it
            return LoggedCall(text, "refused", None, f"{type(error).__name__}: {error}", "")
        traced = self.f.experimental_get_tracing_count() - before
        trace = self._index(concrete)
        if trace is None:
            tensors = [as_argument(x) for x in nest.flatten((args, kwargs))]
            given = [x for x in tensors if isinstance(x, Tensor | Variable)]
            self.traces.append(_logged(concrete, tuple(given)))
            trace = len(self.traces) - 1
        why = _why_traced(concrete, known, traced) if traced else _why_kept(concrete, trace, named)
        said = printed.getvalue().strip()[:_LONGEST_OUTPUT]
        return LoggedCall(text, "traced" if traced else "kept", trace, why, said)

    def _index(self, concrete: ConcreteFunction) -> int | None:
        same = [i for i, trace in enumerate(self.traces) if trace.concrete is concrete]
        return same[0] if same else None


def _logged(concrete: ConcreteFunction, tensors: tuple) -> LoggedTrace:
    lines = [f"{name}: {spec_text(x)}" for name, x in parts_of(concrete)]
    return LoggedTrace(tuple(lines) or ("no arguments",), concrete, tensors)


def _named_leaves(names: list[str], args: tuple, kwargs: dict) -> list[tuple[str, Any]]:
    more = [f"arg {i}" for i in range(len(names), len(args))]
    found = []
    for name, value in [*zip([*names, *more], args, strict=False), *sorted(kwargs.items())]:
        leaves = nest.flatten(value)
        nested = nest.is_nested(value)
        found += [(f"{name}[{i}]" if nested else name, x) for i, x in enumerate(leaves)]
    return found


# -- why


def _why_traced(concrete: ConcreteFunction, known: list[LoggedTrace], times: int) -> str:
    twice = " Traced twice: the first time made the variables." if times > 1 else ""
    if not known:
        return f"No trace is kept yet.{twice}"
    mine = parts_of(concrete)
    told = [(_differences(mine, concrete, other.concrete, i), i) for i, other in enumerate(known)]
    nearest, _ = min(told, key=lambda pair: len(pair[0]))
    general = any(_has_unknown_size(x) for _, x in mine)
    more = " The new trace is for any size (None), where sizes differed." if general else ""
    return f"No kept trace fits. {' '.join(nearest)}{more}{twice}"


def _differences(
    mine: list[tuple[str, Any]], new: ConcreteFunction, old: ConcreteFunction, i: int
) -> list[str]:
    """Sentences about what keeps the old trace from serving the new arguments."""
    theirs = parts_of(old)
    same_structure = structure_key(new.structured_input_signature) == structure_key(
        old.structured_input_signature
    )
    if not same_structure or [n for n, _ in mine] != [n for n, _ in theirs]:
        return [f"The arguments are nested differently than those of trace {i + 1}."] * 9
    pairs = zip(mine, theirs, strict=True)
    found = [_difference(name, a, b, i + 1) for (name, a), (_, b) in pairs]
    return [text for text in found if text] or [f"Other objects than those of trace {i + 1}."]


def _difference(name: str, new: Any, old: Any, trace: int) -> str:
    kinds = [isinstance(x, TensorSpec | Variable) for x in (new, old)]
    if kinds == [True, True]:
        if type(new) is not type(old):
            return f"{name}: {spec_text(new)}, and trace {trace} is for {spec_text(old)}."
        if new.dtype != old.dtype:
            return f"{name}: dtype {new.dtype.name}, and trace {trace} is for {old.dtype.name}."
        if not _covers(old, new):
            mine, theirs = _shape(new.shape), _shape(old.shape)
            return f"{name}: shape {mine}, and trace {trace} is for {theirs}."
        return ""
    if True in kinds:
        return f"{name}: {spec_text(new)}, and trace {trace} is for {spec_text(old)}."
    if new is old or new == old:
        return ""
    return (
        f"{name}: {spec_text(new)}, and trace {trace} is for {_value_text(old)}. A Python value "
        "is part of the signature; a tensor would not be."
    )


def _why_kept(concrete: ConcreteFunction, trace: int, given: list[tuple[str, Any]]) -> str:
    parts = parts_of(concrete)
    if any(_has_unknown_size(x) for _, x in parts):
        return f"Trace {trace + 1} is for any size (None) there: it fits."
    if any(isinstance(x, Tensor | Variable) for _, x in given):
        return (
            f"Shapes and dtypes are those of trace {trace + 1}. The numbers in a tensor do not "
            "matter."
        )
    return f"The arguments are those of trace {trace + 1}."


def _covers(old: Any, new: Any) -> bool:
    return len(old.shape) == len(new.shape) and all(
        a is None or a == b for a, b in zip(old.shape, new.shape, strict=True)
    )


def _has_unknown_size(x: Any) -> bool:
    return isinstance(x, TensorSpec) and None in tuple(x.shape)


# -- texts


def _argument_text(x: Any) -> str:
    if isinstance(x, Tensor) and x.ndim == 0 and x.dtype.is_floating:
        return f"tensor {short(float(x._value))} ({x.dtype.name})"
    if isinstance(x, Tensor | Variable):
        return spec_text(x)
    if hasattr(x, "shape") and hasattr(x, "dtype"):
        return f"array {_shape(x.shape)} {x.dtype}"
    return _value_text(x)


def _value_text(x: Any) -> str:
    text = repr(x)
    return f"a {type(x).__name__}" if " at 0x" in text or len(text) > 40 else text


def _shape(shape: Any) -> str:
    sizes = tuple(shape)
    return str(sizes) if sizes else "scalar"
