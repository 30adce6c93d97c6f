"""Laws that hold for every program: modes agree with each other and with finite differences."""

import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from random_programs import OPERATIONS, Program, programs

import minitf as tf

FEW = settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ZERO = tf.UnconnectedGradients.ZERO
# Each operation once, so that none depends on being drawn.
EACH = [Program(((2, 3), (3,)), ((k, 0, 1), (8, -1, 0))) for k in range(len(OPERATIONS))]
NAMES = [operation.__name__ for operation in OPERATIONS]


def gradients(function, inputs):
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = function(*inputs)
    return dense(tape.gradient(y, inputs, unconnected_gradients=ZERO))


def dense(found):
    """The gradient of gather is a tf.IndexedSlices, as in TensorFlow."""
    return [tf.convert_to_tensor(g) for g in found]


def jvp(function, inputs, directions):
    with tf.autodiff.ForwardAccumulator(inputs, directions) as accumulator:
        y = function(*inputs)
    return accumulator.jvp(y, unconnected_gradients=ZERO)


def moved(inputs, directions, size):
    return [x + size * d for x, d in zip(inputs, directions, strict=True)]


def dot(a, b):
    return sum(float(tf.reduce_sum(x * y)) for x, y in zip(a, b, strict=True))


def assert_equal(a, b, tolerance=1e-9):
    for x, y in zip(a, b, strict=True):
        np.testing.assert_allclose(np.asarray(x), np.asarray(y), rtol=tolerance, atol=tolerance)


def check_traced(program):
    x = program.inputs()
    traced = tf.function(program.__call__)
    assert_equal([traced(*x)], [program(*x)])
    expected = gradients(program, x)
    assert_equal(gradients(traced, x), expected)
    inside = tf.function(lambda *inputs: gradients(program, list(inputs)))
    assert_equal(inside(*x), expected)


def check_unknown_sizes(program):
    x = program.inputs()
    specs = [tf.TensorSpec([None] * a.ndim, tf.float64) for a in x]
    traced = tf.function(program.last_value, input_signature=specs)
    found, expected = traced(*x), program.last_value(*x)
    assert traced.get_concrete_function().structured_outputs.shape.is_compatible_with(
        expected.shape
    )
    assert_equal([found], [expected])
    once = tf.function(program.__call__, input_signature=specs)
    assert_equal(gradients(once, x), gradients(program, x))
    inside = tf.function(lambda *inputs: gradients(program, list(inputs)), input_signature=specs)
    assert_equal(inside(*x), gradients(program, x))


def check_modes(program):
    x, d = program.inputs(), program.directions()
    reverse = dot(gradients(program, x), d)
    forward = float(jvp(program, x, d))
    h = 1e-6
    numeric = float(program(*moved(x, d, h)) - program(*moved(x, d, -h))) / (2 * h)
    np.testing.assert_allclose(forward, reverse, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(reverse, numeric, rtol=1e-5, atol=1e-6)


def check_second_order(program):
    x, d = program.inputs(), program.directions()

    def slope(*inputs):
        found = gradients(program, list(inputs))
        return sum(tf.reduce_sum(g * v) for g, v in zip(found, d, strict=True))

    back_over_back = gradients(slope, x)
    with tf.autodiff.ForwardAccumulator(x, d) as accumulator:
        found = gradients(program, x)
    forward_over_back = accumulator.jvp(found, unconnected_gradients=ZERO)
    h = 1e-5
    above, below = (gradients(program, moved(x, d, s)) for s in (h, -h))
    numeric = [(a - b) / (2 * h) for a, b in zip(above, below, strict=True)]
    assert_equal(forward_over_back, back_over_back)
    assert_equal(back_over_back, numeric, 2e-4)


@pytest.mark.parametrize("program", EACH, ids=NAMES)
@pytest.mark.parametrize(
    "check", [check_traced, check_unknown_sizes, check_modes, check_second_order]
)
def test_each_operation(check, program):
    check(program)


@given(programs())
@FEW
def test_traced_equals_eager(program):
    check_traced(program)


@given(programs())
@FEW
def test_a_trace_for_unknown_sizes_equals_eager(program):
    check_unknown_sizes(program)


@given(programs())
@FEW
def test_reverse_equals_forward_equals_finite_differences(program):
    check_modes(program)


@given(programs())
@FEW
def test_second_derivatives(program):
    check_second_order(program)


@given(programs())
@FEW
def test_a_persistent_tape_answers_twice_what_two_tapes_answer_once(program):
    x = program.inputs()
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = program(*x)
        z = y * y + tf.reduce_sum(x[0])
    once = [gradients(program, x), gradients(lambda *a: program(*a) ** 2 + tf.reduce_sum(a[0]), x)]
    for _ in range(2):
        for target, expected in zip((y, z), once, strict=True):
            assert_equal(dense(tape.gradient(target, x, unconnected_gradients=ZERO)), expected)
    with tf.GradientTape() as outer, tf.GradientTape() as inner:
        outer.watch(x)
        inner.watch(x)
        y = program(*x)
    assert_equal(dense(inner.gradient(y, x, unconnected_gradients=ZERO)), once[0])
    assert_equal(dense(outer.gradient(y, x, unconnected_gradients=ZERO)), once[0])


@given(programs())
@FEW
def test_gradients_are_linear_in_the_upstream(program):
    x = program.inputs()
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = program.last_value(*x)
    rng = np.random.default_rng(7)
    u, w = (tf.constant(rng.normal(size=y.shape)) for _ in range(2))

    def pulled_back(upstream):
        return dense(tape.gradient(y, x, output_gradients=upstream, unconnected_gradients=ZERO))

    both = pulled_back(2.0 * u - 3.0 * w)
    apart = zip(pulled_back(u), pulled_back(w), strict=True)
    assert_equal(both, [2.0 * a - 3.0 * b for a, b in apart])


@given(programs())
@FEW
def test_rows_of_the_jacobian_are_gradients_of_elements(program):
    x = program.inputs()
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = program.last_value(*x)
        elements = tf.unstack(tf.reshape(y, [-1]))
    found = tape.jacobian(y, x, unconnected_gradients=ZERO)
    for place, element in zip(np.ndindex(*y.shape), elements, strict=True):
        rows = [np.asarray(jacobian)[place] for jacobian in found]
        assert_equal(dense(tape.gradient(element, x, unconnected_gradients=ZERO)), rows)


@given(programs())
@settings(FEW, max_examples=10)
@example(Program(((2, 3), (3,)), ((23, 0, 1), (25, -1, 0), (24, -1, 1))))
def test_threads_with_tapes_of_their_own_agree_with_one_after_the_other(program):
    x = program.inputs()
    traced = tf.function(program.__call__)
    inputs = [moved(x, program.directions(), 0.1 * k) for k in range(4)]
    expected = [gradients(program, a) for a in inputs]
    found, ready = [None] * 8, threading.Barrier(8)

    def work(k):
        ready.wait()  # all at once: also the first trace
        found[k] = gradients(traced if k % 2 else program, inputs[k // 2])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, answer in enumerate(found):
        assert_equal(answer, expected[k // 2])
