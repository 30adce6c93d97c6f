"""Forward mode as frames: tangents, sentences, errors; checked against the accumulator."""

import pytest

import minitf as tf
from minitf.tangent_steps import forward_mode


def recorded():
    x, w, b = tf.constant(2.0), tf.Variable(3.0), tf.Variable(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        product = x * w
        loss = tf.square(product + b) * x
    return tf.inspect.graph(tape, loss), {"x": x, "w": w, "b": b}


def by_accumulator(name):
    x, w, b = tf.constant(2.0), tf.Variable(3.0), tf.Variable(1.0)
    leaf = {"x": x, "w": w, "b": b}[name]
    with tf.autodiff.ForwardAccumulator(leaf, tf.constant(1.0)) as forward:
        product = x * w
        loss = tf.square(product + b) * x
    return forward.jvp(product), forward.jvp(loss)


@pytest.mark.parametrize("name", ["x", "w", "b"])
def test_tangents_are_those_of_the_accumulator(name):
    spec, _ = recorded()
    forward = forward_mode(spec, name)
    found = {n.name: n.adjoint for n in forward.nodes}
    product, loss = by_accumulator(name)
    assert found["loss"] == pytest.approx(float(loss))
    assert found["product"] == (None if product is None else pytest.approx(float(product)))


def test_the_result_is_the_gradient_of_reverse_mode():
    spec, _ = recorded()
    for name in ("x", "w", "b"):
        (leaf,) = [n for n in spec.nodes if n.name == name]
        assert forward_mode(spec, name).node(spec.target).adjoint == pytest.approx(leaf.adjoint)


def test_frames_go_forward_with_values_and_tangents_together():
    spec, _ = recorded()
    forward = forward_mode(spec, "x")
    assert forward.mode == "forward"
    assert [s.phase for s in forward.steps] == ["start", "seed", *["tangent"] * 4, "done"]
    assert list(forward.steps[1].adjoints.values()) == ["1"]
    sentences = [s.sentence for s in forward.steps]
    assert sentences[2] == "product = x × w = 2 × 3 = 6; it moves by 1 × 3 = 3."
    assert "it moves by 42 × 2 + 1 × 49 = 133" in sentences[5]
    assert sentences[-1].endswith("∂loss/∂x = 133. The other 2 need a pass each.")


def test_what_does_not_depend_on_the_input_does_not_move():
    spec, _ = recorded()
    forward = forward_mode(spec, "b")
    (product,) = [n for n in forward.nodes if n.name == "product"]
    assert (product.adjoint, product.adjoint_text) == (None, "none")
    told = [s.sentence for s in forward.steps if s.node == product.id]
    assert told == ["product = x × w = 2 × 3 = 6; it does not move with b."]


def test_errors():
    spec, _ = recorded()
    with pytest.raises(ValueError, match="Inputs and parameters: x, w, b"):
        forward_mode(spec, "q")
    v = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(v * v)
    with pytest.raises(ValueError, match="ForwardAccumulator"):
        forward_mode(tf.inspect.graph(tape, y), "v")
