"""Makes the environments of the benchmarks, one per library, in the folder .bench.

    python benchmarks/setup.py torch               one
    python benchmarks/setup.py minitf torch jax    several
    python benchmarks/setup.py all                 all of them, about 4 GB
    python benchmarks/setup.py torch --pip "--index-url ADDRESS"    with options for pip

Versions are pinned in peers.py. An environment that exists is brought up to date.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import venv
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # started as a file: find `benchmarks`
from benchmarks.peers import ENVIRONMENTS, PEERS, python_in  # noqa: E402

NAMES = [name for name in PEERS if name != "numpy"]  # NumPy runs in minitf's environment


def main(arguments: list[str] | None = None) -> int:
    """Makes the environments that are named; returns the exit code."""
    parser = argparse.ArgumentParser(description="Makes the environments of the benchmarks.")
    parser.add_argument("peers", nargs="+", choices=[*NAMES, "all"], metavar="PEER")
    parser.add_argument("--pip", default="", help="further options for pip install")
    options = parser.parse_args(arguments)
    names = NAMES if "all" in options.peers else options.peers
    failed = [name for name in names if not make(name, shlex.split(options.pip))]
    if failed:
        print(f"not ready: {', '.join(failed)}. What pip said stands above.", file=sys.stderr)
    return 1 if failed else 0


def make(name: str, pip_options: list[str]) -> bool:
    """Makes one environment; False if pip fails."""
    folder = ENVIRONMENTS / name
    if not python_in(folder).exists():
        print(f"{name}: new environment {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=folder.exists())
    packages = list(PEERS[name].packages)
    print(f"{name}: {' '.join(packages)}", flush=True)
    pip = [str(python_in(folder)), "-m", "pip", "install", "--quiet", *pip_options, *packages]
    return subprocess.call(pip) == 0


if __name__ == "__main__":
    sys.exit(main())
