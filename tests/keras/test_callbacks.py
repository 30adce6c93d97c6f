"""Callbacks and what fit prints."""

import io
import sys
import types

import numpy as np
import pytest

import minitf as tf
from minitf.keras import callbacks, layers, optimizers, progress
from minitf.keras.callbacks.improvement import Improvement

X = Y = np.ones((4, 1), np.float32)


def model_of(rate=0.1):
    model = tf.keras.Sequential(
        [tf.keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="zeros")]
    )
    model.compile(optimizer=optimizers.SGD(rate), loss="mse")
    return model


def test_every_moment_in_order():
    moments = []

    def note(name):
        return lambda *args: moments.append((name, *args[:-1]))

    names = [name for name in vars(callbacks.Callback) if name.startswith("on_")]
    watcher = callbacks.LambdaCallback(**{name: note(name) for name in names})
    model_of().fit(X, Y, batch_size=2, verbose=0, callbacks=[watcher])
    assert [m[0] for m in moments] == [
        "on_train_begin", "on_epoch_begin",
        "on_train_batch_begin", "on_train_batch_end",
        "on_train_batch_begin", "on_train_batch_end",
        "on_epoch_end", "on_train_end",
    ]  # fmt: skip
    assert moments[3][1:] == (0,) and moments[5][1:] == (1,)


def test_lambda_callback_knows_the_moments():
    with pytest.raises(TypeError, match="on_epoch_finish"):
        callbacks.LambdaCallback(on_epoch_finish=print)
    with pytest.raises(TypeError, match="LambdaCallback"):
        model_of().fit(X, Y, verbose=0, callbacks=[print])


def test_early_stopping_waits_patience_epochs():
    stopping = callbacks.EarlyStopping(monitor="loss", patience=2)
    history = model_of(rate=0.0).fit(X, Y, epochs=10, verbose=0, callbacks=[stopping])
    assert len(history.epoch) == 3 and stopping.stopped_epoch == 2


def test_early_stopping_can_go_back_to_the_best_weights():
    model = model_of()
    ups_and_downs = iter([3.0, 1.0, 2.0, 2.0])
    weights = []

    class Fake(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["fake"] = next(ups_and_downs)
            weights.append(model.get_weights()[0])

    stopping = callbacks.EarlyStopping(monitor="fake", patience=2, restore_best_weights=True)
    model.fit(X, Y, epochs=10, verbose=0, callbacks=[Fake(), stopping])
    assert len(weights) == 4 and stopping.best_epoch == 1
    np.testing.assert_array_equal(model.get_weights()[0], weights[1])


def test_accuracy_should_rise():
    accuracy = Improvement("val_accuracy")
    assert accuracy.over(0.9, 0.8) and not accuracy.over(0.7, 0.8)


def test_a_metric_that_does_not_exist_is_named():
    with pytest.warns(UserWarning, match="`val_loss` which is not available.*loss"):
        model_of().fit(X, Y, verbose=0, callbacks=[callbacks.EarlyStopping()])


def test_terminate_on_nan(capsys):
    model = model_of()
    x = np.array([[1.0], [np.nan], [1.0]], np.float32)
    with pytest.warns(UserWarning, match="loss became nan"):
        model.fit(
            x, x, batch_size=1, shuffle=False, verbose=0, callbacks=[callbacks.TerminateOnNaN()]
        )
    assert "Batch 1: Invalid loss" in capsys.readouterr().out
    assert int(model.optimizer.iterations) == 2


def test_one_line_per_epoch_without_timings(capsys):
    def printed():
        model_of().fit(X, Y, epochs=2, verbose=2, validation_data=(X, Y))
        return capsys.readouterr().out

    text = printed()
    assert text == printed()
    assert text.splitlines()[0] == "Epoch 1/2 - loss: 1.0000 - val_loss: 0.6400"
    assert len(text.splitlines()) == 2


def test_the_bar_is_for_terminals_and_notebooks_only(capsys):
    model_of().fit(X, Y, verbose="auto")
    model_of().fit(X, Y, verbose=1)
    assert "\r" not in capsys.readouterr().out


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


def test_the_bar_overwrites_its_line(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(progress, "_REDRAW_EVERY", 0.0)
    model_of().fit(X, Y, batch_size=2, verbose=1)
    text = sys.stdout.getvalue()
    first, bar = text.split("\n")[:2]
    assert first == "Epoch 1/1"
    drawings = bar.split("\r")[1:]
    assert drawings[0].startswith("1/2 " + "━" * 10 + "─" * 10)
    assert drawings[-1].startswith("2/2 " + "━" * 20) and " - loss: " in drawings[-1]
    lengths = [len(d) for d in drawings]  # none shorter than what it has to cover
    assert text.endswith("\n") and lengths == sorted(lengths)


def test_the_bar_works_where_lines_cannot_be_drawn(monkeypatch):
    terminal = Terminal()
    terminal.encoding = "ascii"
    monkeypatch.setattr(sys, "stdout", terminal)
    model_of().evaluate(X, Y, verbose=1)
    assert "====" in terminal.getvalue()


def test_a_notebook_counts_as_a_terminal(monkeypatch):
    kernel = types.SimpleNamespace(get_ipython=object)
    monkeypatch.setitem(sys.modules, "IPython", kernel)
    assert isinstance(progress.progress_callback("auto"), progress.ProgressBar)
    assert isinstance(progress.progress_callback(2), progress.EpochLines)
    assert progress.progress_callback(0) is None


def test_the_rate_can_be_set_each_epoch():
    model = model_of()
    model.optimizer.learning_rate = 0.01
    halving = callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)
    history = model.fit(X, Y, epochs=3, verbose=0, callbacks=[halving]).history
    np.testing.assert_allclose(history["learning_rate"], [0.005, 0.0025, 0.00125], rtol=1e-6)
    with pytest.raises(ValueError, match="should be a float"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda e, r: "x")])


