"""W4: one training step of a small convolutional network on 64 images of 28 x 28, with Adam.

conv 3x3x8, relu, pool 2, conv 3x3x16, relu, pool 2, dense 10; no padding. `eager` uses layers,
`plain` operations; `function` and `traced` compile the step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.workload import NotYet, Step, Workload
from benchmarks.workloads import mlp

BATCH, SIDE = 64, 28
SHAPES = ((3, 3, 1, 8), (8,), (3, 3, 8, 16), (16,), (400, 10), (10,))


def weights() -> list[np.ndarray]:
    """Kernels (height, width, channels, filters), dense matrix, and biases of 0."""
    random = np.random.default_rng(1)
    values = []
    for shape in SHAPES:
        scale = 0.0 if len(shape) == 1 else np.sqrt(2 / np.prod(shape[:-1]))
        values.append((scale * random.standard_normal(shape)).astype(np.float32))
    return values


def examples() -> tuple[np.ndarray, np.ndarray]:
    images, labels = mlp.examples(BATCH)
    return images.reshape(BATCH, SIDE, SIDE, 1), labels


def by_hand(case: str) -> Step:
    """The textbook way: each convolution is a product of all 3x3 patches with the kernel."""
    x, labels = examples()
    parameters = weights()
    adam = mlp.Adam(parameters)

    def step() -> tuple:
        k1, b1, k2, b2, w, b = parameters
        pooled_1, back_1 = conv_relu_pool(x, k1, b1)
        pooled_2, back_2 = conv_relu_pool(pooled_1, k2, b2)
        flat = pooled_2.reshape(BATCH, -1)
        loss, d_logits = mlp.cross_entropy(flat @ w + b, labels)
        d_x2, d_k2, d_b2 = back_2((d_logits @ w.T).reshape(pooled_2.shape))
        _, d_k1, d_b1 = back_1(d_x2)
        gradients = [d_k1, d_b1, d_k2, d_b2, flat.T @ d_logits, d_logits.sum(0)]
        adam.apply(gradients)
        return loss, *gradients

    return step


def conv_relu_pool(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> tuple:
    """Output, and a function of its gradient that gives those of x, kernel and bias."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))
    patches = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, kernel[..., 0].size)
    n, height, width, _ = x.shape
    filters = kernel.shape[-1]
    conv = (patches @ kernel.reshape(-1, filters)).reshape(n, height - 2, width - 2, filters) + bias
    even_h, even_w = (height - 2) // 2 * 2, (width - 2) // 2 * 2
    corners = [conv[:, i:even_h:2, j:even_w:2] for i in (0, 1) for j in (0, 1)]
    stacked = np.stack(corners)
    first = stacked.argmax(0)  # of equal ones the first gets the gradient
    out = np.maximum(stacked.max(0), 0)

    def back(upstream: np.ndarray) -> tuple:
        upstream = upstream * (out > 0)
        d_conv = np.zeros_like(conv)
        for index, (i, j) in enumerate((i, j) for i in (0, 1) for j in (0, 1)):
            d_conv[:, i:even_h:2, j:even_w:2] = upstream * (first == index)
        rows = d_conv.reshape(-1, filters)
        d_patches = rows @ kernel.reshape(-1, filters).T
        d_patches = d_patches.reshape(n, height - 2, width - 2, 3, 3, -1)
        d_x = np.zeros_like(x)
        for i in range(3):
            for j in range(3):
                d_x[:, i : i + height - 2, j : j + width - 2] += d_patches[:, :, :, i, j]
        return d_x, (patches.T @ rows).reshape(kernel.shape), rows.sum(0)

    return out, back


