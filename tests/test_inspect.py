"""inspect: the tape's own numbers as plain data; looking changes nothing."""

import json

import numpy as np
import pytest

import minitf as tf


@pytest.fixture
def worked():
    x, w, b, y_true = (tf.Variable(v) for v in (2.0, 3.0, 1.0, 4.0))
    with tf.GradientTape(persistent=True) as tape:
        loss = tf.abs(y_true - (x * w + b))
    return tape, loss, {"x": x, "w": w, "b": b, "y_true": y_true, "loss": loss}


def by_name(spec):
    return {node.name: node for node in spec.nodes}


def test_the_rows_of_the_tape(worked):
    tape, _, names = worked
    found = tf.inspect.rows(tape, names)
    assert repr(found).splitlines() == [
        "0: x = ReadVariableOp(x) = 2",
        "1: w = ReadVariableOp(w) = 3",
        "2: mul = Mul(x, w) = 6",
        "3: b = ReadVariableOp(b) = 1",
        "4: add = AddV2(mul, b) = 7",
        "5: y_true = ReadVariableOp(y_true) = 4",
        "6: sub = Sub(y_true, add) = -3",
        "7: loss = Abs(sub) = 3",
    ]
    assert found[2].op == "Mul" and found[2].inputs == ("x", "w") and found[2].output == "mul"


def test_an_empty_tape_has_no_rows():
    assert repr(tf.inspect.rows(tf.GradientTape())) == "(the tape is empty)"


def test_the_nodes_of_the_worked_example(worked):
    spec = tf.inspect.graph(*worked)
    found = [(n.name, n.kind, n.op, n.text, n.value, n.adjoint) for n in spec.nodes]
    assert found == [
        ("x", "param", "", "", 2.0, 3.0),
        ("w", "param", "", "", 3.0, 2.0),
        ("mul", "op", "Mul", "x × w", 6.0, 1.0),
        ("b", "param", "", "", 1.0, 1.0),
        ("add", "op", "AddV2", "mul + b", 7.0, 1.0),
        ("y_true", "param", "", "", 4.0, -1.0),
        ("sub", "op", "Sub", "y_true - add", -3.0, -1.0),
        ("loss", "loss", "Abs", "|sub|", 3.0, 1.0),
    ]
    assert [n.id for n in spec.nodes] == [f"n{i}" for i in range(8)]
    assert spec.node(spec.target).name == "loss" and spec.title == "loss and its gradients"


def test_the_edges_of_the_worked_example(worked):
    spec = tf.inspect.graph(*worked)
    found = [(e.symbol, e.rule, e.partial, e.contribution, e.slot) for e in spec.edges]
    assert found == [
        ("∂mul/∂x", "w", 3.0, 3.0, 0),
        ("∂mul/∂w", "x", 2.0, 2.0, 1),
        ("∂add/∂mul", "1", 1.0, 1.0, 0),
        ("∂add/∂b", "1", 1.0, 1.0, 1),
        ("∂sub/∂y_true", "1", 1.0, -1.0, 0),
        ("∂sub/∂add", "-1", -1.0, 1.0, 1),
        ("∂loss/∂sub", "sign(sub)", -1.0, -1.0, 0),
    ]
    assert all(edge.active for edge in spec.edges)


def test_at_the_kink_every_gradient_is_zero():
    x, w, b, y_true = (tf.Variable(v) for v in (2.0, 1.5, 1.0, 4.0))
    with tf.GradientTape() as tape:
        loss = tf.abs(y_true - (x * w + b))
    spec = tf.inspect.graph(tape, loss)
    assert {n.name: n.adjoint for n in spec.nodes if n.kind == "param"} == {
        "x": 0.0, "w": 0.0, "b": 0.0, "y_true": 0.0
    }  # fmt: skip


def test_names_are_the_callers_own():
    weight = tf.Variable(3.0)
    _hidden = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        doubled = weight * 2.0
        result = doubled * _hidden
    assert list(by_name(tf.inspect.graph(tape, result))) == [
        "weight", "2", "doubled", "variable", "result"
    ]  # fmt: skip
    assert tf.inspect.rows(tape)[-1].output == "result"


weight = tf.Variable(-1.0)  # a global that the local of the same name must hide


def test_locals_come_before_globals():
    weight = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        result = weight * weight
    assert list(by_name(tf.inspect.graph(tape, result))) == ["weight", "result"]


