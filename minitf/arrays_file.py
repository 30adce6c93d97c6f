"""Files of named arrays: what saved weights and checkpoints are.

    write_arrays("w.npz", {"kernel": a, "bias": b}, {"config.json": "{}"})
    arrays, texts = read_arrays("w.npz")

A file is a zip of .npy members, as np.savez writes it, and may hold texts beside them. It is
written under another name first and then put in place at once: who is interrupted keeps the old
file. No pickle: reading runs nothing. Every member carries a checksum, and NaN is refused both
ways, so that a damaged file is never taken for weights.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from minitf.errors import OpError

__all__ = ["DamagedFileError", "read_arrays", "write_arrays", "write_whole"]

_CONTENTS = "contents.json"  # the last member lists all others: none can go missing unseen
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError,
    RuntimeError, OverflowError, MemoryError, OSError,
)  # fmt: skip


class DamagedFileError(OpError, ValueError):
    """A file is truncated, was altered, or is no file of arrays at all."""


def write_arrays(path: Any, arrays: dict[str, Any], texts: dict[str, str] | None = None) -> None:
    """Writes arrays and texts to one file, whole or not at all.

    Args:
        path: the folder must exist.
        arrays: NumPy arrays by name.
        texts: texts by name, which must have a dot.

    Raises:
        ValueError: an array holds NaN: the file would be worth nothing. An older one stays.
        OSError: the folder does not exist or cannot be written to.
    """
    bad = [name for name, array in arrays.items() if _has_nan(array)]
    if bad:
        raise ValueError(
            f"Not saved to {os.fspath(path)!r}: {_listed(bad)} hold NaN, so training has failed "
            "before. Go back to an older file; see the callback TerminateOnNaN."
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in (texts or {}).items():
            file.writestr(name, text)
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
            file.writestr(name + ".npy", member.getvalue())
        file.writestr(_CONTENTS, json.dumps(file.namelist()))
    write_whole(path, buffer.getvalue())


def read_arrays(path: Any) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The arrays and the texts of a file.

    Raises:
        FileNotFoundError: there is no such file.
        DamagedFileError: it is truncated, was altered, holds NaN or is something else.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"File not found: {str(path)!r}.")
    arrays: dict[str, np.ndarray] = {}
    texts: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as file:
            for name in file.namelist():
                content = file.read(name)  # checks the checksum
                if name.endswith(".npy"):
                    member = io.BytesIO(content)
                    arrays[name.removesuffix(".npy")] = np.lib.format.read_array(
                        member, allow_pickle=False
                    )
                else:
                    texts[name] = content.decode("utf-8")
            if json.loads(texts.pop(_CONTENTS)) != file.namelist()[:-1]:
                raise KeyError("members are missing")
    except _BROKEN as error:
        raise DamagedFileError(
            f"{str(path)!r} is not a complete file of weights ({error}). It was cut off, altered, "
            "or is a file of another kind. Nothing was loaded; use another copy, or an older "
            "checkpoint."
        ) from None
    bad = [name for name, array in arrays.items() if _has_nan(array)]
    if bad:
        raise DamagedFileError(
            f"{str(path)!r}: {_listed(bad)} hold NaN. Nothing was loaded; use an older file."
        )
    return arrays, texts


def write_whole(path: Any, content: bytes) -> None:
    """Replaces a file at once: until the last moment the old one is there."""
    path = Path(path)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _has_nan(array: Any) -> bool:
    array = np.asarray(array)
    return array.dtype.kind in "fc" and bool(np.isnan(array).any())


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
