"""compile() for models with several outputs. All numbers are what Keras 3.15.1 answers."""

import numpy as np
import pytest

import minitf as tf

X = np.arange(16, dtype="float32").reshape(4, 4) / 20
P, Q = np.zeros((4, 1)), np.array([0, 1, 2, 1])
BY_NAME, IN_ORDER = {"p": P, "q": Q}, [P, Q]


def entropy():
    return tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def dense(units, name):
    return tf.keras.layers.Dense(units, kernel_initializer="ones", name=name)


def wired(as_dict=False):
    x = tf.keras.Input((4,))
    h = dense(4, "h")(x)
    p, q = dense(1, "p")(h), dense(3, "q")(h)
    return tf.keras.Model(x, {"p": p, "q": q} if as_dict else [p, q])


class Two(tf.keras.Model):
    """Two outputs without names."""

    def __init__(self):
        super().__init__()
        self.first, self.second = dense(1, "p"), dense(3, "q")

    def call(self, x):
        return self.first(x), self.second(x)


def fitted(y, model=None, epochs=2, fit=(), **options):
    model = wired() if model is None else model
    model.compile("sgd", **options)
    settings = {"batch_size": 2, "epochs": epochs, "shuffle": False, "verbose": 0} | dict(fit)
    return model, model.fit(X, y, **settings).history


@pytest.mark.parametrize(
    ("y", "loss"),
    [(BY_NAME, {"p": "mse", "q": entropy()}), (IN_ORDER, ["mse", entropy()])],
    ids=["by name", "in order"],
)
def test_each_output_has_its_loss(y, loss):
    model, history = fitted(y, loss=loss)
    assert sorted(history) == ["loss", "p_loss", "q_loss"]
    assert history["loss"] == pytest.approx([42.1703, 9.2481], abs=1e-3)
    assert history["p_loss"] == pytest.approx([41.0752, 8.1763], abs=1e-3)
    assert history["q_loss"] == pytest.approx([1.0951, 1.0718], abs=1e-4)
    found = model.evaluate(X, y, verbose=0)
    assert found == pytest.approx([4.5796, 3.522, 1.0576], abs=1e-3)


@pytest.mark.parametrize("eagerly", [True, False])
def test_weights_scale_the_sum_and_not_the_parts(eagerly):
    _, history = fitted(
        IN_ORDER, loss=["mse", entropy()], loss_weights=[1.0, 0.2], run_eagerly=eagerly
    )
    assert history["loss"] == pytest.approx([41.2948, 8.3946], abs=1e-3)
    assert history["q_loss"] == pytest.approx([1.0979, 1.093], abs=1e-3)
    _, history = fitted(
        BY_NAME, loss={"p": "mse", "q": entropy()}, loss_weights={"p": 2.0, "q": 0.5}
    )
    assert history["loss"] == pytest.approx([69.3051, 1.7584], abs=1e-3)


@pytest.mark.parametrize(
    "metrics",
    [{"p": ["mae"], "q": "accuracy"}, [["mae"], ["accuracy"]], ["mae", "accuracy"]],
    ids=["by name", "lists", "in order"],
)
def test_metrics_are_named_after_their_output(metrics):
    model, history = fitted(IN_ORDER, loss=["mse", entropy()], metrics=metrics)
    assert history["p_mae"] == pytest.approx([5.5686, 2.314], abs=1e-3)
    assert history["q_accuracy"] == pytest.approx([0.5, 0.5])
    found = model.evaluate(X, IN_ORDER, verbose=0)
    assert found == pytest.approx([4.5796, 3.522, 1.0576, 1.5432, 0.5], abs=1e-3)


def test_one_loss_serves_all_outputs():
    _, history = fitted([P, np.zeros((4, 3))], loss="mse")
    assert history["loss"] == pytest.approx([79.5213, 16.8179], abs=1e-3)
    assert history["q_loss"] == pytest.approx([41.1593, 11.7643], abs=1e-3)


