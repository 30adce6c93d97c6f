"""The optimizer's step in a plan: the same numbers as eager steps, whatever happens in between."""

import gc
import weakref

import numpy as np
import pytest

import minitf as tf
from minitf.keras.optimizers.flat import FlatStep

OPTIMIZERS = {
    "sgd": lambda: tf.keras.optimizers.SGD(0.1),
    "momentum": lambda: tf.keras.optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda: tf.keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: tf.keras.optimizers.Adam(0.01),
    "amsgrad": lambda: tf.keras.optimizers.Adam(0.01, amsgrad=True),
    "adamw": lambda: tf.keras.optimizers.AdamW(0.01),
    "rmsprop": lambda: tf.keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True),
    "adagrad": lambda: tf.keras.optimizers.Adagrad(0.1),
    "adadelta": lambda: tf.keras.optimizers.Adadelta(1.0),
    "adamax": lambda: tf.keras.optimizers.Adamax(0.01),
    "nadam": lambda: tf.keras.optimizers.Nadam(0.01),
    "clipnorm": lambda: tf.keras.optimizers.Adam(0.01, clipnorm=0.1),
    "global": lambda: tf.keras.optimizers.SGD(0.1, global_clipnorm=0.1),
    "clipvalue": lambda: tf.keras.optimizers.SGD(0.1, clipvalue=0.01),
    "ema": lambda: tf.keras.optimizers.Adam(0.01, use_ema=True, ema_momentum=0.9),
    "decay": lambda: tf.keras.optimizers.SGD(0.1, weight_decay=0.1),
    "schedule": lambda: tf.keras.optimizers.Adam(
        tf.keras.optimizers.schedules.CosineDecay(0.05, 20)
    ),
}
PLANNED = sorted(set(OPTIMIZERS) - {"nadam", "clipnorm", "global", "clipvalue", "ema"})


class Problem:
    """A little least-squares problem with three variables, one of them a scalar."""

    def __init__(self, name):
        random = np.random.default_rng(3)
        self.w = tf.Variable(random.standard_normal((4, 3)), dtype=tf.float32)
        self.b = tf.Variable(random.standard_normal(3), dtype=tf.float32)
        self.scale = tf.Variable(1.5)
        self.variables = [self.w, self.b, self.scale]
        self.optimizer = OPTIMIZERS[name]()

    def step(self, x, y):
        with tf.GradientTape() as tape:
            error = (tf.tanh(x @ self.w) + self.b) * self.scale - y
            loss = tf.reduce_mean(error * error)
        gradients = tape.gradient(loss, self.variables)
        self.optimizer.apply_gradients(zip(gradients, self.variables, strict=True))
        return loss

    def state(self):
        return [v.numpy() for v in (*self.variables, *self.optimizer.variables)]


def batches(count):
    random = np.random.default_rng(5)
    for _ in range(count):
        yield (
            tf.constant(random.standard_normal((8, 4)), tf.float32),
            tf.constant(random.standard_normal((8, 3)), tf.float32),
        )


