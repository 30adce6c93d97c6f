"""NetInspector without a browser: stages, gradients, filters, dead units, errors."""

import numpy as np
import pytest

import minitf as tf
from minitf.viz.net_look import dead_units, look_at
from minitf.viz.stages import run_stages
from minitf.viz.widgets.net_inspector import NetInspector

layers = tf.keras.layers
RNG = np.random.default_rng(0)
IMAGES = RNG.random((6, 28, 28)).astype(np.float32)
LABELS = np.array([0, 1, 2, 3, 4, 5])


@pytest.fixture(scope="module")
def conv_net():
    tf.keras.utils.set_random_seed(4)
    return tf.keras.Sequential(
        [
            tf.keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu", name="first"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(16, 3, activation="relu", name="second"),
            layers.Dropout(0.5, name="drop"),
            layers.MaxPooling2D(name="pool2"),
            layers.Flatten(name="flat"),
            layers.Dense(10, name="logits"),
        ]
    )


def dense_net():
    tf.keras.utils.set_random_seed(5)
    hidden = layers.Dense(12, activation="relu", name="hidden")
    net = [
        tf.keras.Input((28, 28)),
        layers.Flatten(name="flat"),
        hidden,
        layers.Dense(10, name="o"),
    ]
    return tf.keras.Sequential(net)


def test_stages_are_the_layers_with_their_outputs(conv_net):
    x = IMAGES[:2, ..., None]
    run = run_stages(conv_net, x)
    names = [stage.name for stage in run.stages]
    assert names == ["first", "pool", "second", "pool2", "flat", "logits"]  # dropout does nothing
    value = tf.constant(x)
    for layer, stage in zip(
        [q for q in conv_net.layers if q.name != "drop"], run.stages, strict=True
    ):
        value = layer(value)
        np.testing.assert_allclose(stage.output, value, rtol=1e-6)
        assert [v.shape for v in stage.variables] == [w.shape for w in layer.trainable_variables]


def test_operations_outside_of_layers_are_stages():
    w = tf.Variable(RNG.normal(size=(784, 3)).astype(np.float32))
    b = tf.Variable(np.zeros(3, np.float32))

    def net(x):
        return tf.nn.softmax(tf.nn.relu(x @ w + b) @ tf.ones([3, 2]))

    run = run_stages(net, IMAGES.reshape(6, 784))
    names = [stage.name for stage in run.stages]
    assert names == ["matmul", "add", "relu", "matmul (2)", "softmax"]
    assert run.stages[0].variables[0] is w
    pictures = run.kernel_pictures(run.stages[0], 2)
    np.testing.assert_array_equal(pictures, w.numpy()[:, 2].reshape(1, 28, 28))


def test_a_model_of_ones_own_class():
    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden = layers.Dense(4, name="hidden")
            self.out = layers.Dense(10, name="out")

        def call(self, x):
            return self.out(tf.nn.relu(self.hidden(tf.reshape(x, [-1, 784]))))

    names = [stage.name for stage in run_stages(Own(), IMAGES).stages]
    assert names == ["reshape", "hidden", "relu", "out"]


def test_gradients_are_those_of_the_loss(conv_net):
    x = tf.constant(IMAGES[:1, ..., None])
    look = look_at(conv_net, x, label=3)
    weights = conv_net.trainable_variables
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        scores = conv_net(x)
        loss = tf.keras.losses.sparse_categorical_crossentropy([3], scores, from_logits=True)[0]
        seven = scores[0, 7]
    assert look.loss == pytest.approx(float(loss), rel=1e-5)
    gradients = tape.gradient(loss, weights)
    expected = [
        np.sqrt(sum(float(tf.reduce_sum(g**2)) for g in gradients[k : k + 2])) for k in (0, 2, 4)
    ]
    norms = [norm for norm in look.weight_norms if norm is not None]
    np.testing.assert_allclose(norms, expected, rtol=1e-4)
    np.testing.assert_allclose(look.saliency(7), tape.gradient(seven, x)[0], rtol=1e-5)
    probabilities = tf.nn.softmax(scores)[0].numpy()
    probabilities[3] -= 1  # d loss / d logits
    assert look.output_norms[-1] == pytest.approx(np.linalg.norm(probabilities), rel=1e-4)


def test_saliency_is_the_slope_of_the_score(conv_net):
    x = IMAGES[:1, ..., None].astype(np.float64)
    slope = look_at(conv_net, x.astype(np.float32), 0).saliency(2)[14, 14, 0]
    step = np.zeros_like(x)
    step[0, 14, 14, 0] = 1e-2
    up, down = (conv_net((x + s).astype(np.float32))[0, 2] for s in (step, -step))
    assert slope == pytest.approx(float(up - down) / 2e-2, rel=0.02, abs=1e-4)


