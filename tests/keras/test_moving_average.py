"""use_ema: moving averages of the variables in every optimizer."""

import numpy as np
import pytest

import minitf as tf

OPTIMIZERS = [tf.keras.optimizers.SGD, tf.keras.optimizers.Adam, tf.keras.optimizers.RMSprop]


def values_after(optimizer, steps):
    """The variable after each step of minimizing (w - 1)²."""
    w = tf.Variable([4.0, -2.0])
    seen = []
    for _ in range(steps):
        optimizer.apply_gradients([(2.0 * (w - 1.0), w)])
        seen.append(w.numpy())
    return w, seen


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_average_follows_the_formula(kind):
    optimizer = kind(0.1, use_ema=True, ema_momentum=0.7)
    w, seen = values_after(optimizer, 6)
    _, plain = values_after(kind(0.1), 6)
    np.testing.assert_array_equal(seen, plain)  # averages do not disturb the steps
    average = seen[0]
    for value in seen[1:]:
        average = 0.7 * average + 0.3 * value
    optimizer.finalize_variable_values([w])
    np.testing.assert_allclose(w.numpy(), average, rtol=1e-6)


def test_variables_are_overwritten_every_so_many_steps():
    optimizer = tf.keras.optimizers.SGD(
        0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
    )
    w, seen = values_after(optimizer, 2)
    step_2 = seen[0] - 0.1 * 2 * (seen[0] - 1)
    np.testing.assert_allclose(w.numpy(), (seen[0] + step_2) / 2, rtol=1e-6)


def test_fit_ends_with_the_averages():
    x = np.linspace(-1, 1, 64, dtype=np.float32).reshape(32, 2)
    y = x @ np.float32([[2], [1]])

    def trained(**options):
        model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
        model.set_weights([np.ones((2, 1)), np.zeros(1)])
        model.compile(tf.keras.optimizers.SGD(0.1, **options), "mse")
        model.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
        return model

    averaged = trained(use_ema=True, ema_momentum=0.7)
    assert len(averaged.optimizer.variables) == 4  # iteration, rate, two averages
    # the figures are Keras 3.15's
    np.testing.assert_allclose(averaged.get_weights()[0].ravel(), [1.29967, 1.29834], atol=2e-5)
    assert not np.allclose(averaged.get_weights()[0], trained().get_weights()[0])


def test_traced_steps_average_too():
    results = []
    for wrap in (lambda f: f, tf.function):
        w, optimizer = tf.Variable([4.0]), tf.keras.optimizers.SGD(0.1, use_ema=True)
        optimizer.build([w])

        @wrap
        def step(w=w, optimizer=optimizer):
            with tf.GradientTape() as tape:
                loss = (w - 1.0) ** 2
            optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w], strict=True))

        for _ in range(3):
            step()
        optimizer.finalize_variable_values([w])
        results.append(w.numpy())
    np.testing.assert_array_equal(*results)


def test_config_remembers_it():
    optimizer = tf.keras.optimizers.Adam(use_ema=True, ema_momentum=0.9)
    again = tf.keras.optimizers.Adam.from_config(optimizer.get_config())
    assert again.use_ema and again.ema_momentum == 0.9


@pytest.mark.parametrize(
    ("options", "message"),
    [({"ema_momentum": 1.5}, "range"), ({"ema_overwrite_frequency": -1}, "integer >= 1")],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        tf.keras.optimizers.SGD(use_ema=True, **options)
