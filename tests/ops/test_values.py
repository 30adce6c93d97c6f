"""Operations without a gradient: creation, comparison, order, random numbers; and operators."""

import subprocess
import sys

import numpy as np
import pytest

import minitf as tf

X = tf.constant([[3.0, -1.0], [2.0, 5.0]])
B = tf.constant([True, False])

VALUES = {
    "zeros": (lambda: tf.zeros([2, 1]), np.zeros((2, 1))),
    "zeros of a tensor shape": (lambda: tf.zeros(tf.shape(X)), np.zeros((2, 2))),
    "ones scalar": (lambda: tf.ones([]), 1.0),
    "fill": (lambda: tf.fill([2, 2], 7), [[7, 7], [7, 7]]),
    "range": (lambda: tf.range(5), [0, 1, 2, 3, 4]),
    "range down": (lambda: tf.range(5, 0, -2), [5, 3, 1]),
    "range of tensors": (lambda: tf.range(tf.constant(2)), [0, 1]),
    "linspace": (lambda: tf.linspace(0.0, 1.0, 5), [0, 0.25, 0.5, 0.75, 1]),
    "eye": (lambda: tf.eye(2, 3), [[1, 0, 0], [0, 1, 0]]),
    "eye batch": (lambda: tf.eye(1, batch_shape=[2]), [[[1]], [[1]]]),
    "one_hot": (lambda: tf.one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]]),
    "one_hot axis 0": (lambda: tf.one_hot([2, 0], 3, axis=0), [[0, 1], [0, 0], [1, 0]]),
    "one_hot on off": (lambda: tf.one_hot([1], 2, on_value=5, off_value=-1), [[-1, 5]]),
    "constant shape": (lambda: tf.constant(2, shape=[2]), [2, 2]),
    "size": (lambda: tf.size(X), 4),
    "rank": (lambda: tf.rank(X), 2),
    "equal": (lambda: X == 2.0, [[False, False], [True, False]]),
    "not_equal": (lambda: X != 2.0, [[True, True], [False, True]]),
    "less": (lambda: X < 2.0, [[False, True], [False, False]]),
    "less_equal": (lambda: X <= 2.0, [[False, True], [True, False]]),
    "greater": (lambda: X > 2.0, [[True, False], [False, True]]),
    "greater_equal": (lambda: X >= 2.0, [[True, False], [True, True]]),
    "and": (lambda: B & [True, True], [True, False]),
    "or": (lambda: B | [False, True], [True, True]),
    "xor": (lambda: B ^ [True, True], [False, True]),
    "not": (lambda: ~B, [False, True]),
    "is_nan": (lambda: tf.math.is_nan([1.0, np.nan]), [False, True]),
    "is_inf": (lambda: tf.math.is_inf([1.0, -np.inf]), [False, True]),
    "is_finite": (lambda: tf.math.is_finite([1.0, np.nan]), [True, False]),
    "any": (lambda: tf.reduce_any(X > 2.0, axis=1), [True, True]),
    "all": (lambda: tf.reduce_all(X > 0.0, axis=1), [False, True]),
    "argmax": (lambda: tf.argmax(X, axis=1), [0, 1]),
    "argmin": (lambda: tf.argmin(X), [1, 0]),
    "argsort down": (lambda: tf.argsort([1, 3, 1, 2], direction="DESCENDING"), [1, 3, 0, 2]),
    "top_k indices": (lambda: tf.math.top_k([4.0, 1.0, 9.0], 2).indices, [2, 0]),
    "in_top_k": (lambda: tf.nn.in_top_k([0, 1], [[0.5, 0.1], [0.9, 0.1]], 1), [True, False]),
    "unique": (lambda: tf.unique([7, 3, 7])[0], [7, 3]),
    "unique numbers": (lambda: tf.unique([7, 3, 7])[1], [0, 1, 0]),
    "where": (lambda: tf.where(X > 2.0), [[0, 0], [1, 1]]),
    "sequence_mask": (lambda: tf.sequence_mask([1, 2], 3), [[1, 0, 0], [1, 1, 0]]),
    "meshgrid": (lambda: tf.meshgrid([1, 2, 3], [4, 5])[0], [[1, 2, 3], [1, 2, 3]]),
    "meshgrid ij": (lambda: tf.meshgrid([1, 2], [4, 5], indexing="ij")[0], [[1, 1], [2, 2]]),
    "reverse operators": (
        lambda: [2.0 / X[1, 0], 2.0 ** X[1, 0], 7 // X[1, 0], 7 % X[1, 0]],
        [1, 4, 3, 1],
    ),
    "matmul of an array": (lambda: np.eye(2, dtype=np.float32) @ X, X.numpy()),
    "index by a tensor": (lambda: X[tf.constant(1), : tf.constant(1)], [2.0]),
    "norm": (lambda: tf.linalg.norm([3.0, 4.0]), 5.0),
    "global_norm skips None": (lambda: tf.math.global_norm([tf.constant([3.0]), None, [4.0]]), 5.0),
}