def test_a_variables_name_where_the_caller_has_none():
    def loss():
        return tf.Variable(3.0, name="kernel") * tf.Variable([2.0], name="bias")

    with tf.GradientTape() as tape:
        y = loss()
    assert list(by_name(tf.inspect.graph(tape, y))) == ["kernel", "bias", "y"]


def test_repeated_operations_are_numbered():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.sin(tf.sin(tf.sin(x)))
    assert list(by_name(tf.inspect.graph(tape, y, {"x": x}))) == ["x", "sin", "sin_1", "sin_2"]


def test_unwatched_constants_and_watched_inputs():
    x, c, v = tf.constant(3.0), tf.constant([5.0]), tf.Variable(1.0, trainable=False)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x * c * v)
    spec = tf.inspect.graph(tape, y)
    kinds = {n.name: (n.kind, n.adjoint_text) for n in spec.nodes if not n.op}
    assert kinds == {"x": ("input", "5"), "c": ("const", "–"), "v": ("const", "–")}
    inactive = [e for e in spec.edges if not e.active]
    assert [spec.node(e.src).name for e in inactive] == ["c", "v"]
    assert all(e.contribution is None and e.partial_text == "" for e in inactive)


def test_a_variable_read_before_and_after_assign():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
        x.assign(10.0)
        y = y + x * x
    spec = tf.inspect.graph(tape, y)
    found = {n.name: (n.value, n.adjoint) for n in spec.nodes if n.kind == "param"}
    assert found == {"x": (3.0, 6.0), "x (read again)": (10.0, 20.0)}


def test_two_edges_for_an_argument_used_twice():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    spec = tf.inspect.graph(tape, y)
    assert [(e.src, e.slot, e.contribution) for e in spec.edges] == [("n0", 0, 3.0), ("n0", 1, 3.0)]
    assert spec.nodes[0].adjoint == 6.0


def test_what_does_not_lead_to_the_target_is_left_out():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * 2.0
        tf.exp(x)
        y * 5.0
    assert list(by_name(tf.inspect.graph(tape, y, {"x": x, "y": y}))) == ["x", "2", "y"]


def test_an_intermediate_target(worked):
    tape, _, names = worked
    sub = tape._records[6].output
    spec = tf.inspect.graph(tape, sub, names)
    assert by_name(spec)["w"].adjoint == -2.0 and "loss" not in by_name(spec)


# Arrays


def test_arrays_are_summarised():
    x = tf.Variable([[1.0, 2.0, 3.0], [4.0, 5.0, np.inf]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x * x)
    spec = tf.inspect.graph(tape, y)
    node = by_name(spec)["x"]
    assert node.shape == (2, 3) and node.value_text == "(2, 3)" and node.dtype == "float32"
    assert (node.value.low, node.value.high, node.value.mean) == (1.0, 5.0, 3.0)
    assert node.value.cells == ((1.0, 2.0, 3.0), (4.0, 5.0, "inf"))
    assert node.adjoint.cells == ((2.0, 4.0, 6.0), (8.0, 10.0, "inf"))
    edge = spec.edges[0]
    assert edge.partial is None and edge.partial_text == "Jᵀ·" and edge.contribution.high == 5.0


def test_a_target_with_several_elements_is_summed():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x * x
    assert by_name(tf.inspect.graph(tape, y))["x"].adjoint.cells == ((2.0, 4.0),)


@pytest.mark.parametrize("shape", [(1,), (3,), (0,), (2, 0), (2, 3, 4), (100, 100), (1000,)])
def test_cells_fit_a_heat_map(shape):
    x = tf.Variable(np.arange(np.prod(shape), dtype=np.float32).reshape(shape))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x * 1.0)
    value = by_name(tf.inspect.graph(tape, y))["x"].value
    assert len(value.cells) <= 28 and all(len(row) <= 28 for row in value.cells)
    if x.numpy().size:
        assert value.cells[0][0] == 0.0 and value.cells[-1][-1] == x.numpy().max()
        assert value.high == x.numpy().max()


def test_a_sparse_gradient_is_shown_whole():
    table = tf.Variable([[1.0], [2.0], [3.0]])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(table, [2, 2, 0]))
    assert by_name(tf.inspect.graph(tape, y))["table"].adjoint.cells == ((1.0,), (0.0,), (2.0,))


