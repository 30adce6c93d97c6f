"""fit(class_weight=...): the factors of the classes, against the same factors per example."""

import numpy as np
import pytest

import minitf as tf
from minitf.keras.models.class_weight import sample_weights

X = np.arange(12, dtype="float32").reshape(6, 2) / 10
Y = np.array([0, 1, 2, 1, 0, 1])
FACTORS = {0: 5.0, 2: 0.5}
PER_EXAMPLE = np.array([5, 1, 0.5, 1, 5, 1], "float32")


def history(x=X, y=Y, loss="sparse_categorical_crossentropy", **options):
    dense = tf.keras.layers.Dense(3, activation="softmax", kernel_initializer="ones")
    model = tf.keras.Sequential([tf.keras.Input((2,)), dense])
    model.compile("sgd", loss, metrics=["accuracy"], weighted_metrics=["accuracy"])
    return model.fit(x, y, epochs=2, shuffle=False, verbose=0, **options).history


@pytest.mark.parametrize("labels", [Y, Y[:, None], np.eye(3)[Y]], ids=["(n,)", "(n, 1)", "one-hot"])
def test_each_example_gets_the_factor_of_its_class(labels):
    np.testing.assert_array_equal(sample_weights(labels, FACTORS), PER_EXAMPLE)


def test_fit_with_arrays_and_with_a_dataset():
    expected = history(batch_size=3, sample_weight=PER_EXAMPLE)
    assert history(batch_size=3, class_weight=FACTORS) == expected
    batches = tf.data.Dataset.from_tensor_slices((X, Y)).batch(3)
    assert history(batches, None, class_weight=FACTORS) == expected


def test_the_numbers_of_keras():
    """Recorded with Keras 3.15.1: kernel of ones, logits, batches of two."""
    dense = tf.keras.layers.Dense(3, kernel_initializer="ones")
    model = tf.keras.Sequential([tf.keras.Input((2,)), dense])
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, metrics=["accuracy"], weighted_metrics=["accuracy"])
    found = model.fit(
        X, Y, batch_size=2, epochs=2, shuffle=False, verbose=0, class_weight=FACTORS
    ).history
    assert found["loss"] == pytest.approx([2.4643, 2.41041], abs=1e-5)
    assert found["weighted_accuracy"] == pytest.approx([20 / 27] * 2)
    assert found["accuracy"] == pytest.approx([1 / 3] * 2)
    assert dense.kernel.numpy()[0] == pytest.approx([1.01932, 0.99809, 0.98259], abs=1e-5)


def test_with_validation_split_only_training_is_weighted():
    split = {"batch_size": 3, "validation_split": 0.5}
    weighted = history(**split, class_weight=FACTORS)
    assert weighted["loss"] == history(X[:3], Y[:3], class_weight=FACTORS, batch_size=3)["loss"]
    assert weighted["val_loss"][0] > 0 and "val_weighted_accuracy" in weighted


def test_both_weights_or_no_labels_are_refused():
    with pytest.raises(ValueError, match="both `class_weight` and `sample_weight`"):
        history(class_weight=FACTORS, sample_weight=PER_EXAMPLE)
    batches = tf.data.Dataset.from_tensor_slices((X, Y, PER_EXAMPLE)).batch(3)
    with pytest.raises(ValueError, match="both `class_weight` and `sample_weight`"):
        history(batches, None, class_weight=FACTORS)
    with pytest.raises(ValueError, match="needs the labels of a single output"):
        sample_weights([np.zeros(3), np.zeros(3)], FACTORS)
