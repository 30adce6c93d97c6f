"""Constraints: what they make of a weight, and that optimizers apply them after each step."""

import numpy as np
import pytest

import minitf as tf

c = tf.keras.constraints
W = [[3.0, 0.3], [4.0, -0.4]]


@pytest.mark.parametrize(
    "constraint, expected",
    [
        (c.NonNeg(), [[3.0, 0.3], [4.0, 0.0]]),
        (c.MaxNorm(1.0), [[0.6, 0.3], [0.8, -0.4]]),
        (c.UnitNorm(), [[0.6, 0.6], [0.8, -0.8]]),
        (c.UnitNorm(axis=1), [[0.99504, 0.0995], [0.99504, -0.0995]]),
        (c.MinMaxNorm(1.0, 2.0), [[1.2, 0.6], [1.6, -0.8]]),
        (c.MinMaxNorm(1.0, 2.0, rate=0.5), [[2.1, 0.45], [2.8, -0.6]]),
    ],
)
def test_values(constraint, expected):
    np.testing.assert_allclose(constraint(W), expected, atol=1e-4)


def test_names():
    assert isinstance(c.get("non_neg"), c.NonNeg) and c.get(None) is None
    with pytest.raises(ValueError, match="non_neg"):
        c.get("nonnegg")


@pytest.mark.parametrize("traced", [False, True])
def test_an_optimizer_applies_them_after_each_step(traced):
    layer = tf.keras.layers.Dense(1, kernel_initializer="ones", kernel_constraint="non_neg")
    layer.build((None, 2))
    optimizer = tf.keras.optimizers.SGD(1.0)

    def step():
        optimizer.apply_gradients([(tf.constant([[0.25], [5.0]]), layer.kernel)])

    step = tf.function(step) if traced else step
    step()
    step()
    assert layer.kernel.numpy().ravel().tolist() == [0.5, 0.0]


def test_variables_of_one_s_own_may_have_one():
    v = tf.Variable([1.0, -1.0], constraint=lambda x: tf.clip_by_value(x, -0.5, 0.5))
    tf.keras.optimizers.Adam(0.1).apply_gradients([(tf.constant([0.0, 0.0]), v)])
    assert v.numpy().tolist() == [0.5, -0.5]


def test_a_model_with_a_constraint_trains_and_is_saved(tmp_path):
    model = tf.keras.Sequential(
        [tf.keras.Input((1,)), tf.keras.layers.Dense(1, kernel_constraint=c.MaxNorm(0.5))]
    )
    model.compile(tf.keras.optimizers.SGD(0.1), "mse")
    model.fit(np.ones((4, 1)), np.full((4, 1), 9.0), epochs=3, verbose=0)
    assert abs(model.get_weights()[0]).max() <= 0.5
    model.save(tmp_path / "m.keras")
    again = tf.keras.models.load_model(tmp_path / "m.keras")
    assert again.layers[0].kernel_constraint.max_value == 0.5


def test_the_config_of_an_optimizer_holds_its_rate_as_it_is_now():
    optimizer = tf.keras.optimizers.SGD(0.5, momentum=0.9, clipnorm=1.0)
    optimizer.learning_rate = 0.25
    config = optimizer.get_config()
    assert config["learning_rate"] == 0.25 and config["clipnorm"] == 1.0
    again = tf.keras.optimizers.SGD.from_config(config)
    assert float(again.learning_rate) == 0.25 and again.name == optimizer.name
