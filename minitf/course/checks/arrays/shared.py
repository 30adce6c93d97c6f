"""What the probes of chapter 06 share: gradients by differences, and a judge that says what is off.

    rule_probe("vjp_matmul", "by hand", upstream, {"x": x, "y": y})

A rule's answer is looked at in this order: a tuple with a gradient per input, its shape, its dtype,
its numbers. A wrong shape is named before any number is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.course.registry import Probe
from minitf.course.workbench import KERNELS

Array = np.ndarray


def rule_probe(
    rule: str,
    about: str,
    upstream: Any,
    inputs: dict[str, Array],
    expected: dict[str, Array] | None = None,
    edge: bool = False,
    attrs: dict[str, Any] | None = None,
    rtol: float = 1e-6,
    likely: str = "",
) -> Probe:
    """A question to one rule; without `expected` the answer comes from differences in float64.

    Args:
        rule: its name, `vjp_` and the name of a kernel.
        inputs: name of each input, for messages -> its array.
        expected: the gradient of each floating input.
        likely: what to say of a wrong answer that no mutant gives.
    """
    attrs = attrs or {}
    kernel = KERNELS[rule.removeprefix("vjp_")]
    upstream = np.asarray(upstream)
    if expected is None:
        expected = differences(kernel, inputs, upstream, attrs)
    given = tuple(inputs.values())
    output = np.asarray(kernel(*given, **attrs))
    return Probe(
        f"{rule}: {about}",
        (upstream, given, output),
        kwargs=attrs,
        name=rule,
        accept=judge(inputs, expected, rtol),
        rtol=rtol,
        atol=rtol / 100,
        edge=edge,
        likely=likely,
    )


def differences(
    kernel: Callable[..., Any],
    inputs: dict[str, Array],
    upstream: Array,
    attrs: dict[str, Any],
    step: float = 1e-5,
) -> dict[str, Array]:
    """Central differences of sum(upstream * kernel(*inputs)) by every number of floating inputs."""
    found = {}
    for name, x in inputs.items():
        if x.dtype.kind != "f":
            continue
        gradient = np.zeros_like(x)
        for place in np.ndindex(x.shape):
            sides = []
            for signed in (step, -step):
                moved = x.copy()
                moved[place] += signed
                output = kernel(*(inputs | {name: moved}).values(), **attrs)
                sides.append(float(np.sum(upstream * output)))
            gradient[place] = (sides[0] - sides[1]) / (2 * step)
        found[name] = gradient
    return found


def judge(
    inputs: dict[str, Array], expected: dict[str, Array], rtol: float
) -> Callable[[Any], str]:
    """Says what is wrong with the gradients a rule returned, or nothing."""

    def accept(got: Any) -> str:
        if not isinstance(got, tuple | list) or len(got) != len(inputs):
            return f"return a tuple with one gradient per input: {_places(inputs)}."
        for (name, x), gradient in zip(inputs.items(), got, strict=True):
            complaint = _complaint(name, x, gradient, expected.get(name), rtol)
            if complaint:
                return complaint
        return ""

    return accept


def _places(inputs: dict[str, Array]) -> str:
    """How the tuple looks, with a comma also for one input."""
    return f"({', '.join(f'gradient of {name}' for name in inputs)}{',' * (len(inputs) == 1)})"


def _complaint(name: str, x: Array, got: Any, expected: Array | None, rtol: float) -> str:
    if expected is None:
        return "" if got is None else f"{name} holds integers: its gradient is None."
    if not isinstance(got, np.ndarray | np.generic):
        what = "None" if got is None else f"a {type(got).__name__}"
        return f"the gradient of {name} is {what}; it must be a NumPy array."
    if got.shape != x.shape:
        return f"the gradient of {name} has shape {got.shape}; {name} has shape {x.shape}."
    if got.dtype != x.dtype:
        return f"the gradient of {name} is {got.dtype}; {name} is {x.dtype}."
    close = np.isclose(got, expected, rtol=rtol, atol=rtol / 100)
    if close.all():
        return ""
    place = tuple(int(k) for k in np.argwhere(~close)[0])
    at = f", at [{', '.join(map(str, place))}]" if place else ""
    return (
        f"the gradient of {name}{at}: expected {expected[place]:.6g}, got {got[place]:.6g}; "
        f"{int((~close).sum())} of {close.size} differ"
    )
