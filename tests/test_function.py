"""tf.function: tracing, its cache, replaying, and gradients through and inside."""

import gc
import sys
import warnings
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def _log_of_traces(calls, **options):
    log = []

    @tf.function(**options)
    def f(x, *more, **named):
        log.append(x)
        return tf.constant(0.0)

    for args in calls:
        f(*args)
    return len(log)


@pytest.mark.parametrize(
    ("calls", "traces"),
    [
        ([(1.0,), (1,), (True,)], 1),  # equal keys of a dict
        ([(1,), (2,), (1,)], 2),
        ([("a",), ("b",), (None,), ("a",)], 3),
        ([({"a": 1, "b": 2},), ({"b": 2, "a": 1},)], 1),
        ([([1, 2],), ((1, 2),)], 2),
        ([(np.ones(2),), (np.zeros(2),), (np.float32(1),), (np.float32(2),)], 2),
        ([(tf.constant(1),), (tf.constant(2),), (tf.constant(1.0),), (tf.constant([1]),)], 3),
        ([(tf.constant(1), 2), (tf.constant(1), 2, 3)], 2),
        ([(tf.Variable(1.0),), (tf.Variable(2.0),), (tf.constant(1.0),)], 2),
    ],
)
def test_which_calls_share_a_trace(calls, traces):
    assert _log_of_traces(calls) == traces


def test_reduce_retracing_generalises_the_second_shape():
    shapes = []

    @tf.function(reduce_retracing=True)
    def f(x):
        shapes.append(x.shape.as_list())
        return tf.reduce_sum(x)

    assert [float(f(tf.ones([n]))) for n in (1, 2, 3, 4, 1)] == [1.0, 2.0, 3.0, 4.0, 1.0]
    assert shapes == [[1], [None]]


def test_a_general_trace_serves_special_calls():
    f = tf.function(lambda x: x * 2.0)
    f.get_concrete_function(tf.TensorSpec([None], tf.float32))
    np.testing.assert_array_equal(f(tf.constant([1.0, 2.0, 3.0])), [2.0, 4.0, 6.0])
    assert f.experimental_get_tracing_count() == 1


def test_objects_are_keys_by_identity_and_are_not_kept_alive():
    class Thing:
        pass

    f = tf.function(lambda thing: tf.constant(1.0))
    thing = Thing()
    f(thing)
    f(thing)
    reference = weakref.ref(thing)
    del thing
    gc.collect()
    assert reference() is None
    f(Thing())
    assert f.experimental_get_tracing_count() == 2


def test_methods_do_not_keep_their_object_alive():
    class Scale:
        @tf.function
        def run(self, x):
            return x * 2.0

    scale = Scale()
    scale.run(tf.constant(1.0))
    assert scale.run.experimental_get_tracing_count() == 1
    assert scale.run.get_concrete_function(tf.constant(1.0))(tf.constant(4.0)).numpy() == 8.0
    reference = weakref.ref(scale)
    del scale
    gc.collect()
    assert reference() is None


def test_variables_are_created_in_the_first_call_only():
    log = []

    class Count(tf.Module):
        def __init__(self):
            super().__init__()
            self.count = None

        @tf.function
        def __call__(self):
            log.append(1)
            if self.count is None:
                self.count = tf.Variable(tf.random.uniform([]) * 0.0)
            return self.count.assign_add(1.0)

    count = Count()
    assert [float(count()) for _ in range(3)] == [1.0, 2.0, 3.0]
    assert log == [1, 1]  # traced once more without the creation, as in TensorFlow


def test_a_variable_at_every_call_is_refused():
    @tf.function
    def f(x):
        return tf.Variable(1.0) * x

    with pytest.raises(ValueError, match="singleton tf.Variables created on the first call"):
        f(tf.constant(1.0))

    @tf.function
    def from_argument(x):
        if "v" not in kept:
            kept["v"] = tf.Variable(x)
        return kept["v"] * x

    kept = {}
    with pytest.raises(ValueError, match="depends on an argument"):
        from_argument(tf.constant(1.0))


