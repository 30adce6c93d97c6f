"""Checkpoint: the values of all variables in a file, to go on from there.

    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, step=step)
    path = checkpoint.save("run/ckpt")          # run/ckpt-1
    checkpoint.restore(path)

Restored are the variables, the optimizer's slots and step counter, and the states of the layers
that draw random numbers: training goes on bit for bit as if it had not stopped. Values are matched
by name (trackable.py), and those of variables that do not exist yet wait for them.

A file holds NumPy arrays (arrays_file.py) and is written whole or not at all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.arrays_file import read_arrays, write_arrays
from minitf.checkpoint_index import record_newest
from minitf.errors import InvalidArgumentError, NotFoundError
from minitf.random_state import get_state, set_state
from minitf.trackable import is_trackable, leaves, objects
from minitf.variable import Variable

ENDING = ".npz"
_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"  # TensorFlow's names end so
_STATES = "random_states.json"


class Checkpoint:
    """Objects with variables, under names of your choice.

    Args:
        root: an object whose attributes are saved as if they were this one's.
        named: variables, modules, models, optimizers, or lists and dicts of them.

    Attributes:
        save_counter: how often `save` was called; it is saved, too.

    Raises:
        ValueError: something that holds no variables.
    """

    def __init__(self, root: Any = None, **named: Any) -> None:
        for name, value in (named if root is None else {"root": root} | named).items():
            if not _holds_state(value):
                raise ValueError(
                    f"`Checkpoint` was expecting {name} to be a trackable object (a variable, a "
                    f"module, a model, an optimizer, or a list or dict of them), got {value!r}. "
                    "Put a number into a tf.Variable to save it."
                )
        self._deferred_restore: Any = None
        self._root = root
        self.save_counter = Variable(0, dtype="int64", trainable=False, name="save_counter")
        for name, value in named.items():
            setattr(self, name, value)

    def save(self, file_prefix: Any, options: Any = None) -> str:
        """Writes a numbered file and notes it as the newest of its folder.

        Args:
            file_prefix: folder and beginning of the name; the folder is made if need be.

        Returns:
            "prefix-1", "prefix-2", ...: what `restore` takes.
        """
        self.save_counter.assign_add(1)
        path = f"{os.fspath(file_prefix)}-{int(self.save_counter.numpy())}"
        try:
            self.write(path)
        except BaseException:
            self.save_counter.assign_sub(1)
            raise
        record_newest(path, [path])
        return path

    def write(self, file_prefix: Any, options: Any = None) -> str:
        """Writes a file under exactly this name, and notes nothing. For `read`.

        Raises:
            ValueError: a variable holds NaN; an older file stays as it was.
        """
        path = os.fspath(file_prefix)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        arrays, states = {}, {}
        for name, value in leaves(self).items():
            if isinstance(value, Variable):
                arrays[name + _VALUE] = np.asarray(value._value)
            else:
                states[name] = get_state(value)
        write_arrays(path + ENDING, arrays, {_STATES: json.dumps(states)})
        return path

    def restore(self, save_path: Any, options: Any = None) -> LoadStatus:
        """Gives all variables the values of a file; variables made later get theirs then.

        Args:
            save_path: what `save` returned; None does nothing.

        Returns:
            A status, whose assert_consumed() and assert_existing_objects_matched() check.

        Raises:
            NotFoundError: no such file.
            ValueError: a damaged file, or a shape that does not fit: then nothing is changed.
        """
        return self.read(save_path) if save_path is not None else LoadStatus(self, {}, {})

    def read(self, save_path: Any, options: Any = None) -> LoadStatus:
        """The same as `restore`, but a path must be given."""
        path = _file_of(save_path)
        arrays, texts = read_arrays(path)
        values = {name.removesuffix(_VALUE): array for name, array in arrays.items()}
        status = LoadStatus(self, values, json.loads(texts.get(_STATES, "{}")))
        status._assign()
        status._wait_for_the_rest()
        return status

    def _trackable_children(self) -> dict[str, Any]:
        if self._root is None:
            own: dict[str, Any] = {}
        elif hasattr(self._root, "_trackable_children"):
            own = dict(self._root._trackable_children())
        else:
            own = dict(vars(self._root))
        return own | {key: x for key, x in vars(self).items() if not key.startswith("_")}

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if not name.startswith("_") and self._deferred_restore is not None:
            self._deferred_restore()  # a value of the file may have waited for this one


class LoadStatus:
    """What came of a `restore`: which names found a variable, and which did not."""

    def __init__(self, root: Checkpoint, values: dict[str, Any], states: dict[str, Any]) -> None:
        self._root = root
        self._values, self._states = values, states
        self._done: set[str] = set()

    def assert_consumed(self) -> LoadStatus:
        """Raises AssertionError unless every value found its variable and the reverse."""
        self.assert_existing_objects_matched()
        left = [name for name in self._everything() if name not in self._done]
        if left:
            raise AssertionError(
                f"Unresolved object in checkpoint: {', '.join(left[:5])}. The file has values for "
                "what this program does not have (yet). If that is intended, leave the check out, "
                "or call expect_partial()."
            )
        return self

    def assert_existing_objects_matched(self) -> LoadStatus:
        """Raises AssertionError if a variable found no value."""
        missing = [name for name in leaves(self._root) if name not in self._everything()]
        missing = [name for name in missing if name != "save_counter"]
        if missing:
            raise AssertionError(
                f"Found {len(missing)} Python objects that were not bound to checkpointed values, "
                f"likely due to changes in the Python program: {', '.join(missing[:5])}. They keep "
                "the values they have."
            )
        return self

    def assert_nontrivial_match(self) -> LoadStatus:
        """Raises AssertionError if nothing but the counter found its value."""
        if not self._done - {"save_counter"}:
            raise AssertionError("Nothing to load: no name in the file is one of this program's.")
        return self

    def expect_partial(self) -> LoadStatus:
        """For TensorFlow's sake: minitf does not warn about values that nobody takes."""
        return self

    def _everything(self) -> dict[str, Any]:
        return self._values | self._states

    def _assign(self) -> None:
        """Assigns what has its variable now; checks all of it before the first assignment."""
        found = {
            name: place
            for name, place in leaves(self._root).items()
            if name in self._everything() and name not in self._done
        }
        for name, place in found.items():
            if isinstance(place, Variable):
                _check_fits(name, place, self._values.get(name))
        for name, place in found.items():
            if isinstance(place, Variable):
                place.assign(self._values[name][()])
            else:
                set_state(place, self._states[name])
            self._done.add(name)

    def _wait_for_the_rest(self) -> None:
        """Layers and optimizers tell when they have made variables."""
        waiting = None if len(self._done) == len(self._everything()) else self._assign_later
        for value in objects(self._root):
            value._deferred_restore = waiting

    def _assign_later(self) -> None:
        self._assign()
        self._wait_for_the_rest()


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """Names and shapes of the values in a checkpoint."""
    arrays, _ = read_arrays(_file_of(ckpt_dir_or_file))
    return [(name, list(arrays[name].shape)) for name in sorted(arrays)]


