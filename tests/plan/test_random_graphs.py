"""Random programs: eager, planned, replayed, and with each pass switched off compute the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf

OPTIONS = tf.config.optimizer
SWITCHES = (
    "prune", "constant_folding", "arithmetic_optimization", "common_subgraph_elimination",
    "remapping", "plan", "disable_meta_optimizer",
)  # fmt: skip


@pytest.fixture(autouse=True)
def passes_as_they_were():
    yield
    switch(None)


def switch(off):
    settings_now = dict.fromkeys(SWITCHES, True) | {"disable_meta_optimizer": False}
    if off is not None:
        settings_now[off] = off == "disable_meta_optimizer"
    OPTIONS.set_experimental_options(settings_now)


ONE = [
    lambda x: x * 1.0,
    lambda x: -x,
    tf.tanh,
    tf.nn.relu,
    tf.identity,
    lambda x: tf.reshape(tf.reshape(x, [-1]), x.shape),
    lambda x: tf.transpose(x),
    lambda x: x[::-1],
    lambda x: x - tf.reduce_mean(x, axis=0),
    lambda x: x * tf.reduce_sum(x),
    tf.nn.softmax,
    tf.stop_gradient,
    lambda x: tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * 0.5, lambda: x + 1.0),
]
TWO = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x @ y,
    tf.maximum,
    lambda x, y: tf.nn.relu(x @ y + y[0]),
    lambda x, y: tf.where(x > y, x, y * 0.5),
    lambda x, y: tf.concat([x[:2], y[2:]], 0),
]


@st.composite
def programs(draw):
    """A list of steps: (function, numbers of the values it takes), and the values returned."""
    steps = []
    for count in range(2, draw(st.integers(3, 12))):
        value = st.integers(0, count - 1)
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from(ONE)), (draw(value),)))
        else:
            steps.append((draw(st.sampled_from(TWO)), (draw(value), draw(value))))
    last = 1 + len(steps)
    results = draw(st.lists(st.integers(0, last), min_size=1, max_size=3))
    assigned = draw(st.integers(0, last))
    return steps, [*results, last], assigned


def run(program, variable, x, y):
    """Values, the gradients of one, and a variable that is read, assigned and read again."""
    steps, results, assigned = program
    values = [x, y]
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        for function, inputs in steps:
            values.append(tf.tanh(function(*[values[i] for i in inputs])))
        target = tf.reduce_sum(values[-1] * variable)
    gradients = tape.gradient(target, [x, y, variable], unconnected_gradients="zero")
    before = variable * 1.0
    variable.assign(values[assigned] + 0.5)
    return [*[values[i] for i in results], *gradients, before, variable.read_value()]


@settings(max_examples=60, deadline=None)
@given(programs(), st.sampled_from([None, *SWITCHES]), st.booleans())
def test_planned_equals_eager(program, off, unknown):
    random = np.random.default_rng(0)
    inputs = [tf.constant(random.standard_normal((3, 3))) for _ in range(4)]
    start = random.standard_normal((3, 3))
    for_eager, for_traced = tf.Variable(start), tf.Variable(start)
    spec = tf.TensorSpec([None, 3] if unknown else [3, 3], tf.float64)

    @tf.function(input_signature=[spec, spec])
    def traced(x, y):
        return run(program, for_traced, x, y)

    switch(off)
    try:
        given_out = []
        for x, y in (inputs[:2], inputs[2:]):
            expected = run(program, for_eager, x, y)
            try:
                found = traced(x, y)
            except (ValueError, TypeError, tf.errors.InvalidArgumentError):
                if unknown:  # x.shape is not known while the function is traced
                    return
                raise
            given_out.append((found, [value.numpy() for value in found]))
            for have, want in zip(found, expected, strict=True):
                np.testing.assert_allclose(have, want, rtol=1e-9, atol=1e-12)
        for found, copies in given_out:
            for value, copy in zip(found, copies, strict=True):
                np.testing.assert_array_equal(value, copy)
    finally:
        switch(None)
