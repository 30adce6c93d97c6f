"""Losses: values, gradients, stability, weights, reductions, and what bad input is told."""

import math

import numpy as np
import pytest

import minitf as tf
from minitf.keras import losses


def value_and_gradient(loss, y_true, y_pred):
    y_pred = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        value = loss(y_true, y_pred)
    return float(value), tape.gradient(value, y_pred).numpy()


def test_cross_entropy_from_logits_is_exact_for_large_logits():
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    value, gradient = value_and_gradient(loss, [1], [[1000.0, 0.0]])
    assert value == 1000.0
    np.testing.assert_array_equal(gradient, [[1.0, -1.0]])


def test_cross_entropy_from_probabilities_clips_and_then_learns_nothing():
    loss = losses.SparseCategoricalCrossentropy()
    logits = tf.Variable([[1000.0, 0.0]])
    with tf.GradientTape() as tape:
        value = loss([1], tf.nn.softmax(logits))
    assert float(value) == pytest.approx(16.118, abs=1e-3)
    np.testing.assert_array_equal(tape.gradient(value, logits).numpy(), [[0.0, 0.0]])


def test_forgotten_from_logits_can_give_the_true_class_no_gradient():
    value, gradient = value_and_gradient(
        losses.SparseCategoricalCrossentropy(), [0], [[2.0, -1.0, 0.5]]
    )
    assert math.isfinite(value)
    np.testing.assert_allclose(gradient, [[0.0, 0.0, 0.667]], atol=1e-3)


def test_softmax_twice_cannot_get_below_a_floor():
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    sure = tf.nn.softmax(tf.constant([[100.0, 0.0, 0.0]]))
    assert float(loss([0], sure)) == pytest.approx(math.log(1 + 2 / math.e), abs=1e-4)


@pytest.mark.parametrize("from_logits", [True, False])
def test_sparse_and_one_hot_labels_agree(from_logits):
    scores = np.array([[1.0, 2.0, 0.5], [0.2, 0.1, 3.0]], np.float32)
    if not from_logits:
        scores = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    sparse = value_and_gradient(
        losses.SparseCategoricalCrossentropy(from_logits=from_logits), [2, 0], scores
    )
    dense = value_and_gradient(
        losses.CategoricalCrossentropy(from_logits=from_logits), [[0, 0, 1.0], [1.0, 0, 0]], scores
    )
    assert sparse[0] == pytest.approx(dense[0], rel=1e-5)


def test_labels_may_have_a_last_axis_of_one_and_any_integer_type():
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    scores = tf.constant([[1.0, 2.0], [3.0, 1.0]])
    expected = float(loss([0, 1], scores))
    for labels in (np.array([[0], [1]]), np.array([0, 1], np.uint8), np.array([0.0, 1.0])):
        assert float(loss(labels, scores)) == expected


def test_ignore_class():
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1, reduction=None)
    values = loss([-1, 0], [[1.0, 2.0], [0.0, 0.0]]).numpy()
    np.testing.assert_allclose(values, [0.0, math.log(2)], rtol=1e-6)


def test_binary_cross_entropy():
    loss = losses.BinaryCrossentropy(from_logits=True)
    value, gradient = value_and_gradient(loss, [[1.0], [0.0]], [[-1000.0], [0.0]])
    assert value == pytest.approx((1000.0 + math.log(2)) / 2)
    np.testing.assert_allclose(gradient, [[-0.5], [0.25]])
    value, gradient = value_and_gradient(losses.BinaryCrossentropy(), [[1.0]], [[0.0]])
    assert value == pytest.approx(16.118, abs=1e-3) and gradient == 0.0


def test_label_smoothing():
    smooth = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3)
    plain = losses.CategoricalCrossentropy(from_logits=True)
    scores = tf.constant([[1.0, 2.0, 0.0]])
    expected = float(plain([[0.1, 0.8, 0.1]], scores))
    assert float(smooth([[0.0, 1.0, 0.0]], scores)) == pytest.approx(expected, rel=1e-5)


