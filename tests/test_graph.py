"""The graph as data: printing, pruning, pickling, replaying elsewhere."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

import minitf as tf
from minitf.graph import Graph, replay, tracing
from minitf.later import call_later
from minitf.passes.prune import prune


def test_a_graph_prints_and_replays():
    graph = Graph("square")
    x = graph.placeholder([], tf.float32, "x")
    with tracing(graph):
        y = x * x + 1.0
    assert [node.type for node in graph.get_operations()] == ["Mul", "AddV2"]
    assert replay(graph, {x.id: tf.constant(3.0)}, [y])[0].numpy() == 10.0
    assert "Mul: float32[] = Mul(x, x)" in repr(graph)


def test_pruning_keeps_what_outputs_and_effects_need():
    v = tf.Variable(0.0)

    @tf.function
    def f(x):
        tf.exp(x)  # nobody needs it
        v.assign(x + 1.0)
        return x * 2.0

    graph = f.get_concrete_function(tf.constant(1.0)).graph
    kept = [node.type for node in prune(graph).nodes]
    assert kept == ["AddV2", "AssignVariableOp", "Mul"]
    assert len(graph.nodes) == 4


def test_a_failing_operation_that_nobody_needs_does_not_run():
    @tf.function
    def f(x):
        tf.gather(x, [5])
        return x * 2.0

    np.testing.assert_array_equal(f(tf.constant([1.0, 2.0])), [2.0, 4.0])


def test_a_failing_operation_that_is_needed_fails_at_the_call():
    f = tf.function(lambda x: tf.gather(x, [5]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="5"):
        f(tf.constant([1.0, 2.0]))


def test_wrong_shapes_fail_while_tracing():
    f = tf.function(lambda a, b: a + b)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Incompatible shapes"):
        f.get_concrete_function(tf.TensorSpec([2]), tf.TensorSpec([3]))


def test_random_numbers_are_not_used_up_by_tracing():
    def draw():
        return tf.random.uniform([3])

    traced = tf.function(draw)
    traced.get_concrete_function()
    tf.random.set_seed(5)
    expected = [draw().numpy() for _ in range(2)]
    tf.random.set_seed(5)
    fresh = tf.function(draw)
    np.testing.assert_array_equal([fresh().numpy() for _ in range(2)], expected)


@tf.custom_gradient
def _odd_square(x):
    return x * x, lambda upstream: upstream * 9.0 * x


def _program(v):
    @tf.function
    def f(x, n):
        y = x
        for i in tf.range(n):
            if i % 2 == 0:
                y = _odd_square(y) * v
            else:
                y = y[::-1] + tf.reshape(x, tf.shape(y))
        with tf.GradientTape() as tape:
            tape.watch(y)
            z = tf.reduce_sum(tf.where(y > 1.0, y * y, 0.5))
        return {"y": y, "g": tape.gradient(z, y)}

    return f


_CHILD = """
import pickle, sys
import minitf as tf
concrete = pickle.load(open(sys.argv[1], "rb"))
x = tf.constant([0.5, 1.25])
with tf.GradientTape() as tape:
    tape.watch(x)
    out = concrete(x, tf.constant(3))
    total = tf.reduce_sum(out["y"]) + tf.reduce_sum(out["g"])
