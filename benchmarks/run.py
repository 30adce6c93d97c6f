"""Runs the benchmarks: minitf and its peers side by side, in one run.

    python benchmarks/setup.py minitf torch          once
    python benchmarks/run.py --peers torch           all workloads, against PyTorch
    python benchmarks/run.py --workloads W1,W3 --rounds 30 --threads 1
    python benchmarks/run.py --python torch=/path/to/python --json results.json --plot results.png

Without --peers, every peer that has an environment takes part.
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[1])  # started as a file: find `benchmarks`
from benchmarks.client import Client, WorkerDied  # noqa: E402
from benchmarks.gates import judge  # noqa: E402
from benchmarks.measure import Row, measure  # noqa: E402
from benchmarks.peers import OURS, PEERS, python_of  # noqa: E402
from benchmarks.report import save, table  # noqa: E402
from benchmarks.workloads import load, names  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Measures what the command line asks for; returns the exit code (gates do not change it)."""
    options = _parser().parse_args(arguments)
    try:
        given = _given_pythons(options.python)
        workloads = names(options.workloads)
        pythons = _pythons(options.peers, given)
        rows, versions = run(workloads, pythons, options.rounds, options.threads)
    except (ValueError, FileNotFoundError, WorkerDied) as problem:
        print(f"run.py: {problem}", file=sys.stderr)
        return 2
    verdicts = judge(rows)
    print(table(rows, verdicts))
    if options.json:
        about = {"versions": versions, "threads": options.threads, "rounds": options.rounds}
        save(options.json, rows, verdicts, about | _machine())
    if options.plot:
        from benchmarks.plot import draw  # needs Matplotlib

        draw(rows, options.plot)
    return 0


def run(
    workloads: list[str], pythons: Mapping[str, str], rounds: int, threads: int
) -> tuple[list[Row], dict[str, str]]:
    """Starts one process per library and measures the workloads.

    Returns:
        The rows of all workloads, and the version of each library.
    """
    rows: list[Row] = []
    with contextlib.ExitStack() as open_clients:
        clients = {
            name: open_clients.enter_context(Client(name, python, threads))
            for name, python in pythons.items()
        }
        for name in workloads:
            started = time.perf_counter()
            rows += measure(load(name), clients, pythons, rounds)
            print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return rows, {name: client.version for name, client in clients.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="minitf and its peers, side by side.")
    parser.add_argument("--workloads", help="W1,W3 and so on; all by default")
    parser.add_argument("--peers", help=f"some of {', '.join(PEERS)}; all that are installed")
    parser.add_argument("--rounds", type=int, default=20, help="20 by default")
    parser.add_argument("--threads", type=int, default=2, choices=[1, 2], help="2 by default")
    parser.add_argument(
        "--python", action="append", default=[], metavar="PEER=PATH", help="an existing interpreter"
    )
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--plot", metavar="FILE", help="draw the ratios (.png or .svg)")
    return parser


def _given_pythons(pairs: list[str]) -> dict[str, str]:
    given = dict(pair.partition("=")[::2] for pair in pairs)
    for name, path in given.items():
        if name not in PEERS or name == "numpy" or not path:
            known = ", ".join(peer for peer in PEERS if peer != "numpy")
            raise ValueError(f"--python wants PEER=PATH, with a PEER of {known}.")
    return given


def _pythons(peers: str | None, given: Mapping[str, str]) -> dict[str, str]:
    """Library -> interpreter. minitf runs in its environment, or else with this Python."""
    given = {"minitf": sys.executable, **given}
    found = {name: python_of(name, given) for name in OURS}
    wanted = list(PEERS) if peers is None else [name.strip() for name in peers.split(",") if name]
    for name in wanted:
        if name not in PEERS:
            raise ValueError(f"no peer {name!r}. There are {', '.join(PEERS)}.")
        try:
            found[name] = python_of(name, given)
        except FileNotFoundError:
            if peers is not None:  # asked for by name
                raise
    return found


def _machine() -> dict[str, Any]:
    return {"python": platform.python_version(), "machine": platform.platform()}


if __name__ == "__main__":
    sys.exit(main())
