"""Loss functions: how wrong a prediction is, as one number to differentiate.

    tf.keras.losses.get("mse")                            # by name
    tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
"""

from __future__ import annotations

from typing import Any

from minitf.keras.identifiers import find, name_of, not_understood
from minitf.keras.losses.base import Loss, LossFunctionWrapper
from minitf.keras.losses.classification import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from minitf.keras.losses.margins import (
    CategoricalHinge,
    Hinge,
    SquaredHinge,
    categorical_hinge,
    hinge,
    squared_hinge,
)
from minitf.keras.losses.regression import (
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanSquaredError,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_squared_error,
)
from minitf.keras.losses.relative import (
    MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError,
    mean_absolute_percentage_error,
    mean_squared_logarithmic_error,
)
from minitf.keras.losses.similarity import (
    CosineSimilarity,
    KLDivergence,
    Poisson,
    cosine_similarity,
    kl_divergence,
    poisson,
)
from minitf.keras.saving import serialization as saving

MSE = mse = mean_squared_error
MAE = mae = mean_absolute_error
MAPE = mape = mean_absolute_percentage_error
MSLE = msle = mean_squared_logarithmic_error
KLD = kld = kl_divergence

_BOTH: dict[str, tuple[type[Loss], Any]] = {
    "mean_squared_error": (MeanSquaredError, mean_squared_error),
    "mean_absolute_error": (MeanAbsoluteError, mean_absolute_error),
    "mean_absolute_percentage_error": (MeanAbsolutePercentageError, mean_absolute_percentage_error),
    "mean_squared_logarithmic_error": (MeanSquaredLogarithmicError, mean_squared_logarithmic_error),
    "huber": (Huber, huber),
    "log_cosh": (LogCosh, log_cosh),
    "hinge": (Hinge, hinge),
    "squared_hinge": (SquaredHinge, squared_hinge),
    "categorical_hinge": (CategoricalHinge, categorical_hinge),
    "kl_divergence": (KLDivergence, kl_divergence),
    "poisson": (Poisson, poisson),
    "cosine_similarity": (CosineSimilarity, cosine_similarity),
    "sparse_categorical_crossentropy": (
        SparseCategoricalCrossentropy,
        sparse_categorical_crossentropy,
    ),
    "categorical_crossentropy": (CategoricalCrossentropy, categorical_crossentropy),
    "binary_crossentropy": (BinaryCrossentropy, binary_crossentropy),
}
_SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "logcosh": "log_cosh",
    "kld": "kl_divergence",
    "bce": "binary_crossentropy",
}
_BOTH |= {short: _BOTH[name] for short, name in _SHORT.items()}
_BOTH |= {cls.__name__: (cls, fn) for cls, fn in _BOTH.values()}
_CLASSES = {name: cls for name, (cls, _) in _BOTH.items()}
_FUNCTIONS = {name: fn for name, (_, fn) in _BOTH.items()}


def get(identifier: Any) -> Any:
    """The loss function a name stands for; other losses and functions pass through.

    Raises:
        ValueError: the name is not known.
    """
    if identifier is None or isinstance(identifier, Loss):
        return identifier
    if isinstance(identifier, str):
        named = _CLASSES if identifier in _CLASSES and identifier[0].isupper() else _FUNCTIONS
        found = find(identifier, named, "loss")
        return found() if isinstance(found, type) else found
    if isinstance(identifier, type):
        return identifier()
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise not_understood(identifier, "loss", "mse")


def as_loss(identifier: Any) -> Loss | None:
    """The same as an object that weights and reduces: what compile() works with."""
    if isinstance(identifier, str):
        return find(identifier, _CLASSES, "loss")()
    found = get(identifier)
    if found is None or isinstance(found, Loss):
        return found
    return LossFunctionWrapper(found, name=name_of(found))


def serialize(loss: Any) -> Any:
    """Class and arguments of a loss as plain data."""
    return saving.serialize(loss)


def deserialize(config: Any) -> Any:
    """The loss that `serialize` described."""
    return saving.deserialize(config)


__all__ = [
    "KLD",
    "MAE",
    "MAPE",
    "MSE",
    "MSLE",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "LossFunctionWrapper",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "binary_crossentropy",
    "categorical_crossentropy",
    "categorical_hinge",
    "cosine_similarity",
    "deserialize",
    "get",
    "hinge",
    "huber",
    "kl_divergence",
    "kld",
    "log_cosh",
    "mae",
    "mape",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "mse",
    "msle",
    "poisson",
    "serialize",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]
