"""The doctor: OK lines that never differ, and a fix for what is wrong."""

import sys

from minitf.course import doctor

module = sys.modules["minitf.course.doctor"]


def test_every_check_reports_one_line(capsys):
    doctor()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(module._CHECKS) + 1
    assert all(line.startswith(("OK    ", "FIX   ")) for line in lines[:-1])


def test_a_wrong_kernel_gets_the_way_out(course, monkeypatch, capsys):
    (course / ".venv").mkdir()
    doctor()
    printed = capsys.readouterr().out
    assert "FIX   the notebook runs in the course's environment" in printed
    assert "Kernel, Change Kernel" in printed


def test_an_old_python_is_named(monkeypatch, capsys):
    monkeypatch.setattr(module, "MINIMUM", (99, 0))
    doctor()
    assert "FIX   Python is new enough: this is" in capsys.readouterr().out


def test_a_missing_package_gets_its_command(monkeypatch, capsys):
    def missing(name):
        raise module.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(module.importlib.metadata, "version", missing)
    doctor()
    assert "-m pip install numpy matplotlib" in capsys.readouterr().out


def test_a_home_that_cannot_be_written(course, learner, capsys):
    learner.write_text("in the way")
    doctor()
    assert "FIX   your progress can be saved: cannot write" in capsys.readouterr().out
