"""Convolution, pooling, shapes, embedding, normalization, merging.

Numbers without a derivation are what TensorFlow 2.21.0 with Keras 3.15.1 answers.
"""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers

PICTURES = tf.reshape(tf.range(32, dtype=tf.float32), [1, 4, 4, 2]) / 10.0
ROWS = tf.constant([[1.0, 2.0], [3.0, 6.0], [5.0, 1.0]])


def close(value, expected, atol=1e-5):
    np.testing.assert_allclose(np.asarray(value), expected, rtol=1e-5, atol=atol)


def test_conv2d_with_all_its_arguments():
    conv = layers.Conv2D(3, (2, 3), strides=(2, 1), padding="same", activation="tanh")
    conv.build((None, 4, 4, 2))
    conv.set_weights([np.linspace(-1, 1, 36).reshape(2, 3, 2, 3), np.array([0.1, 0.2, 0.3])])
    close(tf.reduce_sum(conv(PICTURES), axis=[1, 2]), [[4.978382, 5.69242, 6.631034]])


def test_conv2d_with_gaps_in_the_window():
    conv = layers.Conv2D(2, 2, dilation_rate=2, use_bias=False)
    conv.build((None, 4, 4, 2))
    conv.set_weights([np.linspace(-1, 1, 16).reshape(2, 2, 2, 2)])
    expected = [[[3.333334, 4.453333], [3.226667, 4.56]], [[2.906667, 4.88], [2.8, 4.986666]]]
    close(conv(PICTURES), [expected])


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((0, 3), "filters=0"),
        ((2, (3, 3, 3)), "kernel_size"),
        ((2, 3, 0), "strides"),
        ((2, 3, 1, "full"), "'full'"),
        ((2, 3, 1, "same", "channels_first"), "channels_last"),
    ],
)
def test_conv2d_checks_its_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        layers.Conv2D(*arguments)


def test_conv2d_checks_its_input():
    conv = layers.Conv2D(2, 3)
    with pytest.raises(ValueError, match=r"expected ndim=4, found ndim=3.*x\[..., None\]"):
        conv(tf.zeros([4, 4, 1]))
    with pytest.raises(ValueError, match="zero or negative.*padding='same'"):
        conv(tf.zeros([1, 2, 2, 1]))
    conv(tf.zeros([1, 4, 4, 1]))
    with pytest.raises(ValueError, match="axis -1 of input shape to have value 1"):
        conv(tf.zeros([1, 4, 4, 3]))


def test_pooling():
    pooled = layers.MaxPooling2D(3, strides=2, padding="same")(PICTURES)
    close(pooled, [[[[2.0, 2.1], [2.2, 2.3]], [[2.8, 2.9], [3.0, 3.1]]]])
    averaged = layers.AveragePooling2D((2, 3), strides=1, padding="same")(PICTURES)
    close(averaged[0, 0], [[0.5, 0.6], [0.6, 0.7], [0.8, 0.9], [0.9, 1.0]])
    close(averaged[0, 3, 0], [2.5, 2.6])
    close(layers.GlobalAveragePooling2D()(PICTURES), [[1.5, 1.6]])
    close(layers.GlobalMaxPooling2D(keepdims=True)(PICTURES), [[[[3.0, 3.1]]]])


def test_pooling_checks_its_input():
    with pytest.raises(ValueError, match="found ndim=3"):
        layers.MaxPooling2D()(tf.zeros([4, 4, 1]))
    with pytest.raises(ValueError, match="smaller than the window"):
        layers.MaxPooling2D(3)(tf.zeros([1, 2, 2, 1]))
    with pytest.raises(ValueError, match="pool_size"):
        layers.AveragePooling2D(0)


def test_reshape_and_permute():
    assert layers.Reshape((-1, 2))(PICTURES).shape == (1, 16, 2)
    assert layers.Reshape((4, 8))(PICTURES).shape == (1, 4, 8)
    swapped = layers.Permute((2, 1))(tf.reshape(tf.range(6), [1, 2, 3]))
    assert swapped.numpy().tolist() == [[[0, 3], [1, 4], [2, 5]]]
    with pytest.raises(ValueError, match="at most one unknown"):
        layers.Reshape((-1, -1))
    with pytest.raises(ValueError, match="must be unchanged"):
        layers.Reshape((3, 5))(PICTURES)
    with pytest.raises(ValueError, match="dims"):
        layers.Permute((0, 1))


def test_embedding_has_a_sparse_gradient():
    embedding = layers.Embedding(4, 2)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(embedding(tf.constant([[0, 3], [1, 1]])))
    gradient = tape.gradient(y, embedding.embeddings)
    assert isinstance(gradient, tf.IndexedSlices)
    close(tf.convert_to_tensor(gradient), [[1, 1], [2, 2], [0, 0], [1, 1]])


