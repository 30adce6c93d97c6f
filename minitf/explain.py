"""Why is my gradient None? explain(tape, target, source) names the severed link.

    with tf.GradientTape() as tape:
        y = x * float(w)                   # leaves the tape
    print(tape.explain(y, w))
    # None, because w.numpy(), float(w) or a NumPy function took the value off the tape: ...

It reads what the tape noted while it recorded: which values it watched, and where a path from one
of them ended. It works after `gradient()` too, as long as that call answered None for something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minitf.tape_notes import Link
from minitf.tensor import Tensor
from minitf.variable import Variable

_MESSAGES = {
    "connected": "The gradient is not None: the target depends on this source.",
    "integer_source": (
        "None, because the source has dtype {source_dtype}. Integers have no small changes, so "
        "nothing can be differentiated by them. Create it as a float (3.0 instead of 3), or use "
        "tf.cast(x, tf.float32) before the tape."
    ),
    "not_watched": (
        "None, because the source is a plain tensor and nobody watched it. Only trainable "
        "variables are watched by themselves. Add tape.watch(x) as the first line of the block."
    ),
    "not_trainable": (
        "None, because the variable was created with trainable=False, and the tape watches "
        "trainable variables only. Add tape.watch(v), or create it trainable."
    ),
    "not_accessed": (
        "None, because the tape was created with watch_accessed_variables=False and this variable "
        "was not watched. Add tape.watch(v) as the first line of the block."
    ),
    "replaced": (
        "None, because the source is the result of {origin}, computed before the tape could watch "
        "it. If it was a variable once, `w = w - step` replaced it by a plain tensor: use "
        "w.assign_sub(step), which keeps the variable."
    ),
    "not_used": (
        "None, because the tape never saw this source in an operation. An expression such as x[0] "
        "or tf.identity(x) makes a new tensor each time it is written: differentiate with respect "
        "to x itself and index the gradient."
    ),
    "not_used_variable": (
        "None, because this variable was not read inside the tape's `with` block. Move the "
        "computation that uses it into the block."
    ),
    "watched_late": (
        "None, because tape.watch(x) came after x was used: only later operations are recorded. "
        "Make it the first line of the block."
    ),
    "integer": (
        "None, because {op} turned the path into {dtype}. Such values stay as they are but for "
        "jumps, so no gradient passes. Keep the path in floats: without the cast, comparison or "
        "index."
    ),
    "stop_gradient": ("None, because tf.stop_gradient cut the path, and there is no other."),
    "not_differentiable": (
        "None, because the path goes through {op}, which has no useful derivative: it is constant "
        "but for jumps. Replace it with a smooth function, or use a straight-through gradient."
    ),
    "assign": (
        "None, because the value went through the variable {variable}. Creating a variable or "
        "assigning to it stores a value and forgets where it came from. Compute with the tensor "
        "itself instead of the variable."
    ),
    "numpy": (
        "None, because .numpy(), float(...) or a NumPy function took the value off the tape. What "
        "NumPy computes comes back as a new constant. Stay with tf operations between the source "
        "and the target: tf.square instead of np.square."
    ),
    "outside": (
        "None, because the target was computed outside the tape's `with` block, or while it was "
        "not recording. Indent the line that computes it into the block."
    ),
    "constant_target": "None, because the target is a constant: no operation computed it.",
    "rule_answered_none": (
        "None, although recorded operations lead from the source to the target: the gradient rule "
        "of one of them answered None. If it is a tf.custom_gradient, return a gradient for this "
        "argument."
    ),
    "no_path": (
        "None, because no recorded operation leads from the source to the target: the target does "
        "not depend on it. For zeros instead, pass unconnected_gradients='zero'."
    ),
    "forgotten": (
        "This tape was used once and has forgotten its operations. Ask explain before gradient, or "
        "create the tape with persistent=True."
    ),
}


@dataclass(frozen=True)
class Explanation:
    """Why `gradient(target, source)` is None.

    Attributes:
        cause: a short code, one of the keys above, such as "not_watched" or "stop_gradient".
        message: the cause in words, with the fix.
        severed: id of the watched value after which the path ended, or None.
    """

    cause: str
    message: str
    severed: int | None = None

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return self.message


def explain(tape: Any, target: Any, source: Any) -> Explanation:
    """Names the link that is missing between `source` and `target`.

    Raises:
        TypeError: one of them is neither tensor nor variable.
    """
    for x in (target, source):
        if not isinstance(x, Tensor | Variable):
            raise TypeError(
                f"explain needs tensors or variables, not {type(x).__name__}: {x!r}. A Python "
                "number or NumPy array is off the tape already."
            )
    if not source.dtype.is_floating and not source.dtype.is_complex:
        return _because("integer_source", source_dtype=source.dtype.name)
    if target.id == source.id:
        return _because("connected")
    links = tape._links()
    if links is None:
        return _because("forgotten")
    if source.id not in tape._watched:
        return _unwatched(tape, source, links)
    reached = _forward(source.id, links)
    if target.id in reached:
        return _because(
            "rule_answered_none" if tape._answered_none(target, source) else "connected"
        )
    return _severed(tape, target, source, links, reached)


def _unwatched(tape: Any, source: Any, links: list[Link]) -> Explanation:
    used = source.id in tape._notes.seen_unwatched or any(
        source.id in link.inputs for link in links
    )
    if isinstance(source, Variable):
        if not used:
            return _because("not_used_variable")
        return _because("not_accessed" if source._auto_watched else "not_trainable")
    if source.origin is None:
        return _because("not_watched")
    if used:
        return _because("replaced", origin=source.origin.name)
    return _because("not_used")


def _severed(tape: Any, target: Any, source: Any, links: list[Link], reached: set) -> Explanation:
    """The source is watched, but the target is not among the values it reached."""
    for value in _backward(target.id, links):
        for cut, reason in tape._notes.severed.get(value, {}).items():
            if cut in reached:
                return _because_of(reason, cut)
    if source.id in tape._notes.watched_late:
        return _because("watched_late", source.id)
    if reached & tape._notes.left_for_numpy:
        return _because("numpy", min(reached & tape._notes.left_for_numpy))
    if (
        isinstance(target, Tensor)
        and target.origin is not None
        and not tape._was_recording(target.id)
    ):
        return _because("outside")
    if isinstance(target, Tensor) and target.origin is None:
        return _because("constant_target")
    return _because("no_path")


def _because_of(reason: tuple, cut: int) -> Explanation:
    kind, detail = reason
    if kind == "op":
        if detail == "StopGradient":
            return _because("stop_gradient", cut)
        return _because("not_differentiable", cut, op=detail)
    if kind == "assign":
        return _because("assign", cut, variable=detail)
    op, dtype = detail
    return _because("integer", cut, op=op, dtype=dtype)


def _forward(start: int, links: list[Link]) -> set[int]:
    """Ids of all values computed from `start`; links stand in the order they ran."""
    reached = {start}
    for link in links:
        if any(i in reached for i in link.watched):
            reached.update(link.outputs)
    return reached


def _backward(target: int, links: list[Link]) -> set[int]:
    """Ids of all values the target was computed from, itself included."""
    behind = {target}
    for link in reversed(links):
        if any(o in behind for o in link.outputs):
            behind.update(link.inputs)
    return behind


def _because(cause: str, severed: int | None = None, **details: str) -> Explanation:
    return Explanation(cause, _MESSAGES[cause].format(**details), severed)
