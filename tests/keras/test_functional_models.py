"""Functional models: layers called on Inputs.

Numbers without a derivation are what TensorFlow 2.21.0 with Keras 3.15.1 answers.
"""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers

X = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)


def shared_model():
    a, b = tf.keras.Input((2,)), tf.keras.Input((2,))
    shared = layers.Dense(3, kernel_initializer="ones")
    both = layers.Concatenate()([shared(a), shared(b)])
    return tf.keras.Model([a, b], [both, shared(a)])


def test_several_inputs_and_outputs_and_a_shared_layer():
    model = shared_model()
    both, first = model([X, X * 2])
    assert both.numpy().tolist() == [[3, 3, 3, 6, 6, 6], [7, 7, 7, 14, 14, 14]]
    assert first.numpy().tolist() == [[3, 3, 3], [7, 7, 7]]
    assert len(model.weights) == 2 and len(model.layers) == 4
    assert model.input_shape == [(None, 2), (None, 2)]
    assert model.output_shape == [(None, 6), (None, 3)]
    assert [part.shape for part in model.predict([X, X], verbose=0)] == [(2, 6), (2, 3)]


def test_a_keras_tensor_is_a_promise():
    x = layers.Dense(4)(tf.keras.Input((2,)))
    assert x.shape == (None, 4) and x.dtype == "float32"
    assert repr(x).startswith("<KerasTensor shape=(None, 4)")
    with pytest.raises(ValueError, match="KerasTensor cannot be used as input to a TensorFlow"):
        tf.nn.relu(x)


def test_sizes_other_than_the_batch_may_be_unknown():
    words = tf.keras.Input((None,), dtype="int32")
    rows = layers.Embedding(10, 4)(words)
    assert rows.shape == (None, None, 4)
    model = tf.keras.Model(words, rows)
    assert model(tf.constant([[1, 2, 3]])).shape == (1, 3, 4)
    assert model(tf.constant([[1], [2]])).shape == (2, 1, 4)


def test_dicts_of_inputs():
    a, b = tf.keras.Input((2,), name="a"), tf.keras.Input((2,), name="b")
    model = tf.keras.Model({"u": a, "v": b}, layers.Add()([a, b]))
    assert model({"u": X, "v": X}).numpy().tolist() == [[2, 4], [6, 8]]
    by_name = tf.keras.Model([a, b], layers.Subtract()([a, b]))
    assert by_name({"b": X, "a": X * 3}).numpy().tolist() == [[2, 4], [6, 8]]
    with pytest.raises(ValueError, match="misses.*'b'"):
        by_name({"a": X})


def test_arithmetic_on_promises():
    a = tf.keras.Input((2,))
    model = tf.keras.Model(a, 2.0 * a + 1.0 - a / 2.0)
    assert model(X).numpy().tolist() == [[2.5, 4.0], [5.5, 7.0]]


def test_a_part_of_a_model():
    model = tf.keras.Sequential(
        [tf.keras.Input((2,)), layers.Dense(3, activation="relu"), layers.Dense(1)]
    )
    features = tf.keras.Model(model.inputs, model.layers[0].output)
    np.testing.assert_array_equal(features(X), model.layers[0](X))
    assert model.output.shape == (None, 1) and model.input.shape == (None, 2)
    with pytest.raises(AttributeError, match="never been called"):
        _ = layers.Dense(2).output


def test_it_trains():
    a = tf.keras.Input((2,))
    hidden = layers.Dense(2, kernel_initializer="ones", activation="relu")(a)
    model = tf.keras.Model(a, layers.Dense(1, kernel_initializer="ones")(hidden))
    model.compile("sgd", "mse")
    y = np.array([[1.0], [2.0]], np.float32)
    history = model.fit(X, y, epochs=2, shuffle=False, verbose=0)
    np.testing.assert_allclose(history.history["loss"], [84.5, 2.869532], rtol=1e-5)


def test_training_reaches_the_layers():
    a = tf.keras.Input((200,))
    model = tf.keras.Model(a, layers.Dropout(0.5, seed=1)(a))
    ones = tf.ones([1, 200])
    assert model(ones).numpy().min() == 1
    assert model(ones, training=True).numpy().min() == 0


def test_mistakes():
    a, b = tf.keras.Input((2,)), tf.keras.Input((3,))
    with pytest.raises(ValueError, match="not connected"):
        tf.keras.Model(a, layers.Dense(2)(b))
    with pytest.raises(ValueError, match="`outputs` values must be KerasTensors"):
        tf.keras.Model(a, tf.zeros([2]))
    model = tf.keras.Model([a, b], layers.Concatenate()([a, b]))
    with pytest.raises(ValueError, match=r"expects 2 input\(s\)"):
        model(X)
    with pytest.raises(ValueError, match=r"expected shape=\(None, 3\), found shape=\(2, 2\)"):
        model([X, X])
    with pytest.raises(ValueError, match="tuple"):
        tf.keras.Input(3)


class Steps(tf.keras.Model):
    """The way of Keras' guide to a training step of one's own: no __init__, no call."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            predicted = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=predicted)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, predicted)
        return {metric.name: metric.result() for metric in self.metrics}


class Wide(tf.keras.Model):
    """Wires itself in its own __init__."""

    def __init__(self, units):
        a = tf.keras.Input((2,))
        super().__init__(inputs=a, outputs=layers.Dense(units)(a), name="wide")
        self.units = units


def wired_steps():
    a = tf.keras.Input((2,))
    return Steps(a, layers.Dense(1, kernel_initializer="ones")(a))


def test_a_subclass_is_wired_and_keeps_its_train_step():
    model = wired_steps()
    assert isinstance(model, Steps) and type(model) is type(wired_steps())
    assert type(model).__name__ == "Steps" and len(model.layers) == 2
    model.compile("sgd", "mse", metrics=["mae"])
    history = model.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=2, batch_size=2, verbose=0)
    assert history.history["loss"] == pytest.approx([3.7672, 2.94124], abs=1e-5)
    assert history.history["mae"] == pytest.approx([1.94, 1.71418], abs=1e-5)


def test_a_subclass_wires_itself():
    model = Wide(3)
    assert (model.units, model.name, model.get_config()) == (3, "wide", {"units": 3})
    assert model(X).shape == (2, 3) and isinstance(model, tf.keras.models.Functional)


@pytest.mark.parametrize("make", [wired_steps, lambda: Wide(3)], ids=["Steps", "Wide"])
def test_a_wired_subclass_is_cloned_saved_and_loaded(make, tmp_path):
    model = make()
    twin = tf.keras.models.clone_model(model)
    model.save(tmp_path / "model.keras")
    known = {"Steps": Steps, "Wide": Wide}
    loaded = tf.keras.models.load_model(tmp_path / "model.keras", custom_objects=known)
    assert type(twin) is type(loaded) is type(model)
    np.testing.assert_array_equal(loaded(X), model(X))


def test_inputs_without_outputs_are_refused():
    with pytest.raises(ValueError, match="All `outputs` values must be KerasTensors"):
        Steps(inputs=tf.keras.Input((2,)))


def test_clone_model_has_weights_of_its_own():
    model = shared_model()
    twin = tf.keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    np.testing.assert_array_equal(twin([X, X])[0], model([X, X])[0])
    twin.weights[0].assign(tf.zeros([2, 3]))
    assert model.get_weights()[0].min() == 1
