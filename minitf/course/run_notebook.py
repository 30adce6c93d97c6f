"""Run a notebook in a fresh kernel. Needs nbclient and nbformat, which JupyterLab brings.

    run = execute(notebook, Path("notebooks"))       # outputs filled in, order as in the file

The kernel runs with the notebook's folder as its current one, with the same hash seed, layout
engine and thread count everywhere, and with `CI` set, so that a learner's progress is neither
read nor written.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from minitf.course.home import course_root
from minitf.course.notebook_form import Notebook


class CellError(RuntimeError):
    """A cell raised, took too long, or killed the kernel; the message names the cell."""


def kernel_environment(scratch: str, **changes: str) -> dict[str, str]:
    """Return the environment of a kernel whose results must be the same on every machine."""
    package_parent = str(Path(__file__).resolve().parents[2])
    paths = [package_parent, os.environ.get("PYTHONPATH", "")]
    dropped = ("MINITF_GRADE", "MINITF_HOME")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {
        **kept,
        "CI": "true",
        "IPYTHONDIR": scratch,
        "MINITF_COURSE_ROOT": str(course_root()),
        "MINITF_DOT": "bundled",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        **changes,
    }


def execute(notebook: Notebook, folder: Path, timeout: int = 120) -> Notebook:
    """Run all cells and return the notebook with outputs. Raises `CellError` naming the cell."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    # Through text, as from a file: nbformat joins the lists of source lines on reading.
    node = nbformat.reads(json.dumps(notebook), as_version=4)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(
            node,
            timeout=timeout,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],  # ipykernel warns about its own transport
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            client.execute(env=kernel_environment(scratch))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise CellError(_which_cell(node, error)) from None
    run: Notebook = json.loads(nbformat.writes(node))  # type: ignore[no-untyped-call]
    return run


def _which_cell(node: Any, error: Exception) -> str:
    """Name the last cell that began: nbclient's own message shows only its source."""
    begun = [cell for cell in node.cells if cell.cell_type == "code" and cell.execution_count]
    last = begun[-1] if begun else None
    where = f"cell {last.id} ({last.source.splitlines()[0]!r})" if last else "the first cell"
    return f"{where} failed\n{error}"