def check_same(a, b):
    for have, want in zip(a.state(), b.state(), strict=True):
        np.testing.assert_allclose(have, want, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fifty_steps_equal_eager_steps(name):
    eager, traced = Problem(name), Problem(name)
    step = tf.function(traced.step)
    for x, y in batches(50):
        np.testing.assert_allclose(step(x, y), eager.step(x, y), rtol=2e-5)
    check_same(traced, eager)
    steps = step.get_concrete_function(x, y).plan().steps
    assert isinstance(steps[-1].run, FlatStep) == (name in PLANNED)


@pytest.mark.parametrize("name", ["adam", "momentum"])
def test_changes_from_outside_are_noticed(name):
    eager, traced = Problem(name), Problem(name)
    step = tf.function(traced.step)
    for number, (x, y) in enumerate(batches(12)):
        for problem, run in ((eager, eager.step), (traced, step)):
            if number == 3:
                problem.b.assign([1.0, 2.0, 3.0])
            if number == 5:
                problem.optimizer.variables[-1].assign(problem.optimizer.variables[-1] + 0.1)
            if number == 7:
                problem.optimizer.learning_rate = 0.5
            if number == 9:
                problem.optimizer.weight_decay = 0.01
            if number == 8:
                problem.step(x, y)  # an eager step in between
            else:
                run(x, y)
        check_same(traced, eager)


def test_options_set_later_are_respected():
    eager, traced = Problem("adam"), Problem("adam")
    step, seen = tf.function(traced.step), []
    for number, (x, y) in enumerate(batches(8)):
        for problem in (eager, traced):
            if number == 2:
                problem.optimizer.clipnorm = 0.01
            if number == 4:
                problem.optimizer.clipnorm = None
        if number == 6:
            traced.optimizer.observers.append(lambda grads, variables: seen.append(grads))
        eager.step(x, y)
        step(x, y)
        check_same(traced, eager)
    assert len(seen) == 2
    assert not np.array_equal(seen[0][0], seen[1][0]), "an observer may keep what it is given"


def test_constraints_are_applied():
    class Clip:
        def __call__(self, w):
            return tf.clip_by_value(w, -0.1, 0.1)

    v = tf.Variable([1.0, -1.0, 0.05], constraint=Clip())
    optimizer = tf.keras.optimizers.SGD(0.01)
    step = tf.function(lambda g: optimizer.apply_gradients([(g, v)]))
    step(tf.constant([1.0, 1.0, 1.0]))
    np.testing.assert_allclose(v, [0.1, -0.1, 0.04], rtol=1e-6)


def test_what_was_read_before_a_step_stays():
    problem = Problem("adam")
    step = tf.function(problem.step)
    seen = []
    for x, y in batches(4):
        step(x, y)
        values = [v.read_value() for v in problem.variables]
        values += [v.read_value() for v in problem.optimizer.variables]
        seen.append((values, [value.numpy() for value in values]))
    for values, copies in seen:
        for value, copy in zip(values, copies, strict=True):
            np.testing.assert_array_equal(value, copy)


def test_two_traces_share_one_state():
    eager, traced = Problem("adam"), Problem("adam")
    step = tf.function(traced.step)
    for number, (x, y) in enumerate(batches(10)):
        size = 8 if number % 3 else 5
        step(x[:size], y[:size])
        eager.step(x[:size], y[:size])
    assert step.experimental_get_tracing_count() == 2
    check_same(traced, eager)


def test_another_choice_of_variables():
    eager, traced = Problem("adam"), Problem("adam")

    def part(problem, variables):
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(x @ problem.w * problem.scale - y))
            problem.optimizer.apply_gradients(
                zip(tape.gradient(loss, variables), variables, strict=True)
            )

        return step

    for problem in (eager, traced):
        problem.optimizer.build(problem.variables)
    pairs = [
        (part(eager, [eager.w]), tf.function(part(traced, [traced.w]))),
        (eager.step, tf.function(traced.step)),
        (part(eager, [eager.scale, eager.w]), tf.function(part(traced, [traced.scale, traced.w]))),
    ]
    for x, y in batches(4):
        for plain, planned in pairs:
            plain(x, y)
            planned(x, y)
            check_same(traced, eager)


def test_gradients_that_are_returned_too_are_arrays_of_their_own():
    problem = Problem("sgd")

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(x @ problem.w - y))
        gradients = tape.gradient(loss, [problem.w])
        problem.optimizer.apply_gradients(zip(gradients, [problem.w], strict=True))
        return gradients

    (x, y), (x2, y2) = batches(2)
    (first,) = step(x, y)
    kept = first.numpy()
    step(x2, y2)
    np.testing.assert_array_equal(first, kept)


def test_unknown_variables_are_refused_as_in_eager_mode():
    optimizer, v = tf.keras.optimizers.Adam(), tf.Variable([1.0])
    optimizer.build([tf.Variable([2.0])])
    step = tf.function(lambda g: optimizer.apply_gradients([(g, v)]))
    with pytest.raises(ValueError, match="Unknown variable"):
        step(tf.constant([1.0]))


def test_checkpoints_see_and_set_the_state(tmp_path):
    eager, traced = Problem("adam"), Problem("adam")
    step = tf.function(traced.step)
    checkpoint = tf.train.Checkpoint(
        optimizer=traced.optimizer, w=traced.w, b=traced.b, scale=traced.scale
    )
    for number, (x, y) in enumerate(batches(6)):
        if number == 3:
            path = checkpoint.save(str(tmp_path / "state"))
            kept = traced.state()
        step(x, y)
        eager.step(x, y)
    check_same(traced, eager)
    checkpoint.restore(path)
    for have, want in zip(traced.state(), kept, strict=True):
        np.testing.assert_array_equal(have, want)
    x, y = list(batches(6))[3]
    step(x, y)
    assert traced.optimizer.iterations.numpy() == 4


def test_an_optimizer_is_not_kept_alive():
    problem = Problem("adam")
    step = tf.function(problem.step)
    for x, y in batches(2):
        step(x, y)
    optimizer = weakref.ref(problem.optimizer)
    del problem, step
    gc.collect()
    assert optimizer() is None
