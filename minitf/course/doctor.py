"""`doctor()`: is this installation in order? If not, which command mends it?

    doctor()
    # OK    Python is new enough
    # ...
    # Everything is in order.

The lines that say OK are the same on every machine, so the notebook's stored output stays true.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from minitf.course.home import course_root, learner_folder, memory_only

MINIMUM = (3, 11)
START = "py course.py" if os.name == "nt" else "python3 course.py"


def doctor() -> None:
    """Print one line per check: OK, or what is wrong and the exact command that mends it."""
    examine_all()


def examine_all() -> int:
    """Print the doctor's lines and return the number of failed checks."""
    failed = 0
    for title, examine in _CHECKS:
        try:
            fix = examine()
        except Exception as error:  # noqa: BLE001 the doctor reports every failure in one line
            fix = f"{type(error).__name__}: {error}. Run: {START}"
        failed += bool(fix)
        print(f"FIX   {title}: {fix}" if fix else f"OK    {title}")
    if failed:
        print(f"{failed} of {len(_CHECKS)} checks failed. Mend the first one and run this again.")
    else:
        print("Everything is in order.")
    return failed


def _python() -> str:
    if sys.version_info >= MINIMUM:
        return ""
    return f"this is {sys.version.split()[0]}; install Python 3.11 or newer, then run: {START}"


def _kernel() -> str:
    """A kernel from another environment is the commonest reason for ModuleNotFoundError."""
    own = course_root() / ".venv"
    if not own.is_dir() or Path(sys.prefix).resolve() == own.resolve():
        return ""
    return (
        "this notebook runs in another environment than the course's .venv. "
        f"In the menu choose Kernel, Change Kernel, Python 3; or close JupyterLab and run: {START}"
    )


def _framework() -> str:
    import minitf

    here = Path(minitf.__file__).resolve().parent
    if here == Path(__file__).resolve().parents[1] and hasattr(minitf, "GradientTape"):
        return ""
    return f"another package called minitf is in the way ({here}). Run: {START}"


def _packages() -> str:
    missing = []
    for name in ("numpy", "matplotlib", "ipywidgets", "anywidget", "graphviz"):
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if not missing:
        return ""
    return f"missing {', '.join(missing)}. Run: {sys.executable} -m pip install {' '.join(missing)}"


def _pictures() -> str:
    from minitf.viz import engine

    if engine.resolve() is not None:
        return ""
    return f"no layout engine for graphs. Run: {sys.executable} -m pip install graphviz-pure"


def _digits() -> str:
    from minitf.keras.datasets import mnist

    (x_train, y_train), (x_test, y_test) = mnist.load_subset()
    shapes_fit = x_train.shape[1:] == x_test.shape[1:] == (28, 28)
    counts_fit = len(x_train) == len(y_train) > 0 and len(x_test) == len(y_test) > 0
    if shapes_fit and counts_fit and set(y_train.tolist()) == set(range(10)):
        return ""
    return "the embedded digits are damaged. Run: git checkout -- minitf/keras/datasets"


def _progress() -> str:
    if memory_only():
        return ""
    folder = learner_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return (
            f"cannot write to {folder.name} ({error.strerror}); progress lasts for this session. "
            "Set MINITF_HOME to a folder you may write to"
        )


_CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Python is new enough", _python),
    ("the notebook runs in the course's environment", _kernel),
    ("minitf is the course's own", _framework),
    ("NumPy, Matplotlib and the widget packages are there", _packages),
    ("graphs can be drawn", _pictures),
    ("the handwritten digits are complete", _digits),
    ("your progress can be saved", _progress),
)
