"""The optimizer's step in a traced function: all variables as one.

    w1 (784, 128)  b1 (128,)  w2 (128, 10)  b2 (10,)      ->  one vector of 101,770 numbers

An update rule treats every number alike. So a plan (minitf/plan/) lets the optimizer's own
`update_step` run once, on one long vector, in place of once per variable: a dozen NumPy calls
rather than fifty. Three vectors make that possible:

    gradients     products and sums of the backward pass are written into their part of it
    slots         each slot of the optimizer becomes a view of a part of a long slot
    values        the step makes a new long vector; each variable names its part of it

Whatever changes a variable or a slot from outside (assign, a checkpoint, an eager step) is noticed,
since it then holds another array, and copied in.
"""

from __future__ import annotations

import copy
import threading
import weakref
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras.optimizers.base import _DUST_EVERY, Optimizer, set_value
from minitf.keras.optimizers.slot import Slot
from minitf.later import Hole
from minitf.plan.calls import PLANNED


class FlatState:
    """The variables and the slots of one optimizer as long vectors.

    Args:
        optimizer: a built optimizer.
        variables: those to be updated; of one dtype.
    """

    def __init__(self, optimizer: Optimizer, variables: list[tf.Variable]) -> None:
        self.parts = parts_of(variables)
        self.lock = threading.Lock()
        self._variables = variables
        size = self.parts[-1][0].stop
        self._values = tf.Variable(np.zeros(size, variables[0]._value.dtype), name="all variables")
        self._twin, self._slots, self._own = _twin_of(optimizer, variables, self._values)
        self._snapshots: list[Any] = [None] * len(variables)
        self._slot_snapshots: list[Any] = [None] * len(self._slots)

    def step(self, optimizer: Optimizer, gradients: np.ndarray) -> None:
        """One step of the optimizer; `gradients` is one vector for all variables."""
        twin = self._twin
        self._take_over_changes()
        settings = {k: v for k, v in vars(optimizer).items() if k not in self._own}
        vars(twin).update(settings)  # someone may have set another beta_1 or learning rate
        rate = float(optimizer.learning_rate)
        if optimizer.weight_decay:
            twin._decay([self._values], rate)
        twin.update_step(tf.Tensor(gradients), self._values, rate)
        self._hand_out()
        set_value(optimizer.iterations, optimizer.iterations._value + 1)
        if optimizer.iterations._value % _DUST_EVERY == 0:
            for slot in optimizer._slots:
                slot.drop_dust()

    def _take_over_changes(self) -> None:
        """Copies in what is not where the last step left it."""
        changed = [
            i for i, v in enumerate(self._variables) if v._snapshot is not self._snapshots[i]
        ]
        if changed:
            values = self._values._value.copy()  # the old vector may be in someone's hands
            for i in changed:
                values[self.parts[i][0]] = self._variables[i]._value.reshape(-1)
            self._values._replace(values, None)
        for i, (slot, whole, (part, shape)) in enumerate(self._slots):
            if slot._snapshot is not self._slot_snapshots[i]:
                view = whole.array[part].reshape(shape)
                view[...] = slot.array
                slot._snapshot = self._slot_snapshots[i] = tf.Tensor(view)

    def _hand_out(self) -> None:
        """Every variable names its part of the new vector."""
        values = self._values._value
        for i, (variable, (part, shape)) in enumerate(
            zip(self._variables, self.parts, strict=True)
        ):
            variable._replace(values[part].reshape(shape)[()], None)
            self._snapshots[i] = variable._snapshot


class FlatStep:
    """A node `optimizer.apply(gradients, variables)`, prepared for one plan.

    Attributes:
        places: number of an input -> its part of the vector of gradients.
    """

    def __init__(self, optimizer: Optimizer, holes: list[int], variables: list[tf.Variable]):
        self._optimizer, self._variables, self._holes = optimizer, variables, holes
        parts = parts_of(variables)
        self._gradients = np.zeros(parts[-1][0].stop, variables[0]._value.dtype)
        views = [self._gradients[part].reshape(shape) for part, shape in parts]
        self.places = dict(zip(holes, views, strict=True))

    def __call__(self, *inputs: Any) -> tuple:
        optimizer = self._optimizer
        if not _is_plain(optimizer, self._variables):  # has been set meanwhile
            gradients = [tf.Tensor(np.copy(inputs[i])[()]) for i in self._holes]
            optimizer.apply(gradients, self._variables)
            return ()
        if not optimizer.built:
            optimizer.build(self._variables)
        optimizer._check_known(self._variables)
        for i, place in self.places.items():
            if inputs[i] is not place:
                place[...] = inputs[i]
        state = flat_state(optimizer, self._variables)
        with state.lock:
            state.step(optimizer, self._gradients)
        return ()


