"""W2: a long chain of scalar operations, forward and backward, per operation.

v = sin(v * w) + b, again and again; then the gradient by w and by b. With 100,000 operations
recursion would fail, and a cost per operation that grows with the length would show.
"""

from __future__ import annotations

import math
import sys
from typing import Any

from benchmarks.workload import NotYet, Step, Workload

START, W, B = 0.3, 0.9, 0.5
ROUNDS = {"999 operations": 333, "99,999 operations": 33_333}  # of three operations each


def by_hand(case: str) -> Step:
    import numpy as np

    start, w, b = np.float32(START), np.float32(W), np.float32(B)

    def step() -> tuple:
        values, v = [], start
        for _ in range(ROUNDS[case]):
            values.append(v)
            v = np.sin(v * w) + b
        grad_w = grad_b = np.float32(0)
        upstream = np.float32(1)
        for v in reversed(values):
            grad_b = grad_b + upstream
            inner = upstream * np.cos(v * w)
            grad_w = grad_w + inner * v
            upstream = inner * w
        return grad_w, grad_b

    return step


def with_tape(tf: Any, case: str) -> Step:
    """TensorFlow and minitf: the same lines."""
    w, b, start = tf.Variable(W), tf.Variable(B), tf.constant(START)

    def step() -> tuple:
        with tf.GradientTape() as tape:
            v = start
            for _ in range(ROUNDS[case]):
                v = tf.sin(v * w) + b
        return tuple(tape.gradient(v, [w, b]))

    return step


def minitf_eager(case: str) -> Step:
    import minitf as tf

    return with_tape(tf, case)


def minitf_traced(case: str) -> Step:
    import minitf as tf

    return tf.function(with_tape(tf, case))


def tensorflow_eager(case: str) -> Step:
    import tensorflow as tf

    return with_tape(tf, case)


def tensorflow_function(case: str) -> Step:
    import tensorflow as tf

    return tf.function(with_tape(tf, case))


def torch_eager(case: str) -> Step:
    import torch

    w, b = torch.tensor(W, requires_grad=True), torch.tensor(B, requires_grad=True)
    start = torch.tensor(START)

    def step() -> tuple:
        v = start
        for _ in range(ROUNDS[case]):
            v = torch.sin(v * w) + b
        return torch.autograd.grad(v, [w, b])

    return step


def jax_jit(case: str) -> Step:
    import jax
    import jax.numpy as jnp

    def chain(w: Any, b: Any, v: Any) -> Any:
        for _ in range(ROUNDS[case]):
            v = jnp.sin(v * w) + b
        return v

    gradient = jax.jit(jax.grad(chain, argnums=(0, 1)))
    values = [jnp.float32(value) for value in (W, B, START)]

    def step() -> tuple:
        return jax.block_until_ready(gradient(*values))

    return step


def autograd_eager(case: str) -> Step:
    import autograd.numpy as np
    from autograd import grad

    def chain(w: Any, b: Any, v: Any) -> Any:
        for _ in range(ROUNDS[case]):
            v = np.sin(v * w) + b
        return v

    gradient = grad(chain, argnum=(0, 1))

    def step() -> tuple:
        return gradient(W, B, START)

    return step


def micrograd_eager(case: str) -> Step:
    from micrograd.engine import Value

    sys.setrecursionlimit(10_000)  # its backward pass is recursive

    def sine(x: Any) -> Any:  # it has none of its own
        out = Value(math.sin(x.data), (x,), "sin")

        def backward() -> None:
            x.grad += math.cos(x.data) * out.grad

        out._backward = backward
        return out

    def step() -> tuple:
        w, b = Value(W), Value(B)
        v = Value(START)
        for _ in range(ROUNDS[case]):
            v = sine(v * w) + b
        v.backward()
        return w.grad, b.grad

    return step


def only_short(contestant: Any) -> Any:
    """The long chain asks how minitf grows; some peers take seconds or overflow the stack."""

    def prepare(case: str) -> Step:
        if case != "999 operations":
            raise NotYet("the long chain is for minitf alone")
        return contestant(case)

    return prepare


WORKLOAD = Workload(
    name="W2",
    title="chain of scalar operations, per operation, forward and backward",
    cases=tuple(ROUNDS),
    operations={case: 3 * rounds for case, rounds in ROUNDS.items()},
    contestants={
        "numpy/hand": by_hand,
        "minitf/eager": minitf_eager,
        "tensorflow/eager": only_short(tensorflow_eager),
        "torch/eager": only_short(torch_eager),
        "autograd/eager": only_short(autograd_eager),
        "micrograd/eager": only_short(micrograd_eager),
        "minitf/traced": only_short(minitf_traced),
        "tensorflow/function": only_short(tensorflow_function),
        "jax/jit": only_short(jax_jit),
    },
)
