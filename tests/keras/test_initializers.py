"""Initializers: bounds, spreads, seeds."""

import math

import numpy as np
import pytest

import minitf as tf
from minitf.keras import initializers

SHAPE = (400, 200)


@pytest.mark.parametrize(
    ("initializer", "stddev", "bound"),
    [
        (initializers.GlorotUniform(seed=0), math.sqrt(2 / 600), math.sqrt(6 / 600)),
        (initializers.GlorotNormal(seed=0), math.sqrt(2 / 600), None),
        (initializers.HeUniform(seed=0), math.sqrt(2 / 400), math.sqrt(6 / 400)),
        (initializers.HeNormal(seed=0), math.sqrt(2 / 400), None),
        (initializers.RandomNormal(stddev=0.3, seed=0), 0.3, None),
        (initializers.RandomUniform(-0.5, 0.5, seed=0), 1 / math.sqrt(12), 0.5),
        (initializers.TruncatedNormal(stddev=1.0, seed=0), 0.8796, 2.0),
    ],
)
def test_random_values(initializer, stddev, bound):
    values = initializer(SHAPE).numpy()
    assert values.dtype == np.float32 and values.shape == SHAPE
    assert abs(values.mean()) < 0.02 * stddev + 0.002
    assert values.std() == pytest.approx(stddev, rel=0.02)
    assert bound is None or np.abs(values).max() <= bound


def test_fixed_values():
    assert initializers.Zeros()((2,)).numpy().tolist() == [0, 0]
    assert initializers.Ones()((2,), dtype="int32").dtype == tf.int32
    assert initializers.Constant(3.5)((2,)).numpy().tolist() == [3.5, 3.5]
    assert initializers.Identity()((2, 2)).numpy().tolist() == [[1, 0], [0, 1]]


def test_seeds():
    def values(initializer):
        return initializer((5,)).numpy().tolist()

    assert values(initializers.RandomNormal(seed=3)) == values(initializers.RandomNormal(seed=3))
    assert values(initializers.RandomNormal()) != values(initializers.RandomNormal())
    one = initializers.RandomNormal()
    assert values(one) == values(one)  # Keras: the seed is drawn once
    tf.keras.utils.set_random_seed(1)
    first = values(initializers.get("glorot_uniform"))
    tf.keras.utils.set_random_seed(1)
    assert values(initializers.get("GlorotUniform")) == first


def test_a_window_multiplies_the_fans():
    assert initializers.fans((3, 3, 8, 16)) == (72.0, 144.0)


def test_unknown_names():
    with pytest.raises(ValueError, match="Did you mean 'glorot_uniform'"):
        initializers.get("glorot_unifrom")


def test_to_categorical():
    assert tf.keras.utils.to_categorical([0, 2]).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert tf.keras.utils.to_categorical([[1]], 2).tolist() == [[0, 1]]
    with pytest.raises(IndexError, match="labels go from 0 to 3"):
        tf.keras.utils.to_categorical([0, 3], 3)


def test_seeds_must_be_whole_numbers():
    with pytest.raises(ValueError, match="whole number"):
        initializers.RandomNormal(seed=-1)((2,))


def test_orthogonal_columns_or_rows():
    for shape in ((5, 3), (3, 5), (2, 2, 3)):
        matrix = initializers.Orthogonal(gain=2.0, seed=1)(shape).numpy().reshape(-1, shape[-1])
        small = min(matrix.shape)
        product = matrix.T @ matrix if matrix.shape[1] == small else matrix @ matrix.T
        np.testing.assert_allclose(product, 4.0 * np.eye(small), atol=1e-5)
    with pytest.raises(ValueError, match="at least two-dimensional"):
        initializers.Orthogonal()((3,))


@pytest.mark.parametrize(
    "name, bound", [("lecun_uniform", np.sqrt(3 / 100)), ("he_uniform", np.sqrt(6 / 100))]
)
def test_bounds_of_the_uniform_ones(name, bound):
    values = initializers.get(name)((100, 50)).numpy()
    assert 0.95 * bound < np.abs(values).max() <= bound


def test_initializers_as_plain_data():
    first = initializers.VarianceScaling(2.0, "fan_out", "untruncated_normal", seed=3)
    again = initializers.deserialize(initializers.serialize(first))
    np.testing.assert_array_equal(again((4, 4)), first((4, 4)))
