"""Models: building, listing layers, summary."""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers


@pytest.fixture(autouse=True)
def fresh_names():
    tf.keras.backend.clear_session()


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(3, activation="relu", kernel_initializer="ones")
        self.out = layers.Dense(1, kernel_initializer="ones")

    def call(self, x):
        return self.out(self.hidden(x))


def test_sequential_with_an_input_is_built_at_once():
    model = tf.keras.Sequential([tf.keras.Input((2,)), layers.Dense(4), layers.Dense(1)])
    assert model.built and model.count_params() == 17 and len(model.layers) == 2
    assert (model.input_shape, model.output_shape) == ((None, 2), (None, 1))


def test_sequential_without_one_is_built_by_the_first_call():
    model = tf.keras.Sequential([layers.Dense(4), layers.Dense(1)])
    assert not model.built and model.weights == []
    with pytest.raises(ValueError, match="isn't built"):
        model.count_params()
    assert model(np.zeros((5, 2))).shape == (5, 1)
    assert model.built and len(model.weights) == 4
    assert model.weights[0].path == "sequential/dense/kernel"


def test_the_older_input_shape_argument():
    model = tf.keras.Sequential([layers.Flatten(input_shape=(2, 3)), layers.Dense(1)])
    assert model.built and model.input_shape == (None, 2, 3)


def test_add_and_pop():
    model = tf.keras.Sequential()
    model.add(tf.keras.Input((3,)))
    model.add(layers.Dense(2))
    kernel = model.layers[0].kernel
    model.add(layers.Dense(1))
    assert model.output_shape == (None, 1) and model.layers[0].kernel is kernel
    model.pop()
    assert model.output_shape == (None, 2)


def test_sequential_refuses_what_is_no_layer():
    with pytest.raises(ValueError, match="A class needs brackets"):
        tf.keras.Sequential([layers.Flatten])
    dense = layers.Dense(1)
    with pytest.raises(ValueError, match="unique names"):
        tf.keras.Sequential([dense, dense])
    with pytest.raises(ValueError, match="at the start"):
        tf.keras.Sequential([layers.Dense(1), tf.keras.Input((2,))])


def test_building_is_seen_by_no_tape_and_draws_no_dropout():
    with tf.GradientTape() as tape:
        model = tf.keras.Sequential([tf.keras.Input((2,)), layers.Dense(4), layers.Dropout(0.5)])
    assert model.built and tape.watched_variables() == ()


def test_subclassed_model():
    net = Net()
    assert float(net(tf.constant([[1.0, 2.0]]))[0, 0]) == 9.0
    assert [layer.name for layer in net.layers] == ["dense", "dense_1"]
    assert len(net.trainable_variables) == 4
    assert net.get_layer("dense_1") is net.out and net.get_layer(index=0) is net.hidden
    with pytest.raises(ValueError, match="No such layer: x"):
        net.get_layer("x")


def test_subclassed_model_built_by_hand():
    net = Net()
    net.build((None, 2))
    assert net.built
    assert [w.path for w in net.weights][:2] == ["net/dense/kernel", "net/dense/bias"]


def test_models_nest():
    inner = tf.keras.Sequential([layers.Dense(2)])
    outer = tf.keras.Sequential([tf.keras.Input((3,)), inner, layers.Dense(1)])
    assert len(outer.weights) == 4 and inner.built


def test_summary():
    model = tf.keras.Sequential(
        [tf.keras.Input((28, 28)), layers.Flatten(), layers.Dense(128), layers.Dense(10)]
    )
    model.layers[1].trainable = False
    lines = []
    model.summary(print_fn=lines.append)
    text = lines[0]
    assert text.startswith('Model: "sequential"\n┏')
    assert "│ dense (Dense)                   │ (None, 128)            │       100,480 │" in text
    assert text.endswith(
        " Total params: 101,770 (397.54 KB)\n"
        " Trainable params: 1,290 (5.04 KB)\n"
        " Non-trainable params: 100,480 (392.50 KB)"
    )
    assert len({len(line) for line in text.splitlines()[1:-3]}) == 1


def test_summary_of_an_unbuilt_model():
    lines = []
    tf.keras.Sequential([layers.Dense(1)]).summary(print_fn=lines.append)
    assert "not built yet" in lines[0] and "?" in lines[0]


def test_an_output_that_is_no_keras_tensor_is_refused():
    with pytest.raises(ValueError, match="outputs"):
        tf.keras.Model(tf.keras.Input((2,)), None)
