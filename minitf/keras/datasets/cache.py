"""Where downloaded data sets live on this computer.

    find_files("mnist.npz")   # every place to look, best first
    cache_folder()            # where a download is written

``MINITF_DATA_DIR`` overrides the system's usual cache folder. Keras' own cache is looked at too,
because whoever has used Keras already has the files, but nothing is ever written there.
"""

import os
import sys
from pathlib import Path

__all__ = ["cache_folder", "find_files", "is_ours"]


def cache_folder() -> Path:
    """The folder downloads go to. It may not exist yet."""
    override = os.environ.get("MINITF_DATA_DIR")
    return Path(override).expanduser() if override else platform_folder()


def find_files(name: str) -> list[Path]:
    """The existing files of this name: ``MINITF_DATA_DIR``, the cache folder, Keras' cache."""
    folders = [cache_folder(), platform_folder(), keras_folder()]
    files = [folder / name for folder in dict.fromkeys(folders)]
    return [file for file in files if file.is_file()]


def is_ours(file: Path) -> bool:
    """True if minitf may move or replace ``file``: all but Keras' own cache."""
    return file.parent != keras_folder()


def platform_folder() -> Path:
    """The cache folder this operating system prescribes."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "minitf"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "minitf"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "minitf"


def keras_folder() -> Path:
    """The folder in which Keras keeps its data sets."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"
