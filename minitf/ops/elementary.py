"""Exponentials, logarithms, trigonometric and hyperbolic functions, one value at a time.

    tf.exp, tf.math.log, tf.sin, tf.tanh, tf.sigmoid, tf.math.erf, ...

All need floating-point tensors. Outside a function's domain the result is nan or inf, as in
TensorFlow, never an exception.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.execute import execute
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import floats_only
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _sigmoid(x: Any) -> Any:
    # exp of a negative number only: neither sign of x overflows
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))[()]


def _erf(x: Any) -> Any:
    # NumPy has no erf; the C library's, element by element, is exact
    flat = [math.erf(v) for v in np.ravel(x).tolist()]
    return np.array(flat, dtype=x.dtype).reshape(x.shape)[()]


EXP = define("Exp", floats_only("Exp", np.exp), text="exp({0})", partials=("{y}",))
EXPM1 = define("Expm1", floats_only("Expm1", np.expm1), text="exp({0}) - 1", partials=("exp({0})",))
LOG = define("Log", floats_only("Log", np.log), text="log({0})", partials=("1 / {0}",))
LOG1P = define(
    "Log1p", floats_only("Log1p", np.log1p), text="log(1 + {0})", partials=("1 / (1 + {0})",)
)
SIN = define("Sin", floats_only("Sin", np.sin), text="sin({0})", partials=("cos({0})",))
COS = define("Cos", floats_only("Cos", np.cos), text="cos({0})", partials=("-sin({0})",))
TAN = define("Tan", floats_only("Tan", np.tan), text="tan({0})", partials=("1 + {y}²",))
ASIN = define(
    "Asin", floats_only("Asin", np.arcsin), text="asin({0})", partials=("1 / √(1 - {0}²)",)
)
ACOS = define(
    "Acos", floats_only("Acos", np.arccos), text="acos({0})", partials=("-1 / √(1 - {0}²)",)
)
ATAN = define(
    "Atan", floats_only("Atan", np.arctan), text="atan({0})", partials=("1 / (1 + {0}²)",)
)
ATAN2 = define(
    "Atan2",
    floats_only("Atan2", np.arctan2),
    same_dtype=True,
    text="atan2({0}, {1})",
    partials=("{1} / ({0}² + {1}²)", "-{0} / ({0}² + {1}²)"),
)
SINH = define("Sinh", floats_only("Sinh", np.sinh), text="sinh({0})", partials=("cosh({0})",))
COSH = define("Cosh", floats_only("Cosh", np.cosh), text="cosh({0})", partials=("sinh({0})",))
TANH = define("Tanh", floats_only("Tanh", np.tanh), text="tanh({0})", partials=("1 - {y}²",))
ASINH = define(
    "Asinh", floats_only("Asinh", np.arcsinh), text="asinh({0})", partials=("1 / cosh({y})",)
)
ACOSH = define(
    "Acosh", floats_only("Acosh", np.arccosh), text="acosh({0})", partials=("1 / sinh({y})",)
)
ATANH = define(
    "Atanh", floats_only("Atanh", np.arctanh), text="atanh({0})", partials=("1 / (1 - {0}²)",)
)
SIGMOID = define(
    "Sigmoid", floats_only("Sigmoid", _sigmoid), text="sigmoid({0})", partials=("{y} × (1 - {y})",)
)
ERF = define("Erf", floats_only("Erf", _erf), text="erf({0})", partials=("2/√π × exp(-{0}²)",))


def exp(x: Any, name: str | None = None) -> Tensor:
    """e to the power x."""
    return execute(EXP, (x,))


@gradient("Exp", on_arrays=True)
def _exp_grad(call: Any, upstream: Tensor) -> tuple:
    # d(eˣ)/dx = eˣ, which is the output
    return (upstream * call.output,)


def expm1(x: Any, name: str | None = None) -> Tensor:
    """eˣ - 1, precise for x near 0."""
    return execute(EXPM1, (x,))


@gradient("Expm1", on_arrays=True)
def _expm1_grad(call: Any, upstream: Tensor) -> tuple:
    # d(eˣ - 1)/dx = eˣ
    (x,) = call.inputs
    return (upstream * exp(x),)


def log(x: Any, name: str | None = None) -> Tensor:
    """Natural logarithm: -inf at 0, nan below."""
    return execute(LOG, (x,))


@gradient("Log", on_arrays=True)
def _log_grad(call: Any, upstream: Tensor) -> tuple:
    # d(log x)/dx = 1/x
    (x,) = call.inputs
    return (upstream / x,)


def log1p(x: Any, name: str | None = None) -> Tensor:
    """log(1 + x), precise for x near 0."""
    return execute(LOG1P, (x,))


@gradient("Log1p", on_arrays=True)
def _log1p_grad(call: Any, upstream: Tensor) -> tuple:
    # d(log(1 + x))/dx = 1/(1 + x)
    (x,) = call.inputs
    return (upstream / (1.0 + x),)


def sin(x: Any, name: str | None = None) -> Tensor:
    """Sine of an angle in radians."""
    return execute(SIN, (x,))


@gradient("Sin", on_arrays=True)
def _sin_grad(call: Any, upstream: Tensor) -> tuple:
    # d(sin x)/dx = cos x
    (x,) = call.inputs
    return (upstream * cos(x),)


def cos(x: Any, name: str | None = None) -> Tensor:
    """Cosine of an angle in radians."""
    return execute(COS, (x,))


@gradient("Cos", on_arrays=True)
def _cos_grad(call: Any, upstream: Tensor) -> tuple:
    # d(cos x)/dx = -sin x
    (x,) = call.inputs
    return (-upstream * sin(x),)


def tan(x: Any, name: str | None = None) -> Tensor:
    """Tangent of an angle in radians."""
    return execute(TAN, (x,))


@gradient("Tan", on_arrays=True)
def _tan_grad(call: Any, upstream: Tensor) -> tuple:
    # d(tan x)/dx = 1 + tan² x
    y = call.output
    return (upstream * (1.0 + y * y),)


def asin(x: Any, name: str | None = None) -> Tensor:
    """Inverse sine, in radians; nan outside [-1, 1]."""
    return execute(ASIN, (x,))


@gradient("Asin", on_arrays=True)
def _asin_grad(call: Any, upstream: Tensor) -> tuple:
    # d(asin x)/dx = 1/√(1 - x²)
    (x,) = call.inputs
    return (upstream / (1.0 - x * x) ** 0.5,)


def acos(x: Any, name: str | None = None) -> Tensor:
    """Inverse cosine, in radians; nan outside [-1, 1]."""
    return execute(ACOS, (x,))


@gradient("Acos", on_arrays=True)
def _acos_grad(call: Any, upstream: Tensor) -> tuple:
    # d(acos x)/dx = -1/√(1 - x²)
    (x,) = call.inputs
    return (-upstream / (1.0 - x * x) ** 0.5,)


def atan(x: Any, name: str | None = None) -> Tensor:
    """Inverse tangent, in radians."""
    return execute(ATAN, (x,))


@gradient("Atan", on_arrays=True)
def _atan_grad(call: Any, upstream: Tensor) -> tuple:
    # d(atan x)/dx = 1/(1 + x²)
    (x,) = call.inputs
    return (upstream / (1.0 + x * x),)


def atan2(y: Any, x: Any, name: str | None = None) -> Tensor:
    """Angle of the point (x, y), in radians between -π and π."""
    return execute(ATAN2, (y, x))


@gradient("Atan2", on_arrays=True)
def _atan2_grad(call: Any, upstream: Tensor) -> tuple:
    # d/dy = x/(x² + y²), d/dx = -y/(x² + y²)
    y, x = call.inputs
    share = upstream / (x * x + y * y)
    return unbroadcast(share * x, y), unbroadcast(share * -y, x)


def sinh(x: Any, name: str | None = None) -> Tensor:
    """Hyperbolic sine."""
    return execute(SINH, (x,))


@gradient("Sinh", on_arrays=True)
def _sinh_grad(call: Any, upstream: Tensor) -> tuple:
    # d(sinh x)/dx = cosh x
    (x,) = call.inputs
    return (upstream * cosh(x),)


def cosh(x: Any, name: str | None = None) -> Tensor:
    """Hyperbolic cosine."""
    return execute(COSH, (x,))


@gradient("Cosh", on_arrays=True)
def _cosh_grad(call: Any, upstream: Tensor) -> tuple:
    # d(cosh x)/dx = sinh x
    (x,) = call.inputs
    return (upstream * sinh(x),)


def tanh(x: Any, name: str | None = None) -> Tensor:
    """Hyperbolic tangent: squashes to (-1, 1)."""
    return execute(TANH, (x,))


@gradient("Tanh", on_arrays=True)
def _tanh_grad(call: Any, upstream: Tensor) -> tuple:
    # d(tanh x)/dx = 1 - tanh² x
    y = call.output
    return (upstream * (1.0 - y * y),)


def asinh(x: Any, name: str | None = None) -> Tensor:
    """Inverse hyperbolic sine."""
    return execute(ASINH, (x,))


@gradient("Asinh", on_arrays=True)
def _asinh_grad(call: Any, upstream: Tensor) -> tuple:
    # d(asinh x)/dx = 1/cosh(y)
    return (upstream / cosh(call.output),)


def acosh(x: Any, name: str | None = None) -> Tensor:
    """Inverse hyperbolic cosine; nan below 1."""
    return execute(ACOSH, (x,))


@gradient("Acosh", on_arrays=True)
def _acosh_grad(call: Any, upstream: Tensor) -> tuple:
    # d(acosh x)/dx = 1/sinh(y)
    return (upstream / sinh(call.output),)


def atanh(x: Any, name: str | None = None) -> Tensor:
    """Inverse hyperbolic tangent; nan outside [-1, 1]."""
    return execute(ATANH, (x,))


@gradient("Atanh", on_arrays=True)
def _atanh_grad(call: Any, upstream: Tensor) -> tuple:
    # d(atanh x)/dx = 1/(1 - x²)
    (x,) = call.inputs
    return (upstream / (1.0 - x * x),)


def sigmoid(x: Any, name: str | None = None) -> Tensor:
    """1/(1 + e⁻ˣ): squashes to (0, 1); no overflow at either end."""
    return execute(SIGMOID, (x,))


@gradient("Sigmoid", on_arrays=True)
def _sigmoid_grad(call: Any, upstream: Tensor) -> tuple:
    # d(sigmoid x)/dx = y(1 - y)
    y = call.output
    return (upstream * (y * (1.0 - y)),)


def erf(x: Any, name: str | None = None) -> Tensor:
    """Gauss error function, 2/√π times the integral of exp(-t²) from 0 to x."""
    return execute(ERF, (x,))


@gradient("Erf", on_arrays=True)
def _erf_grad(call: Any, upstream: Tensor) -> tuple:
    # d(erf x)/dx = 2/√π · exp(-x²)
    (x,) = call.inputs
    return (upstream * (exp(-(x * x)) * (2.0 / math.sqrt(math.pi))),)
