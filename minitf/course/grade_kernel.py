"""One kernel for the grader: limits on time and memory, and a clear word when it dies.

    with GradeKernel(Path("exercises"), cell_seconds=10, total_seconds=120) as kernel:
        kernel.run("x = 1").error              # ""
        kernel.run_check("ch00.warm_up").evidence

The kernel works in a copy of the notebook's folder that is thrown away, so an answer that writes
files harms nothing.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from minitf.course.evidence import MIME
from minitf.course.run_notebook import kernel_environment

# POSIX only: on Windows the outer timeouts still hold.
PREAMBLE = """
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
except (ImportError, OSError, ValueError):
    pass
"""
GRACE = 3  # seconds between the interrupt and the end of the kernel
_OUR_ERRORS = ("CheckFailed", "AnswerError", "AnswerBlocked", "AnswerTooSlow", "NotStarted")
STUCK = "the kernel was stuck and did not react to an interrupt"
CHECK = "import minitf.course.checker as _grader\n_grader.check({!r})"


class KernelStartError(RuntimeError):
    """No kernel could be started: the fault of the installation, not of the learner."""


class KernelGone(RuntimeError):
    """The kernel died or does not answer any more."""

    def __init__(self, message: str, timed_out: bool = False):
        super().__init__(message)
        self.timed_out = timed_out


@dataclass
class CellRun:
    """What one cell left behind: its error in one line, and the evidence of checks."""

    error: str = ""
    timed_out: bool = False
    evidence: list[dict[str, Any]] = field(default_factory=list)


class GradeKernel:
    """A fresh kernel with limits. `gone` says why it cannot be used any more, or is empty."""

    def __init__(self, folder: Path, cell_seconds: float, total_seconds: float):
        self.cell_seconds = cell_seconds
        self.deadline = time.monotonic() + total_seconds
        self.total_seconds = total_seconds
        self.nonce = secrets.token_hex(16)
        self.gone = ""
        self._folder = folder

    def __enter__(self) -> GradeKernel:
        self._scratch = tempfile.TemporaryDirectory()
        work = Path(self._scratch.name) / "work"
        shutil.copytree(self._folder, work, ignore=_large_folders)
        try:
            self._start(work)
            self._execute(PREAMBLE, 30)
        except Exception as error:
            self._scratch.cleanup()
            raise KernelStartError(f"{type(error).__name__}: {error}") from error
        return self

    def _start(self, work: Path) -> None:
        """Start a kernel in `work`; a second one if the first is not heard.

        Ports are chosen before a kernel opens them: another program may have taken one.
        """
        try:
            self._start_once(work)
        except RuntimeError:
            self._start_once(work)

    def _start_once(self, work: Path) -> None:
        import nbformat
        from nbclient import NotebookClient

        self._client = NotebookClient(
            nbformat.v4.new_notebook(),  # type: ignore[no-untyped-call]
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            startup_timeout=30,
            allow_errors=True,
            interrupt_on_timeout=True,
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": str(work)}},
        )
        environment = kernel_environment(self._scratch.name, MINITF_GRADE=self.nonce)
        self._running = self._client.setup_kernel(env=environment)
        self._running.__enter__()

    def __exit__(self, *details: object) -> None:
        try:
            self._running.__exit__(None, None, None)
        finally:
            self._scratch.cleanup()

    def run(self, source: str) -> CellRun:
        """Run one cell. Raises `KernelGone` when it takes the kernel with it."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            self.gone = f"stopped: the notebook took more than {self.total_seconds:g} s"
            raise KernelGone(self.gone, timed_out=True)
        return self._execute(source, min(self.cell_seconds, left))

    def run_check(self, exercise_id: str) -> CellRun:
        """Run the check of one exercise from the package, whatever the notebook calls `check`."""
        return self.run(CHECK.format(exercise_id))

    def _execute(self, source: str, seconds: float) -> CellRun:
        """Run a cell; interrupt it when its time is up, kill the kernel if it does not listen."""
        import nbformat
        from nbclient.exceptions import DeadKernelError

        cell = nbformat.v4.new_code_cell(source)  # type: ignore[no-untyped-call]
        self._client.nb.cells = [cell]
        self._client.timeout = max(1, round(seconds))
        killer = threading.Timer(self._client.timeout + GRACE, self._kill)
        killer.daemon = True
        killer.start()
        began = time.monotonic()
        try:
            self._client.execute_cell(cell, 0, store_history=True)
        except DeadKernelError:
            self.gone = self.gone or "the kernel died"
            raise KernelGone(self.gone, timed_out=self.gone == STUCK) from None
        finally:
            killer.cancel()
        run = _read(cell)
        if "KeyboardInterrupt" in run.error and time.monotonic() - began >= self._client.timeout:
            return CellRun(f"stopped after {self._client.timeout} s", timed_out=True)
        return run

    def _kill(self) -> None:
        self.gone = STUCK
        # nbclient types this loosely: for a local kernel it is the Popen object.
        manager: Any = self._client.km
        manager.provisioner.process.kill()


def _read(cell: Any) -> CellRun:
    run = CellRun()
    for output in cell.outputs:
        if output.output_type == "error":
            first = (output.evalue or output.ename).splitlines()[0]
            known = output.ename in _OUR_ERRORS
            run.error = first if known else f"{output.ename}: {first}"
        elif MIME in output.get("data", {}):
            run.evidence.append(dict(output.data[MIME]))
    return run


def _large_folders(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or (Path(folder) / name).is_dir()]