def test_regression_losses():
    assert value_and_gradient(losses.MeanSquaredError(), [[1.0]], [[3.0]]) == (4.0, 4.0)
    assert value_and_gradient(losses.MeanAbsoluteError(), [[1.0]], [[1.0]]) == (0.0, 0.0)
    value, gradient = value_and_gradient(losses.Huber(delta=1.0), [[0.0], [0.0]], [[0.5], [3.0]])
    assert value == pytest.approx((0.125 + 2.5) / 2)
    np.testing.assert_allclose(gradient, [[0.25], [0.5]])


def test_a_column_and_a_row_of_predictions_are_not_broadcast_to_a_square():
    """Shapes (3,) and (3, 1) would broadcast to (3, 3), and the loss would be another."""
    y = np.array([1.0, 2.0, 3.0], np.float32)
    assert float(losses.MeanSquaredError()(y, y[:, None])) == 0.0
    assert float(losses.MeanSquaredError()(y[:, None], y)) == 0.0


def test_reductions():
    y, p = [[0.0, 1.0], [2.0, 3.0]], [[1.0, 1.0], [0.0, 5.0]]
    results = {r: losses.MeanSquaredError(reduction=r)(y, p).numpy() for r in ("sum", "mean", None)}
    assert results["sum"] == 4.5 and results["mean"] == 2.25
    np.testing.assert_allclose(results[None], [0.5, 4.0])
    with pytest.raises(ValueError, match="reduction"):
        losses.MeanSquaredError(reduction="average")


def test_sample_weights_scale_but_the_mean_still_divides_by_the_batch():
    y, p = [[0.0], [0.0]], [[1.0], [3.0]]
    assert float(losses.MeanSquaredError()(y, p, sample_weight=[1.0, 0.0])) == 0.5
    by_weight = losses.MeanSquaredError(reduction="mean_with_sample_weight")
    assert float(by_weight(y, p, sample_weight=[1.0, 0.0])) == 1.0
    with pytest.raises(ValueError, match="one weight per example"):
        losses.MeanSquaredError()(y, p, sample_weight=[1.0, 2.0, 3.0])


def test_functions_give_one_value_per_example():
    np.testing.assert_allclose(
        losses.mse([[0.0, 1.0], [2.0, 3.0]], [[1.0, 1.0], [0.0, 5.0]]).numpy(), [0.5, 4.0]
    )


def test_a_label_out_of_range_is_named():
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"label value of 3 .*\[0, 3\)"):
        loss([0, 3], np.zeros((2, 3), np.float32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="label value of -1"):
        loss([-1], np.zeros((1, 3), np.float32))


def test_labels_that_do_not_fit_the_predictions():
    sparse = losses.SparseCategoricalCrossentropy(from_logits=True)
    with pytest.raises(ValueError, match="one-hot: use CategoricalCrossentropy"):
        sparse(np.eye(3), np.zeros((3, 3), np.float32))
    with pytest.raises(ValueError, match="one class number per example"):
        sparse([0, 1, 2], np.zeros((2, 3), np.float32))
    with pytest.raises(ValueError, match="to_categorical"):
        losses.CategoricalCrossentropy()([0, 1], np.zeros((2, 3), np.float32))
    with pytest.raises(ValueError, match=r"\(2, 3\).*\(2, 4\)"):
        losses.MeanSquaredError()(np.zeros((2, 3)), np.zeros((2, 4)))


def test_names():
    assert losses.get("mse") is losses.mean_squared_error
    with pytest.raises(ValueError, match="Did you mean 'mean_squared_error'"):
        losses.get("mean_squared_errr")


def test_a_loss_of_ones_own():
    class Cubed(losses.Loss):
        def call(self, y_true, y_pred):
            return tf.abs(y_true - y_pred) ** 3

    assert float(Cubed()([1.0, 1.0], [2.0, 3.0])) == 4.5
