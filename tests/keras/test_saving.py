"""Saving and loading: weights, whole models, optimizer state; and what damaged files do."""

import json

import numpy as np
import pytest

import minitf as tf
from minitf.arrays_file import DamagedFileError
from minitf.keras import layers

X = np.random.default_rng(0).normal(size=(8, 2)).astype(np.float32)
Y = X.sum(axis=1, keepdims=True)


def small_model(units=3, compiled=True):
    model = tf.keras.Sequential(
        [tf.keras.Input((2,)), layers.Dense(units, "tanh"), layers.Dropout(0.5), layers.Dense(1)]
    )
    if compiled:
        model.compile("adam", "mse", metrics=["mae"])
    return model


def fit(model, epochs=2):
    return model.fit(X, Y, epochs=epochs, verbose=0, shuffle=False, batch_size=4).history


def values(variables):
    return [v.numpy() for v in variables]


def assert_equal(a, b):
    assert len(a) == len(b)
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.fixture
def saved(tmp_path):
    model = small_model()
    fit(model)
    path = tmp_path / "m.keras"
    model.save(path)
    return model, path


def test_a_loaded_model_goes_on_bit_for_bit(saved):
    model, path = saved
    again = tf.keras.models.load_model(path)
    assert_equal(values(again.weights), values(model.weights))
    assert_equal(values(again.optimizer.variables), values(model.optimizer.variables))
    assert fit(again) == fit(model)  # dropout draws the same masks


def test_compile_can_be_left_out(saved):
    model, path = saved
    plain = tf.keras.models.load_model(path, compile=False)
    assert not plain.compiled
    np.testing.assert_array_equal(plain.predict(X, verbose=0), model.predict(X, verbose=0))


def test_weights_alone(tmp_path):
    model = small_model()
    fit(model)
    model.save_weights(tmp_path / "m.weights.h5")
    fresh = small_model()
    fresh.load_weights(tmp_path / "m.weights.h5")
    assert_equal(values(fresh.weights), values(model.weights))
    assert int(fresh.optimizer.iterations) == 0  # a new optimizer starts afresh, as in Keras
    used = small_model()
    fit(used)
    used.load_weights(tmp_path / "m.weights.h5")
    assert_equal(values(used.optimizer.variables), values(model.optimizer.variables))


def test_all_kinds_of_layers_come_back(tmp_path):
    model = tf.keras.Sequential(
        [
            tf.keras.Input((8, 8, 1)),
            layers.Rescaling(0.5),
            layers.Conv2D(2, 3, padding="same", kernel_regularizer=tf.keras.regularizers.L2(0.1)),
            layers.BatchNormalization(),
            layers.ReLU(max_value=6.0),
            layers.MaxPooling2D(2),
            layers.Reshape((4, 8)),
            layers.LayerNormalization(),
            layers.Flatten(),
            layers.Dense(2, activation="softmax", kernel_initializer="he_normal", name="last"),
        ]
    )
    model.save(tmp_path / "m.keras")
    again = tf.keras.models.load_model(tmp_path / "m.keras")
    x = np.random.default_rng(1).normal(size=(2, 8, 8, 1)).astype(np.float32)
    np.testing.assert_array_equal(again(x), model(x))
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    assert float(again.losses[0]) == float(model.losses[0])


def test_functional_models_come_back(tmp_path):
    a, b = tf.keras.Input((2,)), tf.keras.Input((3,))
    shared = layers.Dense(3)
    merged = layers.Concatenate()([shared(a) * 2.0 + 1.0, b - shared(a)])
    model = tf.keras.Model([a, b], [merged, layers.Dense(1)(merged)])
    model.save(tmp_path / "f.keras")
    again = tf.keras.models.load_model(tmp_path / "f.keras")
    inputs = [X, np.ones((8, 3), np.float32)]
    assert_equal([np.asarray(y) for y in again(inputs)], [np.asarray(y) for y in model(inputs)])
    assert again.count_params() == model.count_params()


class Scale(layers.Layer):
    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.w = self.add_weight((input_shape[-1],), "random_normal")

    def call(self, inputs):
        return inputs * self.w * self.factor


class Net(tf.keras.Model):
    def __init__(self, units):
        super().__init__()
        self.scale, self.dense = Scale(2.0), layers.Dense(units)

    def call(self, inputs):
        return self.dense(self.scale(inputs))


