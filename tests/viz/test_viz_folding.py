"""Groups of layers: found, folded to one box, unfolded again."""

import samples

import minitf as tf
from minitf.viz.dot import to_dot
from minitf.viz.folding import fold, group_ids, groups_of, shown_member
from minitf.viz.layout import layout
from minitf.viz.svg import to_svg


def net():
    """loss = mean((two(one(x)))²), recorded with origins."""
    tf.keras.utils.set_random_seed(0)
    layers = [
        tf.keras.layers.Dense(3, activation="relu", name="one"),
        tf.keras.layers.Dense(1, name="two"),
    ]
    model = tf.keras.Sequential(layers)
    x = tf.ones((4, 2))
    model(x)
    with tf.inspect.origins(), tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x)))
    return tf.inspect.graph(tape, loss)


def test_groups_are_the_layers():
    spec = net()
    groups = groups_of(spec)
    assert list(groups) == ["one", "two"]
    ops = [spec.node(i).op for i in groups["one"]]
    assert ops[1] == "MatMul"
    assert ops[-1] == "Relu"
    assert spec.target not in {i for members in groups.values() for i in members}


def test_a_graph_without_layers_has_no_groups():
    assert groups_of(samples.worked_example()) == {}


def test_a_folded_group_is_one_node_with_the_value_that_leaves_it():
    spec = net()
    members = groups_of(spec)["one"]
    folded = fold(spec, {"one"})
    box = folded.node(group_ids(spec)["one"])
    made = spec.node(shown_member(spec, members))
    assert made.op == "Relu"
    assert (box.kind, box.name, box.shape) == ("group", "one", (4, 3))
    assert (box.value, box.adjoint) == (made.value, made.adjoint)
    assert len(folded.nodes) == len(spec.nodes) - len(members) + 1
    assert not {n.id for n in folded.nodes} & set(members)
    ends = {n.id for n in folded.nodes}
    assert all(e.src in ends and e.dst in ends and e.src != e.dst for e in folded.edges)


def test_frames_of_a_folded_graph_know_the_box():
    spec = net()
    folded = fold(spec, {"one", "two"})
    last = folded.steps[-1]
    assert set(group_ids(spec).values()) <= set(last.values)
    assert set(group_ids(spec).values()) <= set(last.adjoints)
    assert {s.node for s in folded.steps} <= {n.id for n in folded.nodes} | {""}


def test_open_groups_have_frames_and_folded_ones_sheets(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "bundled")
    spec = net()
    assert "subgraph cluster_1" in to_dot(spec)
    svg = to_svg(spec, layout(spec))
    assert svg.count('class="mtf-group-frame"') == 2
    folded = fold(spec, {"one", "two"})
    assert "subgraph" not in to_dot(folded)
    assert to_svg(folded, layout(folded)).count('class="mtf-node mtf-group"') == 2