def test_embedding_takes_whole_numbers_in_any_form():
    embedding = layers.Embedding(4, 2)
    assert embedding(tf.constant([1.0])).shape == (1, 2)
    assert embedding(np.array([[1, 2]])).shape == (1, 2, 2)
    with pytest.raises(tf.errors.InvalidArgumentError):
        embedding(tf.constant([4]))
    with pytest.raises(ValueError, match="input_dim"):
        layers.Embedding(0, 2)


def test_batch_normalization_in_training():
    layer = layers.BatchNormalization(momentum=0.9, epsilon=0.01)
    with tf.GradientTape() as tape:
        tape.watch(ROWS)
        y = tf.reduce_sum(layer(ROWS, training=True) ** 3)
    expected = [[0.913416, -0.70708], [-1.826832, 0.143699], [0.913416, 0.563381]]
    close(tape.gradient(y, ROWS), expected)
    gamma, beta, mean, variance = layer.get_weights()
    close(mean, [0.3, 0.3])
    close(variance, [1.166667, 1.366667])


def test_batch_normalization_afterwards_uses_what_it_saw():
    layer = layers.BatchNormalization(momentum=0.9, epsilon=0.01)
    layer(ROWS, training=True)
    expected = [[0.645314, 1.448887], [2.48907, 4.858033], [4.332825, 0.596601]]
    close(layer(ROWS), expected)
    before = layer.get_weights()
    layer.trainable = False
    close(layer(ROWS, training=True), expected)  # a frozen layer stays as it is
    np.testing.assert_array_equal(layer.get_weights(), before)


def test_batch_normalization_of_another_axis_and_of_float16():
    layer = layers.BatchNormalization(axis=1)
    assert layer(tf.ones([2, 3, 4]), training=True).shape == (2, 3, 4)
    assert layer.gamma.shape == (3,)
    half = layers.BatchNormalization(dtype="mixed_float16")
    large = tf.constant([[300.0], [500.0]], tf.float16)  # squares overflow in float16
    y = half(large, training=True)
    assert y.dtype is tf.float16 and half.moving_variance.dtype is tf.float32
    np.testing.assert_allclose(y, [[-1.0], [1.0]], atol=1e-3)
    with pytest.raises(ValueError, match="axis 1 of input shape to have value 3"):
        layer(tf.ones([2, 5, 4]))


def test_layer_normalization():
    close(layers.LayerNormalization()(ROWS)[0], [-0.998006, 0.998006])
    both = layers.LayerNormalization(axis=[1, 2])
    y = both(PICTURES)
    assert [tuple(w.shape) for w in both.weights] == [(4, 4), (4, 4)]
    close(tf.reduce_mean(y, axis=[1, 2]), [[0.0, 0.0]])
    assert [w.path.split("/")[-1] for w in both.weights] == ["gamma", "beta"]


@pytest.mark.parametrize(
    "layer, expected",
    [
        (layers.Add(), [[3.0, -2.0]]),
        (layers.Subtract(), [[-1.0, 6.0]]),
        (layers.Multiply(), [[2.0, -8.0]]),
        (layers.Average(), [[1.5, -1.0]]),
        (layers.Maximum(), [[2.0, 2.0]]),
        (layers.Minimum(), [[1.0, -4.0]]),
        (layers.Concatenate(), [[1.0, 2.0, 2.0, -4.0]]),
        (layers.Concatenate(axis=0), [[1.0, 2.0], [2.0, -4.0]]),
    ],
)
def test_merging(layer, expected):
    close(layer([tf.constant([[1.0, 2.0]]), tf.constant([[2.0, -4.0]])]), expected)


def test_merging_checks_its_inputs():
    with pytest.raises(ValueError, match="list of at least 1 input"):
        layers.Add()(ROWS)
    with pytest.raises(ValueError, match=r"incompatible shapes.*\(2,\) and \(3,\)"):
        layers.Add()([tf.zeros([1, 2]), tf.zeros([1, 3])])
    with pytest.raises(ValueError, match="different batch sizes"):
        layers.Add()([tf.zeros([2, 2]), tf.zeros([1, 2])])
    with pytest.raises(ValueError, match="exactly 2"):
        layers.Subtract()([ROWS, ROWS, ROWS])
    with pytest.raises(ValueError, match="except for the concatenation axis"):
        layers.Concatenate(axis=1)([tf.zeros([1, 2, 3]), tf.zeros([1, 3, 4])])


def test_relu_with_all_its_arguments():
    layer = layers.ReLU(max_value=2.0, negative_slope=0.1, threshold=1.0)
    close(layer(tf.constant([-2.0, 0.5, 1.0, 1.5, 3.0])), [-0.3, -0.05, 0.0, 1.5, 2.0])
    close(layers.ELU(0.5)(tf.constant([-2.0, 1.0])), [-0.432332, 1.0])
    with pytest.raises(ValueError, match="negative_slope"):
        layers.ReLU(negative_slope=-1.0)


def test_lambda_and_identity():
    close(layers.Lambda(tf.square)(ROWS), ROWS.numpy() ** 2)
    assert layers.Identity()(ROWS) is ROWS