def load_variable(ckpt_dir_or_file: Any, name: str) -> np.ndarray:
    """One value of a checkpoint, by the name that list_variables shows.

    Raises:
        NotFoundError: no such file or name.
    """
    arrays, _ = read_arrays(_file_of(ckpt_dir_or_file))
    if name not in arrays:
        raise NotFoundError(f"Key {name} not found in checkpoint. It has {sorted(arrays)}.")
    return arrays[name]


def _file_of(save_path: Any) -> str:
    path = os.fspath(save_path).removesuffix(ENDING) + ENDING
    if not os.path.isfile(path):
        raise NotFoundError(
            f"Error when restoring from checkpoint at {os.fspath(save_path)}: failed to find any "
            "matching files. Please double-check that the path is correct. You may be missing the "
            "checkpoint suffix (e.g. the '-1' in 'path/to/ckpt-1'); "
            "tf.train.latest_checkpoint(folder) finds the newest."
        )
    return path


def _check_fits(name: str, variable: Variable, value: Any) -> None:
    if value is None or tuple(variable.shape) != value.shape:
        have = "no number" if value is None else f"shape {value.shape}"
        raise ValueError(
            f"Received incompatible tensor with {have} when attempting to restore variable with "
            f"shape {tuple(variable.shape)} and name {variable.name} ({name}). Nothing was "
            "restored: was the model changed since?"
        )
    if value.dtype != variable.dtype.as_numpy_dtype:
        raise InvalidArgumentError(
            f"tensor_name = {name}; expected dtype {variable.dtype.name} does not equal original "
            f"dtype {dtypes.of(value).name}. Nothing was restored."
        )


def _holds_state(value: Any) -> bool:
    return is_trackable(value) or isinstance(value, list | tuple | dict)
