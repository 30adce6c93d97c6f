"""The committed notebooks: built from the sources, and the solutions score full points."""

import os
import subprocess

from minitf.course.build import check_build
from minitf.course.grade import grade_command
from minitf.course.home import course_root


def test_sources_and_notebooks_are_in_step():
    mine = edited_by_the_learner()
    assert [line for line in check_build() if not line.startswith(mine)] == []


def edited_by_the_learner():
    """Notebooks that somebody worked in since the last commit; in CI nobody did."""
    if os.environ.get("CI"):
        return ()
    command = ["git", "diff", "--name-only", "HEAD", "--", "notebooks", "exercises"]
    try:
        run = subprocess.run(command, cwd=course_root(), capture_output=True, text=True, timeout=20)
    except OSError:  # no git: a downloaded archive
        return ()
    return tuple(run.stdout.split())


def test_solutions_score_full_points(capsys):
    code = grade_command((), str(course_root() / "solutions"), cell_seconds=60, strict=True)
    assert code == 0, capsys.readouterr().out
