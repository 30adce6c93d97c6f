"""Dataset.scan and Dataset.unique."""

import numpy as np
import pytest

import minitf as tf


def test_scan_gives_running_results():
    ds = tf.data.Dataset.range(5).scan(np.int64(0), lambda total, x: (total + x, total + x))
    assert list(ds.as_numpy_iterator()) == [0, 1, 3, 6, 10]
    assert list(ds.as_numpy_iterator()) == [0, 1, 3, 6, 10]  # every pass starts anew
    assert ds.element_spec == tf.TensorSpec((), tf.int64)
    assert int(ds.cardinality()) == 5


def test_scan_with_structures():
    ds = tf.data.Dataset.from_tensor_slices(([1.0, 2.0, 4.0], [3, 2, 1]))

    def step(state, element):
        x, _ = element
        return {"last": x}, (x - state["last"], x * 2.0)

    found = list(ds.scan({"last": 0.0}, step).as_numpy_iterator())
    assert found == [(1.0, 2.0), (1.0, 4.0), (2.0, 8.0)]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda s, x: s + x, "pair"),
        (lambda s, x: (tf.cast(s, tf.float32), x), "dtype must stay"),
    ],
)
def test_scan_functions_that_do_not_fit(function, message):
    with pytest.raises(TypeError, match=message):
        tf.data.Dataset.range(3).scan(np.int64(0), function)


def test_unique_keeps_the_first_of_each():
    ds = tf.data.Dataset.from_tensor_slices([1, 37, 2, 37, 2, 1]).unique()
    assert list(ds.as_numpy_iterator()) == [1, 37, 2]
    assert int(ds.cardinality()) == tf.data.UNKNOWN_CARDINALITY
    words = tf.data.Dataset.from_tensor_slices(["b", "a", "b"]).unique()
    assert list(words.as_numpy_iterator()) == [b"b", b"a"]
    rows = tf.data.Dataset.from_tensor_slices([[1, 2], [2, 1], [1, 2]]).unique()
    assert np.array_equal(list(rows.as_numpy_iterator()), [[1, 2], [2, 1]])


@pytest.mark.parametrize("elements", [[1.5, 2.5], ([1, 2], [3, 4])])
def test_unique_refuses_floats_and_tuples(elements):
    with pytest.raises(TypeError, match="one component"):
        tf.data.Dataset.from_tensor_slices(elements).unique()
