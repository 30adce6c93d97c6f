"""explain: every cause has a program, and is named before and after gradient()."""

import warnings

import numpy as np
import pytest

import minitf as tf
from minitf import explain as explain_module


@tf.custom_gradient
def forgetful(x):
    return x * 2.0, lambda upstream: None


def not_watched():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    return tape, y, x


def not_trainable():
    v = tf.Variable(3.0, trainable=False)
    with tf.GradientTape() as tape:
        y = v * v
    return tape, y, v


def not_accessed():
    v, x = tf.Variable(3.0), tf.constant(2.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = v * x
    return tape, y, v


def replaced():
    w = tf.Variable(3.0)
    w = w - 0.1
    with tf.GradientTape() as tape:
        y = w * w
    return tape, y, w


def not_used():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x[0] * 2.0
    return tape, y, x[0]


def not_used_variable():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        pass
    return tape, v * v, v


def watched_late():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
        tape.watch(x)
    return tape, y, x


def watched_late_beside_a_variable():
    x, v = tf.constant(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * v  # recorded, because of v
        tape.watch(x)
    return tape, y, x


def integer_source():
    x = tf.constant(3)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return tape, y, x


def cast_to_integer():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.cast(tf.cast(v * 2.0, tf.int32), tf.float32) * 2.0
    return tape, y, v


def comparison():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.where(v > 2.0, tf.constant(1.0), tf.constant(0.0))
    return tape, y, v


def argmax():
    v = tf.Variable([3.0, 4.0])
    with tf.GradientTape() as tape:
        y = tf.cast(tf.argmax(v), tf.float32) * 2.0
    return tape, y, v


def stop_gradient():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.stop_gradient(v) * 2.0
    return tape, y, v


def rounded():
    v, w = tf.Variable(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = (tf.round(v * 2.0) + 1.0) * 3.0 * w  # far behind the cut, and joined by another path
    return tape, y, v


def assigned():
    v, memory = tf.Variable(3.0), tf.Variable(0.0, name="memory")
    with tf.GradientTape() as tape:
        memory.assign(v * 2.0)
        y = memory * 2.0
    return tape, y, v


def assigned_itself():
    v, memory = tf.Variable(3.0), tf.Variable(0.0, name="memory")
    with tf.GradientTape() as tape:
        memory.assign(v)
        y = memory * 2.0
    return tape, y, v


def made_into_a_variable():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.Variable(v * 2.0, name="memory") * 2.0
    return tape, y, v


def by_numpy():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.constant(np.square(v * 1.0)) * 2.0
    return tape, y, v


def by_float():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.constant(float(v)) * 2.0
    return tape, y, v


def outside():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * v
    return tape, y * v, v


def not_recording():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * v
        with tape.stop_recording():
            z = y * 2.0
    return tape, z, v


def constant_target():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        v * 2.0
        y = tf.constant(5.0)
    return tape, y, v


def no_path():
    v, w = tf.Variable(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        v * 2.0
        y = w * 2.0
    return tape, y, v


def second_derivative_of_a_linear_function():
    v = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = 2.0 * v
        dy = inner.gradient(y, v)
    return outer, dy, v


def rule_answered_none():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = forgetful(v) * 2.0
    return tape, y, v


CASES = [
    (not_watched, "not_watched", "tape.watch(x)"),
    (not_trainable, "not_trainable", "trainable=False"),
    (not_accessed, "not_accessed", "watch_accessed_variables=False"),
    (replaced, "replaced", "result of Sub"),
    (not_used, "not_used", "x[0]"),
    (not_used_variable, "not_used_variable", "not read inside"),
    (watched_late, "watched_late", "first line of the block"),
    (watched_late_beside_a_variable, "watched_late", "first line of the block"),
    (integer_source, "integer_source", "int32"),
    (cast_to_integer, "integer", "Cast turned the path into int32"),
    (comparison, "integer", "Greater turned the path into bool"),
    (argmax, "integer", "ArgMax turned the path into int64"),
    (stop_gradient, "stop_gradient", "tf.stop_gradient"),
    (rounded, "not_differentiable", "Round"),
    (assigned, "assign", "variable memory"),
    (assigned_itself, "assign", "variable memory"),
    (made_into_a_variable, "assign", "variable memory"),
    (by_numpy, "numpy", "tf.square instead of np.square"),
    (by_float, "numpy", "float(...)"),
    (outside, "outside", "outside the tape's `with` block"),
    (not_recording, "outside", "not recording"),
    (constant_target, "constant_target", "the target is a constant"),
    (no_path, "no_path", "unconnected_gradients='zero'"),
    (second_derivative_of_a_linear_function, "no_path", "does not depend on it"),
    (rule_answered_none, "rule_answered_none", "tf.custom_gradient"),
]


@pytest.fixture(autouse=True)
def integers_may_warn():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The dtype of the")
        yield


@pytest.mark.parametrize(("program", "cause", "words"), CASES, ids=[c[0].__name__ for c in CASES])
def test_the_cause_is_named(program, cause, words):
    tape, target, source = program()
    before = tape.explain(target, source)
    assert before.cause == cause and words in before.message
    assert before.message.startswith("None, ") and str(before) == repr(before) == before.message
    assert tape.gradient(target, source) is None  # so there is something to explain
    assert tape.explain(target, source) == before


def test_every_cause_has_a_program():
    named = {cause for _, cause, _ in CASES} | {"connected", "forgotten"}
    assert named == set(explain_module._MESSAGES)


def test_a_gradient_that_exists():
    x = tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x * x + tf.stop_gradient(x)
    assert tape.explain(y, x).cause == "connected"
    assert tape.explain(x, x).cause == "connected"
    tape.gradient(y, x)
    assert tape.explain(y, x).cause == "connected"


def test_a_used_tape_that_found_everything_has_forgotten():
    x, w = tf.Variable(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    found = tape.explain(y, w)
    assert found.cause == "forgotten" and "persistent=True" in found.message


def test_explaining_adds_nothing_to_any_tape():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as tape:
            y = forgetful(x)
        before = len(outer._records), len(tape._records)
        tape.explain(y, x)
        assert (len(outer._records), len(tape._records)) == before
    assert outer._watched >= {y.id}


def test_the_severed_value_is_named():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        a = v * 2.0
        y = tf.stop_gradient(a) * 2.0
    assert tape.explain(y, v).severed == a.id


def test_the_cut_that_matters_is_named():
    """Another source's cut is no reason for this one."""
    v, w = tf.Variable(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.stop_gradient(v) * tf.round(w)
    assert tape.explain(y, v).cause == "stop_gradient"
    assert tape.explain(y, w).cause == "not_differentiable"


def test_every_input_of_an_op_that_cuts():
    v, w = tf.Variable(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.cast(v > w, tf.float32) * 2.0
    assert tape.explain(y, v).cause == tape.explain(y, w).cause == "integer"


def test_a_cut_value_that_is_stored_in_a_variable():
    v, memory = tf.Variable(3.0), tf.Variable(0.0)
    with tf.GradientTape() as tape:
        memory.assign(tf.stop_gradient(v))
        y = memory * 2.0
    assert tape.explain(y, v).cause == "stop_gradient"


def test_reset_forgets_the_causes():
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.stop_gradient(v)
        tape.reset()
    assert tape.explain(y, v).cause == "not_used_variable"


@pytest.mark.parametrize("bad", [3.0, None, np.float32(1.0), "y"])
def test_only_tensors_and_variables(bad):
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * v
    for arguments in [(bad, v), (y, bad)]:
        with pytest.raises(TypeError, match="explain needs tensors or variables"):
            tape.explain(*arguments)


def test_a_long_tape():
    x = y = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        for _ in range(20_000):
            y = y + 1.0
        y = tf.round(y)
    assert tape.explain(y, x).cause == "not_differentiable"
