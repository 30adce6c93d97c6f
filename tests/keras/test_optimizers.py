"""Optimizers: golden sequences, clipping, missing gradients, and that nothing shared is changed."""

import math

import numpy as np
import pytest

import minitf as tf
from minitf.keras import optimizers
from minitf.keras.optimizers.slot import Slot


def steps(optimizer, gradients, start=0.0):
    """The values a variable takes when it is given these gradients one after another."""
    variable = tf.Variable(start)
    values = []
    for gradient in gradients:
        optimizer.apply_gradients([(tf.constant(gradient), variable)])
        values.append(variable.numpy())
    return values


def test_sgd_walks_against_the_gradient():
    assert steps(optimizers.SGD(0.1), [1.0, 1.0]) == pytest.approx([-0.1, -0.2])


def test_momentum_golden_sequence():
    values = steps(optimizers.SGD(0.1, momentum=0.9), [1.0] * 3)
    assert values == pytest.approx([-0.1, -0.29, -0.561])


def test_nesterov_golden_sequence():
    # v = -0.1, -0.19, -0.271;  w += 0.9·v - 0.1
    values = steps(optimizers.SGD(0.1, momentum=0.9, nesterov=True), [1.0] * 3)
    assert values == pytest.approx([-0.19, -0.461, -0.8049])


def test_momentum_stands_inside_the_learning_rate():
    """Keras: halving the rate does not shorten the velocity already there. PyTorch: it does."""
    optimizer = optimizers.SGD(0.1, momentum=0.9)
    variable = tf.Variable(0.0)
    optimizer.apply_gradients([(tf.constant(1.0), variable)])
    optimizer.learning_rate = 0.05
    optimizer.apply_gradients([(tf.constant(1.0), variable)])
    assert float(variable) == pytest.approx(-0.1 - 0.9 * 0.1 - 0.05)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_adams_first_step_is_the_learning_rate_whatever_the_gradient(size):
    assert steps(optimizers.Adam(0.01), [size]) == pytest.approx([-0.01], rel=1e-2)


def test_adam_by_the_formula_with_epsilon_hat():
    gradients, m, v, w, expected = [0.5, -2.0, 0.1, 0.0], 0.0, 0.0, 1.0, []
    for t, g in enumerate(gradients, 1):
        m = 0.8 * m + 0.2 * g
        v = 0.9 * v + 0.1 * g * g
        alpha = 0.05 * math.sqrt(1 - 0.9**t) / (1 - 0.8**t)
        w -= alpha * m / (math.sqrt(v) + 1e-2)
        expected.append(w)
    optimizer = optimizers.Adam(0.05, beta_1=0.8, beta_2=0.9, epsilon=1e-2)
    assert steps(optimizer, gradients, 1.0) == pytest.approx(expected, rel=1e-5)


def test_rmsprop_has_epsilon_inside_the_root():
    v = 0.1 * 4.0
    assert steps(optimizers.RMSprop(0.1, epsilon=1.0), [2.0]) == pytest.approx(
        [-0.1 * 2.0 / math.sqrt(v + 1.0)]
    )


def test_weight_decay_comes_first():
    assert steps(optimizers.SGD(0.1, weight_decay=0.5), [1.0], 2.0) == pytest.approx([1.8])
    assert optimizers.AdamW().weight_decay == 0.004


def two_gradients(**clip):
    """The steps -g for gradients (3, 4) and (0, 12): lengths 5 and 12, together 13."""
    a, b = tf.Variable([0.0, 0.0]), tf.Variable([0.0, 0.0])
    optimizer = optimizers.SGD(1.0, **clip)
    optimizer.apply_gradients([(tf.constant([3.0, 4.0]), a), (tf.constant([0.0, 12.0]), b)])
    return -a.numpy(), -b.numpy()


def test_clipping_by_value_turns_the_gradient():
    a, b = two_gradients(clipvalue=1.0)
    np.testing.assert_allclose([a, b], [[1, 1], [0, 1]])


def test_clipping_by_norm_looks_at_each_variable_alone():
    a, b = two_gradients(clipnorm=1.0)
    np.testing.assert_allclose([a, b], [[0.6, 0.8], [0, 1]], rtol=1e-6)


def test_clipping_by_global_norm_keeps_the_direction_of_the_whole():
    a, b = two_gradients(global_clipnorm=1.0)
    np.testing.assert_allclose([a, b], [[3 / 13, 4 / 13], [0, 12 / 13]], rtol=1e-6)


def test_an_infinite_gradient_makes_all_globally_clipped_ones_nan():
    a, b = tf.Variable(0.0), tf.Variable(0.0)
    optimizer = optimizers.SGD(1.0, global_clipnorm=1.0)
    optimizer.apply_gradients([(tf.constant(np.inf, tf.float32), a), (tf.constant(1.0), b)])
    assert math.isnan(a) and math.isnan(b)


def test_only_one_kind_of_clipping():
    with pytest.raises(ValueError, match="Only one of"):
        optimizers.SGD(clipnorm=1.0, clipvalue=1.0)


