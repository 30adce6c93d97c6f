"""Loss surfaces: a loss as a function of two numbers, with its gradient by the tape.

    ravine = FunctionSurface(lambda x, y: x**2 / 2 + 5 * y**2)
    ravine.loss(1.0, 1.0)                      # 5.5
    ravine.loss_and_gradients(x, y)            # 5.5, [1, 10]; x and y are variables

    net = ModelSurface(model, "mse", (features, labels))
    net.loss(0.0, 0.0)                         # the loss of the model as it stands
    net.loss(1.0, 0.0)                         # one step along a random direction

A net has thousands of weights. A surface shows a slice through them: weights + x · d1 + y · d2.
A random direction says little by itself: a filter with large weights hardly feels a step that
turns a small one over. So every filter of a direction is made as long as the filter it changes
(Li et al., "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018, section 4); biases and
other weights with one axis stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minitf as tf
from minitf.keras import losses


class Surface:
    """Base: subclasses override `loss_tensor` or both other methods."""

    names = ("x", "y")

    def loss(self, x: float, y: float) -> float:
        """The loss at one point; inf and nan are allowed."""
        return float(self.loss_tensor(tf.constant(x, tf.float32), tf.constant(y, tf.float32)))

    def loss_and_gradients(self, x: tf.Variable, y: tf.Variable) -> tuple[float, list[tf.Tensor]]:
        """The loss at the variables' point, and its derivatives by them."""
        with tf.GradientTape() as tape:
            loss = self.loss_tensor(x, y)
        zero = tf.UnconnectedGradients.ZERO
        return float(loss), tape.gradient(loss, [x, y], unconnected_gradients=zero)

    def loss_tensor(self, x: Any, y: Any) -> tf.Tensor:
        """The loss as a tensor that depends on x and y."""
        raise NotImplementedError(f"{type(self).__name__}.loss_tensor is missing")

    def grid(self, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
        """The loss at all points; float64 of shape (len(ys), len(xs)), one row for each y."""
        with np.errstate(all="ignore"):
            return np.array([[self.loss(x, y) for x in xs] for y in ys])


class FunctionSurface(Surface):
    """The surface of a function of two scalars.

    Args:
        function: takes two tensors or variables of shape () and returns one number, computed
            from them with tf operations.

    Raises:
        ValueError: it returns more than one number, or no gradient reaches x or y.
        TypeError: it returns something that is no tensor.
    """

    def __init__(self, function: Callable[[Any, Any], Any]) -> None:
        self._function = function

    def loss_tensor(self, x: Any, y: Any) -> tf.Tensor:
        loss = self._function(x, y)
        if not isinstance(loss, tf.Tensor):
            raise TypeError(
                f"The loss function returned a {type(loss).__name__}, and no gradient can flow "
                "through that. Compute the loss from x and y with tf operations, without .numpy()."
            )
        if loss.shape != ():
            raise ValueError(
                f"The loss function must return one number, but returned shape {loss.shape}. "
                "Is a tf.reduce_mean or tf.reduce_sum missing?"
            )
        return loss

    def check(self, x: float, y: float) -> None:
        """Tries the function, and its gradient, at one point."""
        at = [tf.Variable(x, dtype=tf.float32), tf.Variable(y, dtype=tf.float32)]
        with np.errstate(all="ignore"), tf.GradientTape() as tape:
            loss = self.loss_tensor(*at)
        if all(gradient is None for gradient in tape.gradient(loss, at)):
            raise ValueError(
                "No gradient of the loss reaches x or y: the function does not use them, or loses "
                "them on the way. tape.explain(loss, x) says where."
            )


class ModelSurface(Surface):
    """The slice of a model's loss through its present weights.

    The model's weights are the same after each call as before. Layers run as in testing.

    Args:
        model: a Keras model, or anything callable with `trainable_variables`.
        loss: a name, a Loss or a function of (y_true, y_pred).
        data: (x, y), arrays or tensors.
        seed: of the two directions.

    Raises:
        ValueError: there is no loss, or the model has no trainable variables.
    """

    names = ("step along direction 1", "step along direction 2")

    def __init__(self, model: Any, loss: Any, data: tuple[Any, Any], seed: int = 0) -> None:
        found = losses.as_loss(loss)
        if found is None:
            raise ValueError(
                "ModelSurface needs a loss: a name such as 'mse', a Loss or a function."
            )
        self._model, self._loss = model, found
        self._x, self._y = tf.convert_to_tensor(data[0]), tf.convert_to_tensor(data[1])
        self._predict()  # a model is built by its first call
        self._weights = list(model.trainable_variables)
        if not self._weights:
            raise ValueError("The model has no trainable variables: there is nothing to vary.")
        self._centre = [w.numpy() for w in self._weights]
        random = np.random.default_rng(seed)
        self._directions = [[direction(w, random) for w in self._centre] for _ in range(2)]

    def loss(self, x: float, y: float) -> float:
        """The loss with the weights moved by x and y; they are put back."""
        self._place(x, y)
        try:
            return float(self._now())
        finally:
            self._place(0.0, 0.0)

    def loss_and_gradients(self, x: tf.Variable, y: tf.Variable) -> tuple[float, list[tf.Tensor]]:
        """∂loss/∂x is the sum of ∂loss/∂weight · direction over all weights: the chain rule."""
        self._place(float(x), float(y))
        try:
            with tf.GradientTape() as tape:
                loss = self._now()
            zero = tf.UnconnectedGradients.ZERO
            found = tape.gradient(loss, self._weights, unconnected_gradients=zero)
        finally:
            self._place(0.0, 0.0)
        along = [
            sum(float(np.vdot(g.numpy(), d)) for g, d in zip(found, one, strict=True))
            for one in self._directions
        ]
        return float(loss), [tf.constant(slope, tf.float32) for slope in along]

    def _now(self) -> tf.Tensor:
        loss = self._loss(self._y, self._predict())
        added = getattr(self._model, "losses", [])
        return tf.add_n([loss, *added]) if added else loss

    def _predict(self) -> Any:
        if isinstance(self._model, tf.keras.Model):
            return self._model(self._x, training=False)
        return self._model(self._x)

    def _place(self, x: float, y: float) -> None:
        d1, d2 = self._directions
        for weight, centre, a, b in zip(self._weights, self._centre, d1, d2, strict=True):
            weight.assign(centre if x == y == 0.0 else (centre + x * a + y * b).astype(a.dtype))


def direction(weight: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A random direction for one weight, filter by filter as long as the weight itself.

    A filter is what makes one output: a column of a matrix, or the last axis of a convolution.
    Weights with fewer than two axes get zeros.
    """
    if weight.ndim < 2:
        return np.zeros_like(weight)
    raw = random.standard_normal(weight.shape)
    axes = tuple(range(weight.ndim - 1))
    have = np.sqrt(np.sum(raw**2, axis=axes, keepdims=True))
    want = np.sqrt(np.sum(weight.astype(np.float64) ** 2, axis=axes, keepdims=True))
    return (raw * want / have).astype(weight.dtype)


def log_levels(grid: np.ndarray, count: int = 10) -> list[float]:
    """Contour levels, log-spaced above the smallest finite loss: each ring lies as many times
    higher as the one inside it, so a flat valley and a steep wall both show their shape.

    Empty if the surface is flat.
    """
    finite = grid[np.isfinite(grid)]
    if finite.size == 0 or finite.max() == finite.min():
        return []
    low = float(finite.min())
    # a percentile and not the maximum: one corner that explodes would take all rings
    high = float(np.percentile(finite, 97)) - low or float(finite.max()) - low
    floor = max(float(np.percentile(finite, 1)) - low, high * 1e-4)
    return [low + float(height) for height in np.geomspace(floor, high, count)]
