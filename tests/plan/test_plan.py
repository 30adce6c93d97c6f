"""Plans: same results as eager execution, and nothing a caller holds ever changes."""

import gc
import pickle
import threading
import weakref

import numpy as np
import pytest

import minitf as tf
from minitf.plan.buffers import Pool


def plan_of(function, *args):
    return function.get_concrete_function(*args).plan(*args)


def test_a_plan_prints_its_steps_and_buffers():
    f = tf.function(lambda x: tf.exp(x @ x) * 2.0 + 1.0)
    x = tf.ones([4, 4])
    plan = plan_of(f, x)
    assert [step.node.type for step in plan.steps] == ["MatMul", "Exp", "Mul", "AddV2"]
    assert plan.size == 64, "one buffer: every value takes the place of the one before"
    assert "Exp: float32[4, 4] = Exp(MatMul)  -> buffer 0" in repr(plan)
    assert repr(plan).splitlines()[-1].endswith("AddV2(Mul, 1.0)"), "a result is a new array"


def test_results_of_earlier_calls_do_not_change():
    @tf.function
    def f(x):
        y = tf.exp(x * 2.0)
        z = y @ y
        return z, tf.reshape(z * 1.5, [9]), y[1:], tf.transpose(y + 1.0), x

    a, b = (tf.constant(np.random.default_rng(i).random((3, 3), np.float32)) for i in (0, 1))
    first = f(a)
    kept = [value.numpy() for value in first]
    second = f(b)
    for value, old, new in zip(first, kept, second, strict=True):
        np.testing.assert_array_equal(value, old)
        assert not np.shares_memory(value._value, new._value)


def test_a_result_does_not_share_memory_with_buffers():
    f = tf.function(lambda x: tf.reshape(tf.exp(x) @ x, [4])[None])
    x = tf.ones([2, 2])
    plan, value = plan_of(f, x), f(x)._value
    pieces = [a for step in plan.steps for a in [getattr(step.run, "keywords", {}).get("out")]]
    assert not any(np.shares_memory(value, piece) for piece in pieces if piece is not None)


def test_an_assigned_value_is_an_array_of_its_own():
    v = tf.Variable(tf.zeros([3]))

    @tf.function
    def f(x):
        v.assign(tf.exp(x) * 2.0)
        return tf.reduce_sum(tf.exp(x * 3.0) * 2.0)

    f(tf.constant([0.0, 1.0, 2.0]))
    held = v.read_value()
    before = held.numpy()
    f(tf.constant([5.0, 5.0, 5.0]))
    np.testing.assert_array_equal(held, before)


def test_a_python_function_may_keep_what_it_is_given():
    kept = []

    @tf.function
    def f(x):
        tf.py_function(kept.append, [tf.exp(x) + 1.0], [])
        return tf.exp(x + 1.0) * 2.0

    for value in (0.0, 1.0, 2.0):
        f(tf.fill([3], value))
    np.testing.assert_allclose(kept[0], np.full(3, 2.0), rtol=1e-6)
    np.testing.assert_allclose(kept[1], np.full(3, np.e + 1), rtol=1e-6)


def test_variables_are_read_at_every_call_and_between_assignments():
    v = tf.Variable([1.0, 2.0])

    @tf.function
    def f(x):
        a = v * x
        v.assign_add([1.0, 1.0])
        return a, v * x

    x = tf.constant([10.0, 10.0])
    np.testing.assert_array_equal(f(x)[1], [20, 30])
    v.assign([5.0, 5.0])
    a, b = f(x)
    np.testing.assert_array_equal(a, [50, 50])
    np.testing.assert_array_equal(b, [60, 60])


def test_a_tape_around_the_call_records_it():
    w = tf.Variable(3.0)
    f = tf.function(lambda x: w * x * x)
    x = tf.constant(2.0)
    f(x)  # runs by its plan
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(x)
    assert [g.numpy() for g in (tape.gradient(y, w), tape.gradient(y, x))] == [4.0, 12.0]


def test_a_forward_accumulator_sees_the_operations():
    f = tf.function(lambda x: x * x)
    x = tf.constant(3.0)
    f(x)
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as accumulator:
        y = f(x)
    assert accumulator.jvp(y).numpy() == 6.0


def test_errors_are_those_of_eager_execution():
    def f(x, i):
        return tf.exp(tf.gather(x * 2.0, i))

    x, traced = tf.constant([1.0, 2.0]), tf.function(f)
    traced(x, tf.constant([0, 1]))
    with pytest.raises(tf.errors.InvalidArgumentError) as eager:
        f(x, tf.constant([0, 5]))
    with pytest.raises(tf.errors.InvalidArgumentError) as planned:
        traced(x, tf.constant([0, 5]))
    assert str(planned.value) == str(eager.value)
    np.testing.assert_allclose(traced(x, tf.constant([0, 1])), f(x, tf.constant([0, 1])))


def test_side_effects_before_an_error_happen_once():
    v = tf.Variable(0)

    @tf.function
    def f(x, i):
        v.assign_add(1)
        return tf.gather(x, i)

    with pytest.raises(tf.errors.InvalidArgumentError):
        f(tf.constant([1.0]), tf.constant(3))
    assert v.numpy() == 1


def test_a_shape_that_is_not_what_was_promised():
    """A Python function may return another shape than it says; later steps take what comes."""

    @tf.function
    def f(x):
        y = tf.py_function(lambda v: v[:1], [x], tf.float32)
        y.set_shape([3])
        return y + tf.ones([3])

    np.testing.assert_array_equal(f(tf.constant([1.0, 2.0, 3.0])), [2, 2, 2])


