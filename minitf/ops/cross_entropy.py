"""Cross-entropies from logits: the loss and its gradient in one stable step.

    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1], logits=[[1000.0, 0.0]])  # [1000.]

Softmax and log are one operation here. Taken one after the other they lose everything: softmax
gives 0, its log -inf, and the gradient nan.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array, elementary, reductions, softmax
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import floats_only, normalize_axis
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _sparse_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    _check_labels(logits, labels)
    shifted = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)
    log_sum = np.log(np.add.reduce(np.exp(shifted), axis=-1))
    return log_sum - _rows(shifted)[_places(labels)].reshape(labels.shape)


def _sparse_cross_entropy_grad_kernel(
    logits: np.ndarray, labels: np.ndarray, upstream: np.ndarray
) -> np.ndarray:
    grad = softmax.probabilities(logits, -1)
    _rows(grad)[_places(labels)] -= 1
    grad *= upstream[..., None]
    return grad


def _soft_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    shifted = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)
    log_sum = np.log(np.add.reduce(np.exp(shifted), axis=-1, keepdims=True))
    return np.add.reduce(labels * (log_sum - shifted), axis=-1)


def _binary_cross_entropy(logits: Any, labels: Any) -> Any:
    # max(z, 0) - z·p + log(1 + e^-|z|): no overflow for either sign of z
    return np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits)))


SPARSE_CROSS_ENTROPY = define(
    "SparseSoftmaxCrossEntropyWithLogits",
    floats_only("SparseSoftmaxCrossEntropyWithLogits", _sparse_cross_entropy),
    text="cross_entropy({0}, label {1})",
    partials=("softmax({0}) - one_hot({1})",),
)
SPARSE_CROSS_ENTROPY_GRAD = define(
    "SparseSoftmaxCrossEntropyGrad",
    _sparse_cross_entropy_grad_kernel,
    text="{2} × (softmax({0}) - one_hot({1}))",
    partials=("{2} × softmax'({0})", "0", "softmax({0}) - one_hot({1})"),
)
CROSS_ENTROPY = define(
    "SoftmaxCrossEntropyWithLogits",
    floats_only("SoftmaxCrossEntropyWithLogits", _soft_cross_entropy),
    same_dtype=True,
    text="cross_entropy({0}, {1})",
    partials=("softmax({0}) - {1}", "-log_softmax({0})"),
)
BINARY_CROSS_ENTROPY = define(
    "SigmoidCrossEntropyWithLogits",
    floats_only("SigmoidCrossEntropyWithLogits", _binary_cross_entropy),
    same_dtype=True,
    text="binary_cross_entropy({0}, {1})",
    partials=("sigmoid({0}) - {1}", "-{0}"),
)


def sparse_softmax_cross_entropy_with_logits(
    labels: Any, logits: Any, name: str | None = None
) -> Tensor:
    """-log softmax(logits)[label] for class numbers as labels.

    Args:
        labels: integers of shape (...,), each from 0 to the number of classes - 1.
        logits: floats of shape (..., classes): raw scores, no softmax applied.

    Returns:
        Losses of shape (...,), one per label.

    Raises:
        InvalidArgumentError: a label out of range, or shapes that do not belong together.
        ValueError: labels or logits are missing, or the logits are one number.
    """
    if labels is None or logits is None:
        raise ValueError(
            "Both `labels` and `logits` must be provided for "
            f"sparse_softmax_cross_entropy_with_logits; got labels={labels!r}, logits={logits!r}. "
            "Does the model's call() forget its `return`?"
        )
    logits = convert_to_tensor(logits)
    if logits._value.ndim == 0:
        raise ValueError(
            "`logits` cannot be a scalar: they hold one score per class, shape (batch, classes)."
        )
    return execute(SPARSE_CROSS_ENTROPY, (logits, labels))


@gradient("SparseSoftmaxCrossEntropyWithLogits", on_arrays=True)
def _sparse_cross_entropy_grad(call: Any, upstream: Tensor) -> tuple:
    # dL/dzᵢ = softmax(z)ᵢ - (1 if i is the label else 0)
    logits, labels = call.inputs
    return execute(SPARSE_CROSS_ENTROPY_GRAD, (logits, labels, upstream)), None


@gradient("SparseSoftmaxCrossEntropyGrad")
def _sparse_cross_entropy_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # G = u (softmax(z) - h): linear in u; by z it is softmax with the upstream U u, see softmax.py
    logits, labels, factor = call.inputs
    want_logits, _, want_factor = call.wanted
    grad_logits = grad_factor = None
    if want_logits:
        p, weighted = softmax.softmax(logits), upstream * array.expand_dims(factor, -1)
        grad_logits = (weighted - reductions.reduce_sum(weighted * p, -1, keepdims=True)) * p
    if want_factor:
        inputs = (logits, labels, array.ones_like(factor))
        slope = execute(SPARSE_CROSS_ENTROPY_GRAD, inputs)
        grad_factor = reductions.reduce_sum(upstream * slope, -1)
    return grad_logits, None, grad_factor


def softmax_cross_entropy_with_logits(
    labels: Any, logits: Any, axis: int = -1, name: str | None = None
) -> Tensor:
    """-Σ labels · log softmax(logits), for labels that are probabilities along `axis`.

    Args:
        labels: floats of the shape of the logits, adding up to 1 along `axis`.
        logits: floats: raw scores, no softmax applied.

    Returns:
        Losses, of the shape of the logits without `axis`.

    Raises:
        InvalidArgumentError: shapes that do not broadcast, or different dtypes.
    """
    logits = convert_to_tensor(logits)
    labels = convert_to_tensor(labels, dtype_hint=logits.dtype)
    axis = normalize_axis(axis, logits._value.ndim, CROSS_ENTROPY.name)
    if axis != logits._value.ndim - 1:
        order = [i for i in range(logits._value.ndim) if i != axis] + [axis]
        logits, labels = array.transpose(logits, order), array.transpose(labels, order)
    return execute(CROSS_ENTROPY, (logits, labels))


@gradient("SoftmaxCrossEntropyWithLogits")
def _cross_entropy_grad(call: Any, upstream: Tensor) -> tuple:
    # dL/dz = softmax(z) - p, for labels p that add up to 1;  dL/dp = -log softmax(z)
    logits, labels = call.inputs
    want_logits, want_labels = call.wanted
    column = array.expand_dims(upstream, -1)
    grad_logits = grad_labels = None
    if want_logits:
        grad_logits = unbroadcast(column * (softmax.softmax(logits) - labels), logits)
    if want_labels:
        grad_labels = unbroadcast(column * -softmax.log_softmax(logits), labels)
    return grad_logits, grad_labels


def sigmoid_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """-p log σ(z) - (1 - p) log(1 - σ(z)) for each element: independent yes/no questions.

    Args:
        labels: floats between 0 and 1, of the shape of the logits.
        logits: floats: raw scores, no sigmoid applied.

    Raises:
        ValueError: one of them is missing, or the shapes differ.
        InvalidArgumentError: different dtypes.
    """
    if labels is None or logits is None:
        raise ValueError(
            "sigmoid_cross_entropy_with_logits needs labels=... and logits=... by name."
        )
    logits = convert_to_tensor(logits)
    labels = convert_to_tensor(labels, dtype_hint=logits.dtype)
    if labels._value.shape != logits._value.shape:
        raise ValueError(
            f"`logits` and `labels` must have the same shape, received ({logits.shape} vs "
            f"{labels.shape}). A model with one output gives (batch, 1): use labels[:, None]."
        )
    return execute(BINARY_CROSS_ENTROPY, (logits, labels))


@gradient("SigmoidCrossEntropyWithLogits")
def _binary_cross_entropy_grad(call: Any, upstream: Tensor) -> tuple:
    # dL/dz = sigmoid(z) - p,  dL/dp = -z
    logits, labels = call.inputs
    want_logits, want_labels = call.wanted
    grad_logits = upstream * (elementary.sigmoid(logits) - labels) if want_logits else None
    return grad_logits, -upstream * logits if want_labels else None


def _rows(x: np.ndarray) -> np.ndarray:
    """All axes but the last as one."""
    return x.reshape(-1, x.shape[-1])


def _places(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which entry of each row is the label's."""
    return np.arange(labels.size), labels.reshape(-1)


