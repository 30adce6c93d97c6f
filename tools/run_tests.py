"""Run every test of the course; what ``python3 course.py test`` starts inside its environment.

    python3 course.py test                     all phases below
    python3 course.py test tests/test_tape.py  only pytest, with these arguments

The last line is "N passed, N failed", summed over the phases, and the exit code is 1 if anything
failed. With CI=true a phase whose folder is missing counts as failed.
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Two processes; tests/conftest.py says which tests share one. The kernels' long row comes first.
PARALLEL = ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
NBVAL = ["--nbval-current-env", "--nbval-cell-timeout=60"]


@dataclass(frozen=True)
class Phase:
    """One command: ``python -m MODULE ARGUMENTS``, and the folders it is about.

    ``parallel`` lets pytest use two processes.
    """

    title: str
    module: str
    arguments: list[str]
    folders: list[str] = field(default_factory=list)
    parallel: bool = False


PHASES = [
    Phase("The framework, the course's tools, the pictures", "pytest", ["-rs"], ["tests"], True),
    Phase(
        "Stored outputs of all notebooks",
        "pytest",
        ["--nbval", "--nbval-sanitize-with", "tests/nbval_sanitize.cfg", *NBVAL],
        ["notebooks", "solutions", "exercises"],
    ),
    Phase(
        "Every open exercise fails, for the right reason",
        "pytest",
        ["--nbval-lax", "--untouched", *NBVAL],
        ["exercises", "notebooks/00_start_here.ipynb"],  # chapter 00 has its exercise inside
    ),
    Phase(
        "Every solution passes the grader",
        "minitf.course",
        ["grade", "--path", "solutions", "--strict", "--timeout", "60"],
        ["solutions"],
    ),
    Phase(
        "The notebooks are built from chapters/",
        "minitf.course",
        ["build", "--check"],
        ["chapters"],
    ),
]


@dataclass
class Counts:
    """How many tests ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Counts") -> None:
        """Add another phase's counts to these."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main(arguments: list[str]) -> int:
    """Run all phases, or pytest alone with ``arguments``; 1 if anything failed."""
    phases = [Phase("pytest " + " ".join(arguments), "pytest", arguments)] if arguments else PHASES
    total = Counts()
    broken = []
    for phase in phases:
        print(f"\n=== {phase.title} ===", flush=True)
        counts = run(phase)
        total.add(counts)
        if counts.failed:
            broken.append(phase.title)
    print(closing_report(total, broken))
    return 1 if broken else 0


def run(phase: Phase) -> Counts:
    """Run one phase and count its tests; a command other than pytest is one test."""
    present = [folder for folder in phase.folders if (ROOT / folder).exists()]
    if phase.folders and not present:
        print(f"There is no folder {' or '.join(phase.folders)}.")
        return Counts(failed=1) if os.environ.get("CI") == "true" else Counts(skipped=1)
    own = [] if os.environ.get("CI") == "true" else edited_notebooks()
    if phase.module == "pytest":
        if own and "--nbval-current-env" in phase.arguments:
            print(f"Left out, your own work: {', '.join(own)}. course.py grade checks it.")
            present = untouched_notebooks(present, own)
            if not present:
                return Counts(skipped=1)
        return run_pytest([*(PARALLEL if phase.parallel else []), *phase.arguments, *present])
    arguments = list(phase.arguments)
    if own and "--check" in arguments:
        chapters = {path.name[:2] for path in (ROOT / "chapters").glob("[0-9][0-9]_*")}
        chapters -= {Path(name).name[:2] for name in own}
        if not chapters:
            return Counts(skipped=1)
        arguments += sorted(chapters)
    failed = call(phase.module, arguments) != 0
    return Counts(failed=1) if failed else Counts(passed=1)


def run_pytest(arguments: list[str]) -> Counts:
    """Run pytest in a process of its own and read its counts from a JUnit file."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = call("pytest", ["-q", f"--junitxml={report}", *arguments])
        counts = count_outcomes(report) if report.is_file() else Counts()
    if code and not counts.failed:  # 5: nothing was collected; 2 to 4: pytest itself stopped
        print(f"pytest stopped with exit code {code}{': no tests' if code == 5 else ''}.")
        counts.failed += 1
    return counts


def call(module: str, arguments: list[str]) -> int:
    """Run ``python -m module`` with the tests' environment variables; return its exit code."""
    variables = dict(os.environ)
    variables["MINITF_DOT"] = "bundled"  # the same pictures with and without a `dot` of the system
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # the arrays are small
        variables.setdefault(name, "1")
    return subprocess.call([sys.executable, "-m", module, *arguments], cwd=ROOT, env=variables)


def count_outcomes(report: Path) -> Counts:
    """Add up a JUnit file. A failure that a test is there to see (xfail) is a pass."""
    counts = Counts()
    for case in ElementTree.parse(report).iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
        elif skipped is not None and skipped.get("type") != "pytest.xfail":
            counts.skipped += 1
        else:
            counts.passed += 1
    return counts


def closing_report(total: Counts, broken: list[str]) -> str:
    """What failed, then the line with the counts."""
    lines = ["", *(f"Failed: {title}" for title in broken)]
    edited = edited_notebooks() if broken else []
    if edited:
        lines.append(f"Notebooks that differ from the shipped ones: {', '.join(edited)}.")
    return "\n".join([*lines, str(total)])


def untouched_notebooks(places: list[str], own: list[str]) -> list[str]:
    """The notebooks in ``places`` (folders or files) without the ones in ``own``."""
    found = []
    for place in map(ROOT.joinpath, places):
        found += sorted(place.glob("*.ipynb")) if place.is_dir() else [place]
    names = [path.relative_to(ROOT).as_posix() for path in found]
    return [name for name in names if name not in own]


def edited_notebooks() -> list[str]:
    """The notebooks that git reports as changed; none without git."""
    command = ["git", "diff", "--name-only", "HEAD", "--", "notebooks", "exercises"]
    try:
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return []
    return result.stdout.splitlines() if result.returncode == 0 else []


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted.")
