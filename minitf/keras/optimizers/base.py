"""Optimizer: turns gradients into new values of variables.

    optimizer = tf.keras.optimizers.SGD(0.1)
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))

What all optimizers share is here: matching gradients with variables, clipping, the learning rate,
the step counter. A subclass overrides `build` (to make its slots) and `update_step`.

The arithmetic runs on NumPy values and is seen by no tape. Each step gives a variable a *new*
array: the old one may still be held by a tape or a reader, and is never written to. Only what the
optimizer keeps for itself (slot.py, and one scratch array per variable) is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

import minitf as tf
from minitf.errors import NotATensorError
from minitf.keras.arguments import refuse_unknown
from minitf.keras.configurable import Configurable
from minitf.keras.naming import unique_name
from minitf.keras.optimizers.clipping import clip_gradients
from minitf.keras.optimizers.gradients import dense, divided, without_none
from minitf.keras.optimizers.moving_average import averaged, checked_momentum, update_average
from minitf.keras.optimizers.schedules import LearningRateSchedule
from minitf.keras.optimizers.slot import Slot
from minitf.keras.variables import Variable
from minitf.later import call_later
from minitf.module import snake_case
from minitf.state import state, unobserved

_DUST_EVERY = 100  # steps: 0.9¹⁰⁰ is 3e-5, so a slot cannot become denormal in between


class Optimizer(Configurable):
    """Base class.

    Args:
        learning_rate: number, LearningRateSchedule, or a function without arguments.
        weight_decay: each step first shrinks the variables by learning_rate * weight_decay.
        clipnorm: no single gradient is longer than this.
        clipvalue: no gradient's element is larger than this.
        global_clipnorm: all gradients together are not longer than this.
        loss_scale_factor: scale_loss() multiplies the loss by it, and each step divides the
            gradients by it; see loss_scale.py.
        use_ema: True keeps moving averages of the variables, with which fit ends; see
            moving_average.py.
        ema_momentum: how much of an average is kept in a step.
        ema_overwrite_frequency: the averages replace the variables after every so many steps.
        name: shown in the names of the slots.

    Attributes:
        observers: functions that see each step's (gradients, variables) before clipping. They must
            not keep the gradients: the memory may be used again.

    Raises:
        ValueError: more than one kind of clipping, a number that is not positive, or an argument
            that the optimizer does not have.
    """

    def __init__(
        self,
        learning_rate: Any,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        loss_scale_factor: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        name: str | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(self, unknown)
        clips = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
        given = {key: value for key, value in clips.items() if value is not None}
        if len(given) > 1:
            raise ValueError(
                "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
                + ", ".join(f"{key}={value}" for key, value in given.items())
            )
        for key, value in given.items():
            if value <= 0:
                raise ValueError(f"{key} must be positive, got {value}.")
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self.weight_decay, self.loss_scale_factor = weight_decay, loss_scale_factor
        checked_momentum(ema_momentum, ema_overwrite_frequency)
        self.use_ema, self.ema_momentum = use_ema, ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.name = name or unique_name(snake_case(type(self).__name__))
        self.built = False
        self.observers: list[Callable[[list[tf.Tensor], list[tf.Variable]], None]] = []
        self._deferred_restore: Any = None
        self.iterations = Variable(0, dtype="int64", trainable=False, name="iteration")
        self._learning_rate: Any = _as_learning_rate(learning_rate)
        self._slots: list[Slot] = []
        self._trainable_variables: list[tf.Variable] = []
        self._places: dict[int, int] = {}
        self._scratch: list[np.ndarray] = []
        self._averages: list[Slot] = []

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the next step: a variable, or a tensor if there is a schedule."""
        rate = self._learning_rate
        if isinstance(rate, LearningRateSchedule):
            return tf.cast(tf.convert_to_tensor(rate(self.iterations)), tf.float32)
        return rate if isinstance(rate, Variable) else rate()

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(self._learning_rate, LearningRateSchedule) and not callable(value):
            raise TypeError(
                "This optimizer was created with a LearningRateSchedule as its `learning_rate`: it "
                "computes the rate from the step, so a number cannot be set. Create the optimizer "
                "with a number, or set another schedule."
            )
        if isinstance(self._learning_rate, Variable) and not callable(value):
            self._learning_rate.assign(_checked_rate(value))
        else:
            self._learning_rate = _as_learning_rate(value)

    @property
    def variables(self) -> list[Variable]:
        """The step counter, the learning rate, and the slots: all that must be saved to go on."""
        rate = [self._learning_rate] if isinstance(self._learning_rate, Variable) else []
        return [self.iterations, *rate, *self._slots]

    def build(self, variables: Sequence[tf.Variable]) -> None:
        """Makes the slots, once, for all variables this optimizer will ever update."""
        self._trainable_variables = list(variables)
        self._places = {variable.id: place for place, variable in enumerate(variables)}
        self._scratch = [np.empty_like(variable._value) for variable in variables]
        if self.use_ema:
            self._averages = [self.add_variable_from_reference(v, "average") for v in variables]
        self.built = True

    def begin_step(self) -> None:
        """Called before the variables are updated, for what is done once in a step."""

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: float) -> None:
        """Gives one variable its new value. Subclasses override it."""
        raise NotImplementedError(
            f"{type(self).__name__} must override update_step(gradient, variable, learning_rate)."
        )

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, tf.Variable]]) -> Variable:
        """One step with (gradient, variable) pairs; returns the step counter.

        Gradients of None are skipped with a warning.

        Raises:
            ValueError: no gradient at all, an unknown variable, or a shape that does not fit.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError(
                "No gradients provided: the list of (gradient, variable) pairs is empty. Is the "
                "model built? Before its first call it has no variables."
            )
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
        return self.iterations

    def apply(
        self, grads: Iterable[Any], trainable_variables: Iterable[tf.Variable] | None = None
    ) -> None:
        """One step with gradients and variables in two lists of the same order.

        Without variables it takes those of build().
        """
        if trainable_variables is None:
            trainable_variables = self._trainable_variables
        grads, variables = list(grads), list(trainable_variables)
        if not grads:
            return
        if state.tracer is not None:  # in a tf.function: a step at each call
            call_later(self.apply, (grads, variables), effect=True)
            return
        if len(grads) != len(variables):
            raise ValueError(f"There are {len(grads)} gradients for {len(variables)} variables.")
        if not self.built:
            self.build(variables)
        self._check_known(variables)
        grads, variables = without_none(grads, variables)
        grads = [dense(gradient, v) for gradient, v in zip(grads, variables, strict=True)]
        if self.loss_scale_factor:
            grads = [divided(gradient, self.loss_scale_factor) for gradient in grads]
        for observer in self.observers:
            observer(grads, variables)
        if self.clipnorm or self.clipvalue or self.global_clipnorm:
            grads = clip_gradients(grads, self.clipnorm, self.clipvalue, self.global_clipnorm)
        rate = float(self.learning_rate)
        if self.weight_decay:
            self._decay(variables, rate)
        self.begin_step()
        for gradient, variable in zip(grads, variables, strict=True):
            self.update_step(gradient, variable, rate)
        for variable in variables:
            if variable.constraint is not None:
                with unobserved():  # no part of what a tape around the step differentiates
                    set_value(variable, tf.convert_to_tensor(variable.constraint(variable))._value)
        if self.use_ema:
            self._average()
        set_value(self.iterations, self.iterations._value + 1)
        if self.iterations._value % _DUST_EVERY == 0:
            for slot in self._slots:
                slot.drop_dust()

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor, with the learning rate as it is now."""
        config = super().get_config()
        for key in _CONFIGURED:
            config.setdefault(key, getattr(self, key))
        if isinstance(self._learning_rate, Variable):
            config["learning_rate"] = float(self._learning_rate.numpy())
        return config

    def finalize_variable_values(self, var_list: Iterable[tf.Variable]) -> None:
        """Replaces the variables by their moving averages, if there are any: the end of fit."""
        if self.use_ema and self.built:
            for variable in var_list:
                if variable.id in self._places:
                    set_value(variable, averaged(self._averages[self._places[variable.id]]))

    def scale_loss(self, loss: Any) -> Any:
        """The loss times loss_scale_factor, to be differentiated in its place."""
        return loss * self.loss_scale_factor if self.loss_scale_factor else loss

    def add_variable_from_reference(
        self, reference_variable: tf.Variable, name: str, initializer: Any = "zeros"
    ) -> Slot:
        """A slot: a variable of the shape and dtype of another, listed in `variables`."""
        slot = Slot(reference_variable, name, initializer)
        slot.path = f"{self.name}/{slot.name}"
        self._slots.append(slot)
        if self._deferred_restore is not None:  # a checkpoint was restored before
            self._deferred_restore()
        return slot

    def __setstate__(self, attributes: dict[str, Any]) -> None:
        """Attributes of a copy: its variables may be copies too, which have other ids."""
        vars(self).update(attributes)
        self._places = {v.id: place for place, v in enumerate(self._trainable_variables)}

    def _trackable_children(self) -> dict[str, Any]:
        """What a checkpoint saves."""
        children = {"iterations": self.iterations, "slots": self._slots}
        return children | {"learning_rate": self._learning_rate}

    def _step(self) -> int:
        """Number of the step now being taken, from 1."""
        return int(self.iterations._value) + 1

    def _average(self) -> None:
        variables, step = self._trainable_variables, self._step()
        for slot, variable in zip(self._averages, variables, strict=True):
            update_average(slot, variable, self.ema_momentum, first=step == 1)
        if self.ema_overwrite_frequency and step % self.ema_overwrite_frequency == 0:
            self.finalize_variable_values(variables)

    def _decay(self, variables: list[tf.Variable], rate: float) -> None:
        for variable in variables:
            shrink = variable._value.dtype.type(rate * self.weight_decay)
            set_value(variable, variable._value - shrink * variable._value)

    def _check_known(self, variables: list[tf.Variable]) -> None:
        for variable in variables:
            if not isinstance(variable, tf.Variable):
                raise NotATensorError(
                    f"An optimizer changes variables, but got {variable!r}. Keep what is trained "
                    "in a tf.Variable, and pass pairs: zip(gradients, variables)."
                )
            if variable.id not in self._places:
                raise ValueError(
                    f"Unknown variable: {variable!r}. This optimizer can only be called for the "
                    "variables it was originally built with. When working with a new set of "
                    "variables, recreate a new optimizer instance; or call optimizer.build(all "
                    "variables) before the first step."
                )


_CONFIGURED = (
    "name", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor",
    "use_ema", "ema_momentum", "ema_overwrite_frequency",
)  # fmt: skip


def set_value(variable: tf.Variable, value: Any) -> None:
    """Makes `variable` name a fresh array, of the right shape and dtype, without copying it."""
    variable._replace(value, None)


def _as_learning_rate(value: Any) -> Any:
    if callable(value):
        return value
    return Variable(_checked_rate(value), dtype="float32", trainable=False, name="learning_rate")


def _checked_rate(value: Any) -> Any:
    try:
        float(value)
    except (TypeError, ValueError):
        raise ValueError(
            "Argument `learning_rate` should be a float, an instance of LearningRateSchedule, or a "
            f"function without arguments, got {value!r}."
        ) from None
    return np.float32(value)
