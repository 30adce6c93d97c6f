"""Fetch the full MNIST set from the mirrors that Keras, PyTorch and TensorFlow Datasets use.

    download_mnist(Path.home() / ".cache" / "minitf")   # -> .../mnist.npz

Keras' single file is tried first, then the original four ``.gz`` files on two other servers. What
arrives is checked twice: each file's SHA-256 while it streams, and the decoded digits afterwards.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from .fetch import TIMEOUT_SECONDS, DownloadError, RemoteFile, fetch
from .mnist_files import Arrays, DamagedFile, is_original, read_idx_gz, read_npz

__all__ = ["MIRRORS", "download_mnist"]

# One mirror: the files it needs, by array name; a single .npz file is under "all".
Mirror = dict[str, RemoteFile]

_IDX_GZ = {
    "x_train": (
        "train-images-idx3-ubyte.gz",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    "y_train": (
        "train-labels-idx1-ubyte.gz",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    "x_test": (
        "t10k-images-idx3-ubyte.gz",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    "y_test": (
        "t10k-labels-idx1-ubyte.gz",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
}


def idx_mirror(folder_url: str) -> Mirror:
    """The original four files in a folder of some server."""
    return {name: RemoteFile(folder_url + file, sha) for name, (file, sha) in _IDX_GZ.items()}


MIRRORS: list[Mirror] = [
    {
        "all": RemoteFile(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        )
    },
    idx_mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
    idx_mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
]


def download_mnist(
    folder: Path, mirrors: list[Mirror] = MIRRORS, timeout: float = TIMEOUT_SECONDS
) -> Path:
    """Put ``mnist.npz`` into ``folder``, unless a good one is there; return its path.

    Raises:
        DownloadError: no mirror delivered MNIST; the message lists each mirror's failure.
        OSError: the folder cannot be written to, or the disk is full.
    """
    target = folder / "mnist.npz"
    if target.is_file() and _is_good(target):
        print(f"MNIST is already complete: {target}")
        return target
    with _clear_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        failures = []
        for number, mirror in enumerate(mirrors, start=1):
            try:
                _download_from(mirror, target, timeout)
            except (DownloadError, DamagedFile) as error:
                failures.append(str(error))
                following = ": trying the next" if number < len(mirrors) else ""
                print(f"\r  mirror {number} of {len(mirrors)} failed{following}", flush=True)
            else:
                for failure in failures:
                    print(f"  failed before: {failure}")
                print(f"MNIST: 60,000 training and 10,000 test digits are now in {target}")
                return target
    raise DownloadError(
        "MNIST could not be downloaded.\n  "
        + "\n  ".join(failures)
        + "\nCheck the network connection; behind a proxy set HTTPS_PROXY. The 5,000 included "
        f"digits work without a network. A mnist.npz from elsewhere can be put into {folder}."
    )


def _download_from(mirror: Mirror, target: Path, timeout: float) -> None:
    parts: dict[str, Path] = {}
    packed = target.with_name(f"{target.name}.{os.getpid()}.packed.part")
    try:
        for name, file in mirror.items():
            parts[name] = fetch(file, target.parent, timeout)
        if "all" in parts:
            _check_original(read_npz(parts["all"]), mirror)
            os.replace(parts["all"], target)
        else:
            arrays = read_idx_gz(parts)
            _check_original(arrays, mirror)
            with open(packed, "wb") as out:
                np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
            os.replace(packed, target)
    finally:
        for leftover in (*parts.values(), packed):
            leftover.unlink(missing_ok=True)


def _is_good(file: Path) -> bool:
    try:
        return is_original(read_npz(file))
    except DamagedFile as error:
        print(f"  {error}. It will be replaced.")
        return False


def _check_original(arrays: Arrays, mirror: Mirror) -> None:
    if not is_original(arrays):
        urls = ", ".join(file.url for file in mirror.values())
        raise DownloadError(f"{urls}: the digits' SHA-256 sums are not those of MNIST")


@contextmanager
def _clear_disk_errors(folder: Path) -> Iterator[None]:
    """Say what to do about a folder that cannot be written to, or a full disk."""
    try:
        yield
    except DownloadError:
        raise
    except OSError as error:
        cause = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise type(error)(
            error.errno,
            f"cannot write MNIST there: {cause}. Free some space, or set MINITF_DATA_DIR to a "
            "folder you can write to",
            str(folder),
        ) from error
