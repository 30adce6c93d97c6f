"""The nbgrader export: what nbgrader needs, and that our own grader agrees with it."""

import importlib.util
import json
import re
from pathlib import Path

import nbformat
import pytest

from minitf.course.chapter_source import REGION, all_sources
from minitf.course.grade import grade_notebook
from minitf.course.registry import exercises

TOOL = Path(__file__).resolve().parents[2] / "tools" / "export_nbgrader.py"
CHECK = r'from minitf\.course import check\n\ncheck\("(\S+)"\)'
SIX_KEYS = {"schema_version", "grade_id", "grade", "solution", "locked", "task"}


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("export_nbgrader", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells_with(notebook, tag):
    return [one for one in notebook["cells"] if tag in one["metadata"].get("tags", [])]


def as_released(text):
    """What nbgrader makes of the source: every marked region replaced by its stub."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        stub = r'\g<indent>raise NotImplementedError("not started yet")'
        cell["source"] = REGION.sub(stub, "".join(cell["source"]))
    return json.dumps(notebook)


def states(path):
    return [one.state for one in grade_notebook(path, 10, 60).results]


def test_metadata_of_every_chapter(tool):
    files = tool.exported()
    names = {f"source/{one.number:02d}/{one.number:02d}.ipynb" for one in all_sources()}
    assert set(files) - {"nbgrader_config.py"} <= names
    points = {}
    for name in sorted(set(files) - {"nbgrader_config.py"}):
        notebook = nbformat.reads(files[name], as_version=4)
        nbformat.validate(notebook)
        marked = [one.metadata.nbgrader for one in notebook.cells if "nbgrader" in one.metadata]
        assert len({one.grade_id for one in marked}) == len(marked)
        assert all(set(one) - {"points"} == SIX_KEYS for one in marked)
        for cell in cells_with(notebook, "answer"):
            about = cell.metadata.nbgrader
            assert (about.grade, about.solution, about.locked) == (False, True, False)
            assert len(REGION.findall(cell.source + "\n")) >= 1
        for cell in cells_with(notebook, "check"):
            about = cell.metadata.nbgrader
            assert (about.grade, about.solution, about.locked) == (True, False, True)
            key = re.fullmatch(CHECK, cell.source)[1]
            points[key] = about.points
        assert "](../" not in "".join(one.source for one in notebook.cells)
    assert points == {key: one.points for key, one in exercises().items()}


def test_solved_passes_and_released_fails_in_our_grader(tool, course, tmp_path):
    assert tool.main([str(tmp_path / "out"), "1"]) == 0
    source = tmp_path / "out" / "source" / "01" / "01.ipynb"
    assert states(source) == ["pass"] * 4
    source.write_text(as_released(source.read_text()))
    assert "pass" not in states(source)


def test_checks_of_right_answers_say_nothing_on_stderr_and_return_none(tool, course, tmp_path):
    """nbgrader gives 0 for a check that writes to stderr, and partial points for a number."""
    from minitf.course.run_notebook import execute

    run = execute(json.loads(tool.exported((1,))["source/01/01.ipynb"]), tmp_path)
    checks = cells_with(run, "check")
    assert len(checks) == 4
    for cell in checks:
        assert [one.get("name", one["output_type"]) for one in cell["outputs"]] == ["stdout"]


def test_nbgrader_leaves_the_teachers_progress_alone(course, tmp_path, command):
    home = tmp_path / "home"
    grading = "from minitf.course import check\ndouble = lambda x: x + x\ncheck('ch01.double')"
    # Empty variables count as unset: pytest and CI set theirs for every child.
    quiet = {"CI": "", "PYTEST_CURRENT_TEST": "", "MINITF_HOME": str(home)}
    assert command("-c", grading, NBGRADER_EXECUTION="autograde", **quiet).returncode == 0
    assert not home.exists()
    assert command("-c", grading, **quiet).returncode == 0
    assert home.exists()


def test_a_changed_file_is_not_overwritten(tool, course, tmp_path, capsys):
    out = tmp_path / "out"
    assert tool.main([str(out)]) == 0
    assert tool.main([str(out)]) == 0  # unchanged files may be written again
    (out / "nbgrader_config.py").write_text("c.CourseDirectory.course_id = 'mine'\n")
    assert tool.main([str(out)]) == 2
    assert "nbgrader_config.py would be overwritten" in capsys.readouterr().err
    assert "mine" in (out / "nbgrader_config.py").read_text()
    assert tool.main([str(out), "--force"]) == 0
    assert "code_stub" in (out / "nbgrader_config.py").read_text()


def test_an_unknown_chapter_writes_nothing(tool, course, tmp_path, capsys):
    assert tool.main([str(tmp_path / "out"), "1", "7"]) == 2
    assert "no exercises for 07" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
