"""fit traces train_step, and trains as it does without."""

import copy

import numpy as np
import pytest

import minitf as tf

X = np.random.default_rng(0).standard_normal((50, 6)).astype(np.float32)
Y = (X.sum(1) > 0).astype(np.int32)


class Counting(tf.keras.Model):
    """Notes each time the Python of `call` runs."""

    def __init__(self, units=2):
        super().__init__()
        self.hidden = tf.keras.layers.Dense(5, activation="relu")
        self.drop = tf.keras.layers.Dropout(0.5, seed=3)
        self.norm = tf.keras.layers.BatchNormalization()
        self.out = tf.keras.layers.Dense(units)
        self.calls = []

    def call(self, x, training=False):
        self.calls.append(training)
        y = self.drop(self.norm(self.hidden(x)), training=training)
        self.add_loss(0.01 * tf.reduce_sum(y**2))
        return self.out(y)


def trained(optimizer="adam", run_eagerly=False, data=(X, Y), callbacks=None, **fit):
    tf.keras.utils.set_random_seed(1)
    model = Counting()
    model.compile(
        tf.keras.optimizers.get(optimizer),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        run_eagerly=run_eagerly,
    )
    model.fit(*data, verbose=0, batch_size=16, epochs=3, callbacks=callbacks, **fit)
    return model


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop", "nadam"])
def test_the_same_with_and_without_tracing(optimizer):
    traced, eager = trained(optimizer), trained(optimizer, run_eagerly=True)
    for a, b in zip(traced.get_weights(), eager.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    for name, values in eager.history.history.items():
        np.testing.assert_allclose(traced.history.history[name], values, rtol=1e-4)


def test_python_runs_only_while_the_step_is_traced():
    # one batch without tracing, a trace for batches of 16, one for the last batch of 2
    assert trained().calls == [True] * 3
    assert trained(run_eagerly=True).calls == [True] * 4 * 3


def test_a_layer_frozen_by_a_callback_stays_as_it_is():
    class Freeze(tf.keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.hidden.trainable = epoch != 1
            self.seen = getattr(self, "seen", []) + [self.model.get_weights()[0]]

    freeze, model = Freeze(), Counting()
    model(X)
    model.compile("sgd", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(X, Y, batch_size=16, epochs=3, verbose=0, callbacks=[freeze])
    start, after_1, after_2 = freeze.seen
    assert not np.array_equal(start, after_1)
    np.testing.assert_array_equal(after_1, after_2)


def test_sample_weights_and_datasets():
    weights = np.linspace(0, 2, 50, dtype=np.float32)
    a = trained(data=(X, Y), sample_weight=weights, shuffle=False)
    dataset = tf.data.Dataset.from_tensor_slices((X, Y, weights)).batch(16)
    tf.keras.utils.set_random_seed(1)
    b = Counting()
    b.compile("adam", a.loss, metrics=["accuracy"])
    b.fit(dataset, verbose=0, epochs=3)
    for p, q in zip(a.get_weights(), b.get_weights(), strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-4, atol=1e-6)


def test_losses_after_fit_are_no_leftovers_of_the_trace():
    model = trained()
    model(X[:4])
    assert float(model.losses[0]) >= 0


def test_a_new_optimizer_is_used_from_then_on():
    model = trained()
    before = model.get_weights()[0]
    model.compile(tf.keras.optimizers.SGD(0.0), model.loss)
    model.fit(X, Y, verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], before)


def test_a_step_that_needs_values_says_how_to_run_it():
    class Curious(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.out = tf.keras.layers.Dense(1)

        def call(self, x):
            y = self.out(x)
            y.numpy()
            return y

    model = Curious()
    model.compile("sgd", "mse")
    with pytest.raises((AttributeError, NotImplementedError), match="numpy|run_eagerly"):
        model.fit(X, X[:, :1], verbose=0)
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(X, X[:, :1], verbose=0)


def test_a_trained_model_can_be_copied():
    model = tf.keras.Sequential([tf.keras.Input((6,)), tf.keras.layers.Dense(2)])
    model.compile("sgd", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(X, Y, verbose=0)
    again = copy.deepcopy(model)
    again.compile("sgd", model.loss)
    again.fit(X, Y, verbose=0)
    assert not np.array_equal(model.get_weights()[0], again.get_weights()[0])
