"""Optimizers that start from one point of a surface: the library's own, one real step at a time.

run = descend(surface, fresh(tf.keras.optimizers.Adam(0.1)), start=(2.0, 1.0), steps=40)
run.path, run.losses, run.gradients        # one entry per step, the start first
run.diverged                               # the step at which it left for good, or None
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.optimizers.schedules import LearningRateSchedule
from minitf.keras.saving.serialization import deserialize
from minitf.viz.landscape import Surface

CLIPS = ("clipvalue", "clipnorm", "global_clipnorm")


@dataclass
class Run:
    """What one optimizer did: lists with one entry for the start and one for each step."""

    path: list[tuple[float, float]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    gradients: list[tuple[float, float]] = field(default_factory=list)
    diverged: int | None = None


def descend(
    surface: Surface,
    optimizer: Any,
    start: tuple[float, float],
    steps: int,
    too_far: Callable[[float, float], bool] = lambda x, y: False,
) -> Run:
    """Takes `steps` steps, fewer if the loss is no longer finite or the point is too far."""
    x, y = (tf.Variable(value, dtype=tf.float32) for value in start)
    run = Run()
    with np.errstate(all="ignore"):  # whoever diverges overflows: the run says so itself
        for step in range(steps + 1):
            loss, gradients = surface.loss_and_gradients(x, y)
            run.path.append((float(x), float(y)))
            run.losses.append(loss)
            run.gradients.append((float(gradients[0]), float(gradients[1])))
            if not _all_finite(run) or too_far(*run.path[-1]):
                run.diverged = step
                break
            if step < steps:
                optimizer.apply_gradients(zip(gradients, [x, y], strict=True))
    return run


def fresh(optimizer: Any, factor: float = 1.0, clip: str | None = None, limit: float = 1.0) -> Any:
    """The same optimizer without memory of earlier steps; the given one is left alone.

    Args:
        optimizer: the one to copy: class and arguments, but no slots and no step counter.
        factor: multiplies its learning rate, or its schedule.
        clip: "clipvalue", "clipnorm" or "global_clipnorm" in place of what it had; None keeps it.
        limit: for `clip`.
    """
    config = optimizer.get_config()
    made = type(optimizer).from_config(config)
    schedule = deserialize(config.get("learning_rate"))
    if isinstance(schedule, LearningRateSchedule):
        made.learning_rate = Scaled(schedule, factor)
    else:
        made.learning_rate = float(optimizer.learning_rate) * factor
    if clip is not None:
        for name in CLIPS:
            setattr(made, name, limit if name == clip else None)
    return made


class Scaled(LearningRateSchedule):
    """Another schedule, times a number."""

    def __init__(self, schedule: LearningRateSchedule, factor: float) -> None:
        self.schedule, self.factor = schedule, factor

    def __call__(self, step: Any) -> Any:
        return self.schedule(step) * self.factor


def labels(optimizers: list[Any]) -> list[str]:
    """A short name for each: "SGD", "SGD with momentum 0.9"; with the rate if two are alike."""
    plain = [_label(optimizer) for optimizer in optimizers]
    names = [
        f"{name} ({float(optimizer.learning_rate):.3g})" if plain.count(name) > 1 else name
        for name, optimizer in zip(plain, optimizers, strict=True)
    ]
    if len(set(names)) < len(names):
        names = [f"{i + 1}: {name}" for i, name in enumerate(names)]
    return names


def _label(optimizer: Any) -> str:
    momentum = getattr(optimizer, "momentum", 0.0)
    if not momentum:
        return type(optimizer).__name__
    kind = "Nesterov" if getattr(optimizer, "nesterov", False) else "momentum"
    return f"{type(optimizer).__name__} with {kind} {momentum:g}"


def _all_finite(run: Run) -> bool:
    return all(math.isfinite(v) for v in (*run.path[-1], run.losses[-1], *run.gradients[-1]))
