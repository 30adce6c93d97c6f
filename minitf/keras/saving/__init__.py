"""Saving: objects as plain data (serialization.py); the files are in models/files.py.

    @tf.keras.saving.register_keras_serializable()
    class Scale(tf.keras.layers.Layer): ...
"""

from __future__ import annotations

from typing import Any

from minitf.keras.saving.serialization import (
    custom_object_scope,
    register_keras_serializable,
)
from minitf.keras.saving.serialization import deserialize as deserialize_keras_object
from minitf.keras.saving.serialization import serialize as serialize_keras_object

CustomObjectScope = custom_object_scope


def save_model(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """The same as model.save(filepath)."""
    model.save(filepath, overwrite)


def load_model(filepath: Any, custom_objects: Any = None, compile: bool = True) -> Any:  # noqa: A002
    """The model that `save_model` wrote; see tf.keras.models.load_model."""
    from minitf.keras.models.files import load_model as load  # models import this package

    return load(filepath, custom_objects, compile)


__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize_keras_object",
    "load_model",
    "register_keras_serializable",
    "save_model",
    "serialize_keras_object",
]
