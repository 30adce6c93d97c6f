"""Arguments that are rarely given must not be ignored, and odd values not be mistaken."""

import numpy as np
import pytest

import minitf as tf

A = tf.constant([[1.0, 2.0], [3.0, 4.0]])
Z = tf.constant([[1 + 2j, 3.0]])


def test_adjoint_operands_are_transposed_and_conjugated():
    assert tf.matmul(A, A, adjoint_b=True).numpy().tolist() == [[5.0, 11.0], [11.0, 25.0]]
    assert tf.matmul(A, A, adjoint_a=True).numpy().tolist() == [[10.0, 14.0], [14.0, 20.0]]
    assert tf.matmul(Z, Z, adjoint_b=True).numpy().tolist() == [[14.0]]  # |z|², real
    assert tf.linalg.matvec(A, [1.0, 0.0], adjoint_a=True).numpy().tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="Only one of `transpose_a` and `adjoint_a`"):
        tf.matmul(A, A, transpose_b=True, adjoint_b=True)


def test_transposing_conjugates_if_asked_to():
    for found in (tf.transpose(Z, conjugate=True), tf.linalg.matrix_transpose(Z, conjugate=True)):
        assert found.numpy().tolist() == [[1 - 2j], [3.0]]


def test_embedding_lookup_shortens_long_rows():
    rows = tf.nn.embedding_lookup([[3.0, 4.0], [0.3, 0.4]], [0, 1], max_norm=1.0)
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0.3, 0.4]], rtol=1e-6)


def test_the_number_of_parts_may_be_any_integer():
    for parts in (3, np.int64(3), tf.constant(3)):
        assert len(tf.split(tf.range(6), parts)) == 3


def test_a_target_beyond_the_classes_is_not_among_the_best():
    scores = [[0.1, 0.9], [0.9, 0.1], [0.5, 0.5]]
    assert tf.math.in_top_k([5, 0, -1], scores, 1).numpy().tolist() == [False, True, False]


def test_infinite_entries_stay_on_the_diagonal():
    assert tf.linalg.diag([np.inf, 1.0]).numpy().tolist() == [[np.inf, 0.0], [0.0, 1.0]]


def test_the_mean_of_integers_is_rounded_towards_zero():
    assert tf.reduce_mean([-1, -2]).numpy() == -1
    assert tf.reduce_mean([1, 2]).numpy() == 1


def test_saturate_cast_of_floats_beyond_int32():
    found = tf.saturate_cast([1e10, -1e10, 7.5], tf.int32).numpy().tolist()
    assert found == [2147483520, -2147483648, 7]  # the largest float32 below 2³¹


def test_an_ellipsis_needs_a_written_result():
    with pytest.raises(tf.errors.InvalidArgumentError, match="the result must be written"):
        tf.einsum("...ij,...jk", tf.ones([2, 3, 4]), tf.ones([2, 4, 5]))  # would sum the batch


def test_paddings_of_your_own_are_refused_with_a_hint():
    window = tf.ones([2, 2, 1, 1])
    for call in (tf.nn.conv2d, tf.nn.max_pool2d):
        given = window if call is tf.nn.conv2d else 2
        with pytest.raises(tf.errors.InvalidArgumentError, match="tf.pad first"):
            call(tf.ones([1, 3, 3, 1]), given, 1, [[0, 0], [1, 1], [1, 1], [0, 0]])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: tf.expand_dims(x, 0),
        lambda x: tf.squeeze(x[None], 0),
        lambda x: tf.reduce_logsumexp(x, axis=1),
        lambda x: tf.nn.moments(x, [1])[1],
        lambda x: tf.tile(x, [tf.shape(x)[0], 1]),
    ],
    ids=["expand_dims", "squeeze", "logsumexp", "moments", "tile"],
)
def test_sizes_that_tracing_does_not_know(function):
    x = tf.constant(np.arange(6.0, dtype=np.float32).reshape(2, 3))

    def value_and_gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(function(x) ** 2)
        return function(x), tape.gradient(y, x)

    traced = tf.function(value_and_gradient, input_signature=[tf.TensorSpec([None, None])])
    for found, wanted in zip(traced(x), value_and_gradient(x), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)
