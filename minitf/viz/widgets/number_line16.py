"""NumberLine16: where gradients land on float16's number line, and what loss scaling does to them.

    tf.viz.NumberLine16(tape.gradient(loss, weights))     # a list, dict, tensor or array
    tf.viz.NumberLine16()                                 # those of a deep sigmoid network

float16 holds 6.1e-5 to 65504 with three digits, fewer digits down to 6e-8, and nothing below that:
gradients there become 0. Scaling the loss moves all of them up. Every count comes from NumPy's
float16; the steps are taken by a real LossScaleOptimizer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any

import numpy as np

import minitf as tf
from minitf.graph_spec import short
from minitf.indexed_slices import IndexedSlices
from minitf.viz import theme
from minitf.viz.widgets.base import CourseWidget
from minitf.viz.widgets.still import figure_png

LIMITS = np.finfo(np.float16)
FLOOR = float(LIMITS.smallest_subnormal) / 2  # this and less rounds to 0: 2 ** -25
HIGHEST = 40  # largest exponent of the scale
GROWTH = 4  # good steps in a row until the scale is doubled; Keras waits 2000

# A list that holds one of these has an entry per tensor; any other list is one array of numbers.
_SEVERAL = (tf.Tensor, tf.Variable, IndexedSlices, np.ndarray, type(None))


class NumberLine16(CourseWidget):
    """Asks how many gradients get lost, then moves them by the scale of the loss.

    Args:
        gradients: what `tape.gradient` returned (None in it is left out), or arrays of floats.

    Raises:
        TypeError: something in it is not an array of real floats.
        ValueError: there are no gradients, or none that is finite and not 0.
    """

    parts = ("plot",)

    def __init__(self, gradients: Any = None) -> None:
        self._gradients = _named(_of_a_deep_network() if gradients is None else gradients)
        self._all = np.concatenate([g.ravel() for g in self._gradients.values()])
        self._sizes = sizes = _sizes(self._all)
        if sizes.size == 0:
            raise ValueError(
                "None of these gradients is finite and different from 0, so none has a place on a "
                "logarithmic number line."
            )
        self._exponents = _exponents(float(sizes[-1]))
        self._outcomes = {k: _outcome(self._all, sizes, k) for k in self._exponents}
        # what `best` means: no inf at all, and then as few zeros as possible
        self._best = min(
            self._exponents, key=lambda k: (self._outcomes[k]["inf"], self._outcomes[k]["zeros"])
        )
        self._start(0)
        super().__init__(
            count=self._all.size,
            zeros=int(np.sum(self._all == 0)),
            bins=_bins(sizes),
            exponents=self._exponents,
            outcomes=list(self._outcomes.values()),
            samples=[_sample(*named, self._exponents) for named in _some_of(sizes).items()],
            groups=[_group(name, g, self._exponents) for name, g in self._gradients.items()],
            growth=GROWTH,
            limits={
                "floor": FLOOR,
                "subnormal": LIMITS.smallest_subnormal,
                "normal": LIMITS.smallest_normal,
                "largest": LIMITS.max,
            },
            tiny_becomes=str(float(np.float16(1e-8))),
        )

    def answer_step(self, data: dict[str, Any]) -> dict[str, Any]:
        """One step of the optimizer; `start` gives it a new scale, 2 ** start, first."""
        if data.get("start") is not None:
            self._start(int(data["start"]))
        return self._step()

    def describe(self) -> str:
        """How many gradients are lost without scaling, and at which scale the fewest are."""
        without, best = self._outcomes[0], self._outcomes[self._best]
        return (
            f"NumberLine16: {self._all.size} gradients, {short(self._sizes[0])} to "
            f"{short(self._sizes[-1])} in size. In float16 {without['zeros']} of them become 0, "
            f"{without['subnormal']} are subnormal and {without['inf']} inf.\nWith the loss times "
            f"2^{self._best}: {best['zeros']} become 0, {best['inf']} inf."
        )

    def picture(self) -> bytes | None:
        """The gradients on float16's number line, without and with scaling."""
        return figure_png(self._draw, width=7.5, height=4)

    def _start(self, exponent: int) -> None:
        """A new optimizer, for variables with the shapes of the gradients."""
        self._variables = [tf.Variable(tf.zeros(g.shape)) for g in self._gradients.values()]
        self._optimizer = tf.keras.optimizers.LossScaleOptimizer(
            tf.keras.optimizers.SGD(1.0), initial_scale=2.0**exponent, dynamic_growth_steps=GROWTH
        )
        self._optimizer.build(self._variables)

    def _step(self) -> dict[str, Any]:
        """What one `apply` does with gradients that went through float16."""
        for variable in self._variables:
            variable.assign(tf.zeros(variable.shape))
        steps_before = int(self._optimizer.iterations.numpy())
        scale = float(self._optimizer.dynamic_scale.numpy())
        scaled = [_in_float16(g, scale) for g in self._gradients.values()]
        self._optimizer.apply([tf.constant(g, tf.float32) for g in scaled], self._variables)
        moved = np.concatenate([-v.numpy().ravel() for v in self._variables])
        skipped = int(self._optimizer.iterations.numpy()) == steps_before
        kept = (moved != 0) & np.isfinite(self._all)
        ratio = moved[kept] / self._all[kept]
        return {
            "exponent": int(np.log2(scale)),
            "next": int(np.log2(float(self._optimizer.dynamic_scale.numpy()))),
            "skipped": skipped,
            "inf": int(sum(np.sum(~np.isfinite(g)) for g in scaled)),
            "lost": 0 if skipped else int(np.sum((moved == 0) & (self._all != 0))),
            "ratio": float(np.median(ratio)) if ratio.size else 0.0,
        }

    def _draw(self, figure: Any) -> None:
        best, sizes = self._best, self._sizes
        edges = 2.0 ** np.arange(np.floor(np.log2(sizes[0])), 20)
        rows = figure.subplots(2, 1, sharex=True)
        for axes, k, title in ((rows[0], 0, "as they are"), (rows[1], best, f"times 2^{best}")):
            outcome = self._outcomes[k]
            axes.hist(np.minimum(sizes * 2.0**k, edges[-1]), edges, color=theme.REVERSE)
            axes.set_xscale("log")
            axes.set_title(f"{title}: {outcome['zeros']} become 0, {outcome['inf']} inf")
            for limit in (FLOOR, LIMITS.smallest_normal, LIMITS.max):
                axes.axvline(float(limit), color=theme.INK, linestyle="--", linewidth=1)
        rows[1].set_xlabel(
            "size of a gradient; dashed: 3e-8 (below: 0), 6.1e-5, 65504 (above: inf)"
        )


