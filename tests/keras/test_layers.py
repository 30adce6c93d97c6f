"""Layers: building, naming, listing weights, converting inputs; and each kind's computation."""

import warnings

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers


@pytest.fixture(autouse=True)
def fresh_names():
    tf.keras.backend.clear_session()


class Scale(layers.Layer):
    def build(self, input_shape):
        self.count = self.add_weight((), "zeros", dtype="int32", trainable=False, name="count")
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")

    def call(self, inputs, training=False):
        return inputs * self.factor * (100.0 if training else 1.0)


class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.parts = [layers.Dense(2), {"scale": Scale()}]

    def call(self, inputs):
        return self.parts[1]["scale"](self.parts[0](inputs))


def test_weights_appear_with_the_first_call():
    dense = layers.Dense(4)
    assert not dense.built and dense.weights == []
    dense(tf.zeros([2, 3]))
    assert dense.built
    assert [tuple(w.shape) for w in dense.weights] == [(3, 4), (4,)]
    assert dense.count_params() == 16


def test_build_by_hand_counts_as_built():
    scale = Scale()
    scale.build((None, 3))
    scale(tf.ones([1, 3]))
    assert scale.built and len(scale.weights) == 2


def test_names_and_paths():
    assert [layers.Dense(1).name, layers.Dense(1).name, layers.ReLU().name] == [
        "dense", "dense_1", "re_lu",
    ]  # fmt: skip
    block = Block()
    block(tf.ones([1, 3]))
    assert [w.path for w in block.weights] == [
        "block/dense_2/kernel", "block/dense_2/bias", "block/scale/factor", "block/scale/count",
    ]  # fmt: skip
    assert block.weights[0].name == "kernel"


def test_trainable_weights_come_before_the_others_layer_by_layer():
    scale = Scale()
    scale(tf.ones([1, 3]))
    assert [w.name for w in scale.weights] == ["factor", "count"]
    assert [w.name for w in scale.trainable_variables] == ["factor"]
    assert [w.name for w in scale.non_trainable_variables] == ["count"]


def test_freezing_reaches_the_layers_inside_but_not_the_tape():
    block = Block()
    block(tf.ones([1, 3]))
    block.trainable = False
    assert block.trainable_variables == [] and len(block.non_trainable_variables) == 4
    with tf.GradientTape() as tape:
        block(tf.ones([1, 3]))
    assert len(tape.watched_variables()) == 3  # as in TensorFlow: only the lists are empty
    block.trainable = True
    assert len(block.trainable_variables) == 3


def test_a_weight_shared_between_layers_is_listed_once():
    first, second = layers.Dense(2), layers.Dense(2)
    first.build((None, 2))
    second.build((None, 2))
    second.shared = first.kernel
    holder = Block()
    holder.parts = [first, second]
    assert len(second.weights) == 3
    assert len(holder.weights) == 4


def test_training_is_inherited_by_the_layers_inside():
    class Outer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.scale = Scale()

        def call(self, inputs):
            return self.scale(inputs)

    outer = Outer()
    x = tf.ones([1, 1])
    results = [outer(x, training=True), outer(x), outer(x, training=False), outer(x, training=True)]
    assert [float(r[0, 0]) for r in results] == [100.0, 1.0, 1.0, 100.0]


def test_inputs_become_float32_tensors():
    dense = layers.Dense(1, kernel_initializer="ones")
    for x in (
        np.ones((2, 3)),
        np.ones((2, 3), np.uint8),
        [[1.0, 1.0, 1.0], [1, 1, 1]],
        tf.constant(np.ones((2, 3))),
        tf.Variable(np.ones((2, 3), np.float32)),
    ):
        y = dense(x)
        assert y.dtype == tf.float32
        np.testing.assert_array_equal(y.numpy(), [[3.0], [3.0]])
    assert layers.Dense(1, dtype="float64")(np.ones((2, 3))).dtype == tf.float64


def test_the_gradient_passes_the_conversion():
    x = tf.constant(np.ones((1, 2)))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layers.Dense(1, kernel_initializer="ones")(x)
    assert tape.gradient(y, x).dtype == tf.float64


def test_get_and_set_weights():
    dense = layers.Dense(2)
    with pytest.raises(ValueError, match="Weights exist once the input's shape is known"):
        dense.set_weights([np.zeros((3, 2)), np.zeros(2)])
    dense.build((None, 3))
    values = [np.arange(6.0).reshape(3, 2), np.array([1.0, 2.0])]
    dense.set_weights(values)
    for a, b in zip(dense.get_weights(), values, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="length 1, but the layer was expecting 2"):
        dense.set_weights(values[:1])
    with pytest.raises(ValueError, match=r"dense/bias has shape \(2,\)"):
        dense.set_weights([np.zeros((3, 2)), np.zeros(3)])
    np.testing.assert_array_equal(dense.get_weights()[0], values[0])  # nothing was changed


