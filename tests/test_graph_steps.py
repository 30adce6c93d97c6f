"""Frames, paths and sentences of a graph whose numbers are known."""

import pytest

import minitf as tf


def spec_of(program, **values):
    """The spec of `program(**variables)`, with the variables under their names."""
    variables = {name: tf.Variable(value) for name, value in values.items()}
    with tf.GradientTape() as tape:
        y = program(**variables)
    return tf.inspect.graph(tape, y, names={**variables, "y": y})


def sentences(program, **values):
    return [step.sentence for step in spec_of(program, **values).steps]


@pytest.fixture
def worked():
    return spec_of(
        lambda x, w, b, y_true: tf.abs(y_true - (x * w + b)), x=2.0, w=3.0, b=1.0, y_true=4.0
    )


def test_the_frames_of_the_worked_example(worked):
    phases = [step.phase for step in worked.steps]
    assert phases == ["start", *["forward"] * 4, "seed", *["reverse"] * 7, "done"]
    assert [step.index for step in worked.steps] == list(range(14))


def test_the_sentences_of_the_worked_example(worked):
    assert [step.sentence for step in worked.steps] == [
        "Given: x = 2, w = 3, b = 1, y_true = 4. Nothing is computed yet.",
        "mul = x × w = 2 × 3 = 6.",
        "add = mul + b = 6 + 1 = 7.",
        "sub = y_true - add = 4 - 7 = -3.",
        "y = |sub| = |-3| = 3.",
        "Now backwards. Start at y with ∂y/∂y = 1.",
        "sub receives 1 × (-1) = -1: upstream 1 times ∂y/∂sub = sign(sub) = -1.",
        "y_true receives (-1) × 1 = -1: upstream -1 times ∂sub/∂y_true = 1.",
        "add receives (-1) × (-1) = 1: upstream -1 times ∂sub/∂add = -1.",
        "mul receives 1 × 1 = 1: upstream 1 times ∂add/∂mul = 1.",
        "b receives 1 × 1 = 1: upstream 1 times ∂add/∂b = 1.",
        "x receives 1 × 3 = 3: upstream 1 times ∂mul/∂x = w = 3.",
        "w receives 1 × 2 = 2: upstream 1 times ∂mul/∂w = x = 2.",
        "Done: ∂y/∂x = 3, ∂y/∂w = 2, ∂y/∂b = 1, ∂y/∂y_true = -1.",
    ]


def test_frames_are_complete_in_themselves(worked):
    id_of = {node.name: node.id for node in worked.nodes}
    start, *_, last = worked.steps
    assert start.values == {
        id_of[n]: v for n, v in zip("x w b y_true".split(), "2314", strict=True)
    }
    assert start.adjoints == {} and set(last.values) == {node.id for node in worked.nodes}
    for before, after in zip(worked.steps, worked.steps[1:], strict=False):
        assert before.values.items() <= after.values.items()
        assert set(before.adjoints) <= set(after.adjoints)
    assert last.adjoints == {node.id: node.adjoint_text for node in worked.nodes}


def test_each_step_names_its_node_and_edges(worked):
    nodes = {node.id: node.name for node in worked.nodes}
    named = [(nodes.get(step.node, ""), len(step.edges)) for step in worked.steps]
    assert named[:6] == [("", 0), ("mul", 2), ("add", 2), ("sub", 2), ("y", 1), ("y", 0)]
    edges = {edge.id: edge for edge in worked.edges}
    for step in worked.steps:
        if step.phase == "reverse":
            assert [edges[e].src for e in step.edges] == [step.node]


def test_contributions_at_a_fan_out_add_up():
    spec = spec_of(lambda x: x * x - 5.0 * x, x=3.0)
    (x,) = [node for node in spec.nodes if node.name == "x"]
    arrived = [step for step in spec.steps if step.phase == "reverse" and step.node == x.id]
    assert [step.addends[x.id] for step in arrived] == [("-5",), ("-5", "3"), ("-5", "3", "3")]
    assert [step.adjoints[x.id] for step in arrived] == ["-5", "-2", "1"]
    assert arrived[2].sentence.endswith("One term per use, so far: (-5) + 3 + 3 = 1.")
    assert all(set(step.addends) <= {x.id} for step in spec.steps)


