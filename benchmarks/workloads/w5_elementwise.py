"""W5: a chain of element-wise operations on a million numbers, and its gradient.

sum(tanh(x) * exp(-x²) + x/2). Here memory sets the pace: a compiler that fuses the chain reads the
numbers once, and everybody else moves them once per operation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.workload import Step, Workload

SIZE = 1_000_000


def numbers() -> np.ndarray:
    return np.random.default_rng(0).uniform(-2, 2, SIZE).astype(np.float32)


def by_hand(case: str) -> Step:
    x = numbers()

    def step() -> tuple:
        t, e = np.tanh(x), np.exp(-x * x)
        total = (t * e + np.float32(0.5) * x).sum()
        gradient = (1 - t * t) * e - 2 * x * t * e + np.float32(0.5)
        return total, gradient

    return step


def with_tape(tf: Any) -> tuple[Any, Any]:
    """TensorFlow and minitf: the same lines. Returns the step and its argument."""

    def step(x: Any) -> tuple:
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(tf.tanh(x) * tf.exp(-x * x) + 0.5 * x)
        return total, tape.gradient(total, x)

    return step, tf.constant(numbers())


def eager(tf: Any) -> Step:
    step, x = with_tape(tf)
    return lambda: step(x)


def traced(tf: Any, **options: Any) -> Step:
    step, x = with_tape(tf)
    function = tf.function(step, **options)
    return lambda: function(x)


def minitf_eager(case: str) -> Step:
    import minitf as tf

    return eager(tf)


def minitf_traced(case: str) -> Step:
    import minitf as tf

    return traced(tf)


def tensorflow_eager(case: str) -> Step:
    import tensorflow as tf

    return eager(tf)


def tensorflow_function(case: str) -> Step:
    import tensorflow as tf

    return traced(tf)


def tensorflow_xla(case: str) -> Step:
    import tensorflow as tf

    return traced(tf, jit_compile=True)


def torch_eager(case: str) -> Step:
    import torch

    x = torch.from_numpy(numbers()).requires_grad_()

    def step() -> tuple:
        total = torch.sum(torch.tanh(x) * torch.exp(-x * x) + 0.5 * x)
        (gradient,) = torch.autograd.grad(total, [x])
        return total.detach(), gradient

    return step


def jax_jit(case: str) -> Step:
    import jax
    import jax.numpy as jnp

    def total(x: Any) -> Any:
        return jnp.sum(jnp.tanh(x) * jnp.exp(-x * x) + 0.5 * x)

    function, x = jax.jit(jax.value_and_grad(total)), jnp.asarray(numbers())
    return lambda: jax.block_until_ready(function(x))


def autograd_eager(case: str) -> Step:
    import autograd.numpy as anp
    from autograd import value_and_grad

    def total(x: Any) -> Any:
        return anp.sum(anp.tanh(x) * anp.exp(-x * x) + np.float32(0.5) * x)

    function, x = value_and_grad(total), numbers()
    return lambda: function(x)


WORKLOAD = Workload(
    name="W5",
    title="element-wise chain on 1e6 numbers, forward and backward",
    cases=("1e6",),
    contestants={
        "numpy/hand": by_hand,
        "minitf/eager": minitf_eager,
        "tensorflow/eager": tensorflow_eager,
        "torch/eager": torch_eager,
        "autograd/eager": autograd_eager,
        "minitf/traced": minitf_traced,
        "tensorflow/function": tensorflow_function,
        "tensorflow/XLA": tensorflow_xla,
        "jax/jit": jax_jit,
    },
)
