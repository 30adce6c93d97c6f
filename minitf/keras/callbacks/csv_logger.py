"""CSVLogger: writes the figures of every epoch to a file that a spreadsheet reads.

tf.keras.callbacks.CSVLogger("training.csv")

epoch,accuracy,loss,val_accuracy,val_loss
0,0.91,0.31,0.93,0.24
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

from minitf.keras.callbacks.base import Callback


class CSVLogger(Callback):
    """One line per epoch; "NA" for a figure that the epoch does not have.

    Args:
        filename: of the file.
        separator: between the columns.
        append: True adds to a file that is there; False starts a new one.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename, self.sep, self.append = Path(os.fspath(filename)), separator, append
        self._columns: list[str] = []

    def on_train_begin(self, logs: Any = None) -> None:
        """Starts an empty file, unless it is to be continued."""
        self._columns = []
        if not self.append:
            self.filename.write_text("", encoding="utf-8")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds a line, below the names of the columns if it is the first."""
        logs = logs or {}
        if not self._columns:
            self._columns = _columns(logs)
        row = [epoch, *[logs.get(name, "NA") for name in self._columns]]
        empty = not self.filename.exists() or not self.filename.stat().st_size
        # opened anew for each line: what is written is safe if the training is broken off
        with self.filename.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=self.sep, lineterminator="\n")
            if empty:
                writer.writerow(["epoch", *self._columns])
            writer.writerow(row)


def _columns(logs: dict[str, Any]) -> list[str]:
    """The figures by name; those of a validation too, which may only come in a later epoch."""
    names = sorted(logs)
    validated = any(name.startswith("val_") for name in names)
    return names if validated else names + [f"val_{name}" for name in names]
