"""Metrics: counted over examples, not over batches."""

import numpy as np
import pytest

import minitf as tf
from minitf.keras import metrics


def test_mean_counts_values_not_batches():
    m = metrics.Mean()
    m.update_state([1.0, 2.0, 3.0])
    m.update_state([10.0])
    assert float(m.result()) == 4.0  # the mean of the batch means would be 6.0


def test_mean_with_weights():
    m = metrics.Mean()
    m.update_state(2.0, sample_weight=3)
    m.update_state([10.0, 100.0], sample_weight=[1.0, 0.0])
    assert float(m.result()) == 4.0


def test_mean_starts_and_restarts_at_0():
    m = metrics.Mean()
    assert float(m.result()) == 0.0
    m.update_state(5.0)
    m.reset_state()
    assert float(m.result()) == 0.0
    assert float(m(7.0)) == 7.0


def test_sum():
    m = metrics.Sum()
    m.update_state([1.0, 2.0])
    m.update_state([[3.0]], sample_weight=[2.0])
    assert float(m.result()) == 9.0


@pytest.mark.parametrize(
    ("metric", "y_true", "y_pred", "expected"),
    [
        (metrics.Accuracy, [1, 2, 3, 4], [0, 2, 3, 4], 0.75),
        (metrics.BinaryAccuracy, [[1], [1], [0], [0]], [[0.98], [0.5], [0.0], [0.6]], 0.5),
        (metrics.CategoricalAccuracy, [[0, 1], [1, 0]], [[0.1, 0.9], [0.2, 0.8]], 0.5),
        (metrics.SparseCategoricalAccuracy, [1, 0], [[0.1, 0.9], [0.2, 0.8]], 0.5),
        (metrics.SparseCategoricalAccuracy, [[1], [1]], [[0.1, 0.9], [0.2, 0.8]], 1.0),
        (metrics.MeanSquaredError, [[0.0], [1.0]], [[2.0], [1.0]], 2.0),
        (metrics.RootMeanSquaredError, [[0.0], [0.0]], [[2.0], [2.0]], 2.0),
        (metrics.MeanAbsoluteError, [[0.0], [1.0]], [[2.0], [1.0]], 1.0),
    ],
)
def test_values(metric, y_true, y_pred, expected):
    assert float(metric()(y_true, y_pred)) == pytest.approx(expected)


def test_weights_of_examples():
    m = metrics.SparseCategoricalAccuracy()
    m.update_state([1, 0], [[0.1, 0.9], [0.2, 0.8]], sample_weight=[3.0, 1.0])
    assert float(m.result()) == 0.75


def test_accuracy_is_chosen_by_the_shapes():
    def chosen(true, pred):
        return metrics.accuracy_for(tf.zeros(true), tf.zeros(pred))

    assert chosen([5], [5, 3]) is metrics.SparseCategoricalAccuracy
    assert chosen([5, 1], [5, 3]) is metrics.SparseCategoricalAccuracy
    assert chosen([5, 3], [5, 3]) is metrics.CategoricalAccuracy
    assert chosen([5, 1], [5, 1]) is metrics.BinaryAccuracy
    assert chosen([5], [5, 1]) is metrics.BinaryAccuracy


def test_labels_that_do_not_fit():
    with pytest.raises(ValueError, match="one class number per example"):
        metrics.SparseCategoricalAccuracy()(np.eye(3), np.eye(3))
    with pytest.raises(ValueError, match="use SparseCategoricalAccuracy"):
        metrics.CategoricalAccuracy()([0, 1, 2], np.eye(3))


def test_names_and_functions():
    assert isinstance(metrics.get("mae"), metrics.MeanAbsoluteError)
    assert metrics.Mean(name="loss").name == "loss"
    with pytest.raises(ValueError, match="Did you mean 'mse'"):
        metrics.get("msee")

    def gap(y_true, y_pred):
        return tf.abs(y_true - y_pred)

    metric = metrics.get(gap)
    assert float(metric(tf.constant([1.0, 2.0]), tf.constant([2.0, 4.0]))) == 1.5
    assert metric.name == "gap"


def test_a_metric_of_ones_own_with_weights():
    class Counter(metrics.Metric):
        def __init__(self):
            super().__init__(name="counter")
            self.seen = self.add_weight(name="seen")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.seen.assign_add(len(y_true))

        def result(self):
            return self.seen.value

    counter = Counter()
    counter.update_state([1, 2, 3], None)
    assert float(counter.result()) == 3.0
    counter.reset_state()
    assert float(counter.result()) == 0.0
