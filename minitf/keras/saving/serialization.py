"""Objects as plain data and back: the configs that model files hold.

    serialize(tf.keras.layers.Dense(3))
    # {"class_name": "Dense", "config": {"units": 3, ...}, "registered_name": "Dense"}
    deserialize(...)                       # a new Dense

Classes of your own are found again once they are registered, or named when loading:

    @tf.keras.saving.register_keras_serializable()
    class Scale(tf.keras.layers.Layer): ...

    tf.keras.models.load_model("m.keras", custom_objects={"Scale": Scale})

Nothing in a config is ever executed, and no module is imported because a file says so.
"""

from __future__ import annotations

import contextlib
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.keras.configurable import Configurable
from minitf.tensor import Tensor
from minitf.variable import Variable

_registered: dict[str, Any] = {}
_scopes: list[dict[str, Any]] = []


def serialize(value: Any) -> Any:
    """Plain data, fit for JSON, for a value, a list of values, or a Configurable.

    Raises:
        TypeError: something that has no name to find it by, such as a lambda.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, DType):
        return value.name
    if isinstance(value, list):
        return [serialize(part) for part in value]
    if isinstance(value, tuple):
        return {"class_name": "__tuple__", "items": [serialize(part) for part in value]}
    if isinstance(value, dict):
        return {key: serialize(part) for key, part in value.items()}
    if isinstance(value, Tensor | Variable | np.ndarray):
        array = np.asarray(value)
        content = {"value": array.tolist(), "dtype": array.dtype.name}
        return {"class_name": "__numpy__", "config": content}
    if isinstance(value, Configurable):
        return _described(type(value), serialize(value.get_config()))  # its own parts too
    if isinstance(value, types.FunctionType) and value.__name__ != "<lambda>":
        return {
            "class_name": "function",
            "config": value.__name__,
            "registered_name": _registered_name(value),
        }
    raise TypeError(
        f"{value!r} cannot be written to a model file: it is neither plain data nor a function or "
        "class with a name. Save only the weights, model.save_weights('x.weights.h5'), and make "
        "the model in Python."
    )


def deserialize(data: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """What `serialize` described.

    Args:
        data: plain data.
        custom_objects: classes and functions of your own by name.

    Raises:
        TypeError: a class or function that is not known.
    """
    with custom_object_scope(custom_objects or {}):
        return _restored(data)


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[Any], Any]:
    """Decorator: from here on model files may name this class or function."""

    def register(target: Any) -> Any:
        _registered[f"{package}>{name or target.__name__}"] = target
        return target

    return register


@contextlib.contextmanager
def custom_object_scope(objects: dict[str, Any]) -> Iterator[None]:
    """In this block, model files may name these classes and functions."""
    _scopes.append(objects)
    try:
        yield
    finally:
        _scopes.pop()


def _restored(data: Any) -> Any:
    if isinstance(data, list):
        return [_restored(part) for part in data]
    if not isinstance(data, dict):
        return data
    kind = data.get("class_name")
    if kind is None:
        return {key: _restored(part) for key, part in data.items()}
    if kind == "__tuple__":
        return tuple(_restored(part) for part in data["items"])
    if kind == "__numpy__":
        return np.array(data["config"]["value"], dtype=data["config"]["dtype"])
    name = data["config"] if kind == "function" else kind
    found = _find(name, data.get("registered_name") or name)
    return found if kind == "function" else found.from_config(data["config"])


def _described(cls: type, config: dict[str, Any]) -> dict[str, Any]:
    return {
        "class_name": cls.__name__,
        "config": config,
        "registered_name": _registered_name(cls),
    }


def _registered_name(target: Any) -> str:
    names = [name for name, value in _registered.items() if value is target]
    return names[0] if names else target.__name__


def _find(name: str, registered_name: str) -> Any:
    for scope in reversed(_scopes):
        for key in (registered_name, name):
            if key in scope:
                return scope[key]
    if registered_name in _registered:
        return _registered[registered_name]
    for module in _modules():
        if name in getattr(module, "__all__", vars(module)):
            return getattr(module, name)
    raise TypeError(
        f"Could not locate class or function '{name}'. If it is yours, decorate it with "
        "@tf.keras.saving.register_keras_serializable() before saving and before loading, or "
        f"give it when loading: custom_objects={{'{name}': {name}}}."
    )


def _modules() -> tuple[Any, ...]:
    from minitf.keras import (
        activations,
        constraints,
        dtype_policies,
        initializers,
        layers,
        losses,
        metrics,
        models,
        optimizers,
        regularizers,
    )

    return (
        layers, models, optimizers, optimizers.schedules, losses, metrics, initializers,
        regularizers, activations, constraints, dtype_policies,
    )  # fmt: skip
