"""W7: what a library costs before it computes: seconds to import, memory, disk; and the memory
that an epoch of W3 adds to its data.

Each figure comes from a fresh process, since a second import costs nothing.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.client import WorkerDied, environment
from benchmarks.peers import PEERS, ROOT
from benchmarks.workload import NotYet, Workload, library_of

IMPORT = """
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""
# Memory now, not at its peak: compilers and readers of files hold more for a moment.
MEMORY_NOW = """
def memory_now():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
"""
MEMORY = "import os\n" + MEMORY_NOW + "import {module}\nprint(memory_now())\n"
DISK = "from benchmarks.workloads.w7_footprint import disk\nprint(disk({library!r}))\n"
EPOCH = (
    "import os\n"
    + MEMORY_NOW
    + """
from benchmarks.workloads import load
epoch = load("W3 epoch").contestants[{contestant!r}]("b32")
epoch()
print(memory_now() - {data})
"""
)
DATA = 60_000 * (784 * 4 + 4) / 1e6


def import_seconds(python: str, contestant: str, case: str) -> float:
    return fresh(python, IMPORT.format(module=PEERS[library_of(contestant)].module))


def memory_or_disk(python: str, contestant: str, case: str) -> float:
    library = library_of(contestant)
    if case == "installed":
        return fresh(python, DISK.format(library=library))
    _needs_proc()
    return fresh(python, MEMORY.format(module=PEERS[library].module))


def epoch_memory(python: str, contestant: str, case: str) -> float:
    _needs_proc()
    return fresh(python, EPOCH.format(contestant=contestant, data=DATA))


def fresh(python: str, code: str) -> float:
    """The number that `code` prints last, run in a process of its own.

    Raises:
        WorkerDied: the process failed.
    """
    result = subprocess.run(
        [python, "-c", code],
        cwd=ROOT,
        env=environment(threads=2),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if result.returncode:
        raise WorkerDied(result.stderr[-2000:] or f"exit code {result.returncode}")
    return float(json.loads(result.stdout.split()[-1]))


def disk(library: str) -> float:
    """MB on disk: of the framework itself; of any other with all the distributions it requires.

    The course's checks (minitf/course) and widgets (minitf/viz) are not part of the framework.
    """
    if library == "minitf":
        left_out = {"__pycache__", "course", "viz"}
        files = [p for p in (ROOT / "minitf").rglob("*") if not left_out & set(p.parts)]
        return sum(path.stat().st_size for path in files if path.is_file()) / 1e6
    names: set[str] = set()
    for name in PEERS[library].distributions:
        _add_with_requirements(name, names)
    return sum(_size_of(name) for name in names) / 1e6


def _add_with_requirements(name: str, names: set[str]) -> None:
    normal = re.sub(r"[-_.]+", "-", name).lower()
    if normal in names:
        return
    try:
        requirements = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return  # for another system or Python
    names.add(normal)
    for requirement in requirements:
        if "extra ==" not in requirement:
            _add_with_requirements(re.match(r"[\w.-]+", requirement)[0], names)


def _size_of(name: str) -> int:
    files = importlib.metadata.files(name) or []
    paths = {Path(str(file.locate())) for file in files if "__pycache__" not in str(file)}
    return sum(path.stat().st_size for path in paths if path.is_file())


def _needs_proc() -> None:
    if not sys.platform.startswith("linux"):
        raise NotYet("memory is read from /proc, on Linux only")


LIBRARIES = {f"{library}/import": None for library in PEERS}

IMPORT_TIME = Workload(
    name="W7 import",
    title="import in a fresh process",
    contestants=LIBRARIES,
    unit="s",
    most_rounds=7,
    sample=import_seconds,
)
FOOTPRINT = Workload(
    name="W7 memory",
    title="memory after import; size on disk with what it requires (minitf: framework alone)",
    contestants=LIBRARIES,
    cases=("after import", "installed"),
    unit="MB",
    most_rounds=3,
    sample=memory_or_disk,
)
EPOCH_MEMORY = Workload(
    name="W7 epoch memory",
    title="memory of a process after an epoch of W3, without the 188 MB of its data",
    contestants={
        name: None
        for name in ("numpy/hand", "minitf/fit", "tensorflow/fit", "torch/eager", "jax/jit")
    },
    cases=("b32",),
    unit="MB",
    most_rounds=3,
    sample=epoch_memory,
)
