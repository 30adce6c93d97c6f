"""Each pass: what it removes, what it must leave, and that it can be switched."""

import numpy as np
import pytest

import minitf as tf
from minitf.graph import Graph, tracing
from minitf.passes.arithmetic import arithmetic
from minitf.passes.common_subexpressions import common_subexpressions
from minitf.passes.constant_folding import constant_folding
from minitf.passes.fusion import fusion
from minitf.passes.prune import prune
from minitf.passes.schedule import scheduled

OPTIONS = tf.config.optimizer


@pytest.fixture(autouse=True)
def all_passes_on():
    yield
    off = dict.fromkeys(("disable_meta_optimizer", "disable_model_pruning"), False)
    OPTIONS.set_experimental_options(dict.fromkeys(NAMES, True) | off)


NAMES = (
    "prune", "constant_folding", "arithmetic_optimization", "common_subgraph_elimination",
    "remapping", "plan",
)  # fmt: skip


def graph_of(function, *args):
    return prune(tf.function(function).get_concrete_function(*args).graph)


def types(graph):
    return [node.type for node in graph.nodes]


X = tf.TensorSpec([3], tf.float32)


def test_passes_leave_the_graph_they_are_given():
    graph = graph_of(lambda x: tf.exp(x) + tf.exp(x) * 1.0, X)
    before = repr(graph)
    for run in (prune, constant_folding, arithmetic, common_subexpressions, fusion):
        run(graph)
        assert repr(graph) == before


def test_constants_are_folded():
    graph = Graph("f")
    x = graph.placeholder([3], tf.float32, "x")
    two = tf.constant(2.0)
    with tracing(graph):
        y = x * x
    # a node on constants, such as another pass or a known batch size leaves behind
    exp = graph.add(tf.exp(two).origin, (two,), {})
    with tracing(graph):
        graph.outputs = [y * exp, exp]
    folded = constant_folding(graph)
    assert types(folded) == ["Mul", "Mul"]
    assert folded.outputs[1].numpy() == np.exp(np.float32(2.0))


def test_a_failing_constant_waits_for_the_run():
    x = tf.constant([1.0, 2.0])

    def f(i):
        return tf.gather(x, i)

    graph = Graph("f")
    graph.outputs = [graph.add(f(0).origin, (x, tf.constant(5)), {"axis": 0})]
    assert types(constant_folding(graph)) == ["GatherV2"]


def test_steps_that_change_nothing_go():
    def f(x):
        y = tf.identity(x * 1.0)
        return tf.reshape(tf.negative(tf.negative(y)), [3]) / 1.0 + tf.stop_gradient(x)

    assert types(prune(arithmetic(graph_of(f, X)))) == ["AddV2"]
    assert types(prune(arithmetic(graph_of(lambda x, y: x + -y, X, X)))) == ["Sub"]


def test_ones_that_stretch_a_value_stay():
    graph = arithmetic(graph_of(lambda x: x * tf.ones([2, 3]), X))
    assert types(graph) == ["Mul"]
    assert types(arithmetic(graph_of(lambda x: x + 0.0, X))) == ["AddV2"], "-0.0 + 0.0 is 0.0"
    assert types(arithmetic(graph_of(lambda x: x * 0.0, X))) == ["Mul"], "inf * 0 is nan"


def test_equal_nodes_are_joined():
    def f(x):
        return tf.exp(x) * tf.exp(x) + tf.reduce_sum(x, 0) + tf.reduce_sum(x, 0, keepdims=True)

    joined = types(common_subexpressions(graph_of(f, X)))
    assert joined.count("Exp") == 1
    assert joined.count("Sum") == 2, "other attributes: another operation"


def test_equal_small_constants_are_one_constant():
    graph = graph_of(lambda x: (x * 2.0) + (x * 2.0), X)
    assert types(common_subexpressions(graph)) == ["Mul", "AddV2"]
    graph = graph_of(lambda x: (x * 2.0) + (x * 3.0), X)
    assert types(common_subexpressions(graph)) == ["Mul", "Mul", "AddV2"]


def test_true_is_not_one():
    def f(x):
        return tf.one_hot(x, 2, True, False, dtype=tf.bool), tf.one_hot(x, 2, 1, 0, dtype=tf.int32)

    assert types(common_subexpressions(graph_of(f, tf.TensorSpec([3], tf.int32)))) == ["OneHot"] * 2


def test_random_numbers_are_drawn_as_often_as_asked_for():
    def f(x):
        return x + tf.random.normal([3]) - tf.random.normal([3])

    kept = common_subexpressions(graph_of(f, X))
    assert len(kept.nodes) == len(graph_of(f, X).nodes)
    assert np.all(tf.function(f)(tf.zeros(3)).numpy() != 0)


def test_a_variable_is_read_again_after_an_assignment():
    v = tf.Variable(1.0)

    def f(x):
        before = v * x
        v.assign_add(1.0)
        return before, v * x, v.read_value()

    graph = common_subexpressions(graph_of(f, tf.TensorSpec([], tf.float32)))
    assert types(graph).count("ReadVariableOp") == 2
    assert [y.numpy() for y in tf.function(f)(tf.constant(10.0))] == [10.0, 20.0, 2.0]