def _check_labels(logits: np.ndarray, labels: np.ndarray) -> None:
    name = SPARSE_CROSS_ENTROPY.name
    if labels.dtype.kind not in "iu":
        raise InvalidArgumentError(
            f"labels must be integers, got {dtypes.of(labels).name} of shape {labels.shape} "
            f"[Op:{name}]\nClass numbers: tf.cast(labels, tf.int32). For one-hot labels use "
            "tf.nn.softmax_cross_entropy_with_logits.",
            name,
        )
    if labels.shape != logits.shape[:-1]:
        raise InvalidArgumentError(
            f"labels of shape {labels.shape} and logits of shape {logits.shape}: labels must have "
            f"the logits' shape without the last axis, here {logits.shape[:-1]} [Op:{name}]\n"
            "One-hot labels belong to softmax_cross_entropy_with_logits, class numbers here.",
            name,
        )
    classes = logits.shape[-1]
    unsigned = labels.view(f"u{labels.itemsize}")  # makes negative numbers the largest of all
    if labels.size and unsigned.max() >= classes:
        where = np.argwhere((labels < 0) | (labels >= classes))[0].tolist()
        raise InvalidArgumentError(
            f"Received a label value of {labels[tuple(where)]} at position {where} which is "
            f"outside the valid range of [0, {classes}) [Op:{name}]\nThe logits have {classes} "
            "classes, counted from 0. Labels that start at 1 need labels - 1; otherwise the last "
            "layer has too few units.",
            name,
        )
