"""The near end of the pipes: starts a worker process and asks it.

    with Client("torch", "/path/to/python", threads=2) as client:
        client.ask("prepare", workload="W1", case="", contestant="torch/eager")
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from typing import Any

from benchmarks.peers import ROOT


class WorkerDied(Exception):
    """The process ended, or wrote something that is not an answer."""


class Client:
    """One worker process, alive until closed.

    Attributes:
        library: the library it runs.
        version: of that library.

    Raises:
        WorkerDied: the library cannot be imported.
    """

    def __init__(self, library: str, python: str, threads: int) -> None:
        self.library = library
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env=environment(threads),
        )
        answer = self.ask("hello", library=library)
        if "error" in answer:
            self.close()
            raise WorkerDied(f"{library} does not start:\n{answer['error']}")
        self.version: str = answer["version"]

    def ask(self, do: str, **details: Any) -> dict[str, Any]:
        """Sends one command and waits for its answer.

        Raises:
            WorkerDied: there is none; the message ends with what the process last wrote.
        """
        try:
            self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())
        except (OSError, json.JSONDecodeError):
            code = self._process.wait(timeout=10)
            message = f"the process of {self.library} ended with exit code {code}:\n{self._tail()}"
            self.close()
            raise WorkerDied(message) from None

    def close(self) -> None:
        """Ends the process; closing twice does no harm."""
        if not self._process.stdin.closed:
            try:
                self._process.stdin.close()
            except OSError:
                pass  # it had died with an unsent line
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def _tail(self) -> str:
        self._errors.seek(0)
        return self._errors.read()[-2000:]


def environment(threads: int) -> dict[str, str]:
    """The environment of a worker: thread counts are read when a library is loaded."""
    count = str(threads)
    variables = {
        name: count for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    }
    if threads == 1:
        variables["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    variables |= {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_PLATFORMS": "cpu", "PYTHONUTF8": "1"}
    return {**os.environ, **variables, "PYTHONPATH": str(ROOT)}
