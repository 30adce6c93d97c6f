"""Chapter 13's networks on all of MNIST, as its lesson promises. Minutes; needs the full data set:

MINITF_FULL_MNIST=mnist.npz pytest tests/course/test_mnist_chapter.py
"""

import os

import numpy as np
import pytest

import minitf as tf
from minitf.course.chapter_source import all_sources, solution_text

STEPS_PER_EPOCH = 938  # 60,000 digits in batches of 64


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson's cells `setup`, `engine`, `layers` and `helpers` define."""
    (source,) = [one for one in all_sources((13,)) if one.kind == "lesson"]
    names = {"__name__": "lesson"}
    for cell in source.cells:
        key = cell.attributes.get("key", "")
        if "setup" in cell.tags or key in ("layers", "helpers"):
            exec(compile(solution_text(cell), key or "setup", "exec"), names)
    return names


def test_the_networks_have_the_promised_sizes(lesson):
    for name, size in (("mlp", 101_770), ("cnn", 9_098)):
        network = lesson[name](np.random.default_rng(0))
        assert sum(parameter.data.size for parameter in network.parameters) == size
        assert all(parameter.data.dtype == np.float32 for parameter in network.parameters)


@pytest.mark.skipif("MINITF_FULL_MNIST" not in os.environ, reason="set MINITF_FULL_MNIST to a file")
@pytest.mark.parametrize(
    ("name", "epochs", "rate", "least"), [("mlp", 6, 0.004, 0.975), ("cnn", 4, 0.006, 0.985)]
)
def test_all_of_mnist(lesson, name, epochs, rate, least):
    path = os.environ["MINITF_FULL_MNIST"]
    (images, labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data(path)
    images, test_images = (
        (some[..., None] / 255).astype("float32") for some in (images, test_images)
    )
    engine, rng = lesson["engine"], np.random.default_rng(1)
    network = lesson[name](rng)

    def falling_rate(step):
        return rate * engine.cosine_warmup(step, 50, epochs * STEPS_PER_EPOCH)

    engine.train(
        lesson["bench"],
        lesson["loss_with"](network),
        network.parameters,
        engine.Adam(falling_rate),
        lesson["shuffled_batches"](images, labels.astype("int64"), 64, epochs, rng),
    )
    found = lesson["accuracy"](network, test_images, test_labels)
    print(f"{name} on the 10,000 test digits: {found:.2%}")
    assert found >= least
