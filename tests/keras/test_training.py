"""compile, fit, evaluate, predict; and that a loop written by hand does the same."""

import warnings

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers, losses, metrics, optimizers

rng = np.random.default_rng(0)
X = rng.normal(size=(50, 4)).astype(np.float32)
Y = (X.sum(axis=1) > 0).astype(np.int64)


def model_of(seed=0, **compile_arguments):
    tf.keras.utils.set_random_seed(seed)
    model = tf.keras.Sequential(
        [tf.keras.Input((4,)), layers.Dense(8, activation="tanh"), layers.Dense(2)]
    )
    arguments = {
        "optimizer": optimizers.Adam(0.05),
        "loss": losses.SparseCategoricalCrossentropy(from_logits=True),
        "metrics": ["accuracy"],
    }
    model.compile(**(arguments | compile_arguments))
    return model


def line(**compile_arguments):
    """One weight from 0: what happens to it can be followed by hand."""
    model = tf.keras.Sequential(
        [tf.keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="zeros")]
    )
    model.compile(**({"optimizer": optimizers.SGD(0.1), "loss": "mse"} | compile_arguments))
    return model


def test_fit_learns_and_tells():
    history = model_of().fit(X, Y, epochs=20, batch_size=10, verbose=0)
    assert list(history.history) == ["accuracy", "loss"] and history.epoch == list(range(20))
    assert history.history["loss"][-1] < 0.2 * history.history["loss"][0]
    assert history.history["accuracy"][-1] > 0.95


def test_one_step_by_hand():
    model = line()
    history = model.fit([[1.0], [2.0]], [[1.0], [2.0]], batch_size=2, verbose=0)
    assert history.history["loss"] == [2.5]  # (1 + 4) / 2
    assert model.get_weights()[0][0, 0] == pytest.approx(0.5)  # -0.1 · mean(-2·1, -2·4)


def test_the_epochs_loss_counts_examples_not_batches():
    model = line(optimizer=optimizers.SGD(0.0))
    y = np.array([[1.0], [1.0], [1.0], [3.0]])
    history = model.fit(np.ones((4, 1)), y, batch_size=3, shuffle=False, verbose=0)
    assert history.history["loss"] == [3.0]  # (1 + 1 + 1 + 9) / 4; the mean of means would be 5.0


def test_a_seed_makes_fit_repeatable():
    def run(seed):
        return model_of(seed).fit(X, Y, epochs=3, batch_size=8, verbose=0).history

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_a_loop_by_hand_does_what_fit_does():
    model = model_of()
    model.fit(X, Y, epochs=2, batch_size=16, shuffle=False, verbose=0)
    twin = model_of()
    loss_function = losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer, accuracy = optimizers.Adam(0.05), metrics.SparseCategoricalAccuracy()
    for _ in range(2):
        accuracy.reset_state()
        for x, y in tf.data.Dataset.from_tensor_slices((X, Y)).batch(16):
            with tf.GradientTape() as tape:
                logits = twin(x, training=True)
                loss = loss_function(y, logits)
            gradients = tape.gradient(loss, twin.trainable_variables)
            optimizer.apply_gradients(zip(gradients, twin.trainable_variables, strict=True))
            accuracy.update_state(y, logits)
    for a, b in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert model.history.history["accuracy"][-1] == float(accuracy.result())


def test_a_dataset_trains_like_arrays():
    arrays, dataset = model_of(), model_of()
    arrays.fit(X, Y, epochs=2, batch_size=16, shuffle=False, verbose=0)
    dataset.fit(tf.data.Dataset.from_tensor_slices((X, Y)).batch(16), epochs=2, verbose=0)
    np.testing.assert_array_equal(arrays.get_weights()[0], dataset.get_weights()[0])


def test_shuffling_visits_every_example_once():
    seen = []

    class Watching(tf.keras.Model):
        def call(self, x):
            seen.extend(x.numpy().ravel().tolist())
            return x

    model = Watching()
    model.compile(loss="mse")
    with pytest.warns(UserWarning, match="not have any trainable weights"):
        model.fit(np.arange(10.0), np.arange(10.0), batch_size=10, verbose=0)
    assert sorted(seen) == list(range(10)) and seen != list(range(10))


def test_float64_and_integer_data():
    for x in (X.astype(np.float64), (X > 0).astype(np.uint8), X.tolist(), tf.constant(X)):
        history = model_of().fit(x, Y.astype(np.uint8), verbose=0)
        assert np.isfinite(history.history["loss"][0])


def test_validation_data_and_split():
    model = model_of(optimizer=optimizers.SGD(0.0))
    history = model.fit(X, Y, verbose=0, validation_data=(X[:20], Y[:20]))
    assert sorted(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    loss, accuracy = model.evaluate(X[:20], Y[:20], verbose=0)
    assert history.history["val_loss"] == [loss] and history.history["val_accuracy"] == [accuracy]
    split = model.fit(X, Y, verbose=0, validation_split=0.2).history
    last = model.evaluate(X[40:], Y[40:], verbose=0, return_dict=True)
    assert split["val_loss"] == [last["loss"]]


def test_evaluate_names_and_orders_its_values():
    cross_entropy = metrics.SparseCategoricalCrossentropy("ce", from_logits=True)
    model = model_of(metrics=["accuracy", cross_entropy])
    values = model.evaluate(X, Y, verbose=0)
    assert model.metrics_names == ["loss", "accuracy", "ce"]
    assert values[0] == pytest.approx(values[2], rel=1e-5)
    assert line().evaluate([[1.0]], [[2.0]], verbose=0) == 4.0


def test_predict_joins_the_batches():
    model = model_of()
    predictions = model.predict(X, batch_size=7, verbose=0)
    np.testing.assert_allclose(predictions, model(X).numpy(), rtol=1e-5)
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).batch(7)
    np.testing.assert_array_equal(model.predict(dataset, verbose=0), predictions)


