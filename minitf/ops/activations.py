"""Activation functions: what makes a stack of matrix products more than one matrix product.

    tf.nn.relu(x), tf.nn.leaky_relu(x), tf.nn.elu(x), tf.nn.gelu(x), tf.nn.softplus(x), ...

sigmoid and tanh stand in ops/elementary.py, softmax in ops/softmax.py.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.execute import convert_to_tensor, execute
from minitf.ops import elementary, selection
from minitf.ops.checks import floats_only
from minitf.ops.division import divide
from minitf.ops.math import abs as absolute
from minitf.ops.math import multiply
from minitf.registry import define, gradient
from minitf.tensor import Tensor

# Klambauer et al. 2017, "Self-Normalizing Neural Networks", equation 14
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def _relu(x: Any) -> Any:
    return np.maximum(x, 0)


def _relu_grad_kernel(upstream: Any, y: Any) -> Any:
    return upstream * (y > 0)


def _relu6(x: Any) -> Any:
    return np.minimum(np.maximum(x, 0), 6)


def _relu6_grad_kernel(upstream: Any, y: Any) -> Any:
    return upstream * ((y > 0) & (y < 6))


def _leaky_relu(x: Any, alpha: float) -> Any:
    return np.where(x > 0, x, x * alpha)[()]


def _leaky_relu_grad_kernel(upstream: Any, x: Any, alpha: float) -> Any:
    return np.where(x > 0, upstream, upstream * alpha)[()]


def _elu(x: Any) -> Any:
    return np.where(x < 0, np.expm1(np.minimum(x, 0)), x)[()]


def _softplus(x: Any) -> Any:
    return np.logaddexp(x, 0, dtype=x.dtype)


RELU = define("Relu", _relu, text="relu({0})", partials=("1 if {0} > 0 else 0",))
RELU_GRAD = define(
    "ReluGrad",
    _relu_grad_kernel,
    same_dtype=True,
    text="{0} where {1} > 0",
    partials=("1 if {1} > 0 else 0", "0"),
)
RELU6 = define("Relu6", _relu6, text="relu6({0})", partials=("1 if 0 < {0} < 6 else 0",))
RELU6_GRAD = define(
    "Relu6Grad",
    _relu6_grad_kernel,
    same_dtype=True,
    text="{0} where 0 < {1} < 6",
    partials=("1 if 0 < {1} < 6 else 0", "0"),
)
LEAKY_RELU = define(
    "LeakyRelu",
    floats_only("LeakyRelu", _leaky_relu),
    text="leaky_relu({0})",
    partials=("1 if {0} > 0 else alpha",),
)
LEAKY_RELU_GRAD = define(
    "LeakyReluGrad",
    _leaky_relu_grad_kernel,
    same_dtype=True,
    text="{0}, × alpha where {1} ≤ 0",
    partials=("1 if {1} > 0 else alpha", "0"),
)
ELU = define(
    "Elu", floats_only("Elu", _elu), text="elu({0})", partials=("1 if {0} ≥ 0 else {y} + 1",)
)
SOFTPLUS = define(
    "Softplus",
    floats_only("Softplus", _softplus),
    text="softplus({0})",
    partials=("sigmoid({0})",),
)


def relu(features: Any, name: str | None = None) -> Tensor:
    """max(x, 0); its gradient at 0 is 0."""
    return execute(RELU, (features,))


@gradient("Relu", on_arrays=True)
def _relu_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 where x > 0, else 0
    return (execute(RELU_GRAD, (upstream, call.output)),)


@gradient("ReluGrad", on_arrays=True)
def _relu_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # linear in the first input, flat in the second
    y = call.inputs[1]
    return execute(RELU_GRAD, (upstream, y)), None


def relu6(features: Any, name: str | None = None) -> Tensor:
    """min(max(x, 0), 6); its gradient at both corners is 0."""
    return execute(RELU6, (features,))


@gradient("Relu6", on_arrays=True)
def _relu6_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 where 0 < x < 6, else 0
    return (execute(RELU6_GRAD, (upstream, call.output)),)


@gradient("Relu6Grad", on_arrays=True)
def _relu6_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # linear in the first input, flat in the second
    y = call.inputs[1]
    return execute(RELU6_GRAD, (upstream, y)), None


def leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Tensor:
    """x where x > 0, else alpha·x; its gradient at 0 is alpha."""
    return execute(LEAKY_RELU, (features,), {"alpha": float(alpha)})


@gradient("LeakyRelu", on_arrays=True)
def _leaky_relu_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 where x > 0, else alpha
    (x,) = call.inputs
    return (execute(LEAKY_RELU_GRAD, (upstream, x), call.attrs),)


@gradient("LeakyReluGrad", on_arrays=True)
def _leaky_relu_grad_grad(call: Any, upstream: Tensor) -> tuple:
    # linear in the first input, flat in the second
    x = call.inputs[1]
    return execute(LEAKY_RELU_GRAD, (upstream, x), call.attrs), None


def elu(features: Any, name: str | None = None) -> Tensor:
    """x where x >= 0, else eˣ - 1."""
    return execute(ELU, (features,))


@gradient("Elu")
def _elu_grad(call: Any, upstream: Tensor) -> tuple:
    # 1 where x >= 0, else eˣ = y + 1
    y = call.output
    return (selection.where(y < 0.0, upstream * (y + 1.0), upstream),)


def selu(features: Any, name: str | None = None) -> Tensor:
    """scale · x where x >= 0, else scale · alpha · (eˣ - 1), with the constants of the paper."""
    x = convert_to_tensor(features)
    return multiply(selection.where(x >= 0.0, x, elu(x) * SELU_ALPHA), SELU_SCALE)


def softplus(features: Any, name: str | None = None) -> Tensor:
    """log(1 + eˣ), without overflow: a smooth relu."""
    return execute(SOFTPLUS, (features,))


@gradient("Softplus", on_arrays=True)
def _softplus_grad(call: Any, upstream: Tensor) -> tuple:
    # d(log(1 + eˣ))/dx = sigmoid(x)
    (x,) = call.inputs
    return (upstream * elementary.sigmoid(x),)


def softsign(features: Any, name: str | None = None) -> Tensor:
    """x / (1 + |x|)."""
    x = convert_to_tensor(features)
    return divide(x, 1.0 + absolute(x))


def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """log(sigmoid(x)), without underflow."""
    return -softplus(-convert_to_tensor(x))


def swish(features: Any, beta: float = 1.0) -> Tensor:
    """x · sigmoid(beta·x), also called silu."""
    x = convert_to_tensor(features)
    return x * elementary.sigmoid(x if beta == 1.0 else x * beta)


def gelu(features: Any, approximate: bool = False, name: str | None = None) -> Tensor:
    """x · Φ(x), Φ being the normal distribution function; `approximate` uses tanh for it.

    Source: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units".
    """
    x = convert_to_tensor(features)
    if approximate:
        inner = math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)
        return multiply(x * 0.5, 1.0 + elementary.tanh(inner))
    return multiply(x * 0.5, 1.0 + elementary.erf(x / math.sqrt(2.0)))
