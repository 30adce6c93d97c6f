"""Exercise ch05.gradient_structure: a training step for a model of any structure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import minitf as tf
from minitf.course.registry import Exercise, Mutant, Probe


def probe_descend(rng: np.random.Generator) -> Iterator[Probe]:
    """Several structures; the loss is Σ k · v² over the variables used, k = 1, 2, 3, ..."""
    a, b, c, d = (round(float(v), 2) for v in rng.uniform(0.5, 3, 4))
    structures: list[tuple[str, Any, tuple[int, ...], bool]] = [
        ("a dict", {"w": a, "b": b}, (), False),
        ("a list in a dict", {"kernel": a, "biases": [b, c]}, (), False),
        ("one that the loss does not use", {"kernel": a, "biases": [b, c]}, (1,), False),
        ("a tuple in a list", [a, (b, c), d], (), True),
        ("dicts in a list", [{"w": a, "b": b}, {"w": c, "b": d}], (3,), True),
        ("a single variable", a, (), True),
        ("vectors", {"w": np.array([a, b], "float32"), "b": np.array([c, d], "float32")}, (), True),
    ]
    for label, numbers, unused, edge in structures:
        yield Probe(label, (numbers, unused, 0.1), _expected(numbers, unused, 0.1), call=_stepped,
                    rtol=1e-4, edge=edge)  # fmt: skip


def _expected(numbers: Any, unused: tuple[int, ...], rate: float) -> dict[str, Any]:
    flat = tf.nest.flatten(numbers)
    slopes = [None if k in unused else 2 * (k + 1) * v for k, v in enumerate(flat)]
    moved = [v if s is None else v - rate * s for v, s in zip(flat, slopes, strict=True)]
    return {
        "gradients": tf.nest.pack_sequence_as(numbers, slopes),
        "variables afterwards": tf.nest.pack_sequence_as(numbers, moved),
    }


def _stepped(names: Any, numbers: Any, unused: tuple[int, ...], rate: float) -> dict[str, Any]:
    model = tf.nest.map_structure(tf.Variable, numbers)

    def loss_of(model: Any) -> Any:
        parts = [(k + 1.0) * v * v for k, v in enumerate(tf.nest.flatten(model)) if k not in unused]
        return tf.add_n(parts)

    gradients = names.descend(loss_of, model, rate)
    afterwards = tf.nest.map_structure(np.array, model)
    return {"gradients": gradients, "variables afterwards": afterwards}


def _gradients(loss_of, model):
    with tf.GradientTape() as tape:
        loss = loss_of(model)
    return tape.gradient(loss, model)


def _leaves(model, gradients):
    flatten = tf.nest.flatten
    return zip(flatten(model), flatten(gradients), strict=True)


def _for_each(loss_of, model, change):
    gradients = _gradients(loss_of, model)
    for variable, gradient in _leaves(model, gradients):
        if gradient is not None:
            change(variable, gradient)
    return gradients


def flat_dict_only(loss_of, model, rate):
    gradients = _gradients(loss_of, model)
    for name in model:
        model[name].assign_sub(rate * gradients[name])
    return gradients


def walks_over_keys(loss_of, model, rate):
    gradients = _gradients(loss_of, model)
    for variable, gradient in zip(model, gradients, strict=True):
        if gradient is not None:
            variable.assign_sub(rate * gradient)
    return gradients


def stumbles_over_none(loss_of, model, rate):
    gradients = _gradients(loss_of, model)
    for variable, gradient in _leaves(model, gradients):
        variable.assign_sub(rate * gradient)
    return gradients


def asks_for_truth(loss_of, model, rate):
    gradients = _gradients(loss_of, model)
    for variable, gradient in _leaves(model, gradients):
        if gradient:
            variable.assign_sub(rate * gradient)
    return gradients


def uphill(loss_of, model, rate):
    def change(variable, gradient):
        variable.assign_add(rate * gradient)

    return _for_each(loss_of, model, change)


def new_tensors(loss_of, model, rate):
    def change(variable, gradient):
        variable = variable - rate * gradient

    return _for_each(loss_of, model, change)


def subtracts_in_place(loss_of, model, rate):
    gradients = _gradients(loss_of, model)
    for variable, gradient in _leaves(model, gradients):
        if gradient is not None:
            variable -= rate * gradient
    return gradients


def puts_the_step_in(loss_of, model, rate):
    def change(variable, gradient):
        variable.assign(rate * gradient)

    return _for_each(loss_of, model, change)


def in_another_order(loss_of, model, rate):
    gradients = _gradients(loss_of, model)
    variables = model.values() if isinstance(model, dict) else tf.nest.flatten(model)
    for variable, gradient in zip(variables, tf.nest.flatten(gradients), strict=False):
        if gradient is not None:
            variable.assign_sub(rate * gradient)
    return gradients


def computes_after_the_block(loss_of, model, rate):
    with tf.GradientTape() as tape:
        pass
    return tape.gradient(loss_of(model), model)


def returns_the_model(loss_of, model, rate):
    by_recursion(loss_of, model, rate)
    return model


def returns_the_loss_too(loss_of, model, rate):
    loss = loss_of(model)
    return loss, by_recursion(loss_of, model, rate)


def flat_answer(loss_of, model, rate):
    return tf.nest.flatten(by_recursion(loss_of, model, rate))


def returns_nothing(loss_of, model, rate):
    by_recursion(loss_of, model, rate)


def zeros_for_none(loss_of, model, rate):
    with tf.GradientTape() as tape:
        loss = loss_of(model)
    gradients = tape.gradient(loss, model, unconnected_gradients="zero")
    for variable, gradient in _leaves(model, gradients):
        variable.assign_sub(rate * gradient)
    return gradients


def without_rate(loss_of, model, rate):
    def change(variable, gradient):
        variable.assign_sub(gradient)

    return _for_each(loss_of, model, change)


def by_recursion(loss_of, model, rate):
    gradients = _gradients(loss_of, model)

    def move(part, slopes):
        if isinstance(part, dict):
            for key in part:
                move(part[key], slopes[key])
        elif isinstance(part, list | tuple):
            for one, slope in zip(part, slopes, strict=True):
                move(one, slope)
        elif slopes is not None:
            part.assign(part - rate * slopes)

    move(model, gradients)
    return gradients


GRADIENT_STRUCTURE = Exercise(
    id="ch05.gradient_structure",
    title="A step for any model",
    names=("descend",),
    points=2,
    minutes=8,
    difficulty=3,
    importance=4,
    probes=probe_descend,
    hints=(
        "gradient takes the whole model as its sources. What is the structure of its answer?",
        "gradients = tape.gradient(loss, model). Flatten both, walk through the pairs, skip those "
        "with gradient None, and change the variables by assign_sub.",
        "for variable, gradient in zip(tf.nest.flatten(model), tf.nest.flatten(gradients)): if "
        "gradient is not None: variable.assign_sub(rate * gradient). Then return gradients.",
    ),
    mutants=(
        Mutant(
            "flat_dict_only",
            flat_dict_only,
            "your loop expects a flat dict. tf.nest.flatten finds the leaves of any structure.",
        ),
        Mutant(
            "walks_over_keys",
            walks_over_keys,
            "a loop over a dict gives its keys, not its variables: tf.nest.flatten(model).",
        ),
        Mutant(
            "stumbles_over_none",
            stumbles_over_none,
            "a variable that is not used has gradient None: skip it.",
        ),
        Mutant(
            "asks_for_truth",
            asks_for_truth,
            "`if gradient` asks whether a number is 0, and a vector has no answer: `is not None`.",
        ),
        Mutant("uphill", uphill, "against the gradient means minus: assign_sub."),
        Mutant(
            "new_tensors",
            new_tensors,
            "the variables have not moved: `variable = ...` only gives a name to a new tensor.",
        ),
        Mutant(
            "subtracts_in_place",
            subtracts_in_place,
            "a variable has no `-=`. Change it by its method, variable.assign_sub(...).",
        ),
        Mutant(
            "puts_the_step_in",
            puts_the_step_in,
            "assign puts the step itself into the variable; assign_sub subtracts it.",
        ),
        Mutant(
            "in_another_order",
            in_another_order,
            "variables and gradients are paired in different orders: flatten sorts the keys of a "
            "dict, .values() does not. Flatten both.",
        ),
        Mutant(
            "computes_after_the_block",
            computes_after_the_block,
            "loss_of has to run inside of the block: the tape heard nothing of this loss.",
        ),
        Mutant("returns_the_model", returns_the_model, "return the gradients, not the model."),
        Mutant(
            "returns_the_loss_too",
            returns_the_loss_too,
            "only the gradients are asked for; the loss stays inside.",
        ),
        Mutant(
            "flat_answer",
            flat_answer,
            "return the gradients in the structure of the model, not as a flat list.",
        ),
        Mutant(
            "returns_nothing", returns_nothing, "the variables moved; return the gradients too."
        ),
        Mutant(
            "zeros_for_none",
            zeros_for_none,
            "for a variable that is not used the answer should stay None, not zero.",
        ),
        Mutant("without_rate", without_rate, "the step is rate times the gradient."),
    ),
    alternatives=(by_recursion,),
    meaning="This is what an optimizer does with the variables of a model.",
)
