"""Exercise ch13.vjp_relu: the gradient passes where the input is positive."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.mnist.shared import differences
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import KERNELS


def probe_vjp_relu(rng: np.random.Generator) -> Iterator[Probe]:
    """A row by hand, random pictures against differences, and the kink."""
    row = np.array([-2.0, 0.5, 3.0, -0.1])
    upstream = np.array([10.0, -20.0, 30.0, 40.0])
    yield _probe("a row of four", row, upstream, np.array([0.0, -20.0, 30.0, 0.0]))
    x = rng.choice([-1.0, 1.0], (2, 3, 4)) * rng.uniform(0.1, 2.0, (2, 3, 4)).round(2)
    upstream = rng.normal(size=x.shape).round(2)
    (expected,) = differences(KERNELS["relu"], [x], upstream)
    yield _probe("random numbers, shape (2, 3, 4)", x, upstream, expected)
    zeros = np.array([0.0, -0.0, 1.0])
    yield _probe("at exactly 0", zeros, np.array([5.0, 6.0, 7.0]), np.array([0.0, 0.0, 7.0]), True)


def _probe(
    about: str, x: np.ndarray, upstream: np.ndarray, expected: np.ndarray, edge: bool = False
) -> Probe:
    args = (upstream, (x,), KERNELS["relu"](x))
    return Probe(f"vjp_relu: {about}", args, (expected,), rtol=1e-5, atol=1e-8, edge=edge)


def relu_ignores_upstream(upstream, inputs, output):
    return ((inputs[0] > 0).astype(output.dtype),)


def relu_mask_alone(upstream, inputs, output):
    return (inputs[0] > 0,)


def relu_of_tuple(upstream, inputs, output):
    return (upstream * (inputs > 0),)


def relu_python_if(upstream, inputs, output):
    return (upstream if inputs[0] > 0 else 0 * upstream,)


def relu_sign(upstream, inputs, output):
    return (upstream * np.sign(inputs[0]),)


def relu_of_upstream(upstream, inputs, output):
    return (np.maximum(upstream, 0),)


def relu_times_output(upstream, inputs, output):
    return (upstream * output,)


def relu_kink_is_one(upstream, inputs, output):
    return (upstream * (inputs[0] >= 0),)


def relu_kink_is_half(upstream, inputs, output):
    (x,) = inputs
    return (upstream * ((x > 0) + 0.5 * (x == 0)),)


def relu_passes_all(upstream, inputs, output):
    return (upstream,)


def relu_other_half(upstream, inputs, output):
    return (upstream * (inputs[0] < 0),)


def relu_bare_array(upstream, inputs, output):
    return upstream * (inputs[0] > 0)


def relu_in_place(upstream, inputs, output):
    upstream[inputs[0] <= 0] = 0
    return (upstream,)


def relu_other_style(upstream, inputs, output):
    return (np.where(output > 0, upstream, 0),)


VJP_RELU = Exercise(
    id="ch13.vjp_relu",
    title="The rule of relu",
    names=("vjp_relu",),
    points=1,
    minutes=4,
    difficulty=1,
    importance=5,
    probes=probe_vjp_relu,
    hints=(
        "Draw relu: flat to the left of 0, slope 1 to the right. What is the slope at each pixel?",
        "A comparison such as x > 0 gives an array of True and False. Times a number they count "
        "as 1 and 0.",
        "(x,) = inputs, then a tuple with one array: upstream times (x > 0). Mind the comma.",
    ),
    mutants=(
        Mutant(
            "mask_alone",
            relu_mask_alone,
            "True and False only say where it passes. Multiply upstream by them.",
        ),
        Mutant(
            "of_tuple",
            relu_of_tuple,
            "inputs is a tuple with one array in it. Take it out first: (x,) = inputs.",
        ),
        Mutant(
            "python_if",
            relu_python_if,
            "`if` asks one question of the whole array. x > 0 answers for each number.",
        ),
        Mutant(
            "sign",
            relu_sign,
            "-1 left of 0 is the slope of abs. relu is flat there: slope 0.",
        ),
        Mutant(
            "ignores_upstream",
            relu_ignores_upstream,
            "this is relu's own slope. A rule multiplies it by what comes from upstream.",
        ),
        Mutant(
            "relu_of_upstream",
            relu_of_upstream,
            "you cut off negative gradients. The sign of the input decides, not the upstream's.",
        ),
        Mutant(
            "times_output",
            relu_times_output,
            "the slope right of 0 is 1, however large the output is: do not multiply by it.",
        ),
        Mutant(
            "kink_is_one",
            relu_kink_is_one,
            "at exactly 0 you pass the gradient. TensorFlow's convention there is 0: use >.",
        ),
        Mutant(
            "kink_is_half",
            relu_kink_is_half,
            "at exactly 0 you pass half. That is a possible choice; TensorFlow's is 0.",
        ),
        Mutant(
            "passes_all",
            relu_passes_all,
            "left of 0 relu is flat: there nothing may come through.",
        ),
        Mutant(
            "other_half",
            relu_other_half,
            "the wrong half: relu is flat left of 0 and has slope 1 right of it.",
        ),
        Mutant(
            "bare_array",
            relu_bare_array,
            "one input still needs a tuple: return (gradient,) with the comma.",
        ),
        Mutant(
            "in_place",
            relu_in_place,
            "you write into upstream itself; another branch may still need it. Make a new array.",
        ),
    ),
    alternatives=(relu_other_style,),
    meaning="A gate: open where the unit was on, shut where it was off. A unit that is off for "
    "every digit gets no gradient at all; that is a dead relu.",
)
