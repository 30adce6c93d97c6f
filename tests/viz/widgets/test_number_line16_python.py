"""NumberLine16's counts are NumPy's, and its steps those of LossScaleOptimizer."""

import numpy as np
import pytest

import minitf as tf
from minitf.viz.widgets.number_line16 import NumberLine16

SOME = np.array([1e-9, -2e-8, 4e-8, -1e-6, 1e-4, 0.0, 2.0, -300.0], np.float32)


def outcome(widget, exponent):
    return widget._data["outcomes"][widget._exponents.index(exponent)]


def test_counts_are_those_of_numpy_at_every_scale():
    widget = NumberLine16(SOME)
    assert outcome(widget, 0) == {"zeros": 2, "subnormal": 2, "normal": 3, "inf": 0, "nan": 0}
    for k in widget._exponents:
        with np.errstate(over="ignore"):
            held = (SOME * np.float32(2.0**k)).astype(np.float16)
        assert outcome(widget, k)["inf"] == np.isinf(held).sum()
        assert outcome(widget, k)["zeros"] == (held == 0).sum() - 1
        assert sum(outcome(widget, k).values()) == SOME.size - 1


def test_numbers_beyond_all_limits_are_counted_apart():
    widget = NumberLine16(np.array([np.inf, np.nan, 0.0, 1.0], np.float32))
    assert outcome(widget, 0) == {"zeros": 0, "subnormal": 0, "normal": 1, "inf": 1, "nan": 1}
    assert "4 gradients, 1 to 1 in size" in widget.describe()
    assert widget.answer_step({"start": 0})["skipped"]


def test_many_numbers_at_the_limits_round_as_numpy_rounds():
    near = 2.0 ** np.array([-25.0, -24.0, -14.0, 16.0])[:, None] * np.linspace(0.99, 1.01, 4001)
    near = near.astype(np.float32)
    widget = NumberLine16(near)
    with np.errstate(over="ignore"):
        held = near.astype(np.float16)
    assert outcome(widget, 0)["zeros"] == (held == 0).sum()
    assert outcome(widget, 0)["inf"] == np.isinf(held).sum()
    small = (held > 0) & (held < np.finfo(np.float16).smallest_normal)
    assert outcome(widget, 0)["subnormal"] == small.sum()


def test_bins_are_powers_of_two():
    bins = dict(NumberLine16([[0.5, 0.75, 1.0, -1.5, 4.0]])._data["bins"])
    assert bins == {-1: 2, 0: 2, 2: 1}


def test_samples_go_to_float16_and_back():
    samples = {s["name"]: s for s in NumberLine16(SOME)._data["samples"]}
    exponents = NumberLine16(SOME)._exponents
    smallest = samples["smallest"]
    assert smallest["back"][exponents.index(0)] == 0
    assert smallest["back"][exponents.index(20)] == pytest.approx(1e-9, rel=1e-3)
    assert samples["largest"]["held"][exponents.index(8)] == "inf"


def test_a_step_does_not_depend_on_the_scale():
    widget = NumberLine16(SOME)
    at_10, at_4 = widget.answer_step({"start": 7}), widget.answer_step({"start": 4})
    assert not at_10["skipped"] and not at_4["skipped"]
    assert at_10["ratio"] == pytest.approx(1, rel=1e-3)
    assert at_4["ratio"] == pytest.approx(1, rel=1e-3)
    assert at_10["lost"] == 0
    assert widget.answer_step({"start": 0})["lost"] == 2


def test_overflow_skips_the_step_and_halves_the_scale():
    widget = NumberLine16(SOME)
    seen = [widget.answer_step({"start": 9} if k == 0 else {}) for k in range(6)]
    assert [s["exponent"] for s in seen] == [9, 8, 7, 7, 7, 7]
    assert [s["skipped"] for s in seen] == [True, True, False, False, False, False]
    assert seen[0]["inf"] == 1
    assert seen[-1]["next"] == 8, "after four good steps the scale is doubled"


def test_what_a_tape_returns_can_be_given():
    w, table = tf.Variable([1.0, 2.0]), tf.Variable([[1.0], [2.0], [3.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(w * 1e-9) + tf.reduce_sum(tf.gather(table, [0, 2]))
    gradients = tape.gradient(loss, [w, table, tf.Variable(1.0)])
    widget = NumberLine16(gradients)
    assert [g["name"] for g in widget._data["groups"]] == ["gradient 0", "gradient 1"]
    assert outcome(widget, 0)["zeros"] == 2
    named = NumberLine16({"w": w, "table": table})
    assert [g["count"] for g in named._data["groups"]] == [2, 3]


def test_gradients_too_large_as_they_are_can_be_scaled_down():
    widget = NumberLine16([1e6, 1.0])
    assert widget._exponents[0] == -4
    assert outcome(widget, -4)["inf"] == 0


def test_the_default_is_a_real_network():
    widget = NumberLine16()
    assert 0.1 < outcome(widget, 0)["zeros"] / widget._data["count"] < 0.5
    assert len(widget._data["groups"]) == 20
    assert "become 0" in widget.describe()


@pytest.mark.parametrize(
    ("gradients", "error", "message"),
    [
        ([None, None], ValueError, "every entry is None or empty"),
        (np.zeros(3, np.float32), ValueError, "finite and different from 0"),
        (tf.constant([1, 2]), TypeError, "int32; gradients are floats"),
        ("none", TypeError, "gradients are floats"),
    ],
)
def test_what_is_no_gradient_is_refused(gradients, error, message):
    with pytest.raises(error, match=message):
        NumberLine16(gradients)
