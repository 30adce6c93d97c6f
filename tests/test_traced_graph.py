"""inspect.function_graph: a traced function as plain data for pictures."""

import json

import numpy as np
import pytest

import minitf as tf
from minitf import inspect
from minitf.viz.dot import to_dot


def traced_step():
    w = tf.Variable([[1.0], [2.0]], name="w")

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.exp(x @ w) * 2.0)
        w.assign_sub(tape.gradient(loss, w))
        return loss

    return step.get_concrete_function(tf.TensorSpec([None, 2], tf.float32, name="x")), step


def test_nodes_and_edges():
    f = tf.function(lambda x, y: tf.exp(x * 2.0) + y)
    spec = inspect.function_graph(f.get_concrete_function(tf.ones([3]), tf.ones([3])))
    kinds = [(node.kind, node.op, node.value_text) for node in spec.nodes]
    assert kinds == [
        ("input", "", "(3,)"), ("input", "", "(3,)"), ("const", "", "2"),
        ("op", "Mul", "(3,)"), ("op", "Exp", "(3,)"), ("loss", "AddV2", "(3,)"),
    ]  # fmt: skip
    assert [(e.src, e.dst, e.slot) for e in spec.edges] == [
        ("n0", "n3", 0), ("n2", "n3", 1), ("n3", "n4", 0), ("n4", "n5", 0), ("n1", "n5", 1),
    ]  # fmt: skip
    assert spec.node(spec.target).text == "exp + y"
    assert spec.node("n3").text == f"{spec.node('n0').name} × 2"
    json.dumps(spec.to_json())


def test_variables_effects_and_unknown_sizes():
    concrete, _ = traced_step()
    spec = inspect.function_graph(concrete)
    names = {node.name: node for node in spec.nodes}
    assert names["w"].kind == "param"
    assert names["x"].value_text == "(?, 2)"
    assert names["assign_sub_variable_op"].shape == ()
    assert "operations." in spec.summary.splitlines()[0]


def test_every_stage_can_be_drawn():
    concrete, step = traced_step()
    x = tf.constant(np.ones((4, 2), np.float32))
    step(x)
    for stage in concrete.passes(x):
        spec = inspect.function_graph(stage.graph_after)
        assert len([n for n in spec.nodes if n.op]) <= stage.after
        assert to_dot(spec).startswith("digraph")


def test_bad_input():
    _, step = traced_step()
    with pytest.raises(TypeError, match="get_concrete_function"):
        inspect.function_graph(step)
    f = tf.function(lambda x: x)
    empty = inspect.function_graph(f.get_concrete_function(tf.ones([3])))
    assert [node.kind for node in empty.nodes] == ["input"]
    many = tf.function(lambda x: x + x * x).get_concrete_function(tf.ones([3]))
    with pytest.raises(ValueError, match="more than 2"):
        inspect.function_graph(many, max_nodes=2)
    with pytest.raises(ValueError, match="nothing to show"):
        inspect.function_graph(tf.function(lambda: None).get_concrete_function())
