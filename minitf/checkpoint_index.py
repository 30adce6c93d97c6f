"""The file `checkpoint` in a folder of checkpoints: which are there, which is the newest.

    record_newest("run/ckpt-3", ["run/ckpt-2", "run/ckpt-3"])
    latest_checkpoint("run")           # "run/ckpt-3"
    recorded("run")                    # ["run/ckpt-2", "run/ckpt-3"]

It is a text as TensorFlow writes it, with paths relative to the folder, so that the folder may
move.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from minitf.arrays_file import write_whole

_NAME = "checkpoint"
_LINE = re.compile(r'^(\w+): "(.*)"$', re.MULTILINE)


def record_newest(newest: str, everything: list[str]) -> None:
    """Writes the file, whole or not at all.

    Args:
        newest: path of the newest checkpoint; the file goes into its folder.
        everything: paths of all checkpoints to list, oldest first.
    """
    folder = Path(newest).parent
    lines = [f'model_checkpoint_path: "{_relative(newest, folder)}"']
    lines += [f'all_model_checkpoint_paths: "{_relative(path, folder)}"' for path in everything]
    write_whole(folder / _NAME, ("\n".join(lines) + "\n").encode("utf-8"))


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> str | None:
    """Path of the newest checkpoint in a folder, None if there is none."""
    folder = os.fspath(checkpoint_dir)
    newest = _entries(folder, "model_checkpoint_path")
    return newest[0] if newest and _exists(newest[0]) else None


def recorded(folder: str) -> list[str]:
    """Paths of the listed checkpoints that are still there, oldest first."""
    listed = _entries(folder, "all_model_checkpoint_paths")
    return [path for path in listed if _exists(path)]


def _entries(folder: str, key: str) -> list[str]:
    try:
        text = (Path(folder) / _NAME).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [os.path.join(folder, path) for found, path in _LINE.findall(text) if found == key]


def _relative(path: str, folder: Path) -> str:
    return os.path.relpath(path, folder)


def _exists(path: str) -> bool:
    return os.path.isfile(path + ".npz")
