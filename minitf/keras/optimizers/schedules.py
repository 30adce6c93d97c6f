"""Learning rates that depend on the step.

    rate = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1000, decay_rate=0.5)
    rate(0), rate(1000), rate(2000)         # 0.1, 0.05, 0.025
    tf.keras.optimizers.SGD(rate)

A schedule of your own:

    class Warmup(tf.keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 * tf.minimum(1.0, (tf.cast(step, tf.float32) + 1.0) / 100.0)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import minitf as tf
from minitf.keras.configurable import Configurable
from minitf.keras.saving import serialization as saving


class LearningRateSchedule(Configurable):
    """Base class: subclasses override __call__."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of step number `step`, counted from 0."""
        raise NotImplementedError(
            f"Learning rate schedule {type(self).__name__!r} must override `__call__(self, step)`."
        )


class ExponentialDecay(LearningRateSchedule):
    """rate · decay_rate ^ (step / decay_steps).

    Args:
        initial_learning_rate: rate of step 0.
        decay_steps: after so many steps the rate has been multiplied by decay_rate.
        decay_rate: the factor.
        staircase: True takes whole periods only: the rate changes every decay_steps steps.
        name: for TensorFlow's sake.

    Raises:
        ValueError: decay_steps is not positive.
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        _check_decay_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.decay_rate, self.staircase, self.name = decay_rate, staircase, name

    def __call__(self, step: Any) -> tf.Tensor:
        """The rate of a step."""
        rate = _rate(self.initial_learning_rate)
        factor = tf.cast(self.decay_rate, rate.dtype)
        return rate * tf.pow(factor, _periods(step, self.decay_steps, self.staircase, rate.dtype))


class InverseTimeDecay(LearningRateSchedule):
    """rate / (1 + decay_rate · step / decay_steps). Arguments as for ExponentialDecay."""

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        _check_decay_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.decay_rate, self.staircase, self.name = decay_rate, staircase, name

    def __call__(self, step: Any) -> tf.Tensor:
        """The rate of a step."""
        rate = _rate(self.initial_learning_rate)
        periods = _periods(step, self.decay_steps, self.staircase, rate.dtype)
        return rate / (1.0 + self.decay_rate * periods)


class PiecewiseConstantDecay(LearningRateSchedule):
    """values[0] up to and including step boundaries[0], then values[1], and so on.

    Args:
        boundaries: rising step numbers.
        values: one more than boundaries.
        name: for TensorFlow's sake.

    Raises:
        ValueError: the numbers of boundaries and values do not fit.
    """

    def __init__(
        self, boundaries: Sequence[int], values: Sequence[float], name: str = "PiecewiseConstant"
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. Received: "
                f"boundaries={boundaries} of length {len(boundaries)}, and values={values} of "
                f"length {len(values)}. Between two boundaries there is one value, and one more "
                "after the last."
            )
        self.boundaries, self.values, self.name = list(boundaries), list(values), name

    def __call__(self, step: Any) -> tf.Tensor:
        """The rate of a step."""
        step = tf.convert_to_tensor(step)
        passed = [tf.cast(step > tf.cast(b, step.dtype), tf.int32) for b in self.boundaries]
        place = tf.add_n(passed) if passed else tf.constant(0)
        return tf.gather(tf.convert_to_tensor(self.values), place)


class PolynomialDecay(LearningRateSchedule):
    """(initial - end) · (1 - step / decay_steps) ^ power + end; `end` after decay_steps.

    Args:
        initial_learning_rate: rate of step 0.
        decay_steps: length of the way down.
        end_learning_rate: rate at its end.
        power: 1 goes down in a straight line.
        cycle: True starts again from above after decay_steps, with a way twice, three times ... as
            long.
        name: for TensorFlow's sake.

    Raises:
        ValueError: decay_steps is not positive.
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        _check_decay_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.end_learning_rate, self.power = end_learning_rate, power
        self.cycle, self.name = cycle, name

    def __call__(self, step: Any) -> tf.Tensor:
        """The rate of a step."""
        rate = _rate(self.initial_learning_rate)
        step, length = tf.cast(step, rate.dtype), tf.cast(self.decay_steps, rate.dtype)
        if self.cycle:
            length = length * tf.maximum(tf.math.ceil(step / length), 1.0)
        else:
            step = tf.minimum(step, length)
        left = tf.pow(1.0 - step / length, self.power)
        return (rate - self.end_learning_rate) * left + self.end_learning_rate


class CosineDecay(LearningRateSchedule):
    """Half a cosine from the initial rate down to alpha times it, after an optional warm-up.

    Args:
        initial_learning_rate: rate of step 0.
        decay_steps: length of the way down.
        alpha: the part of the rate that is left at the end.
        name: for TensorFlow's sake.
        warmup_target: if given, the rate first rises in a straight line from
            initial_learning_rate to this, and goes down from here.
        warmup_steps: length of the warm-up; decay_steps come after it.

    Raises:
        ValueError: decay_steps is not positive.

    Source: Loshchilov and Hutter (2017).
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        _check_decay_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.alpha, self.name = alpha, name
        self.warmup_target, self.warmup_steps = warmup_target, warmup_steps

    def __call__(self, step: Any) -> tf.Tensor:
        """The rate of a step."""
        rate = _rate(self.initial_learning_rate)
        step = tf.cast(step, rate.dtype)
        if self.warmup_target is None:
            return self._decayed(step, rate)
        top = tf.cast(self.warmup_target, rate.dtype)
        risen = rate + (top - rate) * step / max(self.warmup_steps, 1)
        return tf.where(
            step < self.warmup_steps, risen, self._decayed(step - self.warmup_steps, top)
        )

    def _decayed(self, step: tf.Tensor, top: Any) -> tf.Tensor:
        done = tf.minimum(step, float(self.decay_steps)) / self.decay_steps
        return top * ((1.0 - self.alpha) * 0.5 * (1.0 + tf.cos(math.pi * done)) + self.alpha)


def serialize(schedule: LearningRateSchedule) -> dict[str, Any]:
    """Class and arguments of a schedule as plain data."""
    return saving.serialize(schedule)


def deserialize(config: dict[str, Any]) -> LearningRateSchedule:
    """The schedule that `serialize` described."""
    return saving.deserialize(config)


def _rate(value: Any) -> Any:
    return tf.convert_to_tensor(value)


def _periods(step: Any, decay_steps: int, staircase: bool, dtype: Any) -> tf.Tensor:
    periods = tf.cast(step, dtype) / tf.cast(decay_steps, dtype)
    return tf.math.floor(periods) if staircase else periods


def _check_decay_steps(decay_steps: Any) -> None:
    if decay_steps <= 0:
        raise ValueError(f"Argument `decay_steps` must be > 0. Received: decay_steps={decay_steps}")
