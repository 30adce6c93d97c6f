"""W3: one training step of an MNIST-sized network, forward, backward and Adam.

`eager` uses layers and an optimizer; `plain` uses operations, and TensorFlow's fused Adam kernel;
`function` and `traced` compile the whole eager step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.workload import Step, Workload
from benchmarks.workloads import mlp

BATCHES = {"b32": 32, "b128": 128}


def by_hand(case: str) -> Step:
    x, labels = mlp.examples(BATCHES[case])
    parameters = mlp.weights()
    adam = mlp.Adam(parameters)

    def step() -> tuple:
        loss, gradients = mlp.loss_and_gradients(parameters, x, labels)
        adam.apply(gradients)
        return loss, *gradients

    return step


def with_layers(tf: Any, case: str) -> tuple[Callable[..., tuple], list]:
    """TensorFlow and minitf: the same lines. Returns the step and its arguments."""
    model = mlp.keras_model(tf)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = tf.keras.optimizers.Adam(mlp.RATE)
    optimizer.build(model.trainable_variables)

    def step(x: Any, labels: Any) -> tuple:
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss, *gradients

    return step, [tf.constant(value) for value in mlp.examples(BATCHES[case])]


def repeat(step: Callable[..., Any], arguments: list) -> Step:
    """A step without arguments."""

    def again() -> Any:
        return step(*arguments)

    return again


def compiled(tf: Any, step: Callable[..., tuple], arguments: list) -> Step:
    """The whole step as one graph. It returns the loss; gradients stay inside."""

    def loss_only(x: Any, labels: Any) -> Any:
        return step(x, labels)[0]

    return repeat(tf.function(loss_only), arguments)


def minitf_eager(case: str) -> Step:
    import minitf as tf

    return repeat(*with_layers(tf, case))


def minitf_traced(case: str) -> Step:
    import minitf as tf

    return compiled(tf, *with_layers(tf, case))


def tensorflow_eager(case: str) -> Step:
    import tensorflow as tf

    return repeat(*with_layers(tf, case))


def tensorflow_function(case: str) -> Step:
    import tensorflow as tf

    return compiled(tf, *with_layers(tf, case))


def tensorflow_operations(case: str) -> tuple[Callable[..., tuple], list]:
    """The leanest TensorFlow: no layers, Adam as one kernel per variable."""
    import tensorflow as tf

    parameters = [tf.Variable(value) for value in mlp.weights()]
    slots = [(tf.Variable(tf.zeros_like(p)), tf.Variable(tf.zeros_like(p))) for p in parameters]
    power_1, power_2 = tf.Variable(mlp.BETA_1), tf.Variable(mlp.BETA_2)

    def step(x: Any, labels: Any) -> tuple:
        w1, b1, w2, b2 = parameters
        with tf.GradientTape() as tape:
            logits = tf.nn.relu(x @ w1 + b1) @ w2 + b2
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, parameters)
        for p, g, (m, v) in zip(parameters, gradients, slots, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                var=p.handle,
                m=m.handle,
                v=v.handle,
                beta1_power=power_1,
                beta2_power=power_2,
                lr=mlp.RATE,
                beta1=mlp.BETA_1,
                beta2=mlp.BETA_2,
                epsilon=mlp.EPSILON,
                grad=g,
            )
        power_1.assign(power_1 * mlp.BETA_1)
        power_2.assign(power_2 * mlp.BETA_2)
        return loss, *gradients

    return step, [tf.constant(value) for value in mlp.examples(BATCHES[case])]


def tensorflow_plain(case: str) -> Step:
    return repeat(*tensorflow_operations(case))


def tensorflow_plain_function(case: str) -> Step:
    import tensorflow as tf

    return compiled(tf, *tensorflow_operations(case))


def torch_step(case: str, **adam: Any) -> Step:
    import torch

    model = mlp.torch_model(torch)
    images, labels = mlp.examples(BATCHES[case])
    x, labels = torch.from_numpy(images), torch.from_numpy(labels).long()
    optimizer = torch.optim.Adam(model.parameters(), lr=mlp.RATE, eps=mlp.EPSILON, **adam)

    def step() -> Any:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def torch_eager(case: str) -> Step:
    return torch_step(case)


def torch_fused(case: str) -> Step:
    return torch_step(case, fused=True)


def jax_jit(case: str) -> Step:
    import jax
    import jax.numpy as jnp

    update = mlp.jax_step(jax, jnp)
    x, labels = (jnp.asarray(value) for value in mlp.examples(BATCHES[case]))
    parameters = [jnp.asarray(value) for value in mlp.weights()]
    slots = [(jnp.zeros_like(p), jnp.zeros_like(p)) for p in parameters]
    number = 0.0

    def step() -> Any:
        nonlocal parameters, slots, number
        number += 1.0
        parameters, slots, loss = update(parameters, slots, number, x, labels)
        return jax.block_until_ready(loss)

    return step


def autograd_eager(case: str) -> Step:
    import autograd.numpy as np
    from autograd import value_and_grad

    x, labels = mlp.examples(BATCHES[case])
    parameters = mlp.weights()
    adam = mlp.Adam(parameters)
    rows = np.arange(len(labels))

    def loss_of(parameters: Any) -> Any:
        w1, b1, w2, b2 = parameters
        logits = np.maximum(x @ w1 + b1, 0) @ w2 + b2
        logits = logits - np.max(logits, axis=1, keepdims=True)
        log_sums = np.log(np.sum(np.exp(logits), axis=1))
        return np.mean(log_sums - logits[rows, labels])

    gradient = value_and_grad(loss_of)

    def step() -> tuple:
        loss, gradients = gradient(parameters)
        adam.apply(gradients)
        return loss, *gradients

    return step


WORKLOAD = Workload(
    name="W3",
    title="training step of an MLP 784-128-10 with Adam",
    cases=tuple(BATCHES),
    contestants={
        "numpy/hand": by_hand,
        "minitf/eager": minitf_eager,
        "tensorflow/eager": tensorflow_eager,
        "tensorflow/plain": tensorflow_plain,
        "torch/eager": torch_eager,
        "torch/fused": torch_fused,
        "autograd/eager": autograd_eager,
        "minitf/traced": minitf_traced,
        "tensorflow/function": tensorflow_function,
        "tensorflow/plain function": tensorflow_plain_function,
        "jax/jit": jax_jit,
    },
)
