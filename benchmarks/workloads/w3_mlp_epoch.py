"""W3 epoch: 60,000 random images in batches of 32, once through the network of W3.

TensorFlow and minitf go through `fit`; the others through the loop their users write. The order is
fixed, so that the mean loss of the epoch is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.workload import Step, Workload
from benchmarks.workloads import mlp

COUNT, BATCH = 60_000, 32


def batches(x: Any, labels: Any) -> Iterator[tuple[Any, Any]]:
    """Slices of 32."""
    for start in range(0, COUNT, BATCH):
        yield x[start : start + BATCH], labels[start : start + BATCH]


def by_hand(case: str) -> Step:
    x, labels = mlp.examples(COUNT)

    def epoch() -> Any:
        parameters = mlp.weights()
        adam = mlp.Adam(parameters)
        losses = []
        for rows, targets in batches(x, labels):
            loss, gradients = mlp.loss_and_gradients(parameters, rows, targets)
            adam.apply(gradients)
            losses.append(loss)
        return np.mean(losses)

    return epoch


def with_fit(tf: Any) -> Step:
    """TensorFlow and minitf: the same lines."""
    x, labels = mlp.examples(COUNT)

    def epoch() -> Any:
        model = mlp.keras_model(tf)
        loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(tf.keras.optimizers.Adam(mlp.RATE), loss)
        history = model.fit(x, labels, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)
        return history.history["loss"][0]

    return epoch


def minitf_fit(case: str) -> Step:
    import minitf as tf

    return with_fit(tf)


def tensorflow_fit(case: str) -> Step:
    import tensorflow as tf

    return with_fit(tf)


def torch_epoch(**adam: Any) -> Step:
    import torch

    images, labels = mlp.examples(COUNT)
    x, labels = torch.from_numpy(images), torch.from_numpy(labels).long()

    def epoch() -> Any:
        model = mlp.torch_model(torch)
        optimizer = torch.optim.Adam(model.parameters(), lr=mlp.RATE, eps=mlp.EPSILON, **adam)
        losses = []
        for rows, targets in batches(x, labels):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(rows), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses).mean()

    return epoch


def torch_eager(case: str) -> Step:
    return torch_epoch()


def torch_fused(case: str) -> Step:
    return torch_epoch(fused=True)


def jax_jit(case: str) -> Step:
    import jax
    import jax.numpy as jnp

    update = mlp.jax_step(jax, jnp)
    x, labels = mlp.examples(COUNT)

    def epoch() -> Any:
        parameters = [jnp.asarray(value) for value in mlp.weights()]
        slots = [(jnp.zeros_like(p), jnp.zeros_like(p)) for p in parameters]
        losses = []
        for number, (rows, targets) in enumerate(batches(x, labels), start=1):
            parameters, slots, loss = update(parameters, slots, float(number), rows, targets)
            losses.append(loss)
        return np.mean(losses)

    return epoch


WORKLOAD = Workload(
    name="W3 epoch",
    title="epoch of 60,000 images, batch 32",
    cases=("b32",),
    unit="s",
    checks=1,
    most_rounds=5,
    contestants={
        "numpy/hand": by_hand,
        "minitf/fit": minitf_fit,
        "tensorflow/fit": tensorflow_fit,
        "torch/eager": torch_eager,
        "torch/fused": torch_fused,
        "jax/jit": jax_jit,
    },
)