@pytest.mark.parametrize("function, wanted", VALUES.values(), ids=list(VALUES))
def test_value(function, wanted):
    np.testing.assert_allclose(np.asarray(function()), wanted)


def test_is_tensor():
    assert tf.is_tensor(X) and tf.is_tensor(tf.Variable(1.0))
    assert not tf.is_tensor(np.ones(2)) and not tf.is_tensor(1.0)


def test_the_global_seed_restarts_all_sequences():
    def draw():
        tf.random.set_seed(3)
        return [
            tf.random.normal([4]),
            tf.random.normal([4]),
            tf.random.uniform([4], seed=1),
            tf.random.uniform([4], seed=1),
            tf.random.truncated_normal([4]),
            tf.random.shuffle(tf.range(9)),
        ]

    first, again = draw(), draw()
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (first[0].numpy() != first[1].numpy()).any()
    assert (first[2].numpy() != first[3].numpy()).any()


def test_random_numbers_have_the_distribution_asked_for():
    tf.random.set_seed(0)
    x = tf.random.normal([4000], mean=3.0, stddev=2.0).numpy()
    assert abs(x.mean() - 3) < 0.2 and abs(x.std() - 2) < 0.2
    assert abs(tf.random.truncated_normal([2000]).numpy()).max() <= 2
    u = tf.random.uniform([2000], -1.0, 3.0).numpy()
    assert u.min() >= -1 and u.max() < 3 and abs(u.mean() - 1) < 0.2
    k = tf.random.uniform([500], 2, 5, dtype=tf.int32).numpy()
    assert set(k) == {2, 3, 4}
    c = tf.random.categorical(tf.math.log([[0.1, 0.9]]), 2000)
    assert abs(c.numpy().mean() - 0.9) < 0.05
    assert sorted(tf.random.shuffle(tf.range(20)).numpy()) == list(range(20))


def test_random_numbers_have_gradients_by_mean_and_stddev():
    mean, stddev = tf.Variable(1.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        x = tf.random.normal([3], mean, stddev)
    by_mean, by_stddev = tape.gradient(x, [mean, stddev])
    assert by_mean.numpy() == 3.0
    np.testing.assert_allclose(by_stddev, np.sum((x.numpy() - 1) / 2), rtol=1e-5)


def test_an_infinite_global_norm_shows_as_nan():
    clipped, norm = tf.clip_by_global_norm([tf.constant([1.0]), tf.constant([np.inf])], 5.0)
    assert np.isinf(norm) and np.isnan(clipped[0]).all()


@pytest.mark.parametrize("space", [tf.math, tf.nn, tf.linalg, tf.random, tf.debugging, tf.test])
def test_every_public_name_exists_and_has_a_docstring(space):
    for name in space.__all__:
        assert getattr(space, name).__doc__, name


def test_no_warning_from_numpy():
    """In a process of its own, as pytest changes the filters."""
    lines = "import minitf as tf; tf.math.log(0.0); tf.constant(1.0) / 0.0; tf.exp(1000.0)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", lines], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