def with_layers(tf: Any) -> tuple[Callable[..., tuple], list]:
    """TensorFlow and minitf: the same lines. Returns the step and its arguments."""
    layers = tf.keras.layers
    missing = [name for name in ("Conv2D", "MaxPooling2D") if not hasattr(layers, name)]
    if missing:
        raise NotYet(f"no layers {', '.join(missing)}")
    model = tf.keras.Sequential(
        [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    model.build((None, SIDE, SIDE, 1))
    model.set_weights(weights())
    return training_step(tf, model, model.trainable_variables)


def with_operations(tf: Any) -> tuple[Callable[..., tuple], list]:
    """The same network without layers."""
    parameters = [tf.Variable(value) for value in weights()]

    def logits_of(x: Any, training: bool = False) -> Any:
        k1, b1, k2, b2, w, b = parameters
        x = tf.nn.relu(tf.nn.conv2d(x, k1, strides=1, padding="VALID") + b1)
        x = tf.nn.max_pool2d(x, ksize=2, strides=2, padding="VALID")
        x = tf.nn.relu(tf.nn.conv2d(x, k2, strides=1, padding="VALID") + b2)
        x = tf.nn.max_pool2d(x, ksize=2, strides=2, padding="VALID")
        return tf.reshape(x, [BATCH, 400]) @ w + b

    return training_step(tf, logits_of, parameters)


def training_step(tf: Any, model: Any, variables: list) -> tuple[Callable[..., tuple], list]:
    optimizer = tf.keras.optimizers.Adam(mlp.RATE)
    optimizer.build(variables)

    def step(x: Any, labels: Any) -> tuple:
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return loss, *gradients

    return step, [tf.constant(value) for value in examples()]


def eager(step: Callable[..., tuple], arguments: list) -> Step:
    return lambda: step(*arguments)


def compiled(tf: Any, step: Callable[..., tuple], arguments: list) -> Step:
    """The whole step as one graph. It returns the loss; gradients stay inside."""
    function = tf.function(lambda x, labels: step(x, labels)[0])
    return lambda: function(*arguments)


def minitf_eager(case: str) -> Step:
    import minitf as tf

    return eager(*with_layers(tf))


def minitf_plain(case: str) -> Step:
    import minitf as tf

    return eager(*with_operations(tf))


def minitf_traced(case: str) -> Step:
    import minitf as tf

    return compiled(tf, *with_operations(tf))


def tensorflow_eager(case: str) -> Step:
    import tensorflow as tf

    return eager(*with_layers(tf))


def tensorflow_plain(case: str) -> Step:
    import tensorflow as tf

    return eager(*with_operations(tf))


def tensorflow_function(case: str) -> Step:
    import tensorflow as tf

    return compiled(tf, *with_layers(tf))


def torch_step(**adam: Any) -> Step:
    """torch has channels before height, so the dense matrix meets its 400 numbers in that order."""
    import torch

    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10),
    )  # fmt: skip
    k1, b1, k2, b2, w, b = weights()
    by_channel = w.reshape(5, 5, 16, 10).transpose(3, 2, 0, 1).reshape(10, 400)
    starts = [k1.transpose(3, 2, 0, 1), b1, k2.transpose(3, 2, 0, 1), b2, by_channel, b]
    with torch.no_grad():
        for parameter, start in zip(model.parameters(), starts, strict=True):
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(start)))
    images, labels = examples()
    x = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())
    labels = torch.from_numpy(labels).long()
    optimizer = torch.optim.Adam(model.parameters(), lr=mlp.RATE, eps=mlp.EPSILON, **adam)

    def step() -> Any:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def torch_eager(case: str) -> Step:
    return torch_step()


def torch_fused(case: str) -> Step:
    return torch_step(fused=True)


def jax_jit(case: str) -> Step:
    import jax
    import jax.numpy as jnp

    def conv_pool(x: Any, kernel: Any, bias: Any) -> Any:
        x = jax.lax.conv_general_dilated(
            x, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        size = (1, 2, 2, 1)
        x = jax.nn.relu(x + bias)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, size, size, "VALID")

    def loss_of(parameters: Any, x: Any, labels: Any) -> Any:
        k1, b1, k2, b2, w, b = parameters
        x = conv_pool(conv_pool(x, k1, b1), k2, b2)
        log_p = jax.nn.log_softmax(x.reshape(BATCH, -1) @ w + b)
        return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()

    update = jax.jit(mlp.jax_adam(jax, jnp, jax.value_and_grad(loss_of)), donate_argnums=(0, 1))
    x, labels = (jnp.asarray(value) for value in examples())
    parameters = [jnp.asarray(value) for value in weights()]
    slots = [(jnp.zeros_like(p), jnp.zeros_like(p)) for p in parameters]
    number = 0.0

    def step() -> Any:
        nonlocal parameters, slots, number
        number += 1.0
        parameters, slots, loss = update(parameters, slots, number, x, labels)
        return jax.block_until_ready(loss)

    return step


WORKLOAD = Workload(
    name="W4",
    title="training step of a CNN on 64 images, with Adam",
    cases=("b64",),
    contestants={
        "numpy/hand": by_hand,
        "minitf/plain": minitf_plain,
        "minitf/eager": minitf_eager,
        "tensorflow/eager": tensorflow_eager,
        "tensorflow/plain": tensorflow_plain,
        "torch/eager": torch_eager,
        "torch/fused": torch_fused,
        "minitf/traced": minitf_traced,
        "tensorflow/function": tensorflow_function,
        "jax/jit": jax_jit,
    },
)
