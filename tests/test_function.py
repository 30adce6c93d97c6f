"""tf.function: tracing, its cache, replaying, and gradients through and inside."""

import numpy as np
import pytest

import minitf as tf
from minitf.graph import Graph, replay, tracing


def test_python_runs_once_per_signature():
    log = []

    @tf.function
    def double(x):
        log.append(x.shape)
        return x + x

    assert double(tf.constant(1.0)).numpy() == 2.0
    assert double(tf.constant(4.0)).numpy() == 8.0
    np.testing.assert_array_equal(double(tf.constant([1.0, 2.0])), [2.0, 4.0])
    assert log == [(), (2,)]


def test_python_arguments_are_part_of_the_signature():
    @tf.function
    def scale(x, by):
        return x * by

    x = tf.constant(3.0)
    assert [scale(x, 2.0).numpy(), scale(x, by=2.0).numpy(), scale(x, 5.0).numpy()] == [6, 6, 15]
    assert scale.experimental_get_tracing_count() == 2


def test_a_tape_around_the_call_differentiates_the_graph():
    w = tf.Variable(3.0)

    @tf.function
    def loss(x):
        return tf.square(w * x)

    x = tf.constant(2.0)
    for _ in range(2):  # the tracing call and a replayed one
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = loss(x)
        assert [g.numpy() for g in tape.gradient(y, [w, x])] == [24.0, 36.0]


def test_a_tape_inside_is_traced_into_the_graph():
    @tf.function
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x * x
        return tape.gradient(y, x)

    assert slope(tf.constant(2.0)).numpy() == 12.0
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = slope(x)
    assert tape.gradient(y, x).numpy() == 18.0
    assert slope.experimental_get_tracing_count() == 1


def test_custom_gradients_survive_tracing_to_second_order():
    @tf.custom_gradient
    def odd_square(x):
        return x * x, lambda upstream: upstream * 9.0 * x

    @tf.function
    def f(x):
        return odd_square(x) + x

    x = tf.Variable(2.0)
    for _ in range(2):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                y = f(x)
            first = inner.gradient(y, x)
        assert (y.numpy(), first.numpy(), outer.gradient(first, x).numpy()) == (6.0, 19.0, 9.0)


def test_reads_and_assignments_keep_their_order():
    v = tf.Variable(1.0)

    @tf.function
    def f():
        a = v * 1.0
        v.assign(a * 3.0)
        b = v * 1.0
        v.assign_sub(1.0)
        return a, b, v * 1.0

    assert [x.numpy() for x in f()] == [1.0, 3.0, 2.0]
    assert [x.numpy() for x in f()] == [2.0, 6.0, 5.0]
    assert v.numpy() == 5.0


def test_variables_of_one_shape_share_a_trace():
    @tf.function
    def double(v):
        return v * 2.0

    a, b = tf.Variable(1.0), tf.Variable(5.0)
    assert [double(a).numpy(), double(b).numpy(), double(a).numpy()] == [2.0, 10.0, 2.0]
    assert double.experimental_get_tracing_count() == 1


def test_results_keep_their_structure():
    @tf.function
    def f(x):
        return {"square": x * x, "pair": (x, [x + 1.0, None])}

    out = f(tf.constant(3.0))
    assert out["square"].numpy() == 9.0
    assert type(out["pair"]) is tuple and out["pair"][1][1] is None


def test_methods_trace_per_instance():
    class Scale:
        def __init__(self, k):
            self.k = k

        @tf.function
        def run(self, x):
            return x * self.k

    two, three = Scale(2.0), Scale(3.0)
    x = tf.constant(5.0)
    assert [two.run(x).numpy(), three.run(x).numpy(), two.run(x).numpy()] == [10.0, 15.0, 10.0]


def test_functions_call_functions():
    @tf.function
    def inner(x):
        return x * x

    @tf.function
    def outer(x):
        return inner(x) + 1.0

    assert outer(tf.constant(3.0)).numpy() == 10.0


def test_an_unknown_size_serves_all_sizes():
    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
    def f(x):
        assert x.shape == [None]
        return x * 2.0

    np.testing.assert_array_equal(f(tf.constant([1.0, 2.0])), [2.0, 4.0])
    np.testing.assert_array_equal(f([1.0, 2.0, 3.0]), [2.0, 4.0, 6.0])
    assert f.experimental_get_tracing_count() == 1
    with pytest.raises(TypeError, match="input_signature"):
        f(tf.constant([[1.0]]))


def test_concrete_functions_refuse_other_dtypes():
    concrete = tf.function(lambda a: a + a).get_concrete_function(tf.TensorSpec([], tf.float32))
    assert concrete(tf.constant(1.0)).numpy() == 2.0
    with pytest.raises(tf.errors.InvalidArgumentError, match="traced for"):
        concrete(tf.constant(1))


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (lambda x: x if x > 0.0 else -x, tf.errors.OperatorNotAllowedInGraphError, "tf.cond"),
        (lambda x: x.numpy(), AttributeError, "tf.print"),
        (lambda x: np.square(x), NotImplementedError, "NumPy"),
        (lambda x: float(x), TypeError, "no value"),
        (lambda x: [a for a in x], tf.errors.OperatorNotAllowedInGraphError, "Iterating"),
    ],
)
def test_symbolic_tensors_say_what_they_cannot_do(body, error, says):
    with pytest.raises(error, match=says):
        tf.function(body, autograph=False)(tf.constant(1.0))


def test_an_error_while_tracing_leaves_eager_mode():
    @tf.function
    def broken(x):
        raise KeyError("stop")

    with pytest.raises(KeyError):
        broken(tf.constant(1.0))
    assert (tf.constant(1.0) + 1.0).numpy() == 2.0


def test_a_graph_prints_and_replays():
    graph = Graph("square")
    x = graph.placeholder([], tf.float32)
    with tracing(graph):
        y = x * x + 1.0
    assert [node.op.name for node in graph.nodes] == ["Mul", "AddV2"]
    assert replay(graph, {x.id: tf.constant(3.0)}, [y])[0].numpy() == 10.0
    assert "Mul(" in repr(graph)