def test_a_missing_gradient_is_skipped_with_a_warning():
    a, b = tf.Variable(1.0, name="a"), tf.Variable(1.0, name="b")
    optimizer = optimizers.SGD(0.5)
    with pytest.warns(UserWarning, match="Gradients do not exist for variables .*b"):
        optimizer.apply_gradients([(tf.constant(1.0), a), (None, b)])
    assert (float(a), float(b), int(optimizer.iterations)) == (0.5, 1.0, 1)


def test_no_gradient_at_all_raises():
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        optimizers.SGD().apply_gradients([(None, tf.Variable(1.0))])


def test_a_variable_of_a_later_day_is_unknown():
    optimizer = optimizers.Adam()
    optimizer.apply_gradients([(tf.constant(1.0), tf.Variable(1.0))])
    with pytest.raises(ValueError, match="Unknown variable"):
        optimizer.apply_gradients([(tf.constant(1.0), tf.Variable(1.0))])


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="different orders"):
        optimizers.SGD().apply_gradients([(tf.constant([1.0, 2.0]), tf.Variable(1.0))])


def test_learning_rate_can_be_set_and_assigned():
    optimizer = optimizers.SGD(0.5)
    optimizer.learning_rate = 0.25
    assert float(optimizer.learning_rate) == 0.25
    optimizer.learning_rate.assign(0.125)
    assert steps(optimizer, [1.0]) == [-0.125]
    with pytest.raises(ValueError, match="learning_rate"):
        optimizers.SGD("fast")


def test_a_schedule_sees_the_step_from_0():
    class Halving(optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.5 ** float(step)

    optimizer = optimizers.SGD(Halving())
    assert steps(optimizer, [1.0] * 3) == [-1.0, -1.5, -1.75]
    with pytest.raises(TypeError, match="LearningRateSchedule"):
        optimizer.learning_rate = 0.1


def test_float64_and_matrix_variables():
    variable = tf.Variable(np.ones((2, 3)))
    optimizers.Adam(0.1).apply_gradients([(tf.constant(np.ones((2, 3))), variable)])
    assert variable.dtype == tf.float64
    np.testing.assert_allclose(variable.numpy(), 0.9, atol=1e-6)


def test_variables_lists_all_that_must_be_saved():
    optimizer = optimizers.Adam()
    optimizer.build([tf.Variable([1.0, 2.0], name="w")])
    names = [v.name for v in optimizer.variables]
    assert names == ["iteration", "learning_rate", "w_momentum", "w_velocity"]


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw", "rmsprop"])
def test_earlier_values_and_gradients_are_never_changed(name):
    optimizer = optimizers.get(name)
    variable, gradient = tf.Variable([1.0, 2.0]), tf.constant([3.0, 4.0])
    held = [variable.read_value()]
    optimizer.apply_gradients([(gradient, variable)])
    held += [variable.read_value(), *[v.read_value() for v in optimizer.variables]]
    copies = [x.numpy() for x in held]
    optimizer.apply_gradients([(gradient, variable)])
    for x, copy in zip(held, copies, strict=True):
        np.testing.assert_array_equal(x.numpy(), copy)
    np.testing.assert_array_equal(gradient.numpy(), [3.0, 4.0])


def test_a_slot_keeps_its_array_to_itself():
    given = tf.constant([5.0, 6.0])
    slot = Slot(tf.Variable([1.0, 2.0]), "momentum")
    slot.assign(given)
    slot.array[:] = 7.0
    np.testing.assert_array_equal(given.numpy(), [5.0, 6.0])
    np.testing.assert_array_equal(slot.numpy(), [7.0, 7.0])
    assert Slot(tf.Variable(1.0), "x").numpy() == 0.0


def test_slots_do_not_end_in_denormal_numbers():
    optimizer = optimizers.Adam()
    variable = tf.Variable([1.0, 1.0])
    for i in range(1200):
        optimizer.apply_gradients([(tf.constant([1.0 if i == 0 else 0.0, 1.0]), variable)])
    momentum = optimizer.variables[2].numpy()
    assert momentum[0] == 0.0 and momentum[1] == pytest.approx(1.0)


def test_the_update_is_seen_by_no_tape():
    variable = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        loss = variable * 3.0
        optimizers.SGD(0.1).apply_gradients([(tf.constant(1.0), variable)])
    assert float(tape.gradient(loss, variable)) == 3.0


def test_sparse_gradients_are_applied():
    table = tf.Variable([[1.0], [2.0], [3.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(table, [2, 2]))
    optimizers.SGD(0.5).apply_gradients([(tape.gradient(loss, table), table)])
    np.testing.assert_allclose(table.numpy(), [[1.0], [2.0], [2.0]])


def test_names():
    assert isinstance(optimizers.get("Adam"), optimizers.Adam)
    with pytest.raises(ValueError, match=r"'adm'. Did you mean 'adam'\? Known names"):
        optimizers.get("adm")
    with pytest.raises(ValueError, match="optimizer"):
        optimizers.get(3)


def test_an_optimizer_of_ones_own():
    class SignDescent(optimizers.Optimizer):
        def update_step(self, gradient, variable, learning_rate):
            variable.assign_sub(learning_rate * tf.sign(gradient))

    assert steps(SignDescent(0.5), [100.0, -1.0]) == [-0.5, 0.0]
