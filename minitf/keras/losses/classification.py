"""Losses for classes: the cross-entropies, from logits or from probabilities.

    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    loss([1], [[1000.0, 0.0]])                # 1000, gradient [[1, -1]]
    loss = tf.keras.losses.SparseCategoricalCrossentropy()
    loss([1], [[1.0, 0.0]])                   # 16.118 = -log(1e-7), gradient exactly 0

From logits, softmax and logarithm are one operation, and exact for any logits. From probabilities,
Keras clips them to [1e-7, 1 - 1e-7] first, so that log(0) cannot occur; where it clips, no gradient
passes, and learning stops without a sign. Prefer logits: no activation in the last layer, and
from_logits=True in the loss.

The softmax and sigmoid of tf.keras.activations (those of Dense(activation="softmax") too) remember
their logits, and the losses go back to them: then nothing is clipped. tf.nn.softmax has no memory.
"""

from __future__ import annotations

import warnings
from typing import Any

import minitf as tf
from minitf.keras.losses.base import LossFunctionWrapper, as_float, even_ranks
from minitf.tensor import Tensor

EPSILON = 1e-7


def sparse_categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Tensor:
    """-log(probability of the true class), one value per example.

    Args:
        y_true: class numbers, shape (batch, ...) or (batch, ..., 1).
        y_pred: logits or probabilities, shape (batch, ..., classes).
        from_logits: True if y_pred has not been through a softmax.
        ignore_class: examples of this class get loss 0.
        axis: only the last axis may hold the classes.

    Raises:
        ValueError: shapes that do not belong together.
        InvalidArgumentError: a label that is none of the classes.
    """
    y_pred, from_logits = _logits_of(_as_tensor(y_pred), from_logits, "sparse_categorical")
    labels = _as_labels(y_true)
    if axis not in (-1, y_pred._value.ndim - 1):
        raise ValueError(f"Only axis=-1 is supported for the classes, got axis={axis}.")
    if labels._value.ndim == y_pred._value.ndim and labels._value.shape[-1] == 1:
        labels = tf.reshape(labels, labels._value.shape[:-1])
    _check_one_label_each(labels, y_pred)
    kept = None
    if ignore_class is not None:
        kept = tf.cast(tf.not_equal(labels, ignore_class), y_pred.dtype)
        labels = labels * tf.cast(kept, labels.dtype)  # any valid label will do: its loss becomes 0
    logits = y_pred if from_logits else tf.math.log(_clip(y_pred))
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return losses if kept is None else losses * kept


def categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """-sum(y_true * log(probabilities)), one value per example.

    Args:
        y_true: a distribution per example, mostly one-hot, shape (batch, ..., classes).
        y_pred: logits or probabilities, of the same shape.
        from_logits: True if y_pred has not been through a softmax.
        label_smoothing: moves this much of the labels' weight evenly to all classes.
        axis: the classes' axis.

    Raises:
        ValueError: the shapes differ.
    """
    y_pred, from_logits = _logits_of(_as_tensor(y_pred), from_logits, "categorical")
    y_true = as_float(y_true, y_pred.dtype)
    have, want = y_true._value.shape, y_pred._value.shape
    if have != want:
        raise ValueError(
            f"Arguments `target` and `output` must have the same shape. Received: target.shape="
            f"{tuple(have)}, output.shape={tuple(want)}. CategoricalCrossentropy needs one-hot "
            "labels: use tf.keras.utils.to_categorical, or SparseCategoricalCrossentropy for class "
            "numbers."
        )
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / want[axis]
    if from_logits:
        return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred, axis=axis)
    total = tf.reduce_sum(y_pred, axis=axis, keepdims=True)
    return -tf.reduce_sum(y_true * tf.math.log(_clip(y_pred / total)), axis=axis)