def _in_float16(gradients: np.ndarray, scale: float) -> np.ndarray:
    with np.errstate(over="ignore", under="ignore"):  # that it overflows is the point here
        return (gradients * np.float32(scale)).astype(np.float16)


def _sizes(gradients: np.ndarray) -> np.ndarray:
    """Sizes in order, of what is finite and not 0."""
    return np.sort(np.abs(gradients[np.isfinite(gradients) & (gradients != 0)]))


def _outcome(gradients: np.ndarray, sizes: np.ndarray, exponent: int) -> dict[str, int]:
    """How many numbers end as 0 (that were not), subnormal, normal, inf or nan.

    `sizes` are in order, and rounding keeps the order. So NumPy rounds a few numbers only, those
    at which a binary search looks for the limits: a million gradients take no longer than ten.
    """
    scale = 2.0**exponent

    def held(size: np.ndarray) -> Any:
        return _in_float16(size, scale)

    kept = bisect_right(sizes, 0, key=held)
    normal = bisect_left(sizes, LIMITS.smallest_normal, key=held)
    overflow = bisect_left(sizes, np.inf, key=held)
    return {
        "zeros": kept,
        "subnormal": normal - kept,
        "normal": overflow - normal,
        "inf": sizes.size - overflow + int(np.sum(np.isinf(gradients))),
        "nan": int(np.sum(np.isnan(gradients))),
    }


