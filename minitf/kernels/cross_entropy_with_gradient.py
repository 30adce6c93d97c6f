"""FusedCrossEntropy: the loss of each row and its gradient, from one softmax.

    losses, gradient = cross_entropy_with_gradient(logits, labels, upstream)
    losses[i]   = log Σ exp(zᵢ) - zᵢ[label]
    gradient[i] = upstream[i] × (softmax(zᵢ) - one_hot(label))

Written out, the forward pass takes exp of every logit, and the backward pass takes it once more.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.registry import define, find


def cross_entropy_with_gradient(
    logits: Any, labels: Any, upstream: Any, out: Any = None
) -> tuple[Any, Any]:
    """Losses of shape (rows,) and their gradients by the logits, (rows, classes).

    Args:
        logits: floats of shape (rows, classes).
        labels: integers of shape (rows,).
        upstream: what flows back to each loss, of shape (rows,).
        out: arrays for the two results.

    Raises:
        InvalidArgumentError: a label out of range.
    """
    count, classes = logits.shape
    _check(logits, labels, classes)
    losses, p = out or (None, None)
    rows = np.arange(count)
    p = np.subtract(logits, np.maximum.reduce(logits, axis=1, keepdims=True), p)
    chosen = p[rows, labels]
    np.exp(p, p)
    sums = np.add.reduce(p, axis=1, keepdims=True)
    losses = np.subtract(np.log(sums[:, 0]), chosen, losses)
    np.divide(p, sums, p)
    p[rows, labels] -= 1
    np.multiply(p, upstream[:, None], p)
    return losses, p


def _check(logits: Any, labels: Any, classes: int) -> None:
    unsigned = labels.view(f"u{labels.dtype.itemsize}")  # a negative label becomes a huge one
    if labels.size and np.maximum.reduce(unsigned) >= classes:
        find("SparseSoftmaxCrossEntropyWithLogits").kernel(logits, labels)  # explains it


FUSED_CROSS_ENTROPY = define(
    "FusedCrossEntropy", cross_entropy_with_gradient, text="cross_entropy({0}, label {1})"
)