def binary_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """-(y log p + (1 - y) log(1 - p)), mean over the last axis.

    Args:
        y_true: labels 0 or 1 (or between), of the shape of y_pred.
        y_pred: logits or probabilities.
        from_logits: True if y_pred has not been through a sigmoid.
        label_smoothing: pulls the labels towards 0.5.
        axis: the axis to take the mean over.

    Raises:
        ValueError: the shapes differ.
    """
    y_pred, from_logits = _logits_of(_as_tensor(y_pred), from_logits, "binary")
    y_true, y_pred = even_ranks(as_float(y_true, y_pred.dtype), y_pred)
    have, want = y_true._value.shape, y_pred._value.shape
    if have != want:
        raise ValueError(
            f"Arguments `target` and `output` must have the same shape. Received: target.shape="
            f"{tuple(have)}, output.shape={tuple(want)}. BinaryCrossentropy needs one label per "
            "output; for several classes use SparseCategoricalCrossentropy."
        )
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=y_true, logits=y_pred)
    else:
        p = _clip(y_pred)
        losses = -(y_true * tf.math.log(p) + (1.0 - y_true) * tf.math.log(1.0 - p))
    return tf.reduce_mean(losses, axis=axis)


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """Cross-entropy of class numbers. Arguments: see sparse_categorical_crossentropy.

    The mean over the batch counts only examples that are not of `ignore_class`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """The loss of a batch; see Loss."""
        loss = super().__call__(y_true, y_pred, sample_weight)
        ignored = self._fn_kwargs["ignore_class"]
        if ignored is None or self.reduction not in ("sum_over_batch_size", "mean"):
            return loss
        counts = tf.not_equal(tf.convert_to_tensor(y_true), ignored)
        return tf.math.divide_no_nan(loss, tf.reduce_mean(tf.cast(counts, loss.dtype)))

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """One value per example; labels and logits differ in rank by nature."""
        return self.fn(y_true, y_pred, **self._fn_kwargs)


class SmoothedCrossentropy(LossFunctionWrapper):
    """Base of the two losses with label smoothing. Arguments: see the function of each."""

    function: Any = None

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            type(self).function,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalCrossentropy(SmoothedCrossentropy):
    """Cross-entropy of one-hot labels. Arguments: see categorical_crossentropy."""

    function = staticmethod(categorical_crossentropy)


class BinaryCrossentropy(SmoothedCrossentropy):
    """Cross-entropy of yes/no labels. Arguments: see binary_crossentropy."""

    function = staticmethod(binary_crossentropy)


def _logits_of(y_pred: Tensor, from_logits: bool, kind: str) -> tuple[Tensor, bool]:
    """The logits, if y_pred remembers them, and whether what is returned are logits."""
    try:
        logits = y_pred._keras_logits
    except AttributeError:
        return y_pred, from_logits
    if from_logits:
        warnings.warn(
            f'"`{kind}_crossentropy` received `from_logits=True`, but the `output` argument was '
            "produced by a softmax or sigmoid activation and thus does not represent logits. Was "
            "this intended? Leave from_logits out, or the last layer's activation.",
            stacklevel=3,
        )
    return as_float(logits, y_pred.dtype), True


def _clip(probabilities: Tensor) -> Tensor:
    return tf.clip_by_value(probabilities, EPSILON, 1.0 - EPSILON)


def _as_tensor(y_pred: Any) -> Tensor:
    return y_pred if type(y_pred) is Tensor else tf.convert_to_tensor(y_pred)


def _as_labels(y_true: Any) -> Tensor:
    labels = _as_tensor(y_true)
    return labels if labels._value.dtype.kind in "iu" else tf.cast(labels, tf.int64)


def _check_one_label_each(labels: Tensor, y_pred: Tensor) -> None:
    have, want = labels._value.shape, y_pred._value.shape
    if have != want[:-1]:
        one_hot = have == want
        fix = (
            "The labels look one-hot: use CategoricalCrossentropy, or tf.argmax(labels, axis=-1)."
            if one_hot
            else "There must be one class number per example: check the batch sizes, and that the "
            "last layer has one unit per class."
        )
        raise ValueError(
            "Argument `output` must have rank (ndim) `target.ndim - 1`, and the same shape before "
            f"its last axis. Received: target.shape={tuple(have)}, output.shape={tuple(want)}. "
            f"{fix}"
        )
