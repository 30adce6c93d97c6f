"""The workloads, one file each.

load("W1")            # the Workload of w1_scalar.py
names("W3")           # ["W3", "W3 epoch"]
"""

from __future__ import annotations

import importlib

from benchmarks.workload import Workload

FILES = {
    "W1": "w1_scalar",
    "W2": "w2_chain",
    "W3": "w3_mlp_step",
    "W3 epoch": "w3_mlp_epoch",
    "W4": "w4_cnn_step",
    "W5": "w5_elementwise",
    "W6": "w6_second_order",
    "W7 import": "w7_footprint",
    "W7 memory": "w7_footprint",
    "W7 epoch memory": "w7_footprint",
}


def load(name: str) -> Workload:
    """The workload of that name; its file is imported now."""
    module = importlib.import_module(f"benchmarks.workloads.{FILES[name]}")
    (workload,) = [w for w in vars(module).values() if isinstance(w, Workload) and w.name == name]
    return workload


def names(selected: str | None = None) -> list[str]:
    """The names that start with one of the comma-separated selected ones; all if None.

    Raises:
        ValueError: nothing starts so.
    """
    if selected is None:
        return list(FILES)
    found = []
    for wanted in selected.split(","):
        matching = [name for name in FILES if name.startswith(wanted.strip())]
        if not matching or not wanted.strip():
            raise ValueError(f"no workload {wanted.strip()!r}. There are {', '.join(FILES)}.")
        found += [name for name in matching if name not in found]
    return found