def test_filters_are_the_weights(conv_net):
    run = run_stages(conv_net, IMAGES[:1, ..., None])
    kernel = conv_net.get_layer("second").kernel.numpy()
    np.testing.assert_array_equal(run.kernel_pictures(run.stages[2], 5)[3], kernel[:, :, 3, 5])
    dense = conv_net.get_layer("logits").kernel.numpy()
    pictures = run.kernel_pictures(run.stages[5], 9)
    assert pictures.shape == (16, 5, 5)
    np.testing.assert_array_equal(pictures[2], dense[:, 9].reshape(5, 5, 16)[:, :, 2])
    assert run.kernel_pictures(run.stages[1], 0) is None
    plain = dense_net()
    hidden = run_stages(plain, IMAGES[:1])
    np.testing.assert_array_equal(
        hidden.kernel_pictures(hidden.stages[1], 4)[0],
        plain.layers[1].kernel.numpy()[:, 4].reshape(28, 28),
    )
    assert hidden.kernel_pictures(hidden.stages[2], 0).shape == (1, 1, 12)


def test_dead_units_are_found(conv_net):
    net = dense_net()
    bias = net.layers[1].bias
    bias.assign(tf.tensor_scatter_nd_update(bias, [[2], [7]], [-1e6, -1e6]))
    dead = dead_units(net, IMAGES)
    output = net.layers[1](tf.reshape(IMAGES, [6, 784])).numpy()
    assert dead == {"hidden": np.flatnonzero((output == 0).all(0)).tolist()}
    assert {2, 7} <= set(dead["hidden"])
    widget = NetInspector(net, IMAGES, LABELS)
    assert f"{len(dead['hidden'])} of 12 units dead" in widget.describe()
    told = widget.answer_look({"index": 0})
    assert told["units"][1][2] == 0
    assert list(dead_units(conv_net, IMAGES[..., None])) == ["first", "second"]


@pytest.mark.parametrize("shape", [(28, 28), (784,), (28, 28, 1)])
def test_replies_hold_true_numbers(shape):
    net = dense_net()
    widget = NetInspector(net, IMAGES.reshape(6, *shape), LABELS)
    told = widget.answer_look({"index": 3, "digit": 5})
    scores = net(IMAGES[3:4])[0].numpy()
    np.testing.assert_allclose(told["scores"], scores, rtol=1e-3)
    assert told["digit"] == int(scores.argmax())
    assert (told["label"], told["of"]) == (3, 5)
    hidden = net.layers[1](tf.reshape(IMAGES[3:4], [1, 784]))[0]
    np.testing.assert_allclose(told["units"][1], hidden, rtol=1e-3)
    assert np.shape(told["image"]) == np.shape(told["saliency"]) == (28, 28)
    reply = widget.answer_filters({"stage": 1})
    found = np.array(reply["levels"][4]) / 127 * reply["most"]
    expected = net.layers[1].kernel.numpy()[:, 4].reshape(28, 28)
    np.testing.assert_allclose(found, expected, atol=reply["most"] / 200)
    one = widget.answer_filter({"stage": 1, "unit": 4})["pictures"][0]
    np.testing.assert_allclose(one, expected, rtol=1e-3)
    assert widget.answer_filter({"stage": 0, "unit": 0}) == {"pictures": None}


def test_probabilities_instead_of_logits():
    net = dense_net()
    net.add(layers.Softmax(name="softmax"))
    look = look_at(net, IMAGES[:1], 4)
    assert look.reading.score_name == "probability"
    assert look.loss == pytest.approx(-np.log(look.reading.probabilities[4]), rel=1e-5)


def test_errors_say_what_to_do(conv_net):
    with pytest.raises(ValueError, match=r"images\[None\]"):
        NetInspector(conv_net, IMAGES[0], [0])
    with pytest.raises(ValueError, match="10 classes, but there are 2 names"):
        NetInspector(conv_net, IMAGES, LABELS, names=["a", "b"])
    with pytest.raises(ValueError, match="Labels go from 0 to 12"):
        NetInspector(conv_net, IMAGES, [0, 12, 0, 0, 0, 0])
    with pytest.raises(ValueError, match=r"gave the shape \(1,\)"):
        NetInspector(lambda x: tf.reduce_sum(tf.reshape(x, [1, 784]), 1), IMAGES, LABELS)
    with pytest.raises(TypeError, match="tf operations"):
        NetInspector(lambda x: np.zeros((1, 10)), IMAGES, LABELS)
    with pytest.raises(ValueError, match="leave tf"):
        NetInspector(lambda x: tf.constant(x.numpy().reshape(1, 784)[:, :10]), IMAGES, LABELS)
    with pytest.raises(TypeError, match="callable"):
        NetInspector(None, IMAGES, LABELS)