def test_a_name_inside_the_name_of_a_function():
    assert sentences(tf.exp, x=0.0)[1] == "y = exp(x) = exp(0) = 1."
    assert sentences(lambda e: tf.exp(e), e=0.0)[1] == "y = exp(e) = exp(0) = 1."
    assert sentences(lambda x: tf.exp(tf.exp(x)), x=0.0)[1:3] == [
        "exp = exp(x) = exp(0) = 1.",
        "y = exp(exp) = exp(1) = 2.718.",
    ]


@pytest.mark.parametrize(
    ("program", "text"),
    [
        (lambda x: tf.square(x), "y = x² = (-3)² = 9."),
        (lambda x: x**2, "y = x ^ 2 = (-3) ^ 2 = 9."),
        (lambda x: 2.0 * x, "y = 2 × x = 2 × (-3) = -6."),
        (lambda x: x * 2.0, "y = x × 2 = -3 × 2 = -6."),
        (lambda x: -x, "y = -x = -(-3) = 3."),
        (lambda x: tf.abs(x), "y = |x| = |-3| = 3."),
    ],
)
def test_negative_numbers_get_brackets_where_they_need_them(program, text):
    assert sentences(program, x=-3.0)[1] == text


def test_arrays_are_told_by_their_shapes():
    told = sentences(lambda x, w: tf.reduce_sum(tf.matmul(x, w)), x=[[1.0, 2.0]], w=[[1.0], [2.0]])
    assert told[0].startswith("Given: x: shape (1, 2), w: shape (2, 1).")
    assert any("receives a gradient of shape (2, 1)" in sentence for sentence in told)


def test_an_array_with_a_fan_out():
    spec = spec_of(lambda x: tf.reduce_sum(x * x), x=[1.0, 2.0])
    (x,) = [node for node in spec.nodes if node.name == "x"]
    arrived = [step for step in spec.steps if step.node == x.id]
    assert [step.adjoints[x.id] for step in arrived] == ["Σ 1", "(2,)"]


# Paths


def test_the_paths_of_the_worked_example(worked):
    names = {node.id: node.name for node in worked.nodes}
    found = {names[view.source]: view for view in worked.paths}
    assert list(found) == ["x", "w", "b", "y_true"]
    (path,) = found["w"].paths
    assert path.factors == ("2", "1", "-1", "-1") and path.product == 2.0
    assert [view.total_text for view in found.values()] == ["3", "2", "1", "-1"]
    assert found["w"].count == 1 and found["w"].edges_visited == 7


def test_the_products_of_all_paths_add_up_to_the_gradient():
    spec = spec_of(lambda x: (x * x + x) * x, x=3.0)  # x³ + x²: 3x² + 2x = 33
    (view,) = spec.paths
    assert view.count == len(view.paths) == 4
    assert sum(path.product for path in view.paths) == float(view.total_text) == 33.0
    assert len({path.edges for path in view.paths}) == 4


def test_paths_are_counted_exactly_however_many():
    def doubled(x):
        for _ in range(40):
            x = x + x
        return x

    (view,) = spec_of(doubled, x=1.0).paths
    assert view.count == 2**40 and view.edges_visited == 80
    assert len(view.paths) == 24 and all(path.product == 1.0 for path in view.paths)


def test_paths_through_arrays_have_no_product():
    (view,) = spec_of(lambda x: tf.reduce_sum(x * 2.0), x=[1.0, 2.0]).paths
    assert view.paths[0].product is None and view.paths[0].product_text == ""


def test_a_path_with_an_infinite_factor():
    (view,) = spec_of(tf.sqrt, x=0.0).paths
    assert view.paths[0].product == "inf" and view.total_text == "inf"


# The summary


def test_the_summary_has_every_number(worked):
    assert worked.summary.splitlines() == [
        "Graph of y: 8 values, 7 arguments.",
        "x (variable) = 2",
        "w (variable) = 3",
        "mul = x × w = 6",
        "b (variable) = 1",
        "add = mul + b = 7",
        "y_true (variable) = 4",
        "sub = y_true - add = -3",
        "y = |sub| = 3",
        "∂y/∂y = 1",
        "∂y/∂sub = -1",
        "∂y/∂y_true = -1",
        "∂y/∂add = 1",
        "∂y/∂b = 1",
        "∂y/∂mul = 1",
        "∂y/∂w = 2",
        "∂y/∂x = 3",
    ]
