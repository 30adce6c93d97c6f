"""What is called less often than fit(x, y): strict callbacks, copies, odd arguments and shapes."""

import collections
import copy
import functools

import numpy as np
import pytest

import minitf as tf

X = np.ones((4, 2), np.float32)
Y = np.eye(3, dtype=np.float32)[[0, 1, 2, 0]]


def compiled(**options):
    model = tf.keras.Sequential(
        [tf.keras.Input((2,)), tf.keras.layers.Dense(3, activation="sigmoid")]
    )
    model.compile(**({"optimizer": "adam", "loss": "mse"} | options))
    return model


def test_callbacks_are_given_logs_at_every_moment():
    seen = []
    strict = tf.keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: seen.append(("train", logs)),
        on_epoch_begin=lambda epoch, logs: seen.append((epoch, logs)),
        on_train_batch_begin=lambda batch, logs: seen.append((batch, logs)),
        on_train_end=lambda logs: seen.append(("end", logs)),
        on_test_begin=lambda logs: seen.append(("test", logs)),
        on_test_batch_begin=lambda batch, logs: seen.append(("test", batch)),
    )
    model = compiled()
    loss = model.fit(X, Y, verbose=0, callbacks=[strict]).history["loss"][0]
    model.evaluate(X, Y, verbose=0, callbacks=[strict])
    begun = [("train", {}), (0, {}), (0, {}), ("end", {"loss": loss})]
    assert seen == [*begun, ("test", {}), ("test", 0)]


def test_a_metric_may_have_one_figure_per_class(capsys):
    model = compiled(metrics=[tf.keras.metrics.F1Score()])
    history = model.fit(X, Y, verbose=2)
    assert history.history["f1_score"][0].shape == (3,)
    assert "f1_score: [0." in capsys.readouterr().out
    assert model.evaluate(X, Y, verbose=0)[1].shape == (3,)


def test_a_rising_f1_score_is_an_improvement():
    class Rising(tf.keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_f1_score"] = 0.1 * epoch

    stop = tf.keras.callbacks.EarlyStopping(monitor="val_f1_score", patience=0)
    model = compiled(metrics=[tf.keras.metrics.F1Score(average="macro")])
    assert model.fit(X, Y, epochs=4, verbose=0, callbacks=[Rising(), stop]).epoch == [0, 1, 2, 3]


def test_a_copy_of_a_trained_model_trains_on_by_itself():
    model = compiled()
    model.fit(X, Y, verbose=0)
    weights = model.get_weights()
    twin = copy.deepcopy(model)
    twin.fit(X, Y, verbose=0)
    assert twin.optimizer.iterations.numpy() == 2 and model.optimizer.iterations.numpy() == 1
    np.testing.assert_array_equal(model.get_weights()[0], weights[0])
    model.fit(X, Y, verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], twin.get_weights()[0])


def test_a_copied_layer_keeps_its_constraint():
    layer = tf.keras.layers.Dense(1, kernel_constraint="non_neg")
    layer(tf.ones([1, 2]))
    assert copy.deepcopy(layer).kernel.constraint is layer.kernel.constraint


def test_losses_and_metrics_made_with_partial():
    huber = functools.partial(tf.keras.losses.huber, delta=2.0)
    model = compiled(loss=huber, metrics=[huber])
    model.fit(X, Y, verbose=0)
    assert model.metrics_names == ["loss", "huber"]


