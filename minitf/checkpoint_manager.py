"""CheckpointManager: keeps the newest few checkpoints of a folder.

    manager = tf.train.CheckpointManager(checkpoint, "run", max_to_keep=3)
    manager.restore_or_initialize()      # goes on from the newest, if there is one
    for epoch in range(10):
        train()
        manager.save()
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Any

from minitf.checkpoint import ENDING, Checkpoint
from minitf.checkpoint_index import latest_checkpoint, record_newest, recorded


class CheckpointManager:
    """Saves numbered checkpoints and deletes old ones.

    Args:
        checkpoint: what to save.
        directory: folder of the files; made when first needed.
        max_to_keep: so many newest ones stay; None keeps all.
        checkpoint_name: beginning of the files' names.
        step_counter: a variable with the step, for checkpoint_interval.
        checkpoint_interval: save() does nothing until so many steps have passed.
        init_fn: called by restore_or_initialize() if there is no checkpoint.

    Raises:
        ValueError: `max_to_keep` is below 1, or an interval without a counter.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: Any,
        max_to_keep: int | None,
        checkpoint_name: str = "ckpt",
        step_counter: Any = None,
        checkpoint_interval: int | None = None,
        init_fn: Callable[[], Any] | None = None,
    ) -> None:
        if max_to_keep is not None and max_to_keep < 1:
            raise ValueError(
                f"Expected a positive integer or `None` for `max_to_keep`, got {max_to_keep}."
            )
        if checkpoint_interval is not None and step_counter is None:
            raise ValueError(
                "`step_counter` should be passed if `checkpoint_interval` is not None."
            )
        self.checkpoint, self.directory = checkpoint, os.fspath(directory)
        self._max_to_keep, self._init_fn = max_to_keep, init_fn
        self._prefix = os.path.join(self.directory, checkpoint_name)
        self._step_counter, self._interval = step_counter, checkpoint_interval
        self._saved_at: int | None = None
        self._paths = recorded(self.directory)
        self._latest = latest_checkpoint(self.directory)

    @property
    def checkpoints(self) -> list[str]:
        """Paths of the checkpoints that are kept, oldest first."""
        return list(self._paths)

    @property
    def latest_checkpoint(self) -> str | None:
        """Path of the newest, None if there is none."""
        return self._latest

    def save(
        self, checkpoint_number: Any = None, check_interval: bool = True, options: Any = None
    ) -> str | None:
        """Saves, then deletes what is too old; returns the path.

        Args:
            checkpoint_number: number of the file; counted up if None.
            check_interval: False saves even before `checkpoint_interval` steps have passed.

        Returns:
            The path, or None if it was too early.
        """
        if check_interval and self._too_early():
            return None
        if checkpoint_number is None:
            path = self.checkpoint.save(self._prefix)
        else:
            path = f"{self._prefix}-{int(checkpoint_number)}"
            self.checkpoint.save_counter.assign_add(1)
            self.checkpoint.write(path)
        if self._step_counter is not None:
            self._saved_at = int(self._step_counter)
        self._paths = [old for old in self._paths if old != path] + [path]
        self._latest = path
        excess = len(self._paths) - (self._max_to_keep or len(self._paths))
        dropped, self._paths = self._paths[:excess], self._paths[excess:]
        record_newest(path, self._paths)  # first the list, then the files: it is never wrong
        for old in dropped:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(old + ENDING)
        return path

    def restore_or_initialize(self) -> str | None:
        """Restores the newest checkpoint and returns its path; without one calls init_fn."""
        if self._latest is not None:
            self.checkpoint.restore(self._latest)
            if self._step_counter is not None:
                self._saved_at = int(self._step_counter)
            return self._latest
        if self._init_fn is not None:
            self._init_fn()
        return None

    def _too_early(self) -> bool:
        if self._interval is None or self._saved_at is None:
            return False
        return int(self._step_counter) - self._saved_at < self._interval
