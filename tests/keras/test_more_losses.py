"""Losses beyond the usual ones, the memory of softmax, and confusion metrics.

The numbers are what TensorFlow 2.21.0 with Keras 3.15.1 answers.
"""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import activations, layers, losses, metrics

Y, P = tf.constant([[1.0, 0.0], [0.0, 1.0]]), tf.constant([[0.7, 0.2], [0.4, 0.9]])
EXTREME = tf.constant([[1000.0, 0.0]])


@pytest.mark.parametrize(
    "loss, expected",
    [
        (losses.LogCosh(), 0.036788),
        (losses.MeanAbsolutePercentageError(), 1.5e8),
        (losses.MeanSquaredLogarithmicError(), 0.043874),
        (losses.Hinge(), 0.75),
        (losses.SquaredHinge(), 0.875),
        (losses.CategoricalHinge(), 0.5),
        (losses.KLDivergence(), 0.231016),
        (losses.Poisson(), 0.665509),
        (losses.CosineSimilarity(), -0.937668),
        (losses.get("mape"), [1e8, 2e8]),
        (losses.get("LogCosh"), 0.036788),
        (losses.get("squared_hinge"), [0.765, 0.985]),
    ],
)
def test_values(loss, expected):
    np.testing.assert_allclose(loss(Y, P), expected, rtol=1e-4)


def test_log_cosh_does_not_overflow():
    np.testing.assert_allclose(losses.log_cosh([[0.0]], [[500.0]]), [500 - np.log(2)], rtol=1e-6)


def gradient_of(loss, activation):
    with tf.GradientTape() as tape:
        tape.watch(EXTREME)
        value = loss(tf.constant([1]), activation(EXTREME))
    return float(value), tape.gradient(value, EXTREME).numpy().tolist()


def test_keras_softmax_remembers_its_logits_and_tf_softmax_does_not():
    loss = losses.SparseCategoricalCrossentropy()
    assert gradient_of(loss, activations.softmax) == (1000.0, [[1.0, -1.0]])
    assert gradient_of(loss, layers.Softmax()) == (1000.0, [[1.0, -1.0]])
    value, gradient = gradient_of(loss, tf.nn.softmax)
    assert value == pytest.approx(16.118095) and gradient == [[0.0, 0.0]]


def test_so_do_the_last_layer_of_a_model_and_sigmoid():
    dense = layers.Dense(2, "softmax", kernel_initializer=tf.keras.initializers.Identity(1000.0))
    y = dense(tf.constant([[1.0, 0.0]]))
    assert float(losses.CategoricalCrossentropy()([[0.0, 1.0]], y)) == 1000.0
    p = activations.sigmoid(tf.constant([[-200.0]]))
    assert float(losses.BinaryCrossentropy()([[1.0]], p)) == 200.0


def test_the_memory_is_lost_on_the_way():
    y = activations.softmax(EXTREME) * 1.0
    assert float(losses.SparseCategoricalCrossentropy()([1], y)) == pytest.approx(16.118095)


def test_from_logits_on_probabilities_warns():
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    with pytest.warns(UserWarning, match="does not represent logits"):
        assert float(loss([1], activations.softmax(EXTREME))) == 1000.0


def result(metric, *args, **kwargs):
    metric.update_state(*args, **kwargs)
    return metric.result()


@pytest.mark.parametrize(
    "metric, arguments, expected",
    [
        (metrics.Precision(), ([0, 1, 1, 1], [1, 0, 1, 1]), 2 / 3),
        (metrics.Precision([0.3, 0.6]), ([0, 1, 1, 1], [0.5, 0.2, 0.7, 0.4]), [2 / 3, 1.0]),
        (metrics.Precision(top_k=2), ([[0, 1, 0]], [[0.5, 0.2, 0.7]]), 0.0),
        (metrics.Precision(class_id=1), ([[0, 1], [1, 0]], [[0.5, 0.9], [0.3, 0.8]]), 0.5),
        (metrics.Recall(), ([0, 1, 1, 1], [1, 0, 1, 1], [1.0, 2.0, 3.0, 0.0]), 0.6),
        (metrics.TruePositives(), ([0, 1, 1, 0], [1, 0, 1, 0]), 1.0),
        (metrics.FalseNegatives(), ([0, 1, 1, 1], [1, 0, 0, 1]), 2.0),
        (
            metrics.TopKCategoricalAccuracy(k=2),
            ([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]),
            1.0,
        ),
        (
            metrics.SparseTopKCategoricalAccuracy(k=1),
            ([2, 1], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]),
            0.5,
        ),
        (metrics.SparseTopKCategoricalAccuracy(k=1), ([0], [[0.5, 0.5, 0.1]]), 1.0),
        (metrics.CosineSimilarity(), (Y, P), 0.937668),
        (metrics.LogCoshError(), (Y, P), 0.036788),
        (metrics.get("precision"), ([0, 1], [0.4, 0.6]), 1.0),
        (metrics.get("KLDivergence"), (Y, P), 0.231016),
    ],
)
def test_metrics(metric, arguments, expected):
    np.testing.assert_allclose(result(metric, *arguments), expected, rtol=1e-4)
    metric.reset_state()
    assert np.all(np.asarray(metric.result()) == 0)


def test_confusion_metrics_check_their_inputs():
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        metrics.Precision(thresholds=2.0)
    with pytest.raises(ValueError, match="Put logits through a sigmoid"):
        metrics.Recall().update_state([0, 1], [2.0, -1.0])
    with pytest.raises(ValueError, match="one label, 0 or 1, per prediction"):
        metrics.Precision().update_state([0, 1, 1], [0.2, 0.4])
    with pytest.raises(ValueError, match="one class number per row"):
        metrics.SparseTopKCategoricalAccuracy().update_state([0, 1], [[0.1, 0.9]])


def test_precision_in_fit():
    model = tf.keras.Sequential([tf.keras.Input((1,)), layers.Dense(1, activation="sigmoid")])
    recall = metrics.Recall(name="recall")
    model.compile("sgd", "binary_crossentropy", metrics=["precision", recall])
    model.layers[0].set_weights([np.array([[10.0]]), np.array([0.0])])
    x = np.array([[-1.0], [1.0], [2.0], [-2.0]])
    values = model.evaluate(x, [[0], [1], [1], [1]], verbose=0, return_dict=True)
    assert values["precision"] == 1.0 and values["recall"] == pytest.approx(2 / 3)
