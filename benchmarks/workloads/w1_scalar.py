"""W1: the gradient of one small expression, the loss |y - (x*w + b)| by w and by b.

There is almost nothing to compute: what is measured is what a library adds to it.
"""

from __future__ import annotations

from typing import Any

from benchmarks.workload import Step, Workload

X, Y, W, B = 2.0, 1.0, 3.0, 0.5  # prediction 6.5, loss 5.5, gradients 2 and 1


def by_hand(case: str) -> Step:
    import numpy as np

    x, y, w, b = np.float32(X), np.float32(Y), np.float32(W), np.float32(B)

    def step() -> tuple:
        upstream = -np.sign(y - (x * w + b))
        return upstream * x, upstream

    return step


def with_tape(tf: Any) -> Step:
    """TensorFlow and minitf: the same lines."""
    w, b = tf.Variable(W), tf.Variable(B)
    x, y = tf.constant(X), tf.constant(Y)

    def step() -> tuple:
        with tf.GradientTape() as tape:
            loss = tf.abs(y - (x * w + b))
        return tuple(tape.gradient(loss, [w, b]))

    return step


def minitf_eager(case: str) -> Step:
    import minitf as tf

    return with_tape(tf)


def minitf_traced(case: str) -> Step:
    import minitf as tf

    return tf.function(with_tape(tf))


def tensorflow_eager(case: str) -> Step:
    import tensorflow as tf

    return with_tape(tf)


def tensorflow_function(case: str) -> Step:
    import tensorflow as tf

    return tf.function(with_tape(tf))


def torch_eager(case: str) -> Step:
    import torch

    w, b = torch.tensor(W, requires_grad=True), torch.tensor(B, requires_grad=True)
    x, y = torch.tensor(X), torch.tensor(Y)

    def step() -> tuple:
        loss = torch.abs(y - (x * w + b))
        return torch.autograd.grad(loss, [w, b])

    return step


def jax_jit(case: str) -> Step:
    import jax
    import jax.numpy as jnp

    def loss(w: Any, b: Any, x: Any, y: Any) -> Any:
        return jnp.abs(y - (x * w + b))

    gradient = jax.jit(jax.grad(loss, argnums=(0, 1)))
    values = [jnp.float32(value) for value in (W, B, X, Y)]

    def step() -> tuple:
        return jax.block_until_ready(gradient(*values))

    return step


def autograd_eager(case: str) -> Step:
    import autograd.numpy as np
    from autograd import grad

    def loss(w: Any, b: Any, x: Any, y: Any) -> Any:
        return np.abs(y - (x * w + b))

    gradient = grad(loss, argnum=(0, 1))

    def step() -> tuple:
        return gradient(W, B, X, Y)

    return step


def micrograd_eager(case: str) -> Step:
    from micrograd.engine import Value

    def step() -> tuple:
        w, b = Value(W), Value(B)
        error = Y - (X * w + b)
        loss = error.relu() + (-error).relu()  # it has no abs
        loss.backward()
        return w.grad, b.grad

    return step


WORKLOAD = Workload(
    name="W1",
    title="gradient of |y - (x*w + b)|",
    contestants={
        "numpy/hand": by_hand,
        "minitf/eager": minitf_eager,
        "tensorflow/eager": tensorflow_eager,
        "torch/eager": torch_eager,
        "autograd/eager": autograd_eager,
        "micrograd/eager": micrograd_eager,
        "minitf/traced": minitf_traced,
        "tensorflow/function": tensorflow_function,
        "jax/jit": jax_jit,
    },
)
