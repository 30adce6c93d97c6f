"""Optimizer.observers: whoever wants to see the gradients of each step, eager or traced."""

import numpy as np
import pytest

import minitf as tf


def train(optimizer, w, b, step_wrapper):
    @step_wrapper
    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((w * x + b) ** 2)
        optimizer.apply_gradients(zip(tape.gradient(loss, [w, b]), [w, b], strict=True))

    step(tf.constant([1.0, 3.0]))
    step(tf.constant([1.0, 3.0]))


@pytest.mark.parametrize("wrapper", [lambda f: f, tf.function], ids=["eager", "traced"])
@pytest.mark.parametrize("clip", [None, 0.5])
def test_observers_see_every_gradient_before_clipping(wrapper, clip):
    w, b = tf.Variable(2.0), tf.Variable(1.0)
    optimizer = tf.keras.optimizers.SGD(0.0, clipvalue=clip)
    seen = []

    def note(gradients, variables):
        for gradient, variable in zip(gradients, variables, strict=True):
            seen.append((float(gradient), variable is w))

    optimizer.observers.append(note)
    train(optimizer, w, b, wrapper)
    # mean of 2 (w x + b) x = 3 · 1 + 7 · 3, and mean of 2 (w x + b) = 3 + 7
    np.testing.assert_allclose([value for value, _ in seen], [24.0, 10.0, 24.0, 10.0])
    assert [is_w for _, is_w in seen] == [True, False, True, False]
