"""Conv2DTranspose and DepthwiseConv2D. The figures are those of Keras 3.15.1."""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers

PICTURES = np.random.default_rng(0).standard_normal((2, 5, 6, 3)).astype(np.float32)
CASES = {
    "transpose-same": (
        lambda: layers.Conv2DTranspose(2, 3, strides=2, padding="same"),
        (2, 10, 12, 2), 669.688, [-1.0165, 1.0553],
    ),
    "transpose-valid": (
        lambda: layers.Conv2DTranspose(2, (3, 2), strides=(2, 3), activation="relu"),
        (2, 11, 18, 2), 479.639, [0.0, 1.1925],
    ),
    "transpose-gaps": (
        lambda: layers.Conv2DTranspose(2, 2, strides=3, use_bias=False),
        (2, 15, 18, 2), 376.213, [0.4583, 0.6237],
    ),
    "depthwise": (
        lambda: layers.DepthwiseConv2D(3, depth_multiplier=2),
        (2, 3, 4, 6), 243.518, [-3.6166, -3.0793, 0.1673, 0.4891, 1.6839, 2.2494],
    ),
    "depthwise-same": (
        lambda: layers.DepthwiseConv2D((2, 3), strides=2, padding="same", use_bias=False),
        (2, 3, 3, 3), 54.393, [-0.6916, -0.5606, -0.0528],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_values(name):
    make, shape, total, at_1_1 = CASES[name]
    layer = make()
    layer.build((None, 5, 6, 3))
    layer.set_weights([np.linspace(-1, 1, w.size).reshape(w.shape) for w in layer.get_weights()])
    y = layer(PICTURES).numpy()
    assert y.shape == shape
    np.testing.assert_allclose(np.abs(y).sum(), total, rtol=1e-5)
    np.testing.assert_allclose(y[0, 1, 1], at_1_1, atol=1e-4)


@pytest.mark.parametrize("name", CASES)
def test_in_a_model_that_is_trained_and_saved(name, tmp_path):
    make = CASES[name][0]
    model = tf.keras.Sequential([tf.keras.Input((5, 6, 3)), make(), layers.Flatten()])
    assert model.output_shape[0] is None
    model.compile("sgd", "mse")
    target = np.zeros((2, *model.output_shape[1:]), np.float32)
    model.fit(PICTURES, target, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    again = tf.keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.predict(PICTURES, verbose=0), model(PICTURES))


def test_channels_that_the_kernel_was_not_made_for():
    layer = layers.Conv2DTranspose(2, 3)
    layer(PICTURES)
    with pytest.raises(ValueError, match="axis -1 of input shape to have value 3"):
        layer(PICTURES[..., :2])
    depthwise = layers.DepthwiseConv2D(3)
    depthwise(PICTURES)
    with pytest.raises(ValueError, match="axis -1 of input shape to have value 3"):
        depthwise(PICTURES[..., :2])
    with pytest.raises(ValueError, match="depth_multiplier"):
        layers.DepthwiseConv2D(3, depth_multiplier=0)
