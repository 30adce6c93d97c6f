"""A tiny course in a temporary folder, and a learner with an empty home."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from minitf.course import home, progress_file

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fresh_session():
    progress_file.forget_session()
    yield
    progress_file.forget_session()


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Copy the tiny course and make it the current one; return its folder."""
    root = tmp_path / "course"
    shutil.copytree(Path(__file__).parent / "fixtures" / "course", root)
    monkeypatch.setenv("MINITF_COURSE_ROOT", str(root))
    return root


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """Let progress be written, to a temporary home; return that folder."""
    folder = tmp_path / "home"
    monkeypatch.setenv("MINITF_HOME", str(folder))
    # pytest sets one of these variables itself, for every test.
    monkeypatch.setattr(home, "_QUIET_VARIABLES", ("MINITF_GRADE",))
    return folder


@pytest.fixture
def shell():
    """An IPython shell in this process, as the kernel of a notebook has one."""
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.run_cell("from minitf.course import *")
    yield made
    InteractiveShell.clear_instance()


@pytest.fixture
def command():
    """Run `python ARGUMENTS` in a process of its own; return its result."""

    def run(*arguments, cwd=REPOSITORY, **environment):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run
