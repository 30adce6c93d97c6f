"""Exercises ch01.central_difference and ch01.pick_eps: slopes from function calls."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe

_WITHIN = 30.0  # a good step's error may be so many times that of the best one


def _square(x):
    return x**2


def _cube(x):
    return x**3


def probe_central_difference(rng: np.random.Generator) -> Iterator[Probe]:
    """Exact for parabolas at any step; a known error for cubes; whole numbers; one call each."""
    yield Probe("f = x², x = 3, h = 0.5: the slope is 6", (_square, 3.0, 0.5), 6.0)
    x, h = (round(float(v), 2) for v in rng.uniform(0.5, 2.0, 2))
    yield Probe(f"f = x², x = {x}, h = {h}", (_square, x, h), 2 * x)
    # (x + h)³ - (x - h)³ = 2h (3x² + h²)
    yield Probe(f"f = x³, x = {x}, h = {h}", (_cube, x, h), 3 * x * x + h * h)
    yield Probe("f = sin, x = 1, h = 0.001", (math.sin, 1.0, 1e-3), math.cos(1.0), rtol=1e-6)
    yield Probe("f = x², whole numbers x = 3, h = 1", (_square, 3, 1), 6.0, edge=True)
    yield Probe(
        "f = x³, whole numbers x = 1, h = 2: (27 - (-1)) / 4 is 7", (_cube, 1, 2), 7.0, edge=True
    )
    yield Probe(
        "f = x³, whole numbers x = 2, h = 3: (125 - (-1)) / 6 is 21", (_cube, 2, 3), 21.0, edge=True
    )
    yield Probe("f = x(x - 1)/2 at 1 with h = 1", (_triangle, 1, 1), 0.5, edge=True)


def _triangle(x):
    return x * (x - 1) / 2


def forward(f, x, h):
    return (f(x + h) - f(x)) / h


def backward(f, x, h):
    return (f(x) - f(x - h)) / h


def forgot_two(f, x, h):
    return (f(x + h) - f(x - h)) / h


def missing_brackets(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h


def no_brackets(f, x, h):
    return f(x + h) - f(x - h) / 2 * h


def brackets_below_only(f, x, h):
    return f(x + h) - f(x - h) / (2 * h)


def f_is_not_called(f, x, h):
    return ((x + h) - (x - h)) / (2 * h)


def f_of_the_distance(f, x, h):
    return f((x + h) - (x - h)) / (2 * h)


def own_step(f, x, h):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


def own_function(f, x, h):
    return central_difference_of(lambda a: a**2, x, h)


def forgot_h(f, x, h):
    return (f(x + h) - f(x - h)) / 2


def swapped_points(f, x, h):
    return (f(x - h) - f(x + h)) / (2 * h)


def whole_division(f, x, h):
    return (f(x + h) - f(x - h)) // (2 * h)


def half_steps(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h


def central_difference_of(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def mean_of_both(f, x, h):
    return (forward(f, x, h) + backward(f, x, h)) / 2


CENTRAL_DIFFERENCE = Exercise(
    id="ch01.central_difference",
    title="A slope from two calls",
    names=("central_difference",),
    points=1,
    minutes=5,
    difficulty=1,
    importance=5,
    probes=probe_central_difference,
    hints=(
        "Which two points? How far are they apart?",
        "One step right is x + h, one step left is x - h. They are 2h apart.",
        "return (f(x + h) - f(x - h)) / (2 * h), with brackets round 2 * h.",
    ),
    mutants=(
        Mutant("forward", forward, "one point is x itself: that is the forward difference."),
        Mutant("backward", backward, "one point is x itself: that is the backward difference."),
        Mutant(
            "forgot_two",
            forgot_two,
            "the result is twice as large as it should be: the points are 2h apart, not h.",
        ),
        Mutant(
            "missing_brackets",
            missing_brackets,
            "`/ 2 * h` divides by 2 and multiplies by h. Write brackets: `/ (2 * h)`.",
        ),
        Mutant(
            "no_brackets",
            no_brackets,
            "Python divides before it subtracts. Write brackets round the difference, and round "
            "2 * h.",
        ),
        Mutant(
            "brackets_below_only",
            brackets_below_only,
            "Python divides before it subtracts: write brackets round the difference as well.",
        ),
        Mutant(
            "f_is_not_called",
            f_is_not_called,
            "that is run over run, always 1. Call the function at both points: f(x + h), f(x - h).",
        ),
        Mutant(
            "f_of_the_distance",
            f_of_the_distance,
            "you subtract first and call f once. Call f at each point, then subtract the values.",
        ),
        Mutant(
            "own_step",
            own_step,
            "you chose a step of your own. Use the argument h, however large it is.",
        ),
        Mutant(
            "own_function",
            own_function,
            "x² belongs to the example. Call the function you are given: f(x + h).",
        ),
        Mutant(
            "forgot_h",
            forgot_h,
            "you divide by 2; the points are 2h apart. At h = 1 both are the same.",
        ),
        Mutant(
            "swapped_points",
            swapped_points,
            "the sign is turned round: take the right point minus the left one.",
        ),
        Mutant(
            "whole_division",
            whole_division,
            "`//` drops what is behind the decimal point: use `/`.",
        ),
        Mutant(
            "half_steps",
            half_steps,
            "your points are half a step away. Take a whole step to each side.",
        ),
    ),
    alternatives=(mean_of_both,),
    meaning="Its error falls with h squared: the bend to the left and to the right cancel.",
)

_FUNCTIONS: tuple[tuple[str, Callable, Callable, float], ...] = (
    ("sin", np.sin, math.cos, 1.0),
    ("exp", np.exp, math.exp, 1.0),
    ("cube", _cube, lambda x: 3 * x * x, 2.0),
)


def _error(function: Callable, slope: Callable, at: float, h: float, dtype: str) -> float:
    """Error of the central difference with every number in `dtype`."""
    number = np.dtype(dtype).type
    x, step = number(at), number(h)
    if step == 0:
        return math.inf
    return abs(float((function(x + step) - function(x - step)) / (2 * step)) - slope(at))


def _typical(function: Callable, slope: Callable, at: float, h: float, dtype: str) -> float:
    """The middle error of nearby steps: one step alone may be lucky."""
    return float(
        np.median([_error(function, slope, at, h * f, dtype) for f in np.linspace(0.8, 1.25, 9)])
    )


def good_step(dtype: str) -> Callable[[object], str]:
    """Says what is wrong with a step for central differences in `dtype`, or nothing."""
    steps = 10.0 ** -np.arange(0.5, 9.0, 0.25)
    best = {
        name: min(_typical(f, slope, at, h, dtype) for h in steps)
        for name, f, slope, at in _FUNCTIONS
    }

    def accept(got: object) -> str:
        if not isinstance(got, float | int | np.number) or isinstance(got, bool) or not got > 0:
            return f"a step is a positive number, not {got!r}."
        for name, f, slope, at in _FUNCTIONS:
            found = _typical(f, slope, at, float(got), dtype)
            if not found <= _WITHIN * best[name]:
                larger, smaller = (
                    _typical(f, slope, at, float(got) * k, dtype) for k in (8, 1 / 8)
                )
                return (
                    f"with h = {float(got):.1e} the slope of {name} is off by {found:.1e} in "
                    f"{dtype}; about {best[name]:.1e} is possible, with a "
                    f"{'larger' if larger < smaller else 'smaller'} step."
                )
        return ""

    return accept


def probe_pick_eps(rng: np.random.Generator) -> Iterator[Probe]:
    """Both number types, judged by the error that the step leads to."""
    for dtype in ("float32", "float64"):
        yield Probe(f'pick_eps("{dtype}")', (dtype,), accept=good_step(dtype))


def tiny_everywhere(dtype):
    return 1e-12


def good_for_float64_only(dtype):
    return 5e-6


def good_for_float32_only(dtype):
    return 5e-3


def the_gap_itself(dtype):
    return float(np.finfo(dtype).eps)


def square_root(dtype):
    return float(np.finfo(dtype).eps) ** 0.5


def swapped(dtype):
    return 5e-6 if dtype == "float32" else 5e-3


_NO_QUOTES = """
def pick_eps(dtype):
    return 5e-3 if dtype == float32 else 5e-6
