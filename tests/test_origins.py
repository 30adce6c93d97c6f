"""Where values come from: lines, layers, names; and nothing at all unless asked."""

import minitf as tf


def pipeline(x, w):
    product = x * w
    return tf.abs(4.0 - product)


def spec_of(names=None):
    x, w = tf.constant(2.0), tf.Variable(3.0)
    with tf.inspect.origins() as where, tf.GradientTape() as tape:
        tape.watch(x)
        loss = pipeline(x, w)
    return where, loss, tf.inspect.graph(tape, loss)


def test_nodes_know_their_lines():
    where, loss, spec = spec_of()
    lines = {n.name: n.source for n in spec.nodes if n.op}
    assert lines["product"] == "product = x * w"
    assert lines["loss"] == "return tf.abs(4.0 - product)"
    first = pipeline.__code__.co_firstlineno
    assert [n.line - first for n in spec.nodes if n.op] == [1, 2, 2]
    assert where.of(loss).line == first + 2
    assert all(n.line is None for n in spec.nodes if not n.op)


def test_results_are_called_what_the_line_calls_them():
    _, _, spec = spec_of()
    assert [n.name for n in spec.nodes if n.op] == ["product", "sub", "loss"]


def test_a_line_that_runs_again_gives_no_name():
    x = tf.Variable(1.5)
    with tf.inspect.origins() as where, tf.GradientTape():
        y = x * 1.0
        for _ in range(3):
            y = y * x
    assert list(where.names().values()) == ["y"]  # of the line before the loop


def test_layers_and_scopes_are_groups():
    tf.keras.utils.set_random_seed(0)
    layers = [tf.keras.layers.Dense(3, name="one"), tf.keras.layers.Dense(1, name="two")]
    model = tf.keras.Sequential(layers, name="net")
    x = tf.ones((4, 2))
    model(x)
    with tf.inspect.origins(), tf.GradientTape() as tape:
        with tf.name_scope("price"):
            loss = tf.reduce_mean(tf.square(model(x)))
    groups = {n.op or n.name: n.group for n in tf.inspect.graph(tape, loss).nodes}
    assert groups["MatMul"] == "price/net/two"
    assert groups["kernel"] == "price/net/one"
    assert groups["Square"] == "price"


def test_without_origins_nothing_is_noted():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    node = tf.inspect.graph(tape, y).nodes[-1]
    assert (node.line, node.source, node.group) == (None, "", "")


def test_listening_ends_with_the_block_and_gradients_are_untouched():
    x = tf.Variable(3.0)
    with tf.inspect.origins() as where, tf.GradientTape() as tape:
        y = x * x
    later = y + 1.0
    assert where.of(later) is None
    assert float(tape.gradient(y, x)) == 6.0
