"""Depth, many paths and memory, in every mode: nothing recurses, repeats or is kept."""

import gc
import weakref

import numpy as np
import pytest

import minitf as tf

DEPTH = 100_000
DOUBLINGS = 40


def doubled(x):
    for _ in range(DOUBLINGS):  # 2^40 paths lead from x to the result
        x = x + x
    return x


def one():
    return tf.constant(1.0, tf.float64)


def test_forward_mode_along_a_chain_of_100_000():
    x = y = tf.constant(1.0)
    with tf.autodiff.ForwardAccumulator(x, tf.constant(2.0)) as accumulator:
        for _ in range(DEPTH):
            y = y + 1.0
    assert accumulator.jvp(y).numpy() == 2.0


def test_a_persistent_tape_of_100_000_answers_twice_and_can_be_reset():
    x = y = tf.constant(1.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        for _ in range(DEPTH):
            y = y + 1.0
        early = weakref.ref(y)
        y = y * 3.0
        assert [tape.gradient(y, x).numpy() for _ in range(2)] == [3.0, 3.0]
        tape.reset()
        assert early() is None
        tape.watch(x)
        z = x * 5.0
    assert tape.gradient(z, x).numpy() == 5.0


def test_a_loop_of_100_000_iterations_in_a_function():
    @tf.function
    def f(x):
        for _ in tf.range(DEPTH):
            x = x + 1.0
        return x

    x = one()
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    assert y.numpy() == DEPTH + 1 and tape.gradient(y, x).numpy() == 1.0


def test_a_graph_of_many_nodes():
    @tf.function
    def f(x):
        for _ in range(DEPTH // 10):  # tracing costs more than recording
            x = x + 1.0
        return x

    x = one()
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    assert y.numpy() == DEPTH // 10 + 1 and tape.gradient(y, x).numpy() == 1.0


@pytest.mark.parametrize("function", [doubled, tf.function(doubled)], ids=["eager", "traced"])
def test_2_to_the_40_paths_in_every_mode(function):
    x = one()
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = function(x)
    assert [tape.gradient(y, x).numpy() for _ in range(2)] == [2.0**40] * 2
    with tf.autodiff.ForwardAccumulator(x, one()) as accumulator:
        y = function(x)
    assert accumulator.jvp(y).numpy() == 2.0**40


@pytest.mark.parametrize("function", [doubled, tf.function(doubled)], ids=["eager", "traced"])
def test_2_to_the_40_paths_twice_over(function):
    x = one()
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = function(x * x)
        first = inner.gradient(y, x)
    assert first.numpy() == 2.0**41
    assert outer.gradient(first, x).numpy() == 2.0**41


def test_2_to_the_40_paths_inside_a_traced_gradient():
    @tf.function
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = doubled(x)
        return tape.gradient(y, x)

    assert slope(one()).numpy() == 2.0**40


def record_and_forget(mode):
    """References to what was saved on the way, after the last name of the tape is gone."""
    x = tf.Variable(np.ones(10))

    def plain():
        with tf.GradientTape() as tape:
            y = x * x
            saved = weakref.ref(y)
            tf.reduce_sum(y)
        return [saved, weakref.ref(tape)]

    def persistent():
        with tf.GradientTape(persistent=True) as tape:
            y = x * x
            saved = weakref.ref(y)
            z = tf.reduce_sum(y)
        tape.gradient(z, x)
        tape.gradient(z, x)
        return [saved, weakref.ref(tape)]

    def nested():
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                y = x * x * x
                saved = weakref.ref(y)
            slope = inner.gradient(y, x)
        outer.gradient(slope, x)
        return [saved, weakref.ref(slope), weakref.ref(inner), weakref.ref(outer)]

    def forward():
        with tf.autodiff.ForwardAccumulator(x, tf.ones(10, tf.float64)) as accumulator:
            y = x * x
            saved = weakref.ref(y)
        accumulator.jvp(y)
        return [saved, weakref.ref(accumulator)]

    def failed():
        with pytest.raises(ValueError), tf.GradientTape() as tape:
            y = x * x
            saved = weakref.ref(y)
            y + tf.ones(3, tf.float64)
        return [saved, weakref.ref(tape)]

    return locals()[mode]()


@pytest.mark.parametrize("mode", ["plain", "persistent", "nested", "forward"])
def test_memory_is_released_without_del_and_without_the_garbage_collector(mode):
    gc.disable()
    try:
        references = record_and_forget(mode)
        assert len(references) >= 2 and not any(ref() for ref in references)
    finally:
        gc.enable()


def test_an_error_inside_the_block_keeps_nothing():
    references = record_and_forget("failed")
    gc.collect()  # until then the error and the frames of its traceback hold each other
    assert [ref() for ref in references] == [None, None]