def test_every_size_gets_a_plan_if_the_trace_is_for_any():
    w = tf.Variable(tf.ones([3, 2]))

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
    def f(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(tf.nn.relu(x @ w)) + tf.zeros([tf.shape(x)[0], 2]))
        return loss, tape.gradient(loss, w)

    concrete = f.get_concrete_function()
    assert "Gradient" in [node.type for node in concrete.graph.nodes]
    with pytest.raises(ValueError, match="any size"):
        concrete.plan()
    for rows in (4, 7, 4, 1):
        x = tf.constant(np.random.default_rng(rows).standard_normal((rows, 3)), tf.float32)
        for have, want in zip(f(x), f.python_function(x), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-6)
    kinds = [step.node.type for step in concrete.plan(tf.ones([4, 3])).steps]
    assert "Gradient" not in kinds and kinds.count("MatMul") == 2, "the forward pass runs once"
    assert concrete.passes(tf.ones([4, 3]))[0].op_counts is not None


def test_loops_and_branches():
    def f(x, n):
        total = tf.zeros_like(x)
        for i in tf.range(n):
            if tf.reduce_sum(x) > 0.0:
                total += x * tf.cast(i, tf.float32)
            else:
                total -= x
        return total

    traced = tf.function(f)
    for n in (0, 3, 5):
        for sign in (1.0, -1.0):
            x = tf.constant([1.0, 2.0]) * sign
            np.testing.assert_allclose(traced(x, tf.constant(n)), f(x, tf.constant(n)))


def test_a_loop_whose_tensor_grows():
    @tf.function
    def f(n):
        x = tf.ones([1])
        _, x = tf.while_loop(
            lambda i, x: i < n,
            lambda i, x: (i + 1, tf.concat([x, x[-1:] * 2.0], 0)),
            [0, x],
            shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
        )
        return x

    np.testing.assert_array_equal(f(tf.constant(30)), 2.0 ** np.arange(31))


def test_a_function_that_calls_itself_through_python():
    @tf.function
    def f(x):
        y = tf.exp(x)
        more = tf.py_function(lambda v: f(v - 1.0) if v > 0 else v, [x], tf.float32)
        return y + more

    expected = np.exp(2.0) + np.exp(1.0) + np.exp(0.0) + 0.0
    np.testing.assert_allclose(f(tf.constant(2.0)), expected, rtol=1e-6)


def test_threads_do_not_share_buffers():
    f = tf.function(lambda x: tf.reduce_sum(tf.exp(x @ x) * 2.0, axis=0))
    inputs = [tf.constant(np.random.default_rng(i).random((40, 40), np.float32)) for i in range(4)]
    expected = [f.python_function(x).numpy() for x in inputs]
    wrong = []

    def work(i):
        for _ in range(50):
            if not np.allclose(f(inputs[i]), expected[i], rtol=1e-4):
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_fused_convolution_lies_in_memory_in_its_own_way():
    """Its result has the batch last in memory; steps that write in place must not mind."""
    random = np.random.default_rng(0)
    kernel = tf.constant(random.standard_normal((3, 3, 1, 4)), tf.float32)
    bias = tf.constant([0.1, -0.2, 0.3, 0.0])

    def f(x):
        y = tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME") + bias)
        y = tf.nn.max_pool2d(y, 2, 2, "VALID")
        z = tf.sigmoid(tf.tanh(y) * 2.0) - 0.5
        return y, tf.math.rsqrt(tf.square(z) + 1.0) @ tf.ones([4, 2]), tf.reshape(z, [20, -1])

    traced, kept = tf.function(f), []
    for _ in range(3):
        x = tf.constant(random.random((20, 8, 8, 1)), tf.float32)
        found = traced(x)
        kept.append((found, [value.numpy() for value in found]))
        for have, want in zip(found, f(x), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-4, atol=1e-6)
    assert "FusedConvPool" in repr(plan_of(traced, x))
    for found, copies in kept:
        for value, copy in zip(found, copies, strict=True):
            np.testing.assert_array_equal(value, copy)


def test_a_failed_call_leaves_the_plan_usable():
    f = tf.function(lambda x: tf.py_function(lambda v: 1.0 / float(v), [x], tf.float32))
    with pytest.raises(ZeroDivisionError):
        f(tf.constant(0.0))
    assert f(tf.constant(2.0)).numpy() == 0.5


def test_many_operations():
    def f(x):
        for _ in range(3000):
            x = x * 0.999 + 0.001
        return x

    x = tf.constant(np.linspace(-1, 1, 5), tf.float32)
    traced = tf.function(f, autograph=False)
    np.testing.assert_allclose(traced(x), f(x), rtol=1e-5)
    assert plan_of(traced, x).size == 20


def test_a_concrete_function_is_pickled_without_its_plan():
    f = tf.function(lambda x: tf.exp(x) * 2.0 + 1.0)
    x = tf.constant([1.0, 2.0])
    concrete = f.get_concrete_function(x)
    concrete(x)
    copy = pickle.loads(pickle.dumps(concrete))
    np.testing.assert_array_equal(copy(x), concrete(x))


def test_a_plan_goes_with_its_function():
    f = tf.function(lambda x: tf.exp(x @ x) * 2.0)
    plan = weakref.ref(plan_of(f, tf.ones([3, 3])))
    assert plan() is not None
    del f
    gc.collect()
    assert plan() is None


def test_the_pool_takes_the_smallest_piece_that_fits():
    pool = Pool()
    large, small = pool.take(100), pool.take(20)
    pool.give_back(large)
    pool.give_back(small)
    assert pool.take(10) == small
    assert pool.take(10) == large
    assert pool.take(10) not in (large, small)
    assert pool.array(small, (5,), np.dtype(np.float32)).shape == (5,)
