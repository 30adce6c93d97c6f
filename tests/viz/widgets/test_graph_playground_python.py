"""The Python side of GraphPlayground: values, gradients, differences, errors."""

import numpy as np
import pytest

import minitf as tf

GraphPlayground = tf.viz.GraphPlayground


@pytest.fixture(autouse=True)
def bundled(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "bundled")


def loss(x, w):
    product = x * w
    return tf.square(product - 4.0)


def at(widget, **values):
    return widget.answer_evaluate({"values": values})


def test_gradients_and_differences_are_those_of_the_function():
    reply = at(GraphPlayground(loss, x=(-3, 3), w=2.0), x=1.25, w=-0.5)
    slope = 2 * (1.25 * -0.5 - 4)
    found = {row["name"]: row for row in reply["check"]}
    assert found["x"]["gradient"] == pytest.approx(slope * -0.5)
    assert found["w"]["gradient"] == pytest.approx(slope * 1.25)
    for row in found.values():
        assert row["difference"] == pytest.approx(row["gradient"], abs=1e-4)
        assert row["agree"]
    assert "drawing" not in reply


def test_ranges_are_inputs_and_numbers_are_parameters():
    knobs = GraphPlayground(loss, x=(-3, 3), w=2.0)._data["knobs"]
    assert [(k["low"], k["high"], k["start"], k["trainable"]) for k in knobs] == [
        (-3, 3, 1.5, False),
        (-2, 6, 2, True),
    ]
    kinds = {n.name: n.kind for n in GraphPlayground(loss, x=(-3, 3, 0), w=2.0)._spec.nodes}
    assert (kinds["x"], kinds["w"], kinds["loss"]) == ("input", "param", "loss")


def test_a_kink_is_noticed():
    widget = GraphPlayground(lambda x: tf.abs(x), x=(-1, 1))
    (row,) = at(widget, x=0.000002)["check"]
    assert row["gradient"] == 1.0
    assert not row["agree"]


def test_values_of_its_own_in_float32_are_no_obstacle():
    scale = tf.constant(3.0)
    (row,) = at(GraphPlayground(lambda x: scale * x * x, x=(-1, 1)), x=0.5)["check"]
    assert row["gradient"] == pytest.approx(3.0)
    assert row["agree"]


def test_another_branch_brings_another_drawing():
    def branch(x):
        return x * x if x > 0 else -x

    widget = GraphPlayground(branch, x=(-1, 1))
    assert "drawing" not in at(widget, x=0.7)
    assert "<svg" in at(widget, x=-0.7)["drawing"]["svg"]
    assert "drawing" not in at(widget, x=-0.2)


def test_dragging_leaves_the_learners_tapes_alone():
    widget = GraphPlayground(loss, x=(-3, 3), w=2.0)
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * v
        at(widget, x=1.0, w=1.0)
    assert len(tf.inspect.rows(tape)) == 2
    assert float(tape.gradient(y, v)) == 6.0


@pytest.mark.parametrize(
    ("f", "inputs", "error", "words"),
    [
        (loss, {}, ValueError, "needs 1 to 8 inputs"),
        (loss, {"x": (1, 2)}, TypeError, "missing a required argument: 'w'"),
        (loss, {"x": (3, 1), "w": 1.0}, ValueError, "low < high"),
        (loss, {"x": (0, 1, 5), "w": 1.0}, ValueError, "lies outside"),
        (lambda x: 3.0, {"x": 1.0}, TypeError, "returned float, not a tensor"),
        (lambda x: tf.stack([x, x]), {"x": 1.0}, ValueError, "shape (2,)"),
        (lambda x: tf.constant(1.0), {"x": 1.0}, ValueError, "did not record"),
    ],
)
def test_errors_say_what_to_do(f, inputs, error, words):
    with pytest.raises(error) as caught:
        GraphPlayground(f, **inputs)
    assert words in str(caught.value)


def test_the_words_hold_the_check():
    text = GraphPlayground(loss, x=(-3, 3), w=2.0).describe()
    assert "Check of ∂loss/∂x: gradient -4, central difference -4." in text
    assert np.isfinite(float(text.rsplit(" ", 1)[1].rstrip(".")))