def test_an_operation_with_several_results():
    x = tf.Variable([1.0, 2.0, 3.0, 4.0])
    with tf.GradientTape() as tape:
        first, second = tf.split(x, 2)
        y = tf.reduce_sum(first * second)
    spec = tf.inspect.graph(tape, y)
    assert by_name(spec)["x"].adjoint.cells == ((3.0, 4.0, 1.0, 2.0),)


# Numbers that JSON has not


def test_nan_and_infinity_survive_json():
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = tf.math.log(x) * x
    spec = tf.inspect.graph(tape, y)
    data = json.loads(json.dumps(spec.to_json(), allow_nan=False))
    assert by_name(spec)["log"].value == "-inf" and by_name(spec)["y"].value == "nan"
    assert data["nodes"][0]["adjoint"] == "nan"


def test_a_whole_spec_is_json(worked):
    data = tf.inspect.graph(*worked).to_json()
    assert json.loads(json.dumps(data, allow_nan=False)) == data


# Looking changes nothing


def test_the_numbers_are_those_of_gradient(worked):
    tape, loss, names = worked
    nodes = by_name(tf.inspect.graph(*worked))
    for name in ("x", "w", "b", "y_true"):
        assert nodes[name].adjoint == tape.gradient(loss, names[name]).numpy()


def test_the_tape_is_as_before_and_outer_tapes_see_nothing():
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as tape:
            y = x * x * x
            before = len(tape._records), len(outer._records)
            tf.inspect.graph(tape, y)
            tf.inspect.rows(tape)
            assert (len(tape._records), len(outer._records)) == before
        dy = tape.gradient(y, x)
    assert dy.numpy() == 27.0 and outer.gradient(dy, x).numpy() == 18.0


def test_inspection_leaves_explain_alone():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.stop_gradient(x) * x
        tf.inspect.graph(tape, y)
    assert tape._notes.left_for_numpy == set()


def test_the_learners_own_rule_is_observed():
    @tf.custom_gradient
    def double(x):
        return x * 2.0, lambda upstream: upstream * 100.0

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = 5.0 * double(x)
    spec = tf.inspect.graph(tape, y)
    assert by_name(spec)["x"].adjoint == 500.0
    assert [e.partial for e in spec.edges if e.active] == [100.0, 5.0]


# What cannot be shown


def test_a_used_tape():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    for look in (lambda: tf.inspect.rows(tape), lambda: tf.inspect.graph(tape, y)):
        with pytest.raises(RuntimeError, match="used by gradient.*persistent=True"):
            look()


def test_targets_the_tape_did_not_record():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        x * x
        aside = tf.constant(2.0) * 3.0
    with pytest.raises(ValueError, match="outside the `with` block"):
        tf.inspect.graph(tape, x * x)
    with pytest.raises(ValueError, match="does not depend on any watched value"):
        tf.inspect.graph(tape, aside)
    with tf.GradientTape() as empty:
        y = tf.constant(2.0) * 3.0
    with pytest.raises(ValueError, match=r"tape is empty.*tape.watch\(x\)"):
        tf.inspect.graph(empty, y)


def test_wrong_types(worked):
    tape, loss, _ = worked
    for bad in (3.0, None, [loss], np.float32(3.0)):
        with pytest.raises(TypeError, match="target must be one tensor"):
            tf.inspect.graph(tape, bad)
    with pytest.raises(TypeError, match="GradientTape comes first"):
        tf.inspect.graph(loss, loss)
    with pytest.raises(TypeError, match="GradientTape comes first"):
        tf.inspect.rows(None)


def test_graphs_too_large_to_read(worked):
    with pytest.raises(ValueError, match="8 nodes; more than 7.*max_nodes"):
        tf.inspect.graph(*worked, max_nodes=7)
    assert len(tf.inspect.graph(*worked, max_nodes=8).nodes) == 8


def test_complex_numbers_are_refused_not_shown_by_half():
    z = tf.Variable(1 + 2j)
    with tf.GradientTape() as tape:
        y = z * z
    with pytest.raises(ValueError, match="complex"):
        tf.inspect.graph(tape, y)


@pytest.mark.parametrize(
    ("op", "short"),
    [("AddV2", "add"), ("MatMul", "matmul"), ("RealDiv", "div"), ("ReduceMax", "reduce_max")],
)
def test_short_op_names(op, short):
    assert tf.inspect.short_op_name(op) == short
