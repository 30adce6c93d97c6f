"""Initial values of weights.

    tf.keras.initializers.GlorotUniform(seed=1)((784, 128))     # the default of Dense
    tf.keras.initializers.get("he_normal")

A random initializer draws its seed when it is made: called twice it gives the same values twice, as
in Keras. Name it by a string to have a new one for every weight.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes, seeds
from minitf.keras.configurable import Configurable
from minitf.keras.identifiers import find, not_understood
from minitf.keras.saving import serialization as saving
from minitf.tensor import Tensor


class Initializer(Configurable):
    """A function from a shape and a dtype to a tensor."""

    def __call__(self, shape: Any, dtype: Any = None, **_ignored: Any) -> Tensor:
        """The initial value.

        Args:
            shape: sizes of the axes.
            dtype: element type, float32 if not given.
        """
        shape = tuple(int(size) for size in shape)
        value = self._values(shape)
        return Tensor(value.astype(dtypes.as_dtype(dtype or "float32").dtype)[()])

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        raise NotImplementedError(f"{type(self).__name__} must say what its values are.")


class Zeros(Initializer):
    """All 0."""

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.zeros(shape)


class Ones(Initializer):
    """All 1."""

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.ones(shape)


class Constant(Initializer):
    """All `value`; an array is broadcast to the shape."""

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.broadcast_to(np.asarray(self.value), shape)


class Identity(Initializer):
    """The identity matrix times `gain`.

    Raises:
        ValueError: the shape is not that of a matrix.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        if len(shape) != 2:
            raise ValueError(f"The Identity initializer makes matrices, not shape {shape}.")
        return self.gain * np.eye(*shape)


class RandomInitializer(Initializer):
    """Base of the random ones: the same seed gives the same values."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = int(seeds.generator().integers(2**31)) if seed is None else seed

    def _rng(self) -> np.random.Generator:
        return seeds.generator(self.seed)


class RandomNormal(RandomInitializer):
    """Normal distribution."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        return self._rng().normal(self.mean, self.stddev, shape)


class TruncatedNormal(RandomNormal):
    """Normal distribution without its tails: what lies beyond 2 stddev is drawn again."""

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        return self.mean + self.stddev * _truncated(self._rng(), shape)


class RandomUniform(RandomInitializer):
    """Uniform distribution between two bounds."""

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None
    ) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        return self._rng().uniform(self.minval, self.maxval, shape)


class VarianceScaling(RandomInitializer):
    """Variance scale / fan, so that signals neither grow nor shrink from layer to layer.

    Args:
        scale: numerator of the variance.
        mode: which fan to divide by: "fan_in" (inputs), "fan_out" (outputs) or "fan_avg".
        distribution: "uniform", "truncated_normal" or "untruncated_normal".
        seed: see RandomInitializer.

    Sources: Glorot and Bengio (2010) for fan_avg with scale 1; He et al. (2015) for fan_in with 2.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
    ) -> None:
        super().__init__(seed)
        for value, choices in (
            (mode, ("fan_in", "fan_out", "fan_avg")),
            (distribution, ("uniform", "truncated_normal", "untruncated_normal")),
        ):
            if value not in choices:
                raise ValueError(f"VarianceScaling: {value!r} is none of {choices}.")
        if scale <= 0:
            raise ValueError(f"VarianceScaling: `scale` must be positive, got scale={scale}.")
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        fan_in, fan_out = fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            bound = math.sqrt(3.0 * variance)  # a uniform on [-b, b] has variance b²/3
            return self._rng().uniform(-bound, bound, shape)
        if self.distribution == "untruncated_normal":
            return self._rng().normal(0.0, math.sqrt(variance), shape)
        return math.sqrt(variance) / TRUNCATED_STDDEV * _truncated(self._rng(), shape)


class GlorotUniform(VarianceScaling):
    """Uniform on ±sqrt(6 / (fan_in + fan_out)): suits tanh and sigmoid, and is Dense's default."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed)


class GlorotNormal(VarianceScaling):
    """Truncated normal with variance 2 / (fan_in + fan_out)."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)


class HeNormal(VarianceScaling):
    """Truncated normal with variance 2 / fan_in: suits relu, which drops half the signal."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(2.0, "fan_in", "truncated_normal", seed)


class HeUniform(VarianceScaling):
    """Uniform on ±sqrt(6 / fan_in)."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(2.0, "fan_in", "uniform", seed)


class LecunNormal(VarianceScaling):
    """Truncated normal with variance 1 / fan_in: suits selu."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(1.0, "fan_in", "truncated_normal", seed)


class LecunUniform(VarianceScaling):
    """Uniform on ±sqrt(3 / fan_in)."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(1.0, "fan_in", "uniform", seed)


class Orthogonal(RandomInitializer):
    """Rows or columns of length `gain`, at right angles to each other (Saxe et al., 2014).

    Raises:
        ValueError: the shape has fewer than two axes.
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def _values(self, shape: tuple[int, ...]) -> np.ndarray:
        if len(shape) < 2:
            raise ValueError(
                "The tensor to initialize must be at least two-dimensional. Received: "
                f"shape={shape} of rank {len(shape)}."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        random = self._rng().standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(random)
        q *= np.sign(np.diag(r))  # else some rotations would be more likely than others
        return self.gain * (q if rows >= columns else q.T).reshape(shape)


TRUNCATED_STDDEV = 0.87962566103423978  # of a standard normal cut off at ±2

_KNOWN: dict[str, type[Initializer]] = {
    "zeros": Zeros,
    "ones": Ones,
    "constant": Constant,
    "identity": Identity,
    "random_normal": RandomNormal,
    "random_uniform": RandomUniform,
    "truncated_normal": TruncatedNormal,
    "variance_scaling": VarianceScaling,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_normal": HeNormal,
    "he_uniform": HeUniform,
    "lecun_normal": LecunNormal,
    "lecun_uniform": LecunUniform,
    "orthogonal": Orthogonal,
    "normal": RandomNormal,
    "uniform": RandomUniform,
}
zeros, ones, constant, identity = Zeros, Ones, Constant, Identity
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
variance_scaling, orthogonal = VarianceScaling, Orthogonal
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
he_normal, he_uniform = HeNormal, HeUniform
lecun_normal, lecun_uniform = LecunNormal, LecunUniform

_KNOWN |= {cls.__name__: cls for cls in _KNOWN.values()}


def get(identifier: Any) -> Any:
    """The initializer a name stands for; initializers, functions and None pass through.

    Raises:
        ValueError: the name is not known.
    """
    if isinstance(identifier, str):
        return find(identifier, _KNOWN, "initializer")()
    if isinstance(identifier, type):
        return identifier()
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, int | float | np.ndarray | Tensor):
        return Constant(identifier)
    raise not_understood(identifier, "initializer", "glorot_uniform")


def serialize(initializer: Any) -> Any:
    """Class and arguments of an initializer as plain data."""
    return saving.serialize(initializer)


def deserialize(config: Any) -> Any:
    """The initializer that `serialize` described."""
    return saving.deserialize(config)


def fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """How many inputs and outputs a unit has: for a matrix its two sizes; a convolution's
    kernel (height, width, in, out) counts its whole window."""
    if len(shape) < 2:
        size = float(shape[0]) if shape else 1.0
        return size, size
    window = math.prod(shape[:-2])
    return float(shape[-2] * window), float(shape[-1] * window)


def _truncated(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    values = rng.standard_normal(shape)
    while True:
        outside = np.abs(values) > 2.0
        count = int(outside.sum())
        if not count:
            return values
        values[outside] = rng.standard_normal(count)
