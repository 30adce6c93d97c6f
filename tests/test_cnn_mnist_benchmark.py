"""benchmarks/cnn_mnist.py on a handful of pictures; the real run needs all of MNIST."""

import numpy as np
import pytest

from benchmarks import cnn_mnist


@pytest.fixture
def data(tmp_path):
    """Bright upper halves are class 0, bright lower halves class 1."""
    random, labels = np.random.default_rng(0), np.arange(200) % 2
    images = random.integers(0, 50, (200, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[14 * label : 14 * label + 14] += 150
    path = tmp_path / "mnist.npz"
    np.savez(
        path, x_train=images[:150], y_train=labels[:150], x_test=images[150:], y_test=labels[150:]
    )
    return path


def test_minitf_learns(data):
    found = cnn_mnist.train("minitf", str(data), epochs=4, threads=1)
    assert found["accuracy"] == 1.0
    assert found["loss"] < 0.1
    assert 0 < found["last_epoch"] < found["seconds"]


def test_every_image_comes_once_in_an_epoch():
    parts = list(cnn_mnist.batches(150, epoch=1))
    assert [len(part) for part in parts] == [64, 64, 22]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(150))
    assert not np.array_equal(parts[0], next(cnn_mnist.batches(150, epoch=2)))


def test_data_must_be_given(capsys, monkeypatch):
    monkeypatch.delenv("MINITF_FULL_MNIST", raising=False)
    assert cnn_mnist.main([]) == 2
    assert "--data must name mnist.npz" in capsys.readouterr().out
