"""CSVLogger: the file after training."""

import csv

import numpy as np

import minitf as tf

X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(6, 2)


def model():
    net = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
    net.compile("sgd", "mse", metrics=["mae"])
    return net


def rows_of(path, separator=","):
    with path.open(newline="") as file:
        return list(csv.reader(file, delimiter=separator))


def test_one_line_per_epoch(tmp_path):
    path = tmp_path / "log.csv"
    history = model().fit(
        X, X[:, :1], epochs=3, verbose=0, callbacks=[tf.keras.callbacks.CSVLogger(path)]
    )
    header, *lines = rows_of(path)
    assert header == ["epoch", "loss", "mae", "val_loss", "val_mae"]
    assert [line[0] for line in lines] == ["0", "1", "2"]
    assert [float(line[1]) for line in lines] == history.history["loss"]
    assert lines[0][3:] == ["NA", "NA"]  # no validation


def test_appending_and_another_separator(tmp_path):
    path, net = tmp_path / "log.csv", model()
    for first_epoch in (0, 2):
        logger = tf.keras.callbacks.CSVLogger(path, separator=";", append=True)
        net.fit(
            X, X[:, :1], epochs=first_epoch + 2, initial_epoch=first_epoch, verbose=0,
            validation_data=(X, X[:, :1]), callbacks=[logger],
        )  # fmt: skip
    header, *lines = rows_of(path, ";")
    assert header == ["epoch", "loss", "mae", "val_loss", "val_mae"]
    assert [line[0] for line in lines] == ["0", "1", "2", "3"]
    assert "NA" not in lines[0]


def test_without_append_a_new_training_starts_a_new_file(tmp_path):
    path, net = tmp_path / "log.csv", model()
    logger = tf.keras.callbacks.CSVLogger(path)
    for _ in range(2):
        net.fit(X, X[:, :1], verbose=0, callbacks=[logger])
    assert len(rows_of(path)) == 2
