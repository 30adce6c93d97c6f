"""Learning rates that depend on the step.

    class Warmup(tf.keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 * tf.minimum(1.0, (tf.cast(step, tf.float32) + 1.0) / 100.0)

    tf.keras.optimizers.SGD(Warmup())
"""

from __future__ import annotations

from typing import Any


class LearningRateSchedule:
    """Base class: subclasses override __call__."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of step number `step`, counted from 0."""
        raise NotImplementedError(
            f"Learning rate schedule {type(self).__name__!r} must override `__call__(self, step)`."
        )
