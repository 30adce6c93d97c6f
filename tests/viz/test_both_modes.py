"""All forward and reverse passes of one function, on one graph."""

import numpy as np
import pytest

import minitf as tf
from minitf.viz.both_modes import both_modes


def three_to_two(x, w, b):
    product = x * w
    total = product + b
    square = total * total
    wave = tf.sin(product)
    return square, wave


def layer(x):
    return tf.tanh(tf.linalg.matvec(tf.constant([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]]), x))


def test_both_find_the_same_jacobian():
    both = both_modes(three_to_two, [2.0, 3.0, 1.0])
    assert both.inputs == ["x", "w", "b"]
    assert both.outputs == ["square", "wave"]
    assert (len(both.forward), len(both.reverse)) == (3, 2)
    np.testing.assert_allclose(both.rows[0], [42, 28, 14])
    np.testing.assert_allclose(both.columns.T, both.rows, rtol=1e-6)


def test_every_node_has_its_tangent_and_its_cotangent():
    both = both_modes(three_to_two, [2.0, 3.0, 1.0])
    node = {n.name: n.id for n in both.spec.nodes}
    assert [float(found[node["product"]]) for found in both.forward] == [3, 2, 0]
    assert float(both.reverse[0][node["product"]]) == 14
    assert float(both.reverse[1][node["product"]]) == pytest.approx(np.cos(6), rel=1e-5)
    assert float(both.reverse[1][node["total"]]) == 0
    for tangents, column in zip(both.forward, both.columns, strict=True):
        for output, derivative in zip(both.output_nodes, column, strict=True):
            assert tangents[output] == derivative


def test_the_stack_of_several_results_is_not_in_the_graph():
    both = both_modes(three_to_two, [2.0, 3.0, 1.0])
    assert [n.op for n in both.spec.nodes if n.op] == ["Mul", "AddV2", "Mul", "Sin"]
    assert [n.name for n in both.spec.nodes if n.kind == "loss"] == ["square", "wave"]
    ids = {n.id for n in both.spec.nodes}
    assert all(e.src in ids and e.dst in ids for e in both.spec.edges)


def test_arrays_take_one_pass_per_number():
    both = both_modes(layer, [[0.1, 0.2, 0.3]])
    assert both.inputs == ["x[0]", "x[1]", "x[2]"]
    assert len(both.outputs) == 2
    np.testing.assert_allclose(both.columns.T, both.rows, rtol=1e-6)
    last = both.output_nodes[0]
    assert both.forward[0][last].shape == (2,)


def test_an_input_that_is_not_used_has_zero_derivatives():
    both = both_modes(lambda a, b: a * 2.0, [1.0, 5.0])
    np.testing.assert_array_equal(both.columns, [[2], [0]])
    np.testing.assert_array_equal(both.rows, [[2, 0]])


def test_variables_of_the_surroundings_are_constants():
    weight = tf.Variable(4.0)
    both = both_modes(lambda x: weight * x, [2.0])
    assert [n.kind for n in both.spec.nodes] == ["const", "input", "loss"]
    np.testing.assert_array_equal(both.rows, [[4]])


def changing():
    calls = []

    def f(x):
        calls.append(x)
        return x * x if len(calls) == 1 else tf.sin(x)

    return f


@pytest.mark.parametrize(
    ("function", "inputs", "error", "message"),
    [
        (3.0, [1.0], TypeError, "The function comes first"),
        (lambda x: "text", [1.0], TypeError, "must return tensors of floats"),
        (lambda x: (x, x[0]), [[1.0, 2.0]], TypeError, r"shapes \(2,\), \(\)"),
        (tf.square, [tf.constant(3)], TypeError, "int32, which has no derivatives"),
        (tf.square, [np.ones(13)], ValueError, "13 inputs; 1 to 12"),
        (lambda x: (x * x, tf.constant(1.0)), [1.0], ValueError, "Result 1 does not depend"),
        (changing(), [1.0], ValueError, "other operations on its second call"),
    ],
)
def test_what_cannot_be_compared_is_refused(function, inputs, error, message):
    with pytest.raises(error, match=message):
        both_modes(function, inputs)


def test_without_an_engine_the_widget_has_a_reason_and_its_numbers(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "/no/such/program")
    widget = tf.viz.ForwardVsReverse(three_to_two, 2.0, 3.0, 1.0)
    assert "No program to draw graphs" in widget._problem
    assert "3 forward passes or 2 reverse passes" in widget.describe()
