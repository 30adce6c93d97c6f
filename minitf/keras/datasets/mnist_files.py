"""Read MNIST files and prove that they are MNIST.

    arrays = read_npz("mnist.npz")     # or read_idx_gz({"x_train": ..., ...})
    is_original(arrays)                # True: bit for bit the published digits

Every source (Keras' npz, the original four ``.gz`` files, a re-compressed copy) decodes to the same
four arrays. So one check fits all of them: write the arrays in the original uncompressed IDX format
and compare SHA-256 sums. The sums below are those of the four files published in 1998.
"""

import gzip
import hashlib
import struct
import zlib
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

__all__ = ["NAMES", "Arrays", "DamagedFile", "is_original", "read_idx_gz", "read_npz"]

Arrays: TypeAlias = dict[str, NDArray[np.uint8]]

NAMES = ("x_train", "y_train", "x_test", "y_test")

IDX_SHA256 = {
    "x_train": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "y_train": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "x_test": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "y_test": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

# What NumPy, zipfile and gzip raise for a file that is cut short or altered.
_READ_ERRORS = (BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, ValueError, KeyError, OSError)


class DamagedFile(ValueError):
    """A data file that cannot be read as MNIST. The message names the file and the cause."""


def read_npz(path: str | PathLike[str]) -> Arrays:
    """The four uint8 arrays of a ``.npz`` file. Nothing in it is unpickled.

    Raises:
        DamagedFile: the file cannot be read, or does not hold the four arrays of MNIST's form.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in NAMES}
    except _READ_ERRORS as error:
        raise DamagedFile(f"{path} cannot be read as MNIST: {_cause(error)}") from error
    _check_form(arrays, path)
    return arrays


def read_idx_gz(files: dict[str, Path]) -> Arrays:
    """The four arrays from the original four ``.gz`` files, given by array name.

    IDX: two zero bytes, the type code 8 for uint8, the number of axes, then each axis' length as a
    big-endian 32-bit integer, then the bytes. Source: http://yann.lecun.com/exdb/mnist/

    Raises:
        DamagedFile: a file cannot be read, or its header contradicts its length.
    """
    arrays = {}
    for name, path in files.items():
        try:
            with gzip.open(path) as stream:
                arrays[name] = _decode_idx(stream.read())
        except (*_READ_ERRORS, struct.error) as error:
            raise DamagedFile(f"{path} cannot be read as MNIST: {_cause(error)}") from error
        _check_form({name: arrays[name]}, path)
    return arrays


def is_original(arrays: Arrays) -> bool:
    """True if the arrays are, bit for bit, the 70,000 published digits."""
    for name, expected in IDX_SHA256.items():
        digest = hashlib.sha256(idx_header(arrays[name].shape))
        digest.update(np.ascontiguousarray(arrays[name]).data)
        if digest.hexdigest() != expected:
            return False
    return True


def idx_header(shape: tuple[int, ...]) -> bytes:
    """The IDX header of a uint8 array of this shape."""
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)


def _decode_idx(raw: bytes) -> NDArray[np.uint8]:
    shape = struct.unpack(f">{raw[3]}I", raw[4 : 4 + 4 * raw[3]]) if len(raw) > 3 else ()
    header = idx_header(shape)
    if not raw.startswith(header):
        raise ValueError("it does not start with the IDX header of a uint8 array")
    return np.frombuffer(raw, np.uint8, offset=len(header)).reshape(shape).copy()


def _check_form(arrays: dict[str, Any], path: str | PathLike[str]) -> None:
    for name, array in arrays.items():
        wanted = "(n, 28, 28)" if name.startswith("x") else "(n,)"
        good_shape = array.shape[1:] == (28, 28) if name.startswith("x") else array.ndim == 1
        if not good_shape or array.dtype != np.uint8:
            raise DamagedFile(
                f"{path} does not hold MNIST: {name} should be uint8 {wanted}, "
                f"it is {array.dtype} {array.shape}"
            )
    for part in ("train", "test"):
        x, y = arrays.get(f"x_{part}"), arrays.get(f"y_{part}")
        if x is not None and y is not None and len(x) != len(y):
            raise DamagedFile(f"{path}: {len(x)} images but {len(y)} labels in the {part} part")


def _cause(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} (an array is missing)"
    return str(error) or type(error).__name__
