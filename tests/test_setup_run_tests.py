"""The test command itself: it counts right, and it cannot be green when something is broken."""

import importlib.util
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "tools" / "run_tests.py"


@pytest.fixture
def runner(tmp_path, monkeypatch):
    """tools/run_tests.py for an empty course in ``tmp_path``."""
    specification = importlib.util.spec_from_file_location("run_tests_copy", SOURCE)
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "run_tests_copy", module)  # dataclasses look their module up
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "PARALLEL", [])
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # starts four times faster
    return module


MIXED = """
import pytest
def test_good(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_bad(n): assert n == 0
@pytest.mark.skip(reason="no tool")
def test_left_out(): pass
@pytest.mark.xfail(strict=True)
def test_fails_as_it_should(): assert False
@pytest.mark.xfail(strict=True)
def test_passes_but_should_not(): pass
@pytest.fixture
def broken(): raise OSError
def test_error(broken): pass
"""


def write_test(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "test_it.py").write_text(text)


def last_line(capfd):
    return capfd.readouterr().out.splitlines()[-1]


def test_every_outcome_is_counted(runner, tmp_path, capfd):
    write_test(tmp_path / "tests", MIXED)
    assert runner.run(runner.PHASES[0]) == runner.Counts(passed=2, failed=4, skipped=1)


def test_counts_are_summed_and_stand_alone_on_the_last_line(runner, tmp_path, monkeypatch, capfd):
    write_test(tmp_path / "tests", "def test_a(): pass")
    write_test(tmp_path / "more", "def test_b(): pass\ndef test_c(): pass")
    phases = [runner.Phase("t", "pytest", ["-p", "no:cacheprovider"], ["tests"])]
    phases.append(runner.Phase("m", "pytest", ["-p", "no:cacheprovider"], ["more"]))
    phases.append(runner.Phase("command", "this", [], []))  # `python -m this` succeeds
    monkeypatch.setattr(runner, "PHASES", phases)
    assert runner.main([]) == 0
    assert last_line(capfd) == "4 passed, 0 failed"


def test_skips_are_named(runner):
    assert str(runner.Counts(1, 2, 3)) == "1 passed, 2 failed, 3 skipped"


@pytest.mark.parametrize(
    "text",
    ["", "import not_there_at_all", "def test_a(): assert False", "import os; os._exit(3)"],
    ids=["no tests", "import error", "failure", "dies"],
)
def test_red_phase_makes_the_command_red(text, runner, tmp_path, monkeypatch, capfd):
    write_test(tmp_path / "tests", text)
    monkeypatch.setattr(runner, "PHASES", runner.PHASES[:1])
    assert runner.main([]) == 1
    out = capfd.readouterr().out
    assert "0 passed, 1 failed" in out and "Failed: " + runner.PHASES[0].title in out


def test_failing_command_is_one_failure(runner):
    phase = runner.Phase("command", "no_such_module_here", [])
    assert runner.run(phase) == runner.Counts(failed=1)


def test_missing_folder_is_a_skip_here_and_a_failure_in_ci(runner, monkeypatch):
    assert runner.run(runner.PHASES[2]) == runner.Counts(skipped=1)
    monkeypatch.setenv("CI", "true")
    assert runner.run(runner.PHASES[2]) == runner.Counts(failed=1)


def test_arguments_choose_tests(runner, tmp_path, capfd):
    write_test(tmp_path / "tests", "def test_a(): pass\ndef test_b(): assert False")
    assert runner.main(["tests", "-k", "test_a"]) == 0
    assert last_line(capfd) == "1 passed, 0 failed"


def test_pictures_come_from_the_bundled_engine(runner, tmp_path):
    write_test(
        tmp_path / "tests",
        "import os\ndef test_a(): assert os.environ['MINITF_DOT'] == 'bundled'",
    )
    assert runner.run(runner.PHASES[0]) == runner.Counts(passed=1)


def test_learners_own_edits_are_named_when_something_fails(runner, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "edited_notebooks", lambda: ["exercises/02_x.ipynb"])
    red = runner.closing_report(runner.Counts(1, 1), ["Stored outputs"])
    assert "exercises/02_x.ipynb" in red
    assert red.splitlines()[-1] == "1 passed, 1 failed"
    assert "exercises" not in runner.closing_report(runner.Counts(2, 0), [])


def test_learners_own_notebooks_are_left_out_but_not_in_ci(runner, tmp_path, monkeypatch, capfd):
    for name in ("notebooks/00_a", "exercises/01_b", "exercises/02_c", "chapters/01_b.lesson"):
        path = tmp_path / f"{name}.{'py' if 'chapters' in name else 'ipynb'}"
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    calls = []
    monkeypatch.setattr(runner, "run_pytest", lambda arguments: calls.append(arguments[-2:]))
    monkeypatch.setattr(runner, "call", lambda module, arguments: calls.append(arguments))
    monkeypatch.setattr(runner, "edited_notebooks", lambda: ["exercises/02_c.ipynb"])
    stored, built = runner.PHASES[1], runner.PHASES[-1]
    runner.run(stored)
    runner.run(built)
    assert calls == [["notebooks/00_a.ipynb", "exercises/01_b.ipynb"], ["build", "--check", "01"]]
    assert "Left out, your own work: exercises/02_c.ipynb" in capfd.readouterr().out
    calls.clear()
    monkeypatch.setenv("CI", "true")
    runner.run(stored)
    runner.run(built)
    assert calls == [["notebooks", "exercises"], ["build", "--check"]]


def test_phases_cover_the_whole_course():
    """A phase taken out by mistake must not go unnoticed."""
    text = SOURCE.read_text("utf-8")
    for part in ('"tests"', '"--nbval"', '"--untouched"', '"--strict"', '"--check"'):
        assert part in text
