"""BroadcastLoom's numbers: copies, sums, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import minitf as tf
from minitf.viz.widgets.broadcast_loom import BroadcastLoom

shape_pairs = mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4)


@settings(max_examples=40, deadline=None)
@given(
    shape_pairs.filter(lambda s: min((1, *s.result_shape)) > 0),
    st.sampled_from(["add", "multiply"]),
)
def test_gradients_are_the_sums_of_what_arrives_at_the_copies(shapes, name):
    loom = BroadcastLoom(*shapes.input_shapes, getattr(tf, name))
    data = loom._data
    assert tuple(data["shape"]) == shapes.result_shape
    for x in data["operands"]:
        sums = np.zeros(len(x["values"]))
        np.add.at(sums, x["of"], x["arriving"])
        np.testing.assert_allclose(x["gradient"], sums, rtol=1e-5)
        assert x["copies"] * len(x["values"]) == len(data["values"])


def test_the_numbers_are_those_of_the_learner():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    bias = tf.Variable([10.0, 20.0])
    loom = BroadcastLoom(x, bias, tf.multiply, upstream=[[1.0, 0.0], [5.0, 0.0]])
    assert loom._data["names"] == ["x", "bias"]
    assert loom._data["values"] == [10, 40, 30, 80]
    assert loom._data["operands"][0]["gradient"] == [10, 0, 50, 0]
    assert loom._data["operands"][1]["gradient"] == [1 * 1 + 3 * 5, 0]
    assert "Each number of bias is used 2 times" in loom.describe()


def test_axes_are_lined_up_at_the_last_one():
    axes = BroadcastLoom((2, 1, 3), (4, 1))._data["axes"]
    assert axes == [
        {"a": 2, "b": None, "result": 2},
        {"a": 1, "b": 4, "result": 4},
        {"a": 3, "b": 1, "result": 3},
    ]


def test_shapes_that_do_not_fit_are_shown_with_the_reason():
    loom = BroadcastLoom((2, 3), (2, 4))
    assert "Incompatible shapes: (2, 3) float32 and (2, 4) float32" in loom._data["error"]
    assert [axis["result"] for axis in loom._data["axes"]] == [2, None]
    assert "do not broadcast" in loom.describe()
    assert loom.picture().startswith(b"\x89PNG")


def test_typed_shapes_are_woven_anew():
    loom = BroadcastLoom((3, 1), (4,))
    reply = loom.answer_weave({"a": "2 1", "b": "()"})
    assert reply["shape"] == [2, 1]
    assert list(reply["operands"][1]["gradient"]) == [2]
    with pytest.raises(ValueError, match="A shape is a list of sizes"):
        loom.answer_weave({"a": "two", "b": "3"})
    with pytest.raises(ValueError, match="has 1 axes and 999 numbers"):
        loom.answer_weave({"a": "999", "b": "1"})
    with pytest.raises(ValueError, match="The loom shows 1 to 160"):
        loom.answer_weave({"a": "0, 3", "b": "1"})


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("three", (4,)), TypeError, "takes two shapes"),
        ((tf.constant([1, 2]), (2,)), TypeError, "int32, which has no gradient"),
        (((20, 1), (1, 20)), ValueError, "400 numbers"),
        (((2, 2), (2, 2), tf.matmul, [1.0]), ValueError, "`upstream` arrives at the result"),
        (((2, 3), (3,), lambda a, b: tf.reduce_sum(a + b)), ValueError, "element by element"),
    ],
)
def test_what_cannot_be_woven_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        BroadcastLoom(*arguments)
