"""Exercise ch05.fix_the_path: NumPy and assign on the way, and an element as a source."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.registry import Exercise, Mutant, Probe


def probe_fix_the_path(rng: np.random.Generator) -> Iterator[Probe]:
    """Values and slopes in closed form, by NumPy."""
    cases = [
        (3.0, np.array([1.0, 2.0], "float32"), np.array([2.0, 2.0], "float32")),
        (-0.5, *rng.uniform(-2, 2, (2, 5)).round(2).astype("float32")),
    ]
    for w, x, target in cases:
        error = w * x - target
        expected = (float(np.mean(error**2)), float(np.mean(2 * error * x)))
        yield Probe(f"slope_of_error, w = {w}", (w, x, target), expected, name="slope_of_error",
                    rtol=1e-4, atol=1e-5)  # fmt: skip
    for w in (3.0, -2.0, round(float(rng.uniform(0.5, 4)), 2)):
        expected = (6**0.5 * abs(w), 6**0.5 * np.sign(w))
        yield Probe(f"slope_of_total({w})", (w,), expected, name="slope_of_total", rtol=1e-4)
    for values in ([3.0, 4.0], [round(float(v), 2) for v in rng.uniform(-3, 3, 2)]):
        expected = (values[0] * values[1], values[1])
        yield Probe(f"slope_of_first({values})", (values,), expected, name="slope_of_first",
                    rtol=1e-4)  # fmt: skip


_ERROR = """
def slope_of_error(w, x, target):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(w * x - target))
    return loss, tape.gradient(loss, w)
"""
_TOTAL = """
def slope_of_total(w):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        total = 0.0
        for k in (1.0, 2.0, 3.0):
            total = total + k * w * w
        y = tf.sqrt(total)
    return y, tape.gradient(y, w)
"""
_TOTAL_ROOT_BY_NUMPY = _TOTAL.replace("tf.sqrt", "np.sqrt")
_FIRST = """
def slope_of_first(values):
    x = tf.Variable(values)
    with tf.GradientTape() as tape:
        y = x[0] * x[1]
    return y, tape.gradient(y, x)[0]
"""

_ERROR_AS_IT_WAS = _ERROR.replace("tf.square", "np.square")
_ERROR_ALL_NUMPY = _ERROR.replace("tf.reduce_mean(tf.", "np.mean(np.")
_ERROR_SUMMED = _ERROR.replace("reduce_mean", "reduce_sum")
_TOTAL_AS_IT_WAS = _TOTAL.replace("total = 0.0", "total = tf.Variable(0.0)").replace(
    "total = total + k * w * w", "total.assign_add(k * w * w)"
)
_TOTAL_WATCHES_STORE = _TOTAL_AS_IT_WAS.replace("tape.gradient(y, w)", "tape.gradient(y, total)")
_TOTAL_LAST_ONLY = _TOTAL.replace("total + k * w * w", "k * w * w")
_FIRST_AS_IT_WAS = _FIRST.replace("tape.gradient(y, x)[0]", "tape.gradient(y, x[0])")
_FIRST_WHOLE = _FIRST.replace("tape.gradient(y, x)[0]", "tape.gradient(y, x)")
_FIRST_THE_OTHER = _FIRST.replace("tape.gradient(y, x)[0]", "tape.gradient(y, x)[1]")

_OTHER_WAYS = """
def slope_of_error(w, x, target):
    w = tf.constant(w)
    with tf.GradientTape() as tape:
        tape.watch(w)
        error = w * x - target
        loss = tf.reduce_sum(error * error) / len(x)
    return loss, tape.gradient(loss, w)

def slope_of_total(w):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        y = tf.sqrt(tf.add_n([k * w * w for k in (1.0, 2.0, 3.0)]))
    return y, tape.gradient(y, w)

def slope_of_first(values):
    x = tf.Variable(values)
    with tf.GradientTape() as tape:
        first = x[0]
        y = first * x[1]
    return y, tape.gradient(y, first)
"""

FIX_THE_PATH = Exercise(
    id="ch05.fix_the_path",
    title="Two ways and a question",
    names=("slope_of_error", "slope_of_total", "slope_of_first"),
    points=3,
    minutes=7,
    difficulty=2,
    importance=5,
    probes=probe_fix_the_path,
    hints=(
        "Follow the colour from w: in which line does it stop? In the third function: is the x[0] "
        "of the last line the one that was multiplied?",
        "np.square leaves the tape: there is a tf function of the same name. The store total has "
        "to be a plain tensor that grows. Ask for the gradient by x, then take its first element.",
        "tf.square(...); total = 0.0 and total = total + k * w * w; tape.gradient(y, x)[0].",
    ),
    mutants=(
        Mutant(
            "error_as_it_was",
            _ERROR_AS_IT_WAS + _TOTAL + _FIRST,
            "slope_of_error: np.square takes the values off the tape. Use tf.square.",
        ),
        Mutant(
            "error_all_numpy",
            _ERROR_ALL_NUMPY + _TOTAL + _FIRST,
            "slope_of_error: np.mean makes a NumPy number, off the tape: tf.reduce_mean.",
        ),
        Mutant(
            "error_summed",
            _ERROR_SUMMED + _TOTAL + _FIRST,
            "slope_of_error: the value has changed; it is a mean, not a sum.",
        ),
        Mutant(
            "total_as_it_was",
            _ERROR + _TOTAL_AS_IT_WAS + _FIRST,
            "slope_of_total: assign_add stores numbers and forgets where they came from.",
        ),
        Mutant(
            "total_watches_store",
            _ERROR + _TOTAL_WATCHES_STORE + _FIRST,
            "slope_of_total: that is the slope by the store, not by w.",
        ),
        Mutant(
            "total_root_by_numpy",
            _ERROR + _TOTAL_ROOT_BY_NUMPY + _FIRST,
            "slope_of_total: np.sqrt gives a plain number, off the tape. Use tf.sqrt.",
        ),
        Mutant(
            "total_last_only",
            _ERROR + _TOTAL_LAST_ONLY + _FIRST,
            "slope_of_total: each round has to add to what is there; you keep only the last.",
        ),
        Mutant(
            "first_as_it_was",
            _ERROR + _TOTAL + _FIRST_AS_IT_WAS,
            "slope_of_first: x[0] is a new tensor each time it is written. Ask for x.",
        ),
        Mutant(
            "first_whole",
            _ERROR + _TOTAL + _FIRST_WHOLE,
            "slope_of_first: that is the gradient by all elements; take the first of it.",
        ),
        Mutant(
            "first_the_other",
            _ERROR + _TOTAL + _FIRST_THE_OTHER,
            "slope_of_first: that is the slope by the second number.",
        ),
    ),
    alternatives=(_OTHER_WAYS,),
    meaning="tf operations all the way, and a source that is the thing itself.",
)