"""


_NUMPY_TYPES = """
def pick_eps(dtype):
    if dtype == np.float32:
        return 5e-3
    elif dtype == np.float64:
        return 5e-6
"""


def cube_root(dtype):
    return np.finfo(dtype).eps ** (1 / 3)


PICK_EPS = Exercise(
    id="ch01.pick_eps",
    title="A step that fits the number type",
    names=("pick_eps",),
    points=2,
    minutes=7,
    difficulty=2,
    importance=3,
    probes=probe_pick_eps,
    hints=(
        "Look at the picture at the top of the lesson: where is the lowest point of each curve?",
        "Between 1e-3 and 1e-2 for float32, between 1e-6 and 1e-5 for float64.",
        'return 5e-3 if dtype == "float32" else 5e-6',
    ),
    mutants=(
        Mutant(
            "tiny_everywhere",
            tiny_everywhere,
            "a step so small drowns in rounding: both calls return nearly the same digits.",
        ),
        Mutant(
            "good_for_float64_only",
            good_for_float64_only,
            "fine for float64, but float32 has seven digits only and needs a larger step. "
            'Did you mean to tell them apart? dtype is a text: dtype == "float32".',
        ),
        Mutant(
            "good_for_float32_only",
            good_for_float32_only,
            "fine for float32, but float64 has sixteen digits: it can take a smaller step.",
        ),
        Mutant(
            "the_gap_itself",
            the_gap_itself,
            "that is the gap between two neighbouring numbers. The step must be much larger.",
        ),
        Mutant(
            "square_root",
            square_root,
            "the square root of the gap suits the forward difference. Here take a larger step.",
        ),
        Mutant("swapped", swapped, "the two steps are exchanged: float32 needs the larger one."),
        Mutant(
            "numpy_types",
            "import numpy as np\n" + _NUMPY_TYPES,
            'no case matched: dtype is a text, not np.float32. Write dtype == "float32".',
        ),
        Mutant(
            "no_quotes",
            _NO_QUOTES,
            'dtype is a text. Compare it with a text, in quotes: dtype == "float32".',
        ),
    ),
    alternatives=(cube_root,),
    meaning="About the cube root of the type's precision: where bending and rounding are equal.",
)