def test_ignored_examples_do_not_count_in_the_mean():
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    logits = [[2.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    np.testing.assert_allclose(loss([0, -1], logits[:2]), 0.12692805, rtol=1e-6)  # as Keras
    weighted = loss([0, -1, 1], logits, sample_weight=[1.0, 1.0, 3.0])
    np.testing.assert_allclose(weighted, 0.5333565, rtol=1e-6)
    assert loss([-1, -1], logits[:2]).numpy() == 0.0


def test_none_in_the_noise_shape_stands_for_the_inputs_size():
    layer = tf.keras.layers.Dropout(0.5, noise_shape=(None, 1, 3), seed=1)
    for call in (layer, tf.function(layer)):
        y = call(tf.ones([8, 4, 3]), training=True).numpy()
        assert set(np.unique(y)) == {0.0, 2.0}
        np.testing.assert_array_equal(y, np.repeat(y[:, :1], 4, axis=1))


def test_merging_of_integers_and_of_different_ranks():
    add = tf.keras.layers.Add()
    assert add([tf.constant([[1]]), tf.constant([[2]])]).dtype is tf.int32
    found = add([tf.constant([[1.0, 2.0], [10.0, 20.0]]), tf.zeros([2, 2, 2])])
    assert found.numpy().tolist() == [[[1.0, 2.0]] * 2, [[10.0, 20.0]] * 2]


def test_a_functional_model_drops_a_last_axis_of_size_one():
    x = tf.keras.Input((2,))
    model = tf.keras.Model(x, tf.keras.layers.Dense(1)(x))
    assert model(tf.ones([5, 2, 1])).shape == (5, 1)


def test_a_config_may_hold_layers_and_numpy_numbers(tmp_path):
    class Times(tf.keras.layers.Layer):
        def __init__(self, k, inner=None, **kwargs):
            super().__init__(**kwargs)
            self.k, self.inner = k, inner

        def call(self, x):
            return x * float(self.k)

        def get_config(self):
            own = {"k": np.int64(self.k), "inner": tf.keras.layers.Dense(3)}
            return super().get_config() | own

    model = tf.keras.Sequential([tf.keras.Input((2,)), Times(3)])
    model.save(tmp_path / "m.keras")
    again = tf.keras.models.load_model(tmp_path / "m.keras", custom_objects={"Times": Times})
    assert again(tf.ones([1, 2])).numpy().tolist() == [[3.0, 3.0]]
    assert again.layers[0].inner.units == 3


def test_inputs_in_a_named_tuple():
    Pair = collections.namedtuple("Pair", "a b")

    class Sum(tf.keras.Model):
        def call(self, pair):
            return pair.a + pair.b

    assert Sum()(Pair(tf.ones([1]), tf.ones([1]))).numpy().tolist() == [2.0]


def test_flatten_traced_for_any_size():
    flatten = tf.keras.layers.Flatten()
    traced = tf.function(flatten, input_signature=[tf.TensorSpec([None, None, 2])])
    assert traced(tf.ones([2, 3, 2])).shape == (2, 6)


@pytest.mark.parametrize("module, name", [("regularizers", "L2"), ("constraints", "NonNeg")])
def test_get_understands_a_description(module, name):
    found = getattr(tf.keras, module).get({"class_name": name, "config": {}})
    assert type(found).__name__ == name


def test_thresholds_in_an_array():
    precision = tf.keras.metrics.Precision(thresholds=np.array([0.2, 0.5]))
    precision.update_state([0, 1], [0.3, 0.9])
    assert precision.result().numpy().tolist() == [0.5, 1.0]


def test_weights_stay_if_the_optimizers_state_does_not_fit(tmp_path):
    def trained(optimizer):
        model = tf.keras.Sequential(
            [tf.keras.Input((2,)), tf.keras.layers.Dense(3), tf.keras.layers.Dense(1)]
        )
        model.compile(optimizer, "mse")
        model.fit(X, np.ones((4, 1)), verbose=0)
        return model

    path = tmp_path / "w.weights.h5"  # both optimizers have three slots per weight
    trained(tf.keras.optimizers.Adam(amsgrad=True)).save_weights(path)
    model = trained(tf.keras.optimizers.RMSprop(momentum=0.9, centered=True))
    before = model.get_weights()
    with pytest.raises(ValueError, match="Nothing was loaded"):
        model.load_weights(path)
    for old, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, now)