def test_the_rate_falls_on_a_plateau():
    model = model_of()
    model.optimizer.learning_rate = 1.0
    values = iter([1.0, 1.0, 1.0, 1.0, 0.1, 0.1])

    class Fake(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["fake"] = next(values)

    plateau = callbacks.ReduceLROnPlateau("fake", factor=0.5, patience=1, cooldown=1, min_lr=0.2)
    history = model.fit(X, Y, epochs=6, verbose=0, callbacks=[Fake(), plateau]).history
    # falls after epochs 2 and 3; the better value of epoch 5 ends the wait
    np.testing.assert_allclose(history["learning_rate"], [1.0, 1.0, 0.5, 0.25, 0.2, 0.2])
    with pytest.raises(ValueError, match="factor >= 1.0"):
        callbacks.ReduceLROnPlateau(factor=1.0)


def test_models_are_saved_while_they_are_trained(tmp_path):
    model = model_of()
    every = callbacks.ModelCheckpoint(tmp_path / "new" / "{epoch:02d}-{loss:.3f}.keras")
    history = model.fit(X, Y, epochs=2, verbose=0, callbacks=[every]).history
    names = sorted(file.name for file in (tmp_path / "new").iterdir())
    assert names == [f"0{i + 1}-{loss:.3f}.keras" for i, loss in enumerate(history["loss"])]
    assert tf.keras.models.load_model(tmp_path / "new" / names[0]).compiled


def test_only_the_best_model_is_kept(tmp_path):
    model, values, kept = model_of(), iter([0.5, 0.9, 0.7]), []
    path = tmp_path / "best.weights.h5"

    class Fake(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_accuracy"] = next(values)
            kept.append(model.get_weights())

    best = callbacks.ModelCheckpoint(path, "val_accuracy", 0, True, True)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[Fake(), best])
    model.load_weights(path)
    np.testing.assert_array_equal(model.get_weights()[0], kept[1][0])
    assert best.best == 0.9


def test_model_checkpoint_checks_its_arguments(tmp_path):
    with pytest.raises(ValueError, match="must end in `.keras`"):
        callbacks.ModelCheckpoint(tmp_path / "m")
    with pytest.raises(ValueError, match="must end in `.weights.h5`"):
        callbacks.ModelCheckpoint(tmp_path / "m.keras", save_weights_only=True)
    with pytest.raises(ValueError, match="save_freq"):
        callbacks.ModelCheckpoint(tmp_path / "m.keras", save_freq="batch")
    wrong = callbacks.ModelCheckpoint(str(tmp_path / "{nothing}.keras"))
    with pytest.raises(KeyError, match="nothing"):
        model_of().fit(X, Y, verbose=0, callbacks=[wrong])


MOMENTS = {
    "fit": "train_begin epoch_begin train_batch_end train_batch_end test_begin test_batch_end "
    "test_batch_end test_end epoch_end train_end",
    "evaluate": "test_begin test_batch_end test_batch_end test_end",
    "predict": "predict_begin predict_batch_end predict_batch_end predict_end",
}


@pytest.mark.parametrize("method", MOMENTS)
@pytest.mark.parametrize("verbose", [0, 2])
def test_the_moments_come_as_in_keras(method, verbose, capsys):
    """Recorded with Keras 3.15: validation in fit has the moments of evaluate."""
    seen = []

    class Diary(callbacks.Callback):
        def set_params(self, params):
            assert params == {"epochs": 1, "steps": 2, "verbose": verbose}

    def note(moment):
        return lambda self, *args: seen.append((moment, sorted(args[-1])))

    for moment in set(" ".join(MOMENTS.values()).split()):
        setattr(Diary, f"on_{moment}", note(moment))
    model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x, y = np.ones((4, 2)), np.ones((4, 1))
    options = {"batch_size": 2, "verbose": verbose, "callbacks": [Diary()]}
    if method == "fit":
        model.fit(x, y, validation_data=(x, y), **options)
        assert seen[-1] == ("train_end", ["loss", "mae", "val_loss", "val_mae"])
        assert capsys.readouterr().out.count("loss: ") == (2 if verbose else 0)  # loss, val_loss
    elif method == "evaluate":
        model.evaluate(x, y, **options)
        assert seen[-1] == ("test_end", ["loss", "mae"])
    else:
        model.predict(x, **options)
        assert seen[1] == ("predict_batch_end", ["outputs"])
    assert " ".join(moment for moment, _ in seen) == MOMENTS[method]
