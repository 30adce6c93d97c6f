"""W6: second derivatives. d²(x⁴)/dx², and a Hessian-vector product of the loss of the MLP of W3.

The product H·v is the gradient of (gradient · v): a tape around a tape, without the Hessian.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.workload import Step, Workload
from benchmarks.workloads import mlp

SCALAR, PRODUCT = "second derivative", "HVP"
X, BATCH = 1.5, 32


def by_hand(case: str) -> Step:
    if case == SCALAR:
        x = np.float32(X)
        return lambda: 12 * x * x
    return product_by_hand


def product_by_hand() -> list[np.ndarray]:
    """Forward over reverse: every line of the backward pass, differentiated along v."""
    x, labels = mlp.examples(BATCH)
    (w1, b1, w2, b2), (v1, c1, v2, c2) = mlp.weights(), mlp.weights(seed=2)
    before = x @ w1 + b1
    mask = before > 0
    hidden, hidden_v = before * mask, (x @ v1 + c1) * mask
    _, d_logits = mlp.cross_entropy(hidden @ w2 + b2, labels)
    logits_v = hidden_v @ w2 + hidden @ v2 + c2
    p = d_logits.copy()
    p[np.arange(BATCH), labels] += np.float32(1 / BATCH)  # softmax / batch
    d_logits_v = p * logits_v - p * (p * logits_v).sum(1, keepdims=True) * BATCH
    d_hidden_v = (d_logits_v @ w2.T + d_logits @ v2.T) * mask
    return [
        x.T @ d_hidden_v,
        d_hidden_v.sum(0),
        hidden_v.T @ d_logits + hidden.T @ d_logits_v,
        d_logits_v.sum(0),
    ]


def with_tapes(tf: Any, case: str) -> Callable[[], Any]:
    """TensorFlow and minitf: the same lines."""
    return scalar_step(tf) if case == SCALAR else product_step(tf)


def scalar_step(tf: Any) -> Callable[[], Any]:
    x = tf.Variable(X)

    def step() -> Any:
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                y = x**4.0
            slope = inner.gradient(y, x)
        return outer.gradient(slope, x)

    return step


def product_step(tf: Any) -> Callable[[], Any]:
    parameters = [tf.Variable(value) for value in mlp.weights()]
    direction = [tf.constant(value) for value in mlp.weights(seed=2)]
    x, labels = (tf.constant(value) for value in mlp.examples(BATCH))

    def step() -> Any:
        w1, b1, w2, b2 = parameters
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                logits = tf.nn.relu(x @ w1 + b1) @ w2 + b2
                losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
                loss = tf.reduce_mean(losses)
            gradients = inner.gradient(loss, parameters)
            pairs = zip(gradients, direction, strict=True)
            along = tf.add_n([tf.reduce_sum(g * v) for g, v in pairs])
        return outer.gradient(along, parameters)

    return step


def minitf_eager(case: str) -> Step:
    import minitf as tf

    return with_tapes(tf, case)


def minitf_traced(case: str) -> Step:
    import minitf as tf

    return tf.function(with_tapes(tf, case))


def tensorflow_eager(case: str) -> Step:
    import tensorflow as tf

    return with_tapes(tf, case)


def tensorflow_function(case: str) -> Step:
    import tensorflow as tf

    return tf.function(with_tapes(tf, case))


def torch_eager(case: str) -> Step:
    import torch

    if case == SCALAR:
        x = torch.tensor(X, requires_grad=True)

        def scalar() -> Any:
            (slope,) = torch.autograd.grad(x**4.0, [x], create_graph=True)
            return torch.autograd.grad(slope, [x])[0]

        return scalar

    parameters = [torch.from_numpy(value).requires_grad_() for value in mlp.weights()]
    direction = [torch.from_numpy(value) for value in mlp.weights(seed=2)]
    images, labels = (torch.from_numpy(value) for value in mlp.examples(BATCH))
    labels = labels.long()

    def product() -> Any:
        w1, b1, w2, b2 = parameters
        logits = torch.relu(images @ w1 + b1) @ w2 + b2
        loss = torch.nn.functional.cross_entropy(logits, labels)
        gradients = torch.autograd.grad(loss, parameters, create_graph=True)
        return torch.autograd.grad(gradients, parameters, grad_outputs=direction)

    return product


def jax_jit(case: str) -> Step:
    import jax
    import jax.numpy as jnp

    if case == SCALAR:
        second = jax.jit(jax.grad(jax.grad(lambda x: x**4.0)))
        x = jnp.float32(X)
        return lambda: jax.block_until_ready(second(x))

    images, labels = (jnp.asarray(value) for value in mlp.examples(BATCH))

    def loss(parameters: Any) -> Any:
        w1, b1, w2, b2 = parameters
        log_p = jax.nn.log_softmax(jax.nn.relu(images @ w1 + b1) @ w2 + b2)
        return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()

    @jax.jit
    def product(parameters: Any, direction: Any) -> Any:
        return jax.jvp(jax.grad(loss), (parameters,), (direction,))[1]

    parameters = [jnp.asarray(value) for value in mlp.weights()]
    direction = [jnp.asarray(value) for value in mlp.weights(seed=2)]
    return lambda: jax.block_until_ready(product(parameters, direction))


def autograd_eager(case: str) -> Step:
    import autograd.numpy as anp
    from autograd import grad, make_hvp

    if case == SCALAR:
        second = grad(grad(lambda x: x**4.0))
        return lambda: second(X)

    images, labels = mlp.examples(BATCH)
    rows = np.arange(BATCH)

    def loss(parameters: Any) -> Any:
        w1, b1, w2, b2 = parameters
        logits = anp.maximum(images @ w1 + b1, 0) @ w2 + b2
        log_sums = anp.log(anp.sum(anp.exp(logits), axis=1))
        return anp.mean(log_sums - logits[rows, labels])

    parameters, direction = mlp.weights(), mlp.weights(seed=2)
    return lambda: make_hvp(loss)(parameters)[0](direction)


WORKLOAD = Workload(
    name="W6",
    title="second derivative of x⁴; Hessian-vector product of the MLP's loss, batch 32",
    cases=(SCALAR, PRODUCT),
    contestants={
        "numpy/hand": by_hand,
        "minitf/eager": minitf_eager,
        "tensorflow/eager": tensorflow_eager,
        "torch/eager": torch_eager,
        "autograd/eager": autograd_eager,
        "minitf/traced": minitf_traced,
        "tensorflow/function": tensorflow_function,
        "jax/jit": jax_jit,
    },
)
