"""Whole training runs: 50 planned steps of a network equal 50 eager ones."""

import numpy as np
import pytest

import minitf as tf

layers = tf.keras.layers
OFF = [
    {}, {"remapping": False}, {"common_subgraph_elimination": False}, {"plan": False},
    {"arithmetic_optimization": False, "constant_folding": False, "prune": False},
]  # fmt: skip

MODELS = {
    "mlp": lambda: [
        layers.Flatten(), layers.Dense(16, activation="relu"), layers.Dense(8, activation="tanh"),
        layers.Dense(4),
    ],
    "cnn": lambda: [
        layers.Conv2D(4, 3, activation="relu", padding="same"), layers.MaxPooling2D(),
        layers.Conv2D(6, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dense(4),
    ],
    "cnn-not-fused": lambda: [
        layers.Conv2D(4, 3, strides=2, activation="relu"), layers.AveragePooling2D(),
        layers.GlobalAveragePooling2D(), layers.Dense(4),
    ],
    "norm": lambda: [
        layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(), layers.ReLU(),
        layers.MaxPooling2D(), layers.Flatten(), layers.LayerNormalization(), layers.Dense(4),
    ],
    "dropout": lambda: [
        layers.Flatten(), layers.Dense(16, activation="relu"), layers.Dropout(0.5),
        layers.Dense(4),
    ],
}  # fmt: skip


class Training:
    """A model with its optimizer; both start from the same seed."""

    def __init__(self, name):
        tf.random.set_seed(7)
        self.model = tf.keras.Sequential(MODELS[name]())
        self.model.build((None, 12, 12, 1))
        self.optimizer = tf.keras.optimizers.Adam(0.01)
        self.loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.mean = tf.keras.metrics.Mean()

    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.loss_of(y, self.model(x, training=True))
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables, strict=True))
        self.mean.update_state(loss)
        return loss

    def run(self, step, sizes):
        tf.random.set_seed(11)  # dropout draws the same masks
        random = np.random.default_rng(0)
        losses = []
        for size in sizes:
            x = random.random((size, 12, 12, 1), np.float32)
            x[:, :4] = 0  # a background, where windows tie
            labels = (x.mean((1, 2, 3)) * 40).astype(np.int32) % 4
            losses.append(float(step(tf.constant(x), tf.constant(labels))))
        return losses


@pytest.fixture(autouse=True)
def all_passes_on():
    yield
    names = {name: True for options in OFF for name in options}
    tf.config.optimizer.set_experimental_options(names)


@pytest.mark.parametrize("name", MODELS)
def test_fifty_steps_equal_eager_steps(name):
    eager, traced = Training(name), Training(name)
    expected = eager.run(eager.step, [20] * 50)
    found = traced.run(tf.function(traced.step), [20] * 50)
    np.testing.assert_allclose(found, expected, rtol=2e-3)
    np.testing.assert_allclose(found[:5], expected[:5], rtol=1e-5)
    np.testing.assert_allclose(traced.mean.result(), eager.mean.result(), rtol=1e-3)
    for have, want in zip(traced.model.weights, eager.model.weights, strict=True):
        np.testing.assert_allclose(have.numpy(), want.numpy(), rtol=0.02, atol=2e-3)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("off", OFF, ids=[", ".join(off) or "all on" for off in OFF])
def test_with_passes_off_and_for_any_batch_size(name, off):
    tf.config.optimizer.set_experimental_options(dict.fromkeys(off, False))
    eager, traced = Training(name), Training(name)
    signature = [tf.TensorSpec([None, 12, 12, 1]), tf.TensorSpec([None], tf.int32)]
    sizes = [20, 20, 7, 20]
    expected = eager.run(eager.step, sizes)
    found = traced.run(tf.function(traced.step, input_signature=signature), sizes)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_planned_cnn_step_is_a_handful_of_calls():
    training = Training("cnn")
    step = tf.function(training.step)
    training.run(step, [20])
    plan = step.get_concrete_function(tf.zeros([20, 12, 12, 1]), tf.zeros([20], tf.int32)).plan()
    kinds = [s.node.type for s in plan.steps]
    assert kinds.count("FusedConvPool") == kinds.count("FusedConvPoolGrad") == 2
    assert kinds.count("FusedCrossEntropy") == kinds.count("FusedMatMul") == 1
    assert not {"Conv2D", "MaxPool", "Relu", "ReluGrad", "Softmax", "Conv2DBackpropInput"} & {
        *kinds
    }