def test_the_forward_pass_inside_a_second_derivative_is_computed_once():
    def f(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.tanh(x)
            slope = inner.gradient(y, x)
        return tf.tanh(x) * outer.gradient(slope, x)

    assert types(common_subexpressions(graph_of(f, X))).count("Tanh") == 1


def test_product_bias_and_relu_are_fused():
    w, b = tf.Variable(tf.ones([3, 2])), tf.Variable([1.0, -5.0])

    def f(x):
        return tf.nn.relu(x @ w + b)

    graph = graph_of(f, tf.TensorSpec([4, 3], tf.float32))
    assert "FusedMatMul" in types(fusion(graph))
    np.testing.assert_array_equal(tf.function(f)(tf.ones([4, 3])), f(tf.ones([4, 3])))


def test_a_product_that_someone_else_uses_is_not_fused():
    b = tf.constant([1.0, -5.0])

    def f(x):
        product = x @ tf.ones([3, 2])
        return tf.nn.relu(product + b), product

    assert "FusedMatMul" not in types(fusion(graph_of(f, tf.TensorSpec([4, 3], tf.float32))))


LARGE = tf.TensorSpec([70_000], tf.float32)


def check_large(function, kinds):
    x = tf.constant(np.random.default_rng(0).uniform(0.5, 2, 70_000).astype(np.float32))
    found = types(fusion(graph_of(function, LARGE)))
    assert found == kinds
    for a, b in zip(tf.nest.flatten(tf.function(function)(x)), tf.nest.flatten(function(x)),
                    strict=True):  # fmt: skip
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_large_chains_are_fused():
    check_large(lambda x: tf.exp(-x) * x + 2.0, ["FusedElementwise"])


def test_small_arrays_are_left_alone():
    assert types(fusion(graph_of(lambda x: tf.exp(-x) * x, X))) == ["Neg", "Exp", "Mul"]


def test_a_sum_that_the_chain_needs_ends_it():
    check_large(lambda x: x * x / tf.reduce_sum(x * x), ["FusedElementwise", "RealDiv"])


def test_what_leaves_the_chain_and_comes_back_ends_it():
    def f(x):
        y = tf.exp(x)
        return tf.sort(y * 2.0) + y - 1.0

    found = types(fusion(graph_of(f, LARGE)))
    assert found[0] == found[-1] == "FusedElementwise", "one before and one after the sorting"
    check_large(f, found)


def test_chains_that_need_each_other_in_turns():
    def f(x):
        a = x + 1.0
        b = tf.cast(x, tf.float64) * 2.0  # another dtype: another group
        c = a * tf.cast(b, tf.float32)
        d = b * tf.cast(c, tf.float64)
        return c + tf.cast(d, tf.float32), d

    x = tf.constant(np.random.default_rng(0).uniform(0.5, 2, 70_000).astype(np.float32))
    for a, b in zip(tf.function(f)(x), f(x), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_a_schedule_keeps_effects_in_order():
    v = tf.Variable(1.0)

    def f(x):
        v.assign(x)
        y = v * 2.0
        v.assign_add(1.0)
        return y

    graph = graph_of(f, tf.TensorSpec([], tf.float32))
    assert scheduled(graph.nodes) == graph.nodes
    mixed = [graph.nodes[i] for i in (0, 2, 1, 3)]
    assert [node.type for node in scheduled(mixed)] == [
        "AssignVariableOp", "ReadVariableOp", "Mul", "AssignAddVariableOp",
    ]  # fmt: skip


def test_stages_tell_what_each_pass_did():
    @tf.function
    def f(x):
        tf.sin(x)
        return tf.exp(x) + tf.exp(x) * 1.0

    stages = f.get_concrete_function(X).passes()
    assert [stage.name for stage in stages] == [
        "prune", "constant_folding", "arithmetic", "common_subexpressions", "fusion",
    ]  # fmt: skip
    assert [(stage.before, stage.after) for stage in stages] == [
        (5, 4), (4, 4), (4, 3), (3, 2), (2, 2),
    ]  # fmt: skip
    assert stages[0].op_counts == {"Sin": (1, 0)}
    assert stages[3].op_counts == {"Exp": (2, 1)}
    assert repr(stages[2]) == "arithmetic: 4 -> 3 operations"
    assert stages[1].graph_after is stages[2].graph_before


def test_a_pass_that_is_off_does_nothing():
    f = tf.function(lambda x: tf.exp(x) + tf.exp(x))
    concrete = f.get_concrete_function(X)
    assert len(concrete.plan().steps) == 2
    OPTIONS.set_experimental_options({"common_subgraph_elimination": False})
    assert OPTIONS.get_experimental_options()["common_subgraph_elimination"] is False
    assert len(concrete.plan().steps) == 3
    off = next(s for s in concrete.passes() if s.name == "common_subexpressions")
    assert not off.on and off.before == off.after == 3
    assert "(off)" in repr(off)
    OPTIONS.set_experimental_options({"disable_meta_optimizer": True})
    assert not any(stage.on for stage in concrete.passes())


def test_unknown_options_are_refused_and_nothing_is_set():
    with pytest.raises(ValueError, match="Unknown optimizer option 'constant_foldnig'"):
        OPTIONS.set_experimental_options({"remapping": False, "constant_foldnig": True})
    assert graph_of(lambda x: x, X) is not None
    f = tf.function(lambda x: tf.nn.relu(x @ tf.ones([3, 2]) + tf.ones(2)))
    concrete = f.get_concrete_function(tf.TensorSpec([4, 3], tf.float32))
    assert len(concrete.plan().steps) == 1, "remapping is still on"
    OPTIONS.set_experimental_options({"layout_optimizer": True})  # TensorFlow has it


def test_tensorflows_switch_for_pruning():
    @tf.function
    def f(x):
        tf.sin(x)
        return tf.exp(x)

    OPTIONS.set_experimental_options({"disable_model_pruning": True})
    assert [stage.on for stage in f.get_concrete_function(X).passes()][:2] == [False, True]
    assert len(f.get_concrete_function(X).plan().steps) == 2
    np.testing.assert_array_equal(f(tf.zeros(3)), np.ones(3))