def test_outputs_in_a_dict_and_outputs_without_a_loss():
    _, history = fitted(
        BY_NAME, wired(True), loss={"p": "mse", "q": entropy()}, metrics={"q": ["accuracy"]}
    )
    assert history["loss"] == pytest.approx([42.1703, 9.2481], abs=1e-3)
    assert "q_accuracy" in history and "p_loss" in history
    for y, model, loss in (
        ({"p": P}, wired(True), {"p": "mse"}),
        (IN_ORDER, wired(), ["mse", None]),
    ):
        with pytest.warns(UserWarning, match="Gradients do not exist"):
            _, history = fitted(y, model, loss=loss)
        assert list(history) == ["loss"]
        assert history["loss"] == pytest.approx([41.0752, 8.176], abs=1e-3)


def test_outputs_without_names_are_named_after_their_losses():
    _, history = fitted(IN_ORDER, Two(), 1, {"batch_size": 4}, loss=["mse", entropy()])
    assert history == {
        "loss": pytest.approx([4.1486], abs=1e-4),
        "mse_loss": pytest.approx([3.05], abs=1e-4),
        "sparse_categorical_crossentropy_loss": pytest.approx([1.0986], abs=1e-4),
    }


def test_sample_weights_validation_and_datasets():
    _, history = fitted(
        IN_ORDER, fit={"sample_weight": np.array([1.0, 2, 3, 4])}, loss=["mse", entropy()]
    )
    assert history["loss"] == pytest.approx([122.7141, 9.8425], abs=1e-3)
    _, history = fitted(IN_ORDER, fit={"validation_data": (X, IN_ORDER)}, loss=["mse", entropy()])
    assert history["val_p_loss"] == pytest.approx([8.6908, 3.522], abs=1e-3)
    batches = tf.data.Dataset.from_tensor_slices((X, BY_NAME)).batch(2)
    model = wired()
    model.compile("sgd", {"p": "mse", "q": entropy()})
    assert model.fit(batches, verbose=0).history["loss"] == pytest.approx([42.1703], abs=1e-3)


def test_a_single_output_may_be_named_as_well():
    x = tf.keras.Input((4,))
    for options in ({"loss": {"p": "mse"}, "metrics": {"p": "mae"}}, {"loss": ["mse"]}):
        model = tf.keras.Model(x, dense(1, "p")(x))
        _, history = fitted(P, model, 1, **options)
        assert history["loss"] == pytest.approx([2.9999], abs=1e-4)
        assert set(history) <= {"loss", "mae"}


@pytest.mark.parametrize(
    ("y", "options", "message"),
    [
        (BY_NAME, {"loss": {"p": "mse", "z": "mse"}}, r"Expected keys \['p', 'q'\] in loss dict"),
        (BY_NAME, {"loss": {"p": "mse"}}, r"but found \['p'\]"),
        (IN_ORDER, {"loss": ["mse"]}, "2 outputs, but `loss` is a list of 1"),
        (IN_ORDER, {"loss": "mse", "metrics": ["mae"]}, "`metrics` is a list of 1"),
        (IN_ORDER, {"loss": "mse", "loss_weights": [1, 2, 3]}, "`loss_weights` is a list of 3"),
        ({"p": P}, {"loss": "mse"}, "no labels for the output 'q'"),
    ],
)
def test_what_does_not_fit_the_outputs_is_refused(y, options, message):
    with pytest.raises(ValueError, match=message):
        fitted(y, **options)


def test_saved_with_its_losses(tmp_path):
    model, _ = fitted(BY_NAME, loss={"p": "mse", "q": entropy()}, loss_weights={"q": 0.5})
    model.save(tmp_path / "two.keras")
    loaded = tf.keras.models.load_model(tmp_path / "two.keras")
    assert loaded.evaluate(X, BY_NAME, verbose=0) == model.evaluate(X, BY_NAME, verbose=0)