def test_py_function_runs_at_each_call_and_passes_gradients():
    log = []

    def side(x):
        log.append(float(x))
        return x * x

    @tf.function
    def f(x):
        return tf.py_function(side, [x], tf.float32) + tf.numpy_function(np.sin, [x], tf.float32)

    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    np.testing.assert_allclose(y, 9.0 + np.sin(3.0), rtol=1e-6)
    assert tape.gradient(y, x).numpy() == 6.0
    f(tf.constant(4.0))
    assert log == [3.0, 4.0]
    wrong = tf.function(lambda x: tf.py_function(lambda y: tf.cast(y, tf.int32), [x], tf.float32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Tout"):
        wrong(x)


def test_print_writes_at_each_call(capsys):
    @tf.function
    def f(x):
        print("traced")
        tf.print("x:", x, [x, 1], {"a": x}, output_stream=sys.stdout)
        return x

    f(tf.constant([1.0, 0.1]))
    f(tf.constant([2.0, 1 / 3]))
    tf.print(tf.range(10), tf.constant(True), "s", tf.constant("t"), 1.5)
    out = capsys.readouterr()
    assert out.out.splitlines() == [
        "traced",
        "x: [1 0.1] [[1 0.1], 1] {'a': [1 0.1]}",
        "x: [2 0.333333343] [[2 0.333333343], 1] {'a': [2 0.333333343]}",
    ]
    assert out.err == '[0 1 2 ... 7 8 9] 1 s "t" 1.5\n'


def test_run_functions_eagerly():
    log = []

    @tf.function
    def f(x):
        log.append(float(x))
        return x

    tf.config.run_functions_eagerly(True)
    try:
        assert tf.config.functions_run_eagerly()
        f(tf.constant(1.0))
        f(tf.constant(2.0))
    finally:
        tf.config.run_functions_eagerly(False)
    assert log == [1.0, 2.0]


def test_random_numbers_are_drawn_at_each_call():
    @tf.function
    def f():
        return (
            tf.random.normal([4]),
            tf.nn.dropout(tf.ones([32]), 0.5),
            tf.constant(np.random.rand()),
        )

    (a, drop_a, p), (b, drop_b, q) = f(), f()
    assert not np.array_equal(a, b) and not np.array_equal(drop_a, drop_b)
    assert p.numpy() == q.numpy()  # Python's own is frozen at the trace


def test_a_training_step_with_keras():
    tf.random.set_seed(1)
    model = tf.keras.Sequential(
        [tf.keras.layers.Dense(8, activation="relu"), tf.keras.layers.Dense(3)]
    )
    optimizer = tf.keras.optimizers.Adam(0.05)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    mean, accuracy = tf.keras.metrics.Mean(), tf.keras.metrics.SparseCategoricalAccuracy()

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = loss_of(y, logits)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        accuracy.update_state(y, logits)
        return mean(loss), loss

    x, y = tf.random.normal([16, 4]), tf.constant(np.arange(16) % 3)
    losses = [float(step(x, y)[1]) for _ in range(30)]
    assert losses[-1] < 0.5 * losses[0]
    assert int(optimizer.iterations) == 30
    np.testing.assert_allclose(float(mean.result()), np.mean(losses), rtol=1e-5)
    assert 0.3 < float(accuracy.result()) <= 1.0


def test_traced_and_eager_steps_are_equal():
    def run(wrap):
        w = tf.Variable([[0.5], [-0.3]])
        optimizer = tf.keras.optimizers.SGD(0.1, momentum=0.9)

        @wrap
        def step(x):
            for _ in tf.range(3):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
                optimizer.apply_gradients([(tape.gradient(loss, w), w)])
            return loss

        x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
        return [step(x).numpy() for _ in range(3)], w.numpy()

    for have, want in zip(run(tf.function), run(lambda f: f), strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-6)


def test_a_nested_function_may_use_outer_tensors():
    @tf.function
    def outer(x):
        @tf.function
        def inner(z):
            return z * x

        return inner(x + 1.0) + inner(x)

    assert outer(tf.constant(2.0)).numpy() == 10.0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda f: f(), "missing a required argument"),
        (lambda f: f(1.0, 2.0, 3.0), "too many positional"),
        (lambda f: f({1: set()}), "hashable"),
        (lambda f: tf.function(lambda: object())(), "must return zero or more Tensors"),
        (lambda f: f.get_concrete_function(tf.constant(1.0))(), "traced for 1 tensor"),
        (lambda f: f.get_concrete_function(tf.constant(1.0))(2.0), "to be a Tensor"),
        (lambda f: tf.function(lambda a, b: a + b)(tf.constant(1), tf.constant(1.0)), "int32"),
    ],
)
def test_calls_that_do_not_fit(call, says):
    f = tf.function(lambda x, y=1.0: x)
    with pytest.raises(TypeError, match=says):
        call(f)