def flat_step(node: Any) -> FlatStep | None:
    """The prepared call for a node; None if this optimizer or these variables need more care."""
    optimizer = node.attrs["function"].__self__
    arguments, keywords = node.attrs["arguments"]
    if keywords or len(arguments) != 2 or not _treats_numbers_alike(type(optimizer)):
        return None
    gradients, places = arguments
    holes = [x.index for x in gradients if type(x) is Hole]
    variables = [node.inputs[x.index] for x in places if type(x) is Hole]
    if not len(holes) == len(gradients) == len(places) == len(variables):
        return None  # a gradient of None, or a sparse one
    if len({v.id for v in variables}) != len(variables) or len(set(holes)) != len(holes):
        return None
    dtypes = {v._value.dtype for v in variables}
    fits = all(
        tuple(node.inputs[i]._value.shape) == v._value.shape
        and node.inputs[i]._value.dtype == v._value.dtype
        for i, v in zip(holes, variables, strict=True)
    )
    if not fits or len(dtypes) != 1 or not _is_plain(optimizer, variables):
        return None
    return FlatStep(optimizer, holes, variables)


PLANNED[Optimizer.apply] = flat_step

_states: weakref.WeakKeyDictionary[Optimizer, dict[tuple[int, ...], FlatState]] = (
    weakref.WeakKeyDictionary()
)


def flat_state(optimizer: Optimizer, variables: list[tf.Variable]) -> FlatState:
    """The vectors of an optimizer: plans for different batch sizes share them."""
    known = _states.setdefault(optimizer, {})
    key = tuple([v.id for v in variables])
    if key not in known:
        known.clear()  # another choice of variables: their slots move to new vectors
        known[key] = FlatState(optimizer, variables)
    return known[key]


def parts_of(variables: list[tf.Variable]) -> list[tuple[slice, tuple[int, ...]]]:
    """For each variable its part of the vector, and its shape."""
    parts, start = [], 0
    for variable in variables:
        stop = start + variable._value.size
        parts.append((slice(start, stop), variable._value.shape))
        start = stop
    return parts


def _treats_numbers_alike(kind: type[Optimizer]) -> bool:
    """One of minitf's own update rules, and nothing to do once in a step."""
    names = ("build", "update_step", "_decay")
    ours = all(getattr(kind, name).__module__.startswith("minitf.") for name in names)
    return ours and kind.begin_step is Optimizer.begin_step


def _is_plain(optimizer: Optimizer, variables: list[tf.Variable]) -> bool:
    """Nothing looks at whole variables: no clipping, averages, constraints or observers."""
    return not (
        optimizer.clipnorm
        or optimizer.clipvalue
        or optimizer.global_clipnorm
        or optimizer.loss_scale_factor
        or optimizer.use_ema
        or optimizer.observers
        or any(variable.constraint is not None for variable in variables)
    )


def _twin_of(
    optimizer: Optimizer, variables: list[tf.Variable], values: tf.Variable
) -> tuple[Optimizer, list[tuple[Slot, Slot, Any]], set[str]]:
    """The same optimizer, built for the long vector.

    Returns:
        The twin; for each slot of the optimizer (slot, long slot, (part, shape)); and the names of
        the attributes that the twin has for itself.
    """
    twin = copy.copy(optimizer)
    twin._slots, twin._deferred_restore = [], None
    lists = [name for name, value in vars(optimizer).items() if _is_list_of_slots(value)]
    for name in lists:
        setattr(twin, name, [])
    twin.build([values])
    slots = []
    for name in lists:
        if name == "_slots" or not getattr(optimizer, name):
            continue
        (whole,) = getattr(twin, name)
        for variable, part in zip(variables, parts_of(variables), strict=True):
            slots.append((getattr(optimizer, name)[optimizer._places[variable.id]], whole, part))
    own = {*lists, "_places", "_scratch", "_trainable_variables", "_deferred_restore"}
    return twin, slots, own


def _is_list_of_slots(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, Slot) for x in value)
