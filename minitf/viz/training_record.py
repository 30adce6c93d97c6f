"""TrainingRecord: what TrainingMonitor remembers of a training, in bounded memory.

    record = TrainingRecord()
    record.add(0, {"loss": 2.3}, {"dense": 0.5})
    record.curves()         # {"metrics": {"loss": [[0, 2.3]]}, "norms": {"dense": [[0, 0.5]]}}

A curve with more than MOST points loses every second one, and from then on gets only every second
new one; and so on. A long training keeps its shape and takes no more room than a short one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.indexed_slices import IndexedSlices

MOST = 400


class TrainingRecord:
    """Curves of metrics and of gradient norms.

    Attributes:
        bad: (step, name) of the first number that was inf or nan, or None.
        last: (step, metrics) of the newest step, or None.
    """

    def __init__(self) -> None:
        self.bad: tuple[int, str] | None = None
        self.last: tuple[int, dict[str, float]] | None = None
        self._metrics: dict[str, _Curve] = {}
        self._norms: dict[str, _Curve] = {}

    def add(
        self, step: int, metrics: dict[str, float], norms: dict[str, float | None] | None = None
    ) -> None:
        """Notes numbers of one step.

        Args:
            step: grows from call to call.
            metrics: numbers by name.
            norms: length of the gradient by layer; None for a layer that got no gradient.
        """
        norms = norms or {}
        if self.bad is None:
            self._note_bad(step, metrics, norms)
        known = self.last[1] if self.last and self.last[0] == step else {}
        self.last = (step, known | metrics)
        for curves, numbers in ((self._metrics, metrics), (self._norms, norms)):
            for name, value in numbers.items():
                curves.setdefault(name, _Curve()).add(step, value)

    def _note_bad(self, step: int, metrics: dict[str, Any], norms: dict[str, Any]) -> None:
        layer, metric = _first_bad(norms), _first_bad(metrics)
        if layer is not None:  # gradients break before the loss shows it
            self.bad = (step, f"gradient of {layer}")
        elif metric is not None:
            self.bad = (step, metric)

    def wants_norms(self) -> bool:
        """False if the next norms would be thinned out anyway: they need not be computed."""
        return all(curve.wants_next() for curve in self._norms.values())

    def skip_norms(self) -> None:
        """Counts a step without norms."""
        for curve in self._norms.values():
            curve.count += 1

    def curves(self) -> dict[str, Any]:
        """All points: {"metrics": {name: [[step, value], ...]}, "norms": the same by layer}."""
        return {
            "metrics": {name: curve.points for name, curve in self._metrics.items()},
            "norms": {name: curve.points for name, curve in self._norms.items()},
        }


class _Curve:
    """Points [step, value]; the newest is always among them."""

    def __init__(self) -> None:
        self.points: list[list[Any]] = []
        self.count = 0
        self._stride = 1
        self._last_is_extra = False

    def wants_next(self) -> bool:
        return self.count % self._stride == 0

    def add(self, step: int, value: float | None) -> None:
        if self._last_is_extra:
            self.points.pop()
        self.points.append([step, value])
        self._last_is_extra = not self.wants_next()
        self.count += 1
        if len(self.points) > MOST and not self._last_is_extra:
            self.points = self.points[::2]
            self._stride *= 2


def norm_of(gradients: list[Any]) -> float | None:
    """Length of some gradients taken as one vector; None if there is none among them."""
    found = [_numbers(gradient) for gradient in gradients if gradient is not None]
    if not found:
        return None
    with np.errstate(all="ignore"):
        return math.sqrt(sum(_square(numbers) for numbers in found))


def layer_of(variable: Any) -> str:
    """The layer a variable belongs to: "sequential/dense/kernel" is in "dense"."""
    path = getattr(variable, "path", None)
    if not path:
        return str(variable.name).split(":")[0]
    parts = path.split("/")
    return "/".join(parts[1:-1]) or parts[-1]


def by_layer(gradients: list[Any], variables: list[Any]) -> dict[str, float | None]:
    """The length of each layer's gradient: its kernel and bias together."""
    groups: dict[str, list[Any]] = {}
    for gradient, variable in zip(gradients, variables, strict=True):
        groups.setdefault(layer_of(variable), []).append(gradient)
    return {layer: norm_of(group) for layer, group in groups.items()}


def _numbers(gradient: Any) -> np.ndarray:
    if isinstance(gradient, IndexedSlices):
        gradient = gradient.values
    return np.asarray(gradient).reshape(-1)


def _square(numbers: np.ndarray) -> float:
    """Sum of squares; in float64 if the gradient's own dtype is too narrow for it."""
    total = float(np.vdot(numbers, numbers))
    if math.isfinite(total) and total > 1e-30 and numbers.dtype != np.float16:
        return total
    wide = numbers.astype(np.float64)
    return float(np.vdot(wide, wide))


def _first_bad(numbers: dict[str, Any]) -> str | None:
    return next((k for k, v in numbers.items() if v is not None and not math.isfinite(v)), None)