def _exponents(largest: float) -> list[int]:
    """The exponents to choose from; below 0 only if the gradients are too large as they are."""
    lowest = min(0, int(np.floor(np.log2(float(LIMITS.max) / largest))))
    return list(range(lowest, HIGHEST + 1))


def _bins(sizes: np.ndarray) -> list[list[int]]:
    """[exponent, count]: how many numbers lie from 2 ** exponent up to the next power of two."""
    powers, counts = np.unique(np.frexp(sizes)[1] - 1, return_counts=True)
    return [[int(power), int(count)] for power, count in zip(powers, counts, strict=True)]


def _some_of(sizes: np.ndarray) -> dict[str, np.ndarray]:
    return {"smallest": sizes[0], "median": sizes[sizes.size // 2], "largest": sizes[-1]}


def _sample(name: str, size: np.ndarray, exponents: list[int]) -> dict[str, Any]:
    """One number: what float16 holds of it at each scale, and what is left after dividing."""
    held = [_in_float16(size, 2.0**k).astype(np.float32) for k in exponents]
    back = [x / np.float32(2.0**k) for x, k in zip(held, exponents, strict=True)]
    return {"name": name, "size": size, "held": held, "back": back}


def _group(name: str, gradients: np.ndarray, exponents: list[int]) -> dict[str, Any]:
    sizes = _sizes(gradients)
    outcomes = [_outcome(gradients, sizes, k) for k in exponents]
    return {
        "name": name,
        "count": gradients.size,
        "zeros": [outcome["zeros"] for outcome in outcomes],
        "inf": [outcome["inf"] for outcome in outcomes],
    }


def _named(gradients: Any) -> dict[str, np.ndarray]:
    """Name -> float32 array. Numbered if they have no names."""
    if isinstance(gradients, Mapping):
        pairs = {str(name): x for name, x in gradients.items()}
    elif isinstance(gradients, list | tuple) and any(isinstance(x, _SEVERAL) for x in gradients):
        pairs = {f"gradient {i}": x for i, x in enumerate(gradients)}
    else:
        pairs = {"gradients": gradients}
    found = {name: _array(name, x) for name, x in pairs.items() if x is not None}
    found = {name: x for name, x in found.items() if x.size}
    if not found:
        raise ValueError(
            "There are no gradients here: every entry is None or empty. tape.explain(loss, x) says "
            "why a gradient is None."
        )
    return found


def _dense(x: Any) -> Any:
    if isinstance(x, IndexedSlices):
        return x.values.numpy()
    return x.numpy() if isinstance(x, tf.Tensor | tf.Variable) else x


def _array(name: str, x: Any) -> np.ndarray:
    array = np.asarray(_dense(x))
    if array.dtype.kind != "f":
        raise TypeError(
            f"{name} holds {array.dtype.name}; gradients are floats. Give what tape.gradient "
            "returned, or NumPy arrays of floats."
        )
    return array.astype(np.float32)


def _of_a_deep_network() -> dict[str, Any]:
    """The weight gradients of twenty sigmoid layers: they shrink from layer to layer."""
    random = np.random.default_rng(16)
    layers = [tf.constant(random.normal(size=(8, 8)), tf.float32) for _ in range(20)]
    with tf.GradientTape() as tape:
        tape.watch(layers)
        x = tf.constant(random.normal(size=(4, 8)), tf.float32)
        for weights in layers:
            x = tf.sigmoid(tf.matmul(x, weights))
        loss = tf.reduce_mean(x**2)
    found = tape.gradient(loss, layers)
    return {f"layer {k}": gradient for k, gradient in enumerate(found)}