def test_values_on_batch_are_of_this_batch_alone():
    """Recorded with Keras 3.15.1."""
    model = tf.keras.Sequential(
        [tf.keras.Input((1,)), tf.keras.layers.Dense(1, kernel_initializer="ones")]
    )
    model.compile(tf.keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    x, y = np.ones((2, 1)), np.zeros((2, 1))
    found = [model.train_on_batch(x, y), model.train_on_batch(x, y), model.test_on_batch(x, y)]
    assert found == [pytest.approx(one) for one in ([1, 1], [0.36, 0.6], [0.1296, 0.36])]


def test_train_test_and_predict_on_batch():
    model = line()
    assert model.train_on_batch(np.ones((2, 1)), np.ones((2, 1))) == 1.0
    assert model.test_on_batch(np.ones((1, 1)), np.ones((1, 1)), return_dict=True) != {}
    assert model.predict_on_batch(np.ones((1, 1)))[0, 0] == pytest.approx(0.2)


def test_sample_weights():
    model = line(optimizer=optimizers.SGD(0.0), weighted_metrics=["mae"])
    x, y = np.ones((2, 1)), np.array([[1.0], [3.0]])
    logs = model.evaluate(x, y, sample_weight=np.array([1.0, 0.0]), verbose=0, return_dict=True)
    assert logs == {"loss": 0.5, "mae": 1.0}


def test_a_train_step_of_ones_own():
    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1, kernel_initializer="zeros")
            self.seen = metrics.Sum(name="seen")

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((self(x, training=True) - y) ** 2)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            self.seen.update_state(float(len(y)))
            return {"own": loss, "seen": self.seen.result()}

    model = Own()
    model.compile(optimizer="sgd")
    history = model.fit(np.ones((6, 1)), np.ones((6, 1)), epochs=2, batch_size=4, verbose=0)
    assert history.history["seen"] == [6.0, 6.0]  # reset at every epoch
    assert history.history["own"][1] < history.history["own"][0]


def test_a_second_fit_goes_on_and_epochs_can_be_numbered():
    model = line(optimizer="adam")
    model.fit([[1.0]], [[1.0]], epochs=2, verbose=0)
    history = model.fit([[1.0]], [[1.0]], initial_epoch=2, epochs=5, verbose=0)
    assert history.epoch == [2, 3, 4] and int(model.optimizer.iterations) == 5


def test_steps_per_epoch_go_on_through_an_endless_dataset():
    model = line(optimizer=optimizers.SGD(0.0))
    dataset = tf.data.Dataset.from_tensor_slices(([[1.0]] * 3, [[1.0], [2.0], [3.0]])).batch(1)
    history = model.fit(dataset.repeat(), epochs=3, steps_per_epoch=2, verbose=0)
    assert history.history["loss"] == [2.5, 5.0, 6.5]  # (1, 4), (9, 1), (4, 9)


def test_frozen_layers_stay_as_they_are():
    model = model_of()
    model.layers[0].trainable = False
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(before[0], after[0])
    assert (before[2] != after[2]).any()


def test_bad_input_is_named():
    model = model_of()
    with pytest.raises(ValueError, match="ambiguous.*'x' sizes: .50.*'y' sizes: .49"):
        model.fit(X, Y[:-1], verbose=0)
    with pytest.raises(ValueError, match=r"must call `compile\(\)`"):
        tf.keras.Sequential([layers.Dense(1)]).fit(X, Y, verbose=0)
    with pytest.raises(ValueError, match="'dense.*have value 4.*3"):
        model.fit(X[:, :3], Y, verbose=0)
    with pytest.raises(ValueError, match="label value of 7"):
        model.fit(X, np.full(50, 7), verbose=0)
    with pytest.raises(ValueError, match="Did you mean 'mean_squared_error'"):
        model.compile(loss="mean_squared_errr")
    with pytest.raises(ValueError, match="optimizer identifier 'sdg'"):
        model.compile(optimizer="sdg", loss="mse")
    with pytest.raises(ValueError, match="metric identifier"):
        model.compile(metrics=["accurcy"])


def test_more_bad_input_is_named():
    model = model_of()
    with pytest.raises(ValueError, match="labels"):
        model.fit(X, verbose=0)
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        model.fit(X, Y, batch_size=0, verbose=0)
    with pytest.raises(ValueError, match="`y` and `sample_weight` must be left out"):
        model.fit(tf.data.Dataset.from_tensor_slices((X, Y)).batch(2), Y, verbose=0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        model.fit(X, Y, validation_split=1.5, verbose=0)
    with pytest.raises(ValueError, match="no examples"):
        model.fit(X[:0], Y[:0], verbose=0)
    with pytest.raises(ValueError, match="`verbose`"):
        model.fit(X, Y, verbose="loud")
    with pytest.raises(ValueError, match="No loss to compute"):
        model_of(loss=None).fit(X, Y, verbose=0)


def test_a_nan_loss_comes_with_a_hint():
    model = line(optimizer=optimizers.SGD(1e30))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with pytest.warns(UserWarning, match="loss became nan in epoch .*learning rate"):
            model.fit(np.ones((1, 1)), np.ones((1, 1)), epochs=5, verbose=0)


def test_a_callback_may_freeze_a_layer_between_epochs():
    model = model_of()
    kernels = []

    def freeze(epoch, logs):
        kernels.append(model.layers[0].kernel.numpy())
        model.layers[0].trainable = False

    callback = tf.keras.callbacks.LambdaCallback(on_epoch_end=freeze)
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callback])
    np.testing.assert_array_equal(kernels[0], kernels[1])
