"""A convolutional network learns MNIST through a traced step: accuracy and time, three libraries.

    python benchmarks/cnn_mnist.py --data mnist.npz --peers tensorflow,torch
    python benchmarks/cnn_mnist.py --python torch=/path/to/python --threads 1

3 epochs over all 60,000 images in batches of 64. Each library gets the same first weights and the
same order of the images, and runs in a process of its own, one after the other:

    conv 3x3x8 same, relu, pool 2, conv 3x3x16 same, relu, pool 2, dense 128, relu, dense 10
    Adam with a cosine decay from 0.003 to 0

minitf and TensorFlow run the same function, decorated with tf.function. The seconds are those of
the training, first calls included. MNIST comes as Keras' mnist.npz: the option --data, or else the
environment variable MINITF_FULL_MNIST.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path[0] = str(Path(__file__).resolve().parents[1])  # started as a file: find `benchmarks`
from benchmarks.client import environment  # noqa: E402
from benchmarks.peers import ROOT, python_of  # noqa: E402

LIBRARIES = ("minitf", "tensorflow", "torch")
EPOCHS, BATCH, RATE, EPSILON = 3, 64, 0.003, 1e-7
GOAL = 0.988  # test accuracy


def main(arguments: list[str] | None = None) -> int:
    """Trains with each library and prints the table; the exit code is 1 if minitf misses GOAL."""
    options = _parser().parse_args(arguments)
    if not options.data or not Path(options.data).is_file():
        print("cnn_mnist.py: --data must name mnist.npz; `python course.py data` fetches it.")
        return 2
    if options.train:
        print(json.dumps(train(options.train, options.data, options.epochs, options.threads)))
        return 0
    given = {"minitf": sys.executable, **dict(p.split("=", 1) for p in options.python)}
    print(f"{'library':12}{'test accuracy':>15}{'seconds':>10}{'last epoch':>12}", flush=True)
    results = {}
    for library in ("minitf", *[name for name in options.peers.split(",") if name]):
        results[library] = found = _in_own_process(library, python_of(library, given), options)
        line = f"{found['accuracy']:15.2%}{found['seconds']:10.1f}{found['last_epoch']:12.1f}"
        print(f"{library:12}{line}", flush=True)
    return 0 if results["minitf"]["accuracy"] >= GOAL else 1


def train(library: str, data: str, epochs: int, threads: int) -> dict[str, float]:
    """Trains with one library, in this process."""
    with np.load(data) as file:
        images, labels = _prepared(file["x_train"], file["y_train"])
        test_images, test_labels = _prepared(file["x_test"], file["y_test"])
    steps = epochs * -(-len(images) // BATCH)
    prepare = in_torch if library == "torch" else in_tensorflow
    step, predict = prepare(library, steps, threads)
    started = time.perf_counter()
    for epoch in range(epochs):
        epoch_started = time.perf_counter()
        for rows in batches(len(images), epoch):
            loss = step(images[rows], labels[rows])
    ended = time.perf_counter()
    parts = np.array_split(np.arange(len(test_images)), 10)
    right = sum(np.sum(predict(test_images[p]).argmax(1) == test_labels[p]) for p in parts)
    return {
        "accuracy": float(right / len(test_labels)),
        "seconds": ended - started,
        "last_epoch": ended - epoch_started,
        "loss": float(loss),
    }


def batches(count: int, epoch: int) -> Iterator[np.ndarray]:
    """Numbers of the images of each batch, in an order that depends on the epoch alone."""
    order = np.random.default_rng(epoch).permutation(count)
    for start in range(0, count, BATCH):
        yield order[start : start + BATCH]


def first_weights() -> list[np.ndarray]:
    """Kernels (height, width, channels, filters), matrices (inputs, outputs), biases of 0."""
    random = np.random.default_rng(1)
    values = []
    for shape in ((3, 3, 1, 8), (3, 3, 8, 16), (784, 128), (128, 10)):
        window = int(np.prod(shape[:-2]))
        limit = np.sqrt(6 / (window * (shape[-2] + shape[-1])))  # Glorot's
        values.append(random.uniform(-limit, limit, shape).astype(np.float32))
        values.append(np.zeros(shape[-1], np.float32))
    return values


def in_tensorflow(library: str, steps: int, threads: int) -> tuple[Callable, Callable]:
    """TensorFlow and minitf: the same lines."""
    if library == "minitf":
        import minitf as tf
    else:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10),
        ]
    )
    model.build((None, 28, 28, 1))
    model.set_weights(first_weights())
    schedule = tf.keras.optimizers.schedules.CosineDecay(RATE, steps)
    optimizer = tf.keras.optimizers.Adam(schedule, epsilon=EPSILON)
    optimizer.build(model.trainable_variables)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    def step_on_arrays(x: np.ndarray, y: np.ndarray) -> Any:
        return step(tf.constant(x), tf.constant(y))

    def predict(x: np.ndarray) -> np.ndarray:
        return model(tf.constant(x), training=False).numpy()

    return step_on_arrays, predict


def in_torch(library: str, steps: int, threads: int) -> tuple[Callable, Callable]:
    """The same network; torch has channels before height, and matrices the other way round."""
    import torch

    torch.set_num_threads(threads)
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10),
    )  # fmt: skip
    k1, b1, k2, b2, w1, c1, w2, c2 = first_weights()
    by_channel = w1.reshape(7, 7, 16, 128).transpose(3, 2, 0, 1).reshape(128, 784)
    turned = [k1.transpose(3, 2, 0, 1), b1, k2.transpose(3, 2, 0, 1), b2, by_channel, c1, w2.T, c2]
    with torch.no_grad():
        for parameter, start in zip(model.parameters(), turned, strict=True):
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(start)))
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, eps=EPSILON)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)

    def tensor(x: np.ndarray) -> Any:
        return torch.from_numpy(x.transpose(0, 3, 1, 2))

    def step(x: np.ndarray, y: np.ndarray) -> Any:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(tensor(x)), torch.from_numpy(y).long())
        loss.backward()
        optimizer.step()
        schedule.step()
        return loss.detach()

    def predict(x: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return model(tensor(x)).numpy()

    return step, predict


def _prepared(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (count, 28, 28, 1) between 0 and 1, and int32 labels."""
    return images[..., None].astype(np.float32) / np.float32(255), labels.astype(np.int32)


def _in_own_process(library: str, python: str, options: argparse.Namespace) -> dict[str, float]:
    command = [python, "-m", "benchmarks.cnn_mnist", "--train", library]
    command += ["--data", str(Path(options.data).resolve())]
    command += ["--epochs", str(options.epochs), "--threads", str(options.threads)]
    result = subprocess.run(
        command, cwd=ROOT, env=environment(options.threads), capture_output=True, text=True
    )
    if result.returncode:
        sys.exit(f"{library} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.splitlines()[-1])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="A CNN on full MNIST through a traced step.")
    parser.add_argument("--data", default=os.environ.get("MINITF_FULL_MNIST"), help="mnist.npz")
    parser.add_argument("--peers", default="", help=f"some of {', '.join(LIBRARIES[1:])}")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=2, choices=[1, 2])
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH")
    parser.add_argument("--train", choices=LIBRARIES, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