def test_many_retraces_are_reported(caplog):
    f = tf.function(lambda n: tf.constant(0.0))
    for n in range(6):
        f(n)
    assert "6 out of the last 6 calls" in caplog.text and "reduce_retracing" in caplog.text


def test_a_signature_prints():
    f = tf.function(lambda x, k=2: {"y": x * 2.0})
    f.get_concrete_function(tf.TensorSpec([None], tf.float32))
    text = f.pretty_printed_concrete_signatures()
    assert "x (POSITIONAL_OR_KEYWORD): TensorSpec(shape=(None,), dtype=tf.float32" in text
    assert "k (POSITIONAL_OR_KEYWORD): Literal[2]" in text and "'y': TensorSpec" in text


# Random programs: eager and traced runs agree in values and gradients of two orders.

_UNARY = [tf.sin, tf.tanh, tf.square, tf.sigmoid, lambda x: -x, lambda x: tf.reduce_mean(x) + x]
_BINARY = [tf.add, tf.multiply, tf.maximum, lambda a, b: a / (tf.square(b) + 1.0)]


@st.composite
def _programs(draw):
    """A list of steps; each uses values made before it, sometimes in a branch or a loop."""
    kinds = st.sampled_from(["unary", "binary", "if", "for", "while", "row"])
    index = st.integers(0, 50)
    return draw(st.lists(st.tuples(kinds, index, index, index), min_size=1, max_size=6))


def _run_program(program, x):
    values = [x]
    for kind, i, j, k in program:
        a, b = values[i % len(values)], values[j % len(values)]
        unary, binary = _UNARY[k % len(_UNARY)], _BINARY[k % len(_BINARY)]
        if kind == "unary":
            y = unary(a)
        elif kind == "binary":
            y = binary(a, b)
        elif kind == "row":
            y = a * b[k % 3] if k % 2 else tf.concat([a[1:], b[:1]], 0)
        elif kind == "if":
            if tf.reduce_sum(a) > 0.3:
                y = binary(a, b)
            else:
                y = unary(b)
        elif kind == "for":
            y = a
            for _ in tf.range(k % 4):
                y = unary(y) * 0.5 + b
        else:
            y, n = a, 0
            while tf.reduce_max(tf.abs(y)) > 0.1 and n < 3:
                y = y * 0.5
                n += 1
        values.append(tf.clip_by_value(y, -3.0, 3.0))
    return tf.reduce_sum(values[-1] * values[-1])


def _two_orders(program, x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = _run_program(program, x)
        first = inner.gradient(y, x, unconnected_gradients="zero")
        total = tf.reduce_sum(first * x)
    return y, first, outer.gradient(total, x, unconnected_gradients="zero")


@settings(max_examples=40, deadline=None)
@given(_programs(), st.booleans())
def test_random_programs_traced_equal_eager(program, unknown):
    x = tf.constant([0.7, -1.1, 0.4], tf.float64)
    signature = [tf.TensorSpec([None], tf.float64)] if unknown else None
    traced = tf.function(lambda x: _two_orders(program, x), input_signature=signature)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = _two_orders(program, x)
        for have, want in zip(traced(x), expected, strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-9, atol=1e-12)
