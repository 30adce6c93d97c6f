"""Counting, segments, guarded functions, polynomials, complex parts, determinants."""

import numpy as np
import pytest

import minitf as tf


def gradient(function, *values):
    sources = [tf.Variable(v) for v in values]
    with tf.GradientTape() as tape:
        y = function(*sources)
    return [g.numpy().tolist() for g in tape.gradient(y, sources)]


def test_counting():
    assert tf.math.count_nonzero([[0.0, 1.0], [2.0, 3.0]], axis=0).numpy().tolist() == [1, 2]
    assert tf.nn.zero_fraction([0.0, 1.0, 0.0, 2.0]).numpy() == 0.5
    assert tf.math.bincount([1, 1, 3], minlength=6).numpy().tolist() == [0, 2, 0, 1, 0, 0]
    assert tf.math.bincount([0, 3], maxlength=2).numpy().tolist() == [1, 0]
    assert tf.math.bincount([0, 1, 1], weights=[0.5, 1.0, 2.0]).numpy().tolist() == [0.5, 3.0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="smallest value -1"):
        tf.math.bincount([-1])


def test_confusion_matrix():
    matrix = tf.math.confusion_matrix([0, 1, 2, 2], [0, 2, 2, 1])
    assert matrix.numpy().tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 1]]
    weighted = tf.math.confusion_matrix([0, 1], [0, 0], weights=[2, 3], dtype=tf.int64)
    assert weighted.numpy().tolist() == [[2, 0], [3, 0]]
    with pytest.raises(tf.errors.InvalidArgumentError, match="num_classes"):
        tf.math.confusion_matrix([5], [0], num_classes=3)


def test_unique():
    values, numbers = tf.unique([5, 1, 5, 2])
    assert values.numpy().tolist() == [5, 1, 2] and numbers.numpy().tolist() == [0, 1, 0, 2]
    assert tf.unique_with_counts([5, 1, 5]).count.numpy().tolist() == [2, 1]
    with pytest.raises(LookupError, match="Unique"):
        gradient(lambda x: tf.unique(x).y, [1.0, 1.0])


def test_segments():
    data, ids = [[1.0], [2.0], [6.0]], [0, 0, 2]
    assert tf.math.segment_sum(data, ids).numpy().tolist() == [[3.0], [0.0], [6.0]]
    assert tf.math.segment_mean(data, ids).numpy().tolist() == [[1.5], [0.0], [6.0]]
    assert gradient(lambda x: tf.math.segment_mean(x, ids), data) == [[[0.5], [0.5], [1.0]]]
    with pytest.raises(tf.errors.InvalidArgumentError, match="unsorted_segment_sum"):
        tf.math.segment_sum(data, [1, 0, 0])


def test_guarded_functions_and_their_gradients_are_finite_at_zero():
    zero = [0.0]
    for function in (tf.math.xlogy, tf.math.xlog1py, tf.math.xdivy):
        assert function(zero, zero).numpy() == 0.0
        assert np.isfinite(gradient(function, zero, zero)).all()
    assert tf.math.reciprocal_no_nan([0.0, 4.0]).numpy().tolist() == [0.0, 0.25]
    assert tf.math.xlogy(2.0, 1.0).numpy() == 0.0 and tf.math.xdivy(6.0, 3.0).numpy() == 2.0


def test_polynomials():
    assert tf.math.polyval([1.0, 2.0, 3.0], 2.0).numpy() == 11.0
    assert gradient(lambda x: tf.math.polyval([1.0, 2.0, 3.0], x), 2.0) == [6.0]
    assert tf.scalar_mul(2, [1.5]).numpy().tolist() == [3.0]
    with pytest.raises(ValueError, match="scalar"):
        tf.scalar_mul([1.0], [1.5])


def test_parts_of_complex_numbers():
    z = tf.complex([3.0], [4.0])
    assert z.dtype == tf.complex64 and z.numpy().tolist() == [3 + 4j]
    assert tf.math.real(z).numpy() == 3.0 and tf.math.imag(z).numpy() == 4.0
    assert tf.math.angle(tf.constant(1j)).numpy() == np.pi / 2
    assert tf.math.imag(2.0).numpy() == 0.0 and tf.math.real(2.0).numpy() == 2.0


def test_gradients_of_complex_parts_point_uphill():
    assert gradient(lambda a, b: tf.abs(tf.complex(a, b)), 3.0, 4.0) == pytest.approx([0.6, 0.8])
    assert gradient(tf.math.real, 1 + 2j) == [1 + 0j]
    assert gradient(tf.math.imag, 1 + 2j) == [1j]
    assert gradient(tf.abs, 3 + 4j) == pytest.approx([0.6 + 0.8j])
    assert gradient(tf.math.angle, 3 + 4j) == pytest.approx([(-4 + 3j) / 25])


