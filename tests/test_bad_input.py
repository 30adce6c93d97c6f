"""Every bad input raises TensorFlow's class, with a message that says what to do about it."""

import re

import numpy as np
import pytest
from bad_input_table import class_names, outcome, recorded, table

import minitf as tf

TABLE = table()
TENSORFLOW = recorded()
# What NumPy and Python say, and the sentence that is left when nobody wrote a better one.
RAW = re.compile(
    r"could not be broadcast|truth value of an array|setting an array element|a\.any\(\)"
    r"|cannot reshape array|can only convert an array|zip\(\) argument|out of bounds for axis"
    r"|object has no attribute '_|object is not iterable|NoneType' object is"
    r"|Check the shapes above against"
)


@pytest.fixture(autouse=True)
def as_in_a_new_session():
    tf.keras.backend.clear_session()


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.area}: {row.name}" for row in TABLE])
def test_a_bad_input_is_explained(row, tmp_path):
    error = outcome(row.code, tf, np, tmp_path).error
    assert error is not None, "it was accepted"
    assert row.error in class_names(error), repr(error)
    message = str(error)
    for word in row.words:
        assert any(choice in message for choice in word.split("|")), f"{word!r} not in: {message}"
    assert not RAW.search(message), message


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_the_class_is_tensorflows(row):
    answer = TENSORFLOW[row.name]
    agrees = answer["class"] == row.error
    assert agrees != bool(row.differs), f"TensorFlow: {answer}; table: {row.error}, {row.differs}"


def test_the_table_is_large_and_its_names_are_unique():
    names = [row.name for row in TABLE]
    assert len(names) == len(set(names)) >= 200
    assert len({row.area for row in TABLE}) >= 25
    assert set(names) <= set(TENSORFLOW)


def test_nothing_is_lost_when_loading_fails(tmp_path):
    def model():
        return tf.keras.Sequential([tf.keras.layers.Input([3]), tf.keras.layers.Dense(2)])

    path = tmp_path / "w.weights.npz"
    model().save_weights(path)
    whole = path.read_bytes()
    other = model()
    before = other.get_weights()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="w.weights.npz"):
            other.load_weights(path)
        for old, new in zip(before, other.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)
