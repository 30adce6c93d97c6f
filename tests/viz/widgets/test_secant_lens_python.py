"""SecantLens: its numbers are those of the function, and bad functions are named."""

import numpy as np
import pytest

import minitf as tf


def test_errors_fall_with_the_square_of_the_step_and_then_rise():
    lens = tf.viz.SecantLens(tf.exp, x=1.0)
    errors = lens._errors["float64"]
    assert errors[4] / errors[8] == pytest.approx(100, rel=0.01)  # 0.1 and 0.01
    assert errors[-1] > 1e6 * errors.min()
    np.testing.assert_allclose(lens._slope, np.e, rtol=1e-12)


def test_the_best_step_is_larger_in_float32():
    lens = tf.viz.SecantLens(lambda x: x**3, x=2.0)
    assert 1e-3 < lens.best_step < 2e-2
    best = lens._steps[lens._best["float64"]]
    assert 1e-6 < best < 1e-4
    assert "slope at x = 2 is 12." in lens.describe()


def test_quotients_use_numbers_of_their_dtype():
    lens = tf.viz.SecantLens(lambda x: x**3, x=2.0)
    step = np.float32(lens._steps[8])
    above, below = np.float32(2) + step, np.float32(2) - step
    assert lens._quotients["float32"][8] == float((above**3 - below**3) / (2 * step))


@pytest.mark.parametrize(
    ("function", "x", "words"),
    [
        (lambda x: tf.stack([x, x]), 2.0, "one number to one number"),
        (lambda x: 3.0, 2.0, "one number to one number"),
        (tf.sqrt, 0.0, "no finite slope"),
        (lambda x: tf.constant(np.sin(x)), 2.0, "no finite slope"),
    ],
)
def test_functions_that_do_not_fit(function, x, words):
    with pytest.raises(ValueError, match=words):
        tf.viz.SecantLens(function, x=x)
