"""Saving models: weights alone, or all that is needed to go on.

    model.save("m.keras")                       # config, weights, optimizer state
    model = tf.keras.models.load_model("m.keras")

    model.save_weights("m.weights.h5")          # numbers only: make the model in Python
    model.load_weights("m.weights.h5")

The names end as Keras' do, but what is inside is NumPy's npz format (arrays_file.py), with the
config as JSON: it needs no further package, and reading it executes nothing. Real Keras cannot read
these files, nor minitf Keras' own.
"""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from minitf.arrays_file import DamagedFileError, read_arrays, write_arrays
from minitf.keras.saving.serialization import deserialize, serialize
from minitf.random_state import generators_in, get_state, set_state

_FORMAT = "minitf model, version 1"


def save_model(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """Writes config, weights, optimizer state and the states of random layers.

    Args:
        model: built, so that there are weights.
        filepath: ends in .keras.
        overwrite: False refuses to replace a file.

    Raises:
        ValueError: another ending, a model that is not built, a file that exists, or NaN.
        TypeError: a lambda in the model.
    """
    path = os.fspath(filepath)
    if not path.endswith((".keras", ".h5")):
        raise ValueError(
            "Invalid filepath extension for saving. Please add a `.keras` extension for the whole "
            f"model, or use save_weights with `.weights.h5`. Received: filepath={path}."
        )
    _check_built(model, "saving")
    _check_free(path, overwrite)
    texts = {"metadata.json": json.dumps({"format": _FORMAT}), "config.json": to_json(model)}
    arrays = _numbered("weights", model.weights)
    texts["random_states.json"] = json.dumps([get_state(g) for g in generators_in(model)])
    if model.compiled:
        texts["compile_config.json"] = json.dumps(_compile_config(model))
        if model.optimizer.built:
            arrays |= _numbered("optimizer", model.optimizer.variables)
    write_arrays(path, arrays, texts)


def load_model(filepath: Any, custom_objects: Any = None, compile: bool = True) -> Any:  # noqa: A002
    """The model that save_model wrote, ready to predict or to go on training.

    Args:
        filepath: of the file.
        custom_objects: classes and functions of your own by name.
        compile: False leaves optimizer, loss and metrics away.

    Raises:
        ValueError: no such file, or one that is damaged.
        TypeError: a class of your own that is not known.
    """
    if not Path(filepath).is_file():
        raise ValueError(
            f"File not found: filepath={filepath}. Please ensure the file is an accessible "
            "`.keras` zip file."
        )
    arrays, texts = read_arrays(filepath)
    if "config.json" not in texts:
        raise DamagedFileError(
            f"{os.fspath(filepath)!r} holds no model, only arrays: load_weights reads those."
        )
    model = model_from_json(texts["config.json"], custom_objects)
    _assign(_matched(model.weights, _of(arrays, "weights"), filepath))
    for generator, state in zip(
        generators_in(model), json.loads(texts.get("random_states.json", "[]")), strict=False
    ):
        set_state(generator, state)
    if compile and "compile_config.json" in texts:
        config = deserialize(json.loads(texts["compile_config.json"]), custom_objects)
        model.compile(**config)
        _assign(_matched_optimizer(model, arrays, filepath))
    return model


def save_weights(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """Writes the weights, and the optimizer's state if there is one.

    Args:
        model: built.
        filepath: ends in .weights.h5.
        overwrite: False refuses to replace a file.

    Raises:
        ValueError: another ending, a model that is not built, a file that exists, or NaN.
    """
    path = os.fspath(filepath)
    if not path.endswith((".weights.h5", ".weights.npz")):
        raise ValueError(f"The filename must end in `.weights.h5`. Received: filepath={path}")
    _check_built(model, "saving")
    _check_free(path, overwrite)
    arrays = _numbered("weights", model.weights)
    if model.compiled and model.optimizer.built:
        arrays |= _numbered("optimizer", model.optimizer.variables)
    write_arrays(path, arrays)


def load_weights(model: Any, filepath: Any) -> None:
    """Reads what save_weights (or save) wrote. Nothing changes if one array does not fit.

    An optimizer that has taken steps takes the file's state too; a new one starts afresh.

    Raises:
        FileNotFoundError: no such file.
        ValueError: a model that is not built, a damaged file, other shapes.
    """
    arrays, _ = read_arrays(filepath)
    _check_built(model, "loading weights into")
    pairs = _matched(model.weights, _of(arrays, "weights"), filepath)
    if model.compiled and model.optimizer.built:
        pairs += _matched_optimizer(model, arrays, filepath)
    _assign(pairs)


def to_json(model: Any) -> str:
    """The model's class, config and input shape."""
    return json.dumps(serialize(model) | {"build_config": model.get_build_config()})


def model_from_json(json_string: str, custom_objects: Any = None) -> Any:
    """A model with new weights, from what to_json wrote."""
    data = json.loads(json_string)
    build_config = data.pop("build_config", None)
    model = deserialize(data, custom_objects)
    if build_config and not model.built:
        model.build_from_config(build_config)
    return model


def _compile_config(model: Any) -> dict[str, Any]:
    return {key: serialize(value) for key, value in model._compile_arguments.items()}


def _numbered(group: str, variables: list[Any]) -> dict[str, np.ndarray]:
    """ "weights/0003 dense/kernel": the number is what counts, the name helps a reader."""
    return {f"{group}/{i:04} {v.path}": v.numpy() for i, v in enumerate(variables)}


def _of(arrays: dict[str, np.ndarray], group: str) -> dict[str, np.ndarray]:
    return {key: arrays[key] for key in sorted(arrays) if key.startswith(group + "/")}


def _matched(
    variables: list[Any], arrays: dict[str, np.ndarray], filepath: Any
) -> list[tuple[Any, np.ndarray]]:
    """Each variable with its new value; raises if one does not fit, before anything changes."""
    if len(arrays) != len(variables):
        raise ValueError(
            f"{os.fspath(filepath)!r} holds {len(arrays)} weights, but the model has "
            f"{len(variables)}. Nothing was loaded. Was the model changed since?"
        )
    for variable, (name, array) in zip(variables, arrays.items(), strict=True):
        if tuple(variable.shape) != array.shape:
            raise ValueError(
                f"{os.fspath(filepath)!r}: {name!r} has shape {array.shape}, but the model's "
                f"{variable.path!r} has {tuple(variable.shape)}. Nothing was loaded. Was the "
                "model changed since?"
            )
    return list(zip(variables, arrays.values(), strict=True))


def _assign(pairs: list[tuple[Any, np.ndarray]]) -> None:
    for variable, array in pairs:
        variable.assign(array.astype(variable.dtype.as_numpy_dtype)[()])


def _matched_optimizer(
    model: Any, arrays: dict[str, np.ndarray], filepath: Any
) -> list[tuple[Any, np.ndarray]]:
    """The optimizer's state with its new values; nothing, if the file's is of another kind."""
    saved = _of(arrays, "optimizer")
    if not saved:
        return []
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    own = model.optimizer.variables
    if len(own) != len(saved):
        warnings.warn(
            f"Skipping variable loading for optimizer {model.optimizer.name!r}, because it has "
            f"{len(own)} variables whereas the saved optimizer has {len(saved)} variables.",
            stacklevel=4,
        )
        return []
    return _matched(own, saved, filepath)


def _check_built(model: Any, doing: str) -> None:
    if not model.built:
        raise ValueError(
            f"You are {doing} a model that has not yet been built. Try building the model first "
            "by calling it on some data or by using `build()`."
        )


def _check_free(path: str, overwrite: bool) -> None:
    if not overwrite and os.path.exists(path):
        raise FileExistsError(f"{path!r} exists and overwrite is False: it was left as it is.")
