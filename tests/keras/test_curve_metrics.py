"""AUC and F scores: against counting by hand, and against figures of Keras 3.15."""

import itertools

import numpy as np
import pytest

import minitf as tf


def scores():
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 50)
    guesses = np.clip(random.random(50) * 0.7 + 0.3 * labels * random.random(50), 0, 1)
    return labels, guesses.astype(np.float32)


def test_area_under_roc_is_the_part_of_pairs_in_the_right_order():
    labels, guesses = scores()
    pairs = itertools.product(guesses[labels == 1], guesses[labels == 0])
    right = np.mean([yes > no for yes, no in pairs])
    auc = tf.keras.metrics.AUC(num_thresholds=5000)
    auc.update_state(labels[:20], guesses[:20])
    auc.update_state(labels[20:], guesses[20:])
    assert float(auc.result()) == pytest.approx(right, abs=2e-3)


@pytest.mark.parametrize("curve", ["ROC", "PR"])
def test_minoring_interpolation_and_majoring_are_ordered(curve):
    areas = []
    for method in ("minoring", "interpolation", "majoring"):
        auc = tf.keras.metrics.AUC(20, curve=curve, summation_method=method)
        auc.update_state(*scores())
        areas.append(float(auc.result()))
    assert areas[0] < areas[1] < areas[2]


@pytest.mark.parametrize("curve", ["ROC", "PR"])
def test_perfect_scores(curve):
    auc = tf.keras.metrics.AUC(curve=curve)
    auc.update_state([0, 1, 1, 0], [0.1, 0.8, 0.9, 0.2])
    assert float(auc.result()) == pytest.approx(1.0)
    auc.reset_state()
    assert float(auc.result()) == 0.0


def test_logits_weights_and_names():
    labels, guesses = scores()
    logits = np.log(guesses / (1 - guesses))
    a, b = tf.keras.metrics.AUC(), tf.keras.metrics.get("AUC")
    a.update_state(labels, guesses)
    c = tf.keras.metrics.AUC(from_logits=True)
    c.update_state(labels, logits)
    assert float(c.result()) == pytest.approx(float(a.result()), abs=0.01)
    b.update_state(labels, guesses, sample_weight=labels * 0 + 2.0)  # equal weights change nothing
    assert float(b.result()) == pytest.approx(float(a.result()))


def test_f1_by_hand():
    score = tf.keras.metrics.F1Score(threshold=0.5)
    score.update_state([[1, 0], [0, 1], [1, 1]], [[0.9, 0.2], [0.1, 0.4], [0.8, 0.7]])
    np.testing.assert_allclose(score.result(), [1.0, 2 / 3])
    macro = tf.keras.metrics.F1Score("macro", threshold=0.5)
    macro.update_state([[1, 0], [0, 1], [1, 1]], [[0.9, 0.2], [0.1, 0.4], [0.8, 0.7]])
    assert float(macro.result()) == pytest.approx(5 / 6)


def test_f_beta_averages():
    random = np.random.default_rng(0)
    true, pred = random.integers(0, 2, (20, 3)), random.random((20, 3))
    hits = ((pred > 0.5) & (true == 1)).sum(0)
    precision, recall = hits / (pred > 0.5).sum(0), hits / true.sum(0)
    each = 5 * precision * recall / (4 * precision + recall)
    expected = {
        None: each,
        "macro": each.mean(),
        "weighted": (each * true.sum(0)).sum() / true.sum(),
    }
    p, r = hits.sum() / (pred > 0.5).sum(), hits.sum() / true.sum()
    expected["micro"] = 5 * p * r / (4 * p + r)
    for average, want in expected.items():
        score = tf.keras.metrics.FBetaScore(average, beta=2.0, threshold=0.5)
        score.update_state(true[:7], pred[:7])
        score.update_state(true[7:], pred[7:])
        np.testing.assert_allclose(score.result(), want, rtol=1e-5)


def test_without_a_threshold_the_largest_is_the_yes():
    score = tf.keras.metrics.F1Score("micro")
    score.update_state([[1, 0, 0], [0, 1, 0]], [[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert float(score.result()) == pytest.approx(2 / 3)  # the second row has no yes at all


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tf.keras.metrics.AUC(1), "> 1"),
        (lambda: tf.keras.metrics.AUC(curve="roc"), "curve"),
        (lambda: tf.keras.metrics.AUC(summation_method="sum"), "summation_method"),
        (lambda: tf.keras.metrics.AUC(thresholds=[2.0]), "thresholds"),
        (lambda: tf.keras.metrics.FBetaScore("mean"), "average"),
        (lambda: tf.keras.metrics.FBetaScore(beta=0.0), "beta"),
        (lambda: tf.keras.metrics.F1Score(threshold=0.0), "threshold"),
        (lambda: tf.keras.metrics.F1Score().update_state([1, 0], [0.2, 0.3]), "classes"),
    ],
)
def test_bad_arguments_of_curve_metrics(make, message):
    with pytest.raises(ValueError, match=message):
        make()
