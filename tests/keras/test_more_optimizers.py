"""Optimizers beyond the usual four, and sparse gradients in all of them.

The numbers are what TensorFlow 2.21.0 with Keras 3.15.1 answers.
"""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import optimizers as o

GRADIENTS = ([1.0, -2.0], [0.5, 0.0], [-3.0, 4.0])


@pytest.mark.parametrize(
    "optimizer, expected",
    [
        (o.Adagrad(0.1), [0.954871, -0.990447]),
        (o.Adagrad(0.1, initial_accumulator_value=0.0, epsilon=1e-3), [0.949046, -0.989453]),
        (o.Adagrad(0.1, weight_decay=0.1, clipnorm=1.0), [0.886425, -0.94236]),
        (o.Adadelta(1.0), [0.999723, -1.00037]),
        (o.Adadelta(1.0, rho=0.5, epsilon=1e-2), [0.948734, -1.026726]),
        (o.Adamax(0.1), [0.847644, -0.87454]),
        (o.Nadam(0.1), [0.937953, -0.978652]),
        (o.Nadam(0.1, beta_1=0.5, beta_2=0.9), [0.950213, -1.004597]),
        (o.Adam(0.1, amsgrad=True, beta_2=0.5), [0.837496, -0.870163]),
        (o.AdamW(0.1, weight_decay=0.1), [0.814728, -0.839958]),
        (o.SGD(0.1, momentum=0.9, nesterov=True), [1.0906, -1.0722]),
        (o.RMSprop(0.1, centered=True, momentum=0.5), [0.477945, -0.709383]),
    ],
)
def test_three_steps(optimizer, expected):
    w = tf.Variable([1.0, -1.0])
    for gradient in GRADIENTS:
        optimizer.apply_gradients([(tf.constant(gradient), w)])
    np.testing.assert_allclose(w, expected, rtol=1e-5)


def rows_twice(first, second):
    """Two rows for index 2 of a table of three."""
    return tf.IndexedSlices(tf.constant([[first], [second]]), tf.constant([2, 2]), [3, 1])


@pytest.mark.parametrize(
    "optimizer, expected",
    [
        (o.SGD(0.1, momentum=0.9), 2.42),
        (o.Adam(0.1), 2.71716),
        (o.RMSprop(0.1), 2.228344),
        (o.Adagrad(0.1), 2.763214),
        (o.Adadelta(1.0), 2.995974),
        (o.Nadam(0.1), 2.740297),
        (o.Adamax(0.1), 2.8),
        (o.Adam(0.1, clipnorm=1.0), 2.71716),
    ],
)
def test_rows_of_one_index_are_squared_before_they_are_added(optimizer, expected):
    table = tf.Variable([[1.0], [2.0], [3.0]])
    for _ in range(2):
        optimizer.apply_gradients([(rows_twice(1.0, 1.0), table)])
    np.testing.assert_allclose(table, [[1.0], [2.0], [expected]], rtol=1e-5)


def test_adam_after_one_sparse_step():
    table = tf.Variable([[1.0], [2.0], [3.0]])
    o.Adam(0.1).apply_gradients([(rows_twice(1.0, 1.0), table)])
    np.testing.assert_allclose(table[2, 0], 2.8585799, rtol=1e-6)


@pytest.mark.parametrize(
    "arguments, sgd, adagrad",
    [
        ({"clipnorm": 1.0}, 1.65836, 1.7208),
        ({"clipvalue": 0.7}, 1.6, 1.65285),
        ({"global_clipnorm": 1.0}, 1.65836, 2.02667),
    ],
)
def test_clipping_looks_at_the_rows(arguments, sgd, adagrad):
    for make, expected in ((o.SGD, sgd), (o.Adagrad, adagrad)):
        table = tf.Variable([[1.0], [2.0], [3.0]])
        make(1.0, **arguments).apply_gradients([(rows_twice(1.0, 2.0), table)])
        np.testing.assert_allclose(table[2, 0], expected, rtol=1e-5)


def test_configs_make_the_same_optimizer_again():
    first = o.Adam(o.schedules.ExponentialDecay(0.1, 10, 0.5), beta_1=0.5, clipnorm=1.0)
    again = o.deserialize(o.serialize(first))
    assert again.get_config() == first.get_config()
    assert float(again.learning_rate) == float(first.learning_rate)
    wrapped = o.deserialize(o.serialize(o.LossScaleOptimizer(o.SGD(0.5), initial_scale=8.0)))
    assert wrapped.initial_scale == 8.0 and float(wrapped.learning_rate) == 0.5


def test_all_by_name():
    for name in ("adadelta", "adagrad", "adam", "adamax", "adamw", "nadam", "rmsprop", "sgd"):
        assert type(o.get(name)).__name__.lower() == name
    assert isinstance(o.get(o.Nadam), o.Nadam)


def test_apply_without_variables_takes_those_of_build():
    w = tf.Variable(1.0)
    optimizer = o.SGD(0.5)
    optimizer.build([w])
    optimizer.apply([tf.constant(1.0)])
    assert float(w) == 0.5
