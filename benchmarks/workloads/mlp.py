"""The network of W3 and W6: 784 inputs, 128 relu units, 10 logits; and its training by hand.

The images are random numbers and the labels too: what they show makes no difference to the time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

INPUTS, HIDDEN, CLASSES = 784, 128, 10
RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-7  # Adam's


def examples(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Images in rows, float32 between 0 and 1, and int32 labels."""
    random = np.random.default_rng(0)
    images = random.random((count, INPUTS), dtype=np.float32)
    return images, random.integers(0, CLASSES, count, dtype=np.int32)


def weights(seed: int = 1) -> list[np.ndarray]:
    """W1 (784, 128), b1, W2 (128, 10), b2, with Glorot's scale."""
    random = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> np.ndarray:
        limit = np.sqrt(6 / (rows + columns))
        return random.uniform(-limit, limit, (rows, columns)).astype(np.float32)

    first, second = matrix(INPUTS, HIDDEN), matrix(HIDDEN, CLASSES)
    return [first, np.zeros(HIDDEN, np.float32), second, np.zeros(CLASSES, np.float32)]


def loss_and_gradients(
    parameters: list[np.ndarray], x: np.ndarray, labels: np.ndarray
) -> tuple[Any, list[np.ndarray]]:
    """Mean cross-entropy of softmax, and its gradient by each parameter, by hand."""
    w1, b1, w2, b2 = parameters
    hidden = np.maximum(x @ w1 + b1, 0)
    loss, d_logits = cross_entropy(hidden @ w2 + b2, labels)
    d_hidden = d_logits @ w2.T
    d_hidden[hidden == 0] = 0
    gradients = [x.T @ d_hidden, d_hidden.sum(0), hidden.T @ d_logits, d_logits.sum(0)]
    return loss, gradients


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[Any, np.ndarray]:
    """Mean cross-entropy, and its gradient by the logits: (softmax - one_hot) / batch."""
    rows = np.arange(len(labels))
    logits = logits - logits.max(1, keepdims=True)
    powers = np.exp(logits)
    sums = powers.sum(1, keepdims=True)
    loss = (np.log(sums[:, 0]) - logits[rows, labels]).mean()
    gradient = powers / sums
    gradient[rows, labels] -= 1
    gradient /= np.float32(len(labels))
    return loss, gradient


class Adam:
    """Adam on NumPy arrays, in place, in Keras' form; for the references and for autograd."""

    def __init__(self, parameters: list[np.ndarray]) -> None:
        self.parameters = parameters
        self._slots = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        self._step = 0

    def apply(self, gradients: list[np.ndarray]) -> None:
        """One step."""
        self._step += 1
        correction = np.sqrt(1 - BETA_2**self._step) / (1 - BETA_1**self._step)
        alpha = np.float32(RATE * correction)
        for p, g, (m, v) in zip(self.parameters, gradients, self._slots, strict=True):
            m *= np.float32(BETA_1)
            m += np.float32(1 - BETA_1) * g
            v *= np.float32(BETA_2)
            v += np.float32(1 - BETA_2) * (g * g)
            root = np.sqrt(v)
            root += np.float32(EPSILON)
            p -= alpha * m / root


def torch_model(torch: Any) -> Any:
    """The same network as a torch module, with the same start."""
    model = torch.nn.Sequential(
        torch.nn.Linear(INPUTS, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLASSES)
    )
    with torch.no_grad():
        for parameter, start in zip(model.parameters(), weights(), strict=True):
            parameter.copy_(torch.from_numpy(start.T.copy()))  # torch keeps (outputs, inputs)
    return model


def keras_model(tf: Any) -> Any:
    """The same network from Keras layers, with the same start; TensorFlow's or minitf's."""
    dense = tf.keras.layers.Dense
    model = tf.keras.Sequential([dense(HIDDEN, activation="relu"), dense(CLASSES)])
    model.build((None, INPUTS))
    model.set_weights(weights())
    return model


def jax_step(jax: Any, jnp: Any) -> Any:
    """A function of (parameters, slots, step number, x, labels) that is one compiled step."""

    def loss(parameters: Any, x: Any, labels: Any) -> Any:
        w1, b1, w2, b2 = parameters
        logits = jax.nn.relu(x @ w1 + b1) @ w2 + b2
        log_p = jax.nn.log_softmax(logits)
        return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()

    return jax.jit(jax_adam(jax, jnp, jax.value_and_grad(loss)), donate_argnums=(0, 1))


def jax_adam(jax: Any, jnp: Any, loss_and_gradient: Any) -> Any:
    """Adam around a function that gives the loss and its gradients."""

    def step(parameters: Any, slots: Any, number: Any, x: Any, labels: Any) -> tuple:
        loss, gradients = loss_and_gradient(parameters, x, labels)
        alpha = RATE * jnp.sqrt(1 - BETA_2**number) / (1 - BETA_1**number)
        new_parameters, new_slots = [], []
        for p, g, (m, v) in zip(parameters, gradients, slots, strict=True):
            m = BETA_1 * m + (1 - BETA_1) * g
            v = BETA_2 * v + (1 - BETA_2) * g * g
            new_parameters.append(p - alpha * m / (jnp.sqrt(v) + EPSILON))
            new_slots.append((m, v))
        return new_parameters, new_slots, loss

    return step
