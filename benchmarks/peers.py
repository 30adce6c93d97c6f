"""The libraries that are compared, and the environment each one runs in.

    PEERS["torch"].packages        # what `python benchmarks/setup.py torch` installs
    python_of("torch", {})         # .bench/torch/bin/python
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ROOT / ".bench"
NUMPY = "numpy==2.4.6"  # one version for all: the data comes from its random generator


@dataclass(frozen=True)
class Peer:
    """One library.

    Attributes:
        module: what is imported.
        packages: pinned requirements of its environment.
        distributions: what it occupies on disk, with everything these require.
    """

    module: str
    packages: tuple[str, ...]
    distributions: tuple[str, ...] = ()


PEERS = {
    "minitf": Peer("minitf", (NUMPY,)),
    "numpy": Peer("numpy", (NUMPY,), ("numpy",)),
    "tensorflow": Peer(
        "tensorflow",
        ("tensorflow-cpu==2.21.0", "keras==3.15.1", NUMPY),
        ("tensorflow-cpu",),
    ),
    "torch": Peer("torch", ("torch==2.13.0", NUMPY), ("torch",)),
    "jax": Peer("jax", ("jax==0.10.2", NUMPY), ("jax",)),
    "autograd": Peer("autograd", ("autograd==1.9.1", NUMPY), ("autograd",)),
    "micrograd": Peer("micrograd.engine", ("micrograd==0.1.0", NUMPY), ("micrograd",)),
}
OURS = ("minitf", "numpy")  # always measured; they share one environment


def python_in(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_of(peer: str, given: Mapping[str, str]) -> str:
    """The interpreter to run `peer` with: a given one, or that of its own environment.

    Raises:
        FileNotFoundError: there is none; the message says how to make it.
    """
    name = "minitf" if peer in OURS else peer
    if name in given:
        found = Path(given[name])
        remedy = f"--python {name}={found}: there is no such file."
    else:
        found = python_in(ENVIRONMENTS / name)
        remedy = (
            f"{peer} has no environment. Make it with `python benchmarks/setup.py {name}`, or name "
            f"one that has it: --python {name}=/path/to/python."
        )
    if not found.exists():
        raise FileNotFoundError(remedy)
    return str(found)