print([float(t) for part in (out["y"], out["g"], tape.gradient(total, x)) for t in part])
"""


def test_a_pickled_trace_runs_in_another_process_without_the_code(tmp_path):
    concrete = _program(tf.Variable(1.5)).get_concrete_function(
        tf.TensorSpec([2], tf.float32), tf.TensorSpec([], tf.int32)
    )
    path = tmp_path / "trace.pickle"
    path.write_bytes(pickle.dumps(concrete))
    printed = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=True
    ).stdout
    x = tf.constant([0.5, 1.25])
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = concrete(x, tf.constant(3))
        total = tf.reduce_sum(out["y"]) + tf.reduce_sum(out["g"])
    here = [float(t) for part in (out["y"], out["g"], tape.gradient(total, x)) for t in part]
    np.testing.assert_allclose(eval(printed), here, rtol=1e-6)


def test_a_leaked_tensor_says_that_it_is_out_of_scope():
    leaked = []

    @tf.function
    def f(x):
        leaked.append(x * 2.0)
        return x

    f(tf.constant(1.0))
    with pytest.raises(TypeError, match="out of scope"):
        leaked[0] + 1.0
    with pytest.raises(TypeError, match="out of scope"):
        tf.function(lambda x: x + leaked[0])(tf.constant(1.0))


def test_calls_that_wait_print_their_function():
    f = tf.function(lambda n: tf.zeros([n]))
    graph = f.get_concrete_function(tf.TensorSpec([], tf.int32)).graph
    assert "zeros: float32[None] = zeros(n)" in repr(graph)
    assert call_later.__doc__


@pytest.mark.parametrize("sizes", [(2, 3), (5, 3), (1, 3)])
def test_sizes_known_only_at_the_call(sizes):
    def f(x):
        n = tf.shape(x)[0]
        return (
            tf.zeros([n, 2]),
            tf.ones(tf.shape(x)),
            tf.fill([n], 2.0),
            tf.reshape(x, [n * 3]),
            tf.reshape(x, [-1]),
            x[n - 1],
            x[: n - 1],
            tf.range(n),
            tf.one_hot(tf.range(n), n),
            tf.zeros_like(x),
            tf.size(x),
            tf.expand_dims(x, 1),
            tf.reduce_mean(x, axis=0),
            tf.where(x > 0.0),
            tf.boolean_mask(x, x[:, 0] > 0.0),
        )

    traced = tf.function(f, input_signature=[tf.TensorSpec([None, 3])])
    x = tf.constant(np.random.default_rng(0).normal(size=sizes).astype("f4"))
    for have, want in zip(traced(x), f(x), strict=True):
        np.testing.assert_array_equal(have, want)
        assert have.dtype is want.dtype


def test_gradients_with_an_unknown_batch_size():
    w, b = tf.Variable([[1.0], [2.0]]), tf.Variable([0.5])

    def slopes(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b))
        return tape.gradient(loss, [x, w, b])

    traced = tf.function(slopes, input_signature=[tf.TensorSpec([None, 2])])
    for rows in (1, 4):
        x = tf.constant(np.arange(2.0 * rows, dtype="f4").reshape(rows, 2))
        for have, want in zip(traced(x), slopes(x), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-6)
    assert traced.experimental_get_tracing_count() == 1


def test_unconnected_sources_stay_none_with_unknown_sizes():
    @tf.function(input_signature=[tf.TensorSpec([None])])
    def f(x):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = tf.constant(2.0) * 3.0
            z = x * x
        assert tape.gradient(y, x) is None
        return tape.gradient(z, x)

    np.testing.assert_array_equal(f(tf.constant([1.0, 2.0])), [2.0, 4.0])


@pytest.mark.parametrize("rows", [1, 3])
def test_a_picture_network_traced_for_any_batch_size(rows):
    rng = np.random.default_rng(0)
    kernel = tf.Variable(rng.normal(size=(3, 3, 1, 2)).astype("f4"))

    def slopes(x):
        with tf.GradientTape() as tape:
            y = tf.nn.relu(tf.nn.conv2d(x, kernel, strides=1, padding="SAME"))
            y = tf.nn.max_pool2d(y, 2, 2, "VALID") + tf.nn.avg_pool2d(y, 2, 2, "VALID")
            assert y.shape[1:] == (3, 3, 2)
            loss = tf.reduce_mean(tf.square(tf.reshape(y, [-1, 18])))
        return loss, tape.gradient(loss, kernel)

    traced = tf.function(slopes, input_signature=[tf.TensorSpec([None, 6, 6, 1])])
    x = tf.constant(rng.normal(size=(rows, 6, 6, 1)).astype("f4"))
    for have, want in zip(traced(x), slopes(x), strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-5)


def test_a_gradient_that_waits_uses_the_random_numbers_of_the_forward_pass():
    scale = tf.Variable(1.0)
    dropout = tf.keras.layers.Dropout(0.5)

    @tf.function(input_signature=[tf.TensorSpec([None])])
    def f(x):
        with tf.GradientTape() as tape:
            noise = tf.random.normal(tf.shape(x), stddev=scale)
            y = tf.reduce_sum(noise * dropout(x, training=True) * tf.nn.dropout(x, 0.5))
        return y, tape.gradient(y, scale)

    y, slope = f(tf.ones([200]))
    np.testing.assert_allclose(y, slope, rtol=1e-5)  # y is proportional to scale, which is 1


def test_random_integers_with_bounds_known_at_the_call():
    f = tf.function(lambda n: tf.random.uniform([50], 0, n, tf.int32))
    drawn = f(tf.constant(3)).numpy()
    assert set(drawn) == {0, 1, 2}