def test_dense_computes_and_learns():
    dense = layers.Dense(2, activation="relu")
    dense.build((None, 2))
    dense.set_weights([[[1.0, -1.0], [2.0, 0.5]], [0.0, 0.5]])
    with tf.GradientTape() as tape:
        y = dense([[1.0, 1.0]])
    np.testing.assert_allclose(y.numpy(), [[3.0, 0.0]])
    kernel, bias = tape.gradient(y, dense.trainable_variables)
    np.testing.assert_allclose(kernel.numpy(), [[1.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(bias.numpy(), [1.0, 0.0])
    assert dense(tf.zeros([5, 7, 2])).shape == (5, 7, 2)


def test_a_wrong_input_shape_names_layer_expectation_and_fix():
    dense = layers.Dense(2)
    dense(tf.zeros([1, 784]))
    with pytest.raises(ValueError, match=r"'dense'.*have value 784.*\(1, 28, 28\).*Flatten"):
        dense(tf.zeros([1, 28, 28]))
    with pytest.raises(ValueError, match="min_ndim=2, found ndim=1"):
        dense(tf.zeros([784]))
    with pytest.raises(ValueError, match="positive integer, got 0"):
        layers.Dense(0)
    with pytest.raises(ValueError, match="Did you mean 'relu'"):
        layers.Dense(1, activation="rellu")


def test_flatten():
    assert layers.Flatten()(tf.zeros([5, 2, 3, 4])).shape == (5, 24)
    assert layers.Flatten()(tf.zeros([5])).shape == (5, 1)


def test_activations_as_layers():
    x = [[-1.0, 0.0, 2.0]]
    np.testing.assert_allclose(layers.ReLU()(x).numpy(), [[0, 0, 2]])
    np.testing.assert_allclose(layers.ReLU(negative_slope=0.1)(x).numpy(), [[-0.1, 0, 2]])
    np.testing.assert_allclose(layers.LeakyReLU(negative_slope=0.5)(x).numpy(), [[-0.5, 0, 2]])
    np.testing.assert_allclose(layers.Activation("tanh")(x).numpy(), np.tanh(x), rtol=1e-6)
    assert float(tf.reduce_sum(layers.Softmax()(x))) == pytest.approx(1.0)
    assert layers.Activation(tf.abs)(x).numpy().tolist() == [[1.0, 0.0, 2.0]]


def test_dropout_drops_in_training_only_and_keeps_the_mean():
    x = tf.ones([200, 50])
    dropout = layers.Dropout(0.25, seed=1)
    assert dropout(x) is x and dropout(x, training=False) is x
    y = dropout(x, training=True).numpy()
    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.75)}
    assert abs((y == 0).mean() - 0.25) < 0.02
    again = layers.Dropout(0.25, seed=1)(x, training=True).numpy()
    np.testing.assert_array_equal(y, again)
    with pytest.raises(ValueError, match="rate"):
        layers.Dropout(1.0)


def test_rescaling_of_bytes():
    y = layers.Rescaling(1 / 255)(np.array([[0, 255]], np.uint8))
    assert y.dtype == tf.float32
    np.testing.assert_allclose(y.numpy(), [[0.0, 1.0]])


def test_output_shape_without_weights_or_records():
    with tf.GradientTape() as tape:
        assert layers.Dense(7).compute_output_shape((None, 3)) == (None, 7)
    assert tape.watched_variables() == ()


def test_forgetting_super_init_is_named():
    class Careless(layers.Layer):
        def __init__(self):
            self.units = 3

        def call(self, x):
            return x

    with pytest.raises(RuntimeError, match="forgot to call super"):
        Careless()(tf.zeros([1, 1]))


def test_a_plain_variable_is_not_trained_and_a_warning_says_so():
    class Linear(layers.Layer):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(2.0)

        def call(self, x):
            return x * self.w

    layer = Linear()
    with pytest.warns(UserWarning, match=r"plain tf.Variable in \.w.*add_weight"):
        layer(tf.zeros([1, 1]))
    assert layer.trainable_variables == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer(tf.zeros([1, 1]))


def test_add_weight_names_its_mistakes():
    layer = layers.Layer()
    with pytest.raises(ValueError, match="first argument is the shape"):
        layer.add_weight("kernel", (3, 2))
    with pytest.raises(ValueError, match="a size is None"):
        layer.add_weight((None, 2))
    with pytest.raises(NotImplementedError, match="call"):
        layer(tf.zeros([1, 1]))


def test_input_needs_a_shape():
    with pytest.raises(ValueError, match="needs the `shape`"):
        tf.keras.Input()
    with pytest.raises(ValueError, match=r"\(784,\)"):
        tf.keras.Input(784)


def test_lists_of_weights_follow_every_change_of_structure():
    class Stack(tf.keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.parts = []
            self.named = {"first": tf.keras.layers.Dense(2)}
            self.pair = (tf.keras.layers.Dense(1), [])

    def built(units):
        layer = tf.keras.layers.Dense(units)
        layer.build((None, 3))
        return layer

    stack = Stack()
    assert stack.variables == []
    stack.named["first"].build((None, 3))
    assert len(stack.trainable_variables) == 2
    stack.parts.append(built(4))  # a list that was looked at before
    assert len(stack.trainable_variables) == 4
    stack.pair[1].append(built(5))  # a list in a tuple
    assert len(stack.trainable_variables) == 6
    stack.late = built(6)
    assert len(stack.trainable_variables) == 8
    stack.shared = stack.late.kernel  # counted once
    assert len(stack.trainable_variables) == 8
    stack.late.trainable = False
    assert len(stack.trainable_variables) == 6
    del stack.late, stack.shared
    assert len(stack.variables) == 6
    stack.named.clear()
    assert len(stack.variables) == 4


def test_merging_layers_as_functions():
    layers, a, b = tf.keras.layers, tf.constant([[1.0, 4.0]]), tf.constant([[3.0, 2.0]])
    expected = {"add": [4, 6], "subtract": [-2, 2], "multiply": [3, 8], "average": [2, 3]}
    for name, values in (expected | {"maximum": [3, 4], "minimum": [1, 2]}).items():
        assert getattr(layers, name)([a, b]).numpy().tolist() == [values]
    assert layers.concatenate([a, b], axis=0).shape == (2, 2)
    inputs = [tf.keras.Input((2,)), tf.keras.Input((2,))]
    model = tf.keras.Model(inputs, layers.add(inputs))
    assert model([a, b]).numpy().tolist() == [[4.0, 6.0]]
