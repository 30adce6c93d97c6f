"""MNIST: 70,000 handwritten digits, or 5,000 of them without a download.

    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    x_train.shape, x_train.dtype     # (4000, 28, 28) uint8 from the embedded subset,
                                     # (60000, 28, 28) after mnist.download()

``load_data`` never uses the network. It takes the first of: the path you give, a file in
``MINITF_DATA_DIR``, minitf's cache folder, Keras' own cache, and the subset inside this package.
"""

import hashlib
import io
import os
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import cache
from .mnist_files import Arrays, DamagedFile, is_original, read_npz

__all__ = ["download", "load_data", "load_subset"]

Pair: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8]]

FILE_NAME = "mnist.npz"
SUBSET = Path(__file__).with_name("mnist_subset.npz")
SUBSET_SHA256 = "92d86003318969f6a473949a0c2c2e69a9ef79bedda36be40aca03c885a332cd"
HOW_TO_GET_ALL = (
    "All 70,000 (11 MB, once): tf.keras.datasets.mnist.download() or python3 course.py data."
)

_told: set[str] = set()


def load_data(path: str | os.PathLike[str] | None = None) -> tuple[Pair, Pair]:
    """Keras' four arrays, ``(x_train, y_train), (x_test, y_test)``, from this computer.

    One printed line says where they come from; it is printed once per source. A file in minitf's
    cache whose content is not MNIST is named, renamed to ``*.bad``, and the next source is used.

    Args:
        path: an ``.npz`` file with these four arrays. As in Keras, a relative path is a name in the
            cache folder. None and Keras' default "mnist.npz" try all sources.

    Returns:
        Images uint8 (n, 28, 28), pixels 0 to 255, and labels uint8 (n,), digits 0 to 9.

    Raises:
        FileNotFoundError: there is no file at ``path``.
        DamagedFile: (a ValueError) the file at ``path`` cannot be read as MNIST.
    """
    if path is not None and os.fspath(path) != FILE_NAME:
        return _pairs(_load_from(path))
    for file in cache.find_files(FILE_NAME):
        arrays = _load_cached(file)
        if arrays is not None:
            _tell_once(f"MNIST: 60,000 training and 10,000 test digits from {file}.")
            return _pairs(arrays)
    subset = load_subset()
    _tell_once(f"MNIST: the embedded 4,000 training and 1,000 test digits. {HOW_TO_GET_ALL}")
    return subset


def load_subset() -> tuple[Pair, Pair]:
    """The 4,000 training and 1,000 test digits inside the package, silently.

    Always the same arrays on every computer. Each run of ten digits holds every class once, so
    ``x_train[:500]`` is balanced too. Licence and provenance: ``MNIST_SUBSET.md`` beside this file.

    Raises:
        DamagedFile: the package's file was altered; reinstalling mends it.
    """
    raw = SUBSET.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SUBSET_SHA256:
        raise DamagedFile(
            f"{SUBSET} was altered or cut short ({len(raw):,} bytes). "
            f"Restore it: git checkout -- {SUBSET.name}, or install the course again."
        )
    with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
        return _pairs({name: archive[name] for name in archive.files})


def download(folder: str | os.PathLike[str] | None = None) -> Path:
    """Fetch the full set (11 MB) into the cache folder, or into ``folder``; return the file's path.

    A good file that is already there is kept; a damaged one is replaced.

    Raises:
        DownloadError: (an OSError) no mirror delivered the right file; the message says why.
        OSError: the folder cannot be written to, or the disk is full.
    """
    from .mnist_download import download_mnist  # urllib is slow to import and rarely needed

    return download_mnist(Path(folder) if folder is not None else cache.cache_folder())


def _load_from(path: str | os.PathLike[str]) -> Arrays:
    """The arrays of a file the learner names; it may be another set of the same form."""
    file = cache.cache_folder() / Path(path).expanduser()  # an absolute path stays as it is
    if not file.is_file():
        raise FileNotFoundError(
            f"There is no file {file}. A relative path is a name in the cache folder, as in Keras; "
            f"for a file elsewhere give the absolute path, for example os.path.abspath({path!r})."
        )
    arrays = read_npz(file)
    train, test = len(arrays["x_train"]), len(arrays["x_test"])
    kind = "the original MNIST" if is_original(arrays) else "not the original MNIST"
    _tell_once(f"MNIST: {train:,} training and {test:,} test digits from {file} ({kind}).")
    return arrays


def _load_cached(file: Path) -> Arrays | None:
    """The arrays of a file in a cache if it is the full set; else say what is wrong and move on."""
    try:
        arrays = read_npz(file)
        if is_original(arrays):
            return arrays
        problem = f"{file} is not MNIST: its arrays' SHA-256 sums differ from the published ones"
    except DamagedFile as error:
        problem = str(error)
    _tell_once(f"MNIST: {problem}. {_set_aside(file)}")
    return None


def _set_aside(file: Path) -> str:
    """Rename a damaged file of ours to ``*.bad``, so that a download can take its place."""
    if not cache.is_ours(file):
        return "It belongs to Keras, so it stays as it is and is not used."
    aside = file.with_name(file.name + ".bad")
    try:
        os.replace(file, aside)
    except OSError as error:
        return f"It is not used; it could not be renamed ({error.strerror})."
    return f"It is now called {aside.name} and is not used."


def _pairs(arrays: Arrays) -> tuple[Pair, Pair]:
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _tell_once(line: str) -> None:
    if line not in _told:
        _told.add(line)
        print(line)
