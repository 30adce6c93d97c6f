"""DigitPad without a browser: centring as MNIST does, readings, saliency, errors."""

import numpy as np
import pytest

import minitf as tf
from minitf.keras.datasets import mnist
from minitf.viz.digit_reader import DigitReader, NoSaliencyError, reading_of
from minitf.viz.mnist_way import BOX, MIDDLE, bitmap_of, centred
from minitf.viz.widgets.digit_pad import DigitPad

RNG = np.random.default_rng(0)
WEIGHTS = RNG.normal(size=(784, 10)).astype(np.float32)
SEVEN = [[40, 30, 120, 30, 70, 150]]


def linear(x):
    return tf.reshape(x, [1, 784]) @ WEIGHTS


def mass(picture):
    middles = np.arange(28) + 0.5
    return [float(picture.sum(axis) @ middles / picture.sum()) for axis in (1, 0)]


@pytest.mark.parametrize("place", [(0, 0), (100, 20), (60, 110)])
@pytest.mark.parametrize("scale", [0.4, 1.0])
def test_a_drawing_is_scaled_and_centred(place, scale):
    points = np.array([[10, 10], [130, 20], [60, 160]]) * scale + place
    picture = centred(bitmap_of([points], side=280, pen=20))
    np.testing.assert_allclose(mass(picture), [MIDDLE, MIDDLE], atol=0.05)
    inked = np.flatnonzero(picture.any(1))
    assert BOX <= inked[-1] - inked[0] + 1 <= BOX + 1
    assert 0.9 < picture.max() <= 1.0 + 1e-6


def test_mnists_own_pictures_are_centred_that_way():
    (images, _), _ = mnist.load_subset()
    centres = np.array([mass(image / 255) for image in images[:200]])
    np.testing.assert_allclose(centres.mean(0), [MIDDLE, MIDDLE], atol=0.05)


def test_scaling_keeps_the_mass():
    bitmap = bitmap_of([[(70, 70), (210, 210)]], side=280, pen=30)
    rows = np.flatnonzero(bitmap.any(1))
    scale = BOX / (rows[-1] - rows[0] + 1)
    assert centred(bitmap).sum() == pytest.approx(bitmap.sum() * scale**2, rel=1e-5)


def test_a_dot_and_nothing():
    assert bitmap_of([[(140, 140)]], side=280, pen=28).sum() == pytest.approx(np.pi * 49, rel=0.05)
    assert not centred(np.zeros((140, 140))).any()
    assert DigitPad(linear).answer_read({"strokes": [], "digit": None}) == {"empty": True}


def test_mass_at_one_end_stays_inside():
    bitmap = np.zeros((140, 140))
    bitmap[0:20, 60:80] = 1
    bitmap[20:140, 69:71] = 0.01
    picture = centred(bitmap)
    assert picture.sum() == pytest.approx(bitmap.sum() * (BOX / 140) ** 2, rel=1e-5)


def test_the_reply_is_what_the_model_and_the_tape_say():
    pad = DigitPad(linear)
    told = pad.answer_read({"strokes": SEVEN, "digit": 3})
    x = tf.constant(centred(bitmap_of([np.reshape(SEVEN[0], (-1, 2))], 280, 26))[None])
    np.testing.assert_allclose(told["scores"], linear(x)[0], rtol=1e-3)
    np.testing.assert_allclose(told["probabilities"], tf.nn.softmax(linear(x))[0], atol=1e-3)
    assert told["digit"] == int(tf.argmax(linear(x)[0]))
    assert told["of"] == 3
    np.testing.assert_allclose(told["saliency"], WEIGHTS[:, 3].reshape(28, 28), rtol=1e-3)
    assert np.array(told["picture"]).max() in range(230, 256)


def test_ink_255_is_part_of_the_derivative():
    picture = RNG.random((28, 28)).astype(np.float32)
    plain, scaled = DigitReader(linear), DigitReader(linear, ink=255)
    np.testing.assert_allclose(
        scaled.saliency(picture, 2), 255 * plain.saliency(picture, 2), rtol=1e-6
    )
    np.testing.assert_allclose(
        scaled.read(picture).scores, 255 * plain.read(picture).scores, rtol=1e-4
    )


@pytest.mark.parametrize("form", [(28, 28), (784,), (28, 28, 1)])
def test_the_models_form_is_found(form):
    layers = [tf.keras.Input(form), tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)]
    assert DigitReader(tf.keras.Sequential(layers)).form == (1, *form)


def test_an_engine_of_ones_own():
    def forward(x):
        return (x.numpy().reshape(784) @ WEIGHTS).tolist()

    told = DigitPad(forward).answer_sample({"index": 0})
    assert told["saliency"] is None
    assert "leaves tf" in told["note"]
    asked = []

    def gradient(x, digit):
        asked.append(x.shape)
        return WEIGHTS[:, digit]

    told = DigitPad(forward, saliency=gradient).answer_sample({"index": 0, "digit": 8})
    np.testing.assert_allclose(told["saliency"], WEIGHTS[:, 8].reshape(28, 28), rtol=1e-3)
    assert tuple(asked[0]) == (1, 28, 28)
    with pytest.raises(NoSaliencyError, match="784"):
        DigitReader(forward, saliency=lambda x, digit: [1.0]).saliency(np.zeros((28, 28)), 0)


def test_probabilities_are_taken_as_they_are():
    given = np.array([0.5, 0.5] + [0] * 8)
    assert reading_of(given).score_name == "probability"
    np.testing.assert_array_equal(reading_of(given).probabilities, given)
    logits = reading_of(np.arange(10) * 1000.0)
    assert logits.score_name == "logit"
    assert logits.probabilities[9] == 1.0


def test_words_count_what_is_read_right():
    _, (images, labels) = mnist.load_subset()

    def knows(x):
        return tf.one_hot(
            [int(labels[np.abs(images[:20] / 255 - x.numpy()).sum((1, 2)).argmin()])], 10
        )

    assert "20 of them right. It takes none" in DigitPad(knows).describe()
    always_one = DigitPad(lambda x: tf.one_hot([1], 10), samples=(images[:3], labels[:3]))
    assert "1 of them right. It takes a 0 as 1, a 2 as 1." in always_one.describe()


def test_errors_say_what_to_do():
    with pytest.raises(TypeError, match="without calling it"):
        DigitPad(linear(tf.zeros([1, 784])))
    with pytest.raises(ValueError, match=r"\(1, 784\): gave 3 numbers"):
        DigitPad(lambda x: tf.zeros([1, 3]))
    with pytest.raises(ValueError, match="n labels"):
        DigitPad(linear, samples=(np.zeros((3, 28, 28)), [1, 2]))
    with pytest.raises(ValueError, match="Times 255"):
        DigitPad(linear, samples=(np.ones((1, 28, 28)), [1]))
    with pytest.raises(ValueError, match="A stroke"):
        bitmap_of([[(1, np.nan)]], 280, 20)
