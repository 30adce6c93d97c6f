"""Loss functions: how wrong a prediction is, as one number to differentiate.

    tf.keras.losses.get("mse")                            # by name
    tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
"""

from __future__ import annotations

from typing import Any

from minitf.keras.identifiers import find, not_understood
from minitf.keras.losses.base import Loss, LossFunctionWrapper
from minitf.keras.losses.classification import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from minitf.keras.losses.regression import (
    Huber,
    MeanAbsoluteError,
    MeanSquaredError,
    huber,
    mean_absolute_error,
    mean_squared_error,
)

MSE = mse = mean_squared_error
MAE = mae = mean_absolute_error

_CLASSES: dict[str, type[Loss]] = {
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "mean_absolute_error": MeanAbsoluteError,
    "mae": MeanAbsoluteError,
    "huber": Huber,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "binary_crossentropy": BinaryCrossentropy,
    "bce": BinaryCrossentropy,
}
_FUNCTIONS = {
    "mean_squared_error": mean_squared_error,
    "mse": mean_squared_error,
    "mean_absolute_error": mean_absolute_error,
    "mae": mean_absolute_error,
    "huber": huber,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "binary_crossentropy": binary_crossentropy,
    "bce": binary_crossentropy,
}


def get(identifier: Any) -> Any:
    """The loss function a name stands for; other losses and functions pass through.

    Raises:
        ValueError: the name is not known.
    """
    if identifier is None or isinstance(identifier, Loss):
        return identifier
    if isinstance(identifier, str):
        return find(identifier, _FUNCTIONS, "loss")
    if isinstance(identifier, type):
        return identifier()
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
    return LossFunctionWrapper(found, name=getattr(found, "__name__", None))


__all__ = [
    "MAE",
    "MSE",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Huber",
    "Loss",
    "LossFunctionWrapper",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "get",
    "huber",
    "mae",
    "mean_absolute_error",
    "mean_squared_error",
    "mse",
    "sparse_categorical_crossentropy",
]