def test_determinants():
    a = [[4.0, 2.0], [2.0, 3.0]]
    assert tf.linalg.logdet(a).numpy() == pytest.approx(np.log(8.0))
    assert tf.linalg.slogdet([[0.0, 1.0], [1.0, 0.0]]).sign.numpy() == -1.0
    np.testing.assert_allclose(gradient(tf.linalg.logdet, a)[0], np.linalg.inv(a), rtol=1e-6)
    assert tf.linalg.adjoint([[1 + 1j, 2]]).numpy().tolist() == [[1 - 1j], [2]]
    assert tf.linalg.cross([1.0, 2.0, 3.0], [1.0, 0.0, 0.0]).numpy().tolist() == [0.0, 3.0, -2.0]


def test_the_guide_s_operation_without_a_gradient():
    picture = tf.Variable([[[0.5, 0.0]], [[1.0, 1.0]]])
    with tf.GradientTape() as tape:
        brighter = tf.image.adjust_contrast(picture, 2.0)
    assert brighter.numpy().tolist() == [[[0.25, -0.5]], [[1.25, 1.5]]]
    with pytest.raises(LookupError, match="AdjustContrastv2"):
        tape.gradient(brighter, picture)


def test_names_that_belong_to_keras():
    assert tf.losses is tf.keras.losses and tf.optimizers is tf.keras.optimizers
    assert tf.metrics.Mean()([1.0, 3.0]).numpy() == 2.0
    assert tf.initializers.Ones()((1,)).numpy().tolist() == [1.0]


def test_norms_of_matrices():
    a = tf.constant([[1.0, -2.0], [3.0, 4.0]])
    assert tf.norm(a, 1, [0, 1]).numpy() == 6.0  # a column
    assert tf.norm(a, np.inf, [-2, -1]).numpy() == 7.0  # a row
    assert tf.norm(a, 1, [0, 1], keepdims=True).shape == (1, 1)
    assert tf.norm(a, "fro", [0, 1]).numpy() == pytest.approx(30**0.5)
    with pytest.raises(ValueError, match="singular values"):
        tf.norm(a, 2, [0, 1])
    assert tf.norm([3 + 4j]).numpy() == 5.0


def test_normalize_gives_the_norm_too():
    unit, length = tf.linalg.normalize([3.0, 4.0])
    assert unit.numpy().tolist() == pytest.approx([0.6, 0.8]) and length.numpy().tolist() == [5.0]


def test_positions_and_slices():
    assert tf.searchsorted([1, 3, 5], [2, 3]).numpy().tolist() == [1, 1]
    assert tf.searchsorted([1, 3, 5], [2, 3], side="right").numpy().tolist() == [1, 2]
    assert tf.strided_slice([1, 2, 3, 4, 5], [0], [5], [2]).numpy().tolist() == [1, 3, 5]
    assert tf.gather_nd([[1, 2], [3, 4]], [[0], [1]], batch_dims=1).numpy().tolist() == [1, 4]
    assert tf.boolean_mask([1, 2], [1, 0]).numpy().tolist() == [1]
    assert tf.tensor_scatter_nd_sub([1, 2], [[0], [0]], [1, 1]).numpy().tolist() == [-1, 2]
    assert tf.saturate_cast([300.0, -5.0], tf.uint8).numpy().tolist() == [255, 0]
    assert [s.numpy().tolist() for s in tf.shape_n([[1], [[1, 2]]])] == [[1], [1, 2]]
    assert [x.dtype for x in tf.identity_n([[1], [2.0]])] == [tf.int32, tf.float32]


def test_conditions_are_booleans():
    with pytest.raises(TypeError, match="bool condition"):
        tf.where([1, 0], 2.0, 3.0)
    with pytest.raises(ValueError, match="scalar"):
        tf.constant([1, 2])[True]


def test_python_values_side_by_side_share_a_dtype():
    assert tf.add([1.0], 2).numpy().tolist() == [3.0]
    assert tf.stack([1, 2.5]).numpy().tolist() == [1.0, 2.5]
    assert tf.clip_by_value([1.0, 5.0], 2, 3).numpy().tolist() == [2.0, 3.0]
    assert tf.matmul(np.ones((1, 2)), [[1.0], [2.0]]).dtype == tf.float64


def test_true_counts_as_one_beside_numbers():
    assert (tf.constant([1.0]) + True).numpy().tolist() == [2.0]
    assert tf.constant(True, tf.float32).numpy() == 1.0
    assert tf.constant([], tf.bool).dtype == tf.bool
    with pytest.raises(ValueError, match="mixed types"):
        tf.constant([True, 1])


def test_confusion_matrix_takes_what_predict_and_round_give():
    for labels, predictions in (([0, 1, 1], [[0], [1], [0]]), ([[0.0], [1.0], [1.0]], [0, 1, 0])):
        found = tf.math.confusion_matrix(labels, predictions)  # not n² pairs
        assert found.numpy().tolist() == [[1, 0], [1, 1]]
    with pytest.raises(tf.errors.InvalidArgumentError, match="one prediction per label"):
        tf.math.confusion_matrix([0, 1, 1], [0])


def test_the_angle_keeps_the_precision():
    assert tf.math.angle(tf.constant([-2.0], tf.float64)).numpy().tolist() == [np.pi]
    assert tf.math.angle([-2.0]).dtype is tf.float32