def test_classes_of_ones_own(tmp_path):
    net = Net(4)
    y = net(X)
    net.save(tmp_path / "n.keras")
    with pytest.raises(TypeError, match="'Net'.*custom_objects"):
        tf.keras.models.load_model(tmp_path / "n.keras")
    again = tf.keras.models.load_model(tmp_path / "n.keras", custom_objects={"Net": Net})
    np.testing.assert_array_equal(again(X), y)


def test_registered_classes(tmp_path):
    tf.keras.saving.register_keras_serializable("mine")(Scale)
    model = tf.keras.Sequential([tf.keras.Input((2,)), Scale(3.0)])
    model.save(tmp_path / "s.keras")
    again = tf.keras.models.load_model(tmp_path / "s.keras")
    np.testing.assert_array_equal(again(X), model(X))


def test_json_makes_a_model_with_new_weights():
    model = small_model(compiled=False)
    again = tf.keras.models.model_from_json(model.to_json())
    assert [w.shape for w in again.weights] == [w.shape for w in model.weights]
    assert json.loads(model.to_json())["class_name"] == "Sequential"


def test_what_has_no_name_cannot_be_saved(tmp_path):
    model = tf.keras.Sequential([tf.keras.Input((2,)), layers.Lambda(lambda x: x * 2)])
    with pytest.raises(TypeError, match="cannot be written to a model file"):
        model.save(tmp_path / "m.keras")
    assert list(tmp_path.iterdir()) == []


def test_names_and_places(tmp_path, saved):
    model, path = saved
    with pytest.raises(ValueError, match="`.keras`"):
        model.save(tmp_path / "m")
    with pytest.raises(ValueError, match="must end in `.weights.h5`"):
        model.save_weights(tmp_path / "m.h5")
    with pytest.raises(FileNotFoundError):
        model.save_weights(tmp_path / "no" / "m.weights.h5")
    with pytest.raises(FileExistsError, match="overwrite is False"):
        model.save(path, overwrite=False)
    with pytest.raises(ValueError, match="File not found"):
        tf.keras.models.load_model(tmp_path / "no.keras")
    with pytest.raises(FileNotFoundError):
        model.load_weights(tmp_path / "no.weights.h5")


def test_models_that_are_not_built(tmp_path, saved):
    unbuilt = tf.keras.Sequential([layers.Dense(2)])
    with pytest.raises(ValueError, match="saving a model that has not yet been built"):
        unbuilt.save(tmp_path / "u.keras")
    with pytest.raises(ValueError, match="loading weights into a model that has not yet"):
        unbuilt.load_weights(saved[1])


def test_other_shapes_change_nothing(saved):
    _, path = saved
    other = small_model(units=4)
    before = values(other.weights)
    with pytest.raises(ValueError, match=r"has shape \(2, 3\).*\(2, 4\).*Nothing was loaded"):
        other.load_weights(path)
    assert_equal(values(other.weights), before)
    fewer = tf.keras.Sequential([tf.keras.Input((2,)), layers.Dense(3)])
    with pytest.raises(ValueError, match="holds 4 weights, but the model has 2"):
        fewer.load_weights(path)


def test_truncated_files_are_refused(saved):
    model, path = saved
    content = path.read_bytes()
    before = values(model.weights)
    for length in (0, 1, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(DamagedFileError, match="Nothing was loaded"):
            tf.keras.models.load_model(path)
        with pytest.raises(ValueError, match="not a complete file"):
            model.load_weights(path)
    assert_equal(values(model.weights), before)


def test_altered_files_are_refused_or_harmless(saved):
    model, path = saved
    content, wanted = path.read_bytes(), values(model.weights)
    for place in range(0, len(content), 61):
        altered = bytearray(content)
        altered[place] ^= 0x55
        path.write_bytes(altered)
        try:
            again = tf.keras.models.load_model(path)
        except ValueError:
            continue
        assert_equal(values(again.weights), wanted)  # a time stamp, for example


def test_nan_is_neither_saved_nor_loaded(saved):
    model, path = saved
    good = path.read_bytes()
    model.weights[0].assign(model.weights[0] * np.nan)
    with pytest.raises(ValueError, match="Not saved.*dense.*NaN"):
        model.save(path)
    assert path.read_bytes() == good
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_failing_disk_leaves_the_old_file(saved, monkeypatch):
    model, path = saved
    good = path.read_bytes()

    def fails(*_):
        raise OSError("disk full")

    monkeypatch.setattr("minitf.arrays_file.os.fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        model.save(path)
    assert path.read_bytes() == good
    assert [file.name for file in path.parent.iterdir()] == [path.name]
