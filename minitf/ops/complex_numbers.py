"""Complex numbers and their parts.

    z = tf.complex(3.0, 4.0)      # 3 + 4j
    tf.math.real(z), tf.math.imag(z), tf.abs(z), tf.math.angle(z)

For a real loss the gradient by z = a + ib is dL/da + i·dL/db: the direction in the plane in which
the loss grows fastest. conjugate.py says how the other rules come to that.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.execute import convert_to_tensor, execute
from minitf.ops import array
from minitf.ops.broadcast import unbroadcast
from minitf.ops.checks import alike
from minitf.registry import define, gradient
from minitf.tensor import Tensor


def _complex(re: Any, im: Any) -> Any:
    return re + np.complex64(1j) * im if re.dtype == np.float32 else re + 1j * im


COMPLEX = define("Complex", _complex, text="{0} + i{1}", partials=("1", "i"))
REAL = define("Real", np.real, text="real({0})")
IMAG = define("Imag", np.imag, text="imag({0})")
ANGLE = define("Angle", np.angle, text="angle({0})")


def complex(real: Any, imag: Any, name: str | None = None) -> Tensor:  # noqa: A001
    """real + i·imag: complex64 from float32, complex128 from float64.

    Raises:
        InvalidArgumentError: the parts have different dtypes.
    """
    return execute(COMPLEX, alike(real, imag, "Complex"))


@gradient("Complex")
def _complex_grad(call: Any, upstream: Tensor) -> tuple:
    # d(a + ib)/da = 1, d(a + ib)/db = i; a real part has a real gradient
    a, b = call.inputs
    i = array.cast(1j, upstream.dtype)
    return unbroadcast(real(upstream), a), unbroadcast(real(upstream * i), b)


def real(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The real part; a real tensor stays as it is."""
    x = convert_to_tensor(input)
    return execute(REAL, (x,)) if x.dtype.is_complex else x


@gradient("Real")
def _real_grad(call: Any, upstream: Tensor) -> tuple:
    # only moving along the real axis changes it
    return (array.cast(upstream, call.inputs[0].dtype),)


def imag(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The imaginary part; of a real tensor zeros."""
    x = convert_to_tensor(input)
    return execute(IMAG, (x,)) if x.dtype.is_complex else array.zeros_like(x)


@gradient("Imag")
def _imag_grad(call: Any, upstream: Tensor) -> tuple:
    # only moving along the imaginary axis changes it
    (z,) = call.inputs
    return (array.cast(upstream, z.dtype) * array.cast(1j, z.dtype),)


def angle(input: Any, name: str | None = None) -> Tensor:  # noqa: A002
    """The angle in the plane, from -pi to pi; of a real number 0, or pi if it is negative."""
    x = convert_to_tensor(input)
    if not x.dtype.is_complex:
        x = array.cast(x, dtypes.complex128 if x.dtype is dtypes.float64 else dtypes.complex64)
    return execute(ANGLE, (x,))


@gradient("Angle")
def _angle_grad(call: Any, upstream: Tensor) -> tuple:
    # at right angles to z, and weaker the further out: i·z / |z|²
    (z,) = call.inputs
    squared = real(z) * real(z) + imag(z) * imag(z)
    turn = array.cast(1j, z.dtype) * z
    return (turn * array.cast(upstream / squared, z.dtype),)
