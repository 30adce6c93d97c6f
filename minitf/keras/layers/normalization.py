"""Normalization: mean 0 and variance 1 for what comes in, then a learned scale and offset.

    BatchNormalization     each feature over the examples of the batch; at test time over what was
                           seen in training
    LayerNormalization     each example over its features, always alike
"""

from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.keras import initializers, regularizers
from minitf.keras.layers.base import Layer
from minitf.keras.layers.checks import check_axis
from minitf.tensor import Tensor


class BatchNormalization(Layer):
    """(x - mean) / √(variance + ε) · gamma + beta, for each feature.

    In training, mean and variance are those of the batch, and the moving ones follow them:
    moving ← moving · momentum + batch · (1 - momentum). Otherwise the moving ones are used. A
    frozen layer (trainable = False) uses the moving ones even in training.

    Source: Ioffe and Szegedy (2015).

    Args:
        axis: the features' axis.
        momentum: how much of the moving statistics is kept.
        epsilon: keeps the division from exploding.
        center, scale: False leaves beta, gamma out.
        *_initializer, *_regularizer: names, objects or functions.

    Weights: gamma, beta, moving_mean, moving_variance, each of the features' size; the last two
    are not trained.
    """

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.gamma: Any = None
        self.beta: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes the four weights."""
        check_axis(self.axis, input_shape, "BatchNormalization")
        shape = (input_shape[self.axis],)
        if self.scale:
            self.gamma = self.add_weight(
                shape, self.gamma_initializer, regularizer=self.gamma_regularizer, name="gamma"
            )
        if self.center:
            self.beta = self.add_weight(
                shape, self.beta_initializer, regularizer=self.beta_regularizer, name="beta"
            )
        self.moving_mean = self.add_weight(
            shape, self.moving_mean_initializer, trainable=False, name="moving_mean"
        )
        self.moving_variance = self.add_weight(
            shape, self.moving_variance_initializer, trainable=False, name="moving_variance"
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Any shape, kept."""
        self._check_features(inputs)
        x = _in_full_precision(inputs)
        axis = self.axis % x._value.ndim
        others = [i for i in range(x._value.ndim) if i != axis]
        mean: Any = self.moving_mean
        variance: Any = self.moving_variance
        if training and self.trainable:
            mean, variance = tf.nn.moments(x, others)
            self._follow(self.moving_mean, mean)
            self._follow(self.moving_variance, variance)
        shape = [1] * x._value.ndim
        shape[axis] = -1
        mean, variance, beta, gamma = [
            None if part is None else tf.reshape(tf.cast(part, x.dtype), shape)
            for part in (mean, variance, self.beta, self.gamma)
        ]
        return self._cast(
            tf.nn.batch_normalization(x, mean, variance, beta, gamma, self.epsilon)
        )

    def _follow(self, moving: Any, batch: Tensor) -> None:
        batch = tf.stop_gradient(batch)
        old = tf.cast(moving, batch.dtype)
        moving.assign(tf.cast(old * self.momentum + batch * (1.0 - self.momentum), moving.dtype))

    def _check_features(self, inputs: Tensor) -> None:
        shape, size = inputs._value.shape, self.moving_mean._value.shape[0]
        if not -len(shape) <= self.axis < len(shape) or shape[self.axis] != size:
            raise ValueError(
                f"Input 0 of layer {self.name!r} is incompatible with the layer: expected axis "
                f"{self.axis} of input shape to have value {size}, but received input with shape "
                f"{tuple(shape)}."
            )


class LayerNormalization(Layer):
    """(x - mean) / √(variance + ε) · gamma + beta, for each example.

    Source: Ba, Kiros and Hinton (2016).

    Args:
        axis: the axis, or list of axes, to take mean and variance over.
        epsilon: keeps the division from exploding.
        center, scale: False leaves beta, gamma out.
        *_initializer, *_regularizer: names, objects or functions.

    Weights: gamma and beta, of the sizes of those axes.
    """

    def __init__(
        self,
        axis: Any = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.epsilon, self.center, self.scale = epsilon, center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.gamma: Any = None
        self.beta: Any = None

    def build(self, input_shape: Any) -> None:
        """Makes gamma and beta."""
        shape = [input_shape[axis] for axis in self._axes(len(input_shape))]
        if self.scale:
            self.gamma = self.add_weight(
                shape, self.gamma_initializer, regularizer=self.gamma_regularizer, name="gamma"
            )
        if self.center:
            self.beta = self.add_weight(
                shape, self.beta_initializer, regularizer=self.beta_regularizer, name="beta"
            )

    def call(self, inputs: Tensor) -> Tensor:
        """Any shape, kept."""
        x = _in_full_precision(inputs)
        axes = self._axes(x._value.ndim)
        mean, variance = tf.nn.moments(x, axes, keepdims=True)
        shape = [x._value.shape[i] if i in axes else 1 for i in range(x._value.ndim)]
        beta, gamma = [
            None if part is None else tf.reshape(tf.cast(part, x.dtype), shape)
            for part in (self.beta, self.gamma)
        ]
        return self._cast(tf.nn.batch_normalization(x, mean, variance, beta, gamma, self.epsilon))

    def _axes(self, rank: int) -> list[int]:
        axes = self.axis if isinstance(self.axis, list | tuple) else [self.axis]
        for axis in axes:
            if not -rank <= axis < rank:
                raise IndexError(
                    f"LayerNormalization: axis {axis} is out of range for inputs of rank {rank}."
                )
        return sorted(axis % rank for axis in axes)


def _in_full_precision(x: Tensor) -> Tensor:
    """Squares of float16 numbers above 255 would be infinite, so statistics are float32's."""
    good = x._value.dtype.kind == "f" and x._value.dtype.itemsize >= 4
    return x if good else tf.cast(x, tf.float32)
