"""A misspelt name gets the right one back."""

import pytest

import minitf as tf


@pytest.mark.parametrize(
    ("module", "name", "says"),
    [
        (tf, "reduce_summ", "Did you mean reduce_sum"),
        (tf, "GradientTap", "Did you mean GradientTape"),
        (tf, "keras_", "Did you mean keras"),
        (tf.nn, "rellu", "Did you mean relu"),
        (tf.math, "logg", "Did you mean log"),
        (tf.linalg, "matmull", "Did you mean matmul"),
        (tf.random, "norml", "Did you mean normal"),
        (tf, "placeholder_with_nothing_alike", r"dir\(tf\) lists it"),
    ],
)
def test_the_nearest_names_are_offered(module, name, says):
    with pytest.raises(AttributeError, match=says):
        getattr(module, name)


def test_dir_lists_what_is_loaded_when_used():
    assert {"keras", "data", "viz", "GradientTape"} <= set(dir(tf))
    assert not hasattr(tf, "no_such_thing")
