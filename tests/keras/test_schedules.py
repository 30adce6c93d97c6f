"""Learning rate schedules: the numbers TensorFlow 2.21.0 with Keras 3.15.1 answers."""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import optimizers
from minitf.keras.optimizers import schedules as s


@pytest.mark.parametrize(
    "schedule, steps, rates",
    [
        (s.ExponentialDecay(0.1, 2, 0.5), (0, 1, 5), [0.1, 0.070711, 0.017678]),
        (s.ExponentialDecay(0.1, 2, 0.5, staircase=True), (0, 1, 5), [0.1, 0.1, 0.025]),
        (s.InverseTimeDecay(0.1, 2, 0.5), (0, 2, 6), [0.1, 0.066667, 0.04]),
        (s.InverseTimeDecay(0.1, 2, 0.5, staircase=True), (1, 3), [0.1, 0.066667]),
        (s.CosineDecay(0.1, 10, alpha=0.1), (0, 3, 10, 12), [0.1, 0.08145, 0.01, 0.01]),
        (
            s.CosineDecay(0.01, 10, alpha=0.1, warmup_target=0.2, warmup_steps=4),
            (0, 3, 4, 9, 14, 20),
            [0.01, 0.1525, 0.2, 0.11, 0.02, 0.02],
        ),
        (s.PiecewiseConstantDecay([2, 5], [1.0, 0.5, 0.1]), (0, 2, 3, 5, 6), [1, 1, 0.5, 0.5, 0.1]),
        (s.PolynomialDecay(0.1, 10, 0.01), (0, 5, 20), [0.1, 0.055, 0.01]),
        (
            s.PolynomialDecay(0.1, 4, 0.01, power=2.0, cycle=True),
            (0, 2, 4, 5, 9),
            [0.1, 0.0325, 0.01, 0.022656, 0.015625],
        ),
    ],
)
def test_rates(schedule, steps, rates):
    found = [schedule(step) for step in steps]
    assert all(rate.dtype is tf.float32 and rate.shape == () for rate in found)
    np.testing.assert_allclose(found, rates, rtol=1e-4)
    np.testing.assert_allclose([schedule(tf.constant(step)) for step in steps], rates, rtol=1e-4)


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="decay_steps=0"):
        s.ExponentialDecay(0.1, 0, 0.5)
    with pytest.raises(ValueError, match="1 less than the length of values"):
        s.PiecewiseConstantDecay([2], [1.0])
    with pytest.raises(NotImplementedError, match="must override"):
        s.LearningRateSchedule()(0)


def test_an_optimizer_follows_its_schedule():
    optimizer = optimizers.SGD(s.PiecewiseConstantDecay([0], [1.0, 0.25]))
    w = tf.Variable(0.0)
    seen = []
    for _ in range(3):
        optimizer.apply_gradients([(tf.constant(1.0), w)])
        seen.append(float(w))
    assert seen == [-1.0, -1.25, -1.5]
    assert float(optimizer.learning_rate) == 0.25
    with pytest.raises(TypeError, match="LearningRateSchedule"):
        optimizer.learning_rate = 0.1


def test_configs():
    schedule = s.ExponentialDecay(0.1, 2, 0.5)
    assert schedule.get_config() == {
        "initial_learning_rate": 0.1,
        "decay_steps": 2,
        "decay_rate": 0.5,
        "staircase": False,
        "name": "ExponentialDecay",
    }
    again = s.deserialize(s.serialize(schedule))
    assert float(again(5)) == float(schedule(5))
