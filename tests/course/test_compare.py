"""Comparing answers, and the words for a difference."""

import numpy as np
import pytest

import minitf as tf
from minitf.course.compare import difference, show


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (2.0, 2),
        (np.float32(2), 2.0),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
        (np.array([1.0]), tf.constant([1.0])),
        ([1, "a", None], (1, "a", None)),
        ({"w": np.ones(2)}, {"w": tf.ones([2]) if hasattr(tf, "ones") else np.ones(2)}),
        (np.array([True, False]), np.array([True, False])),
        ("x", "x"),
    ],
)
def test_equal(expected, got):
    assert difference(expected, got) == []


@pytest.mark.parametrize(
    ("expected", "got", "word"),
    [
        (2.0, 3.0, "expected 2"),
        (2.0, "2", "(str)"),
        (2.0, None, "got      None"),
        (np.zeros((3, 1)), np.zeros((3, 4)), "shape (3, 4)"),
        (np.zeros(3), np.array([0.0, 5.0, 6.0]), "first difference at [1]: expected 0, got 5"),
        (np.zeros(1), np.zeros(1, complex), "dtype"),
        ([1, 2], [1], "expected 2 items"),
        ([1, 2], [1, 3], "item 1 differs"),
        ([1, 2], 3, "(int)"),
        ({"w": 1}, {"b": 1}, "key 'w'"),
        ({"w": 1}, {"w": 1, "b": 1}, "unexpected key 'b'"),
        (True, 1, "expected True"),
        (None, 0, "expected None"),
    ],
)
def test_different(expected, got, word):
    assert word in "\n".join(difference(expected, got))


def test_show_is_short_and_has_no_addresses():
    assert show(object()) == "object object"
    assert show(np.zeros((100, 100))) == "array of shape (100, 100), float64"
    assert len(show(list(range(1000)))) <= 60
    assert show((1.0,)) == "(1,)"
