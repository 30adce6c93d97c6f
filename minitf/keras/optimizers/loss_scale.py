"""LossScaleOptimizer: small gradients made large enough for float16, and back.

    optimizer = tf.keras.optimizers.LossScaleOptimizer(tf.keras.optimizers.SGD(0.1))
    with tf.GradientTape() as tape:
        loss = optimizer.scale_loss(compute_loss())     # times 32768
    gradients = tape.gradient(loss, variables)          # all 32768 times as large
    optimizer.apply(gradients, variables)               # divides by 32768, then takes SGD's step

float16 turns every gradient below 3e-8 into 0. Scaling the loss scales them all; dividing in
float32 undoes it exactly, since the scale is a power of two. The step itself does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.indexed_slices import IndexedSlices
from minitf.keras.configurable import Configurable
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.variables import Variable
from minitf.later import call_later
from minitf.state import state


class LossScaleOptimizer(Optimizer):
    """Wraps an optimizer and finds the largest scale that does not overflow.

    A step whose gradients hold inf or nan is skipped and the scale halved; after
    `dynamic_growth_steps` good steps in a row it is doubled.

    Args:
        inner_optimizer: takes the steps.
        initial_scale: of the loss; a power of two.
        dynamic_growth_steps: see above.
        name: shown in logs.

    Raises:
        TypeError: `inner_optimizer` is not an optimizer.
        ValueError: `dynamic_growth_steps` is below 1.
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
    ) -> None:
        if not isinstance(inner_optimizer, Optimizer):
            raise TypeError(
                f"LossScaleOptimizer wraps an optimizer, got {inner_optimizer!r}: write "
                "LossScaleOptimizer(tf.keras.optimizers.Adam())."
            )
        if dynamic_growth_steps < 1:
            raise ValueError(
                f"`dynamic_growth_steps` must be at least 1, got {dynamic_growth_steps}."
            )
        self.inner_optimizer = inner_optimizer
        super().__init__(0.0, name=name)
        self.initial_scale, self.dynamic_growth_steps = initial_scale, dynamic_growth_steps
        self.step_counter: Any = None
        self.dynamic_scale: Any = None

    @property
    def iterations(self) -> Variable:
        """Steps taken by the inner optimizer: skipped ones do not count."""
        return self.inner_optimizer.iterations

    @iterations.setter
    def iterations(self, value: Variable) -> None:
        """The counter that every optimizer makes is not needed here."""

    @property
    def learning_rate(self) -> Any:
        """The inner optimizer's."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self.inner_optimizer.learning_rate = value

    @property
    def variables(self) -> list[Variable]:
        """The counter and the scale, then the inner optimizer's variables."""
        own = [self.step_counter, self.dynamic_scale] if self.built else []
        return own + self.inner_optimizer.variables

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """Makes the scale, and the inner optimizer's slots."""
        self.step_counter = Variable(0, dtype="int32", trainable=False, name="step_counter")
        self.dynamic_scale = Variable(
            float(self.initial_scale), dtype="float32", trainable=False, name="dynamic_scale"
        )
        self.inner_optimizer.build(variables)
        self._trainable_variables = list(variables)
        self.built = True
        if self._deferred_restore is not None:
            self._deferred_restore()

    def _trackable_children(self) -> dict[str, Any]:
        """What a checkpoint saves."""
        return {
            "inner_optimizer": self.inner_optimizer,
            "step_counter": self.step_counter,
            "dynamic_scale": self.dynamic_scale,
        }

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor; the inner optimizer has the rate and the rest."""
        return Configurable.get_config(self)

    def scale_loss(self, loss: Any) -> Any:
        """The loss times the scale, in the loss's dtype."""
        scale = self.dynamic_scale if self.built else self.initial_scale
        return loss * tf.cast(scale, tf.convert_to_tensor(loss).dtype)

    def finalize_variable_values(self, var_list: Iterable[tf.Variable]) -> None:
        """The inner optimizer's."""
        self.inner_optimizer.finalize_variable_values(var_list)

    def apply(
        self, grads: Iterable[Any], trainable_variables: Iterable[tf.Variable] | None = None
    ) -> None:
        """One step with scaled gradients; skipped if one of them is not finite."""
        if trainable_variables is None:
            trainable_variables = self._trainable_variables
        grads, variables = list(grads), list(trainable_variables)
        if state.tracer is not None:  # in a tf.function: a step at each call
            call_later(self.apply, (grads, variables), effect=True)
            return
        if not self.built:
            self.build(variables)
        if not all(_finite(gradient) for gradient in grads if gradient is not None):
            self.step_counter.assign(0)
            self.dynamic_scale.assign(self.dynamic_scale._value * np.float32(0.5))
            return
        scale = float(self.dynamic_scale._value)
        self.inner_optimizer.apply([_unscaled(g, scale) for g in grads], variables)
        if self.step_counter._value == self.dynamic_growth_steps - 1:
            self.step_counter.assign(0)
            self.dynamic_scale.assign(self.dynamic_scale._value * np.float32(2.0))
        else:
            self.step_counter.assign_add(1)


def _finite(gradient: Any) -> bool:
    values = gradient.values if isinstance(gradient, IndexedSlices) else gradient
    return bool(np.isfinite(tf.convert_to_tensor(values)._value).all())


def _unscaled(gradient: Any, scale: float) -> Any:
    if gradient is None:
        return None
    if isinstance(gradient, IndexedSlices):
        values = tf.Tensor(gradient.values._value / gradient.values._value.dtype.type(scale))
        return IndexedSlices(values, gradient.indices, gradient.dense_shape)
    value = tf.convert_to_tensor(gradient)._value
    return tf.Tensor(value / value.dtype.type(scale))
