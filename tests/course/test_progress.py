"""The progress file: kept, merged, mended, and never in the way."""

import json
import os
import re
from dataclasses import replace

import pytest

from minitf.course import check, hint, progress, progress_file
from minitf.course.progress_table import ProgressTable
from minitf.course.registry import get


def passed():
    globals()["double"] = right
    check("ch01.double")


def right(x):
    return x + x


def test_a_pass_is_written_and_read_again(course, learner):
    passed()
    progress_file.forget_session()
    stored = json.loads((learner / "progress.json").read_text())
    assert stored["schema"] == 1
    assert progress_file.entry("ch01.double")["state"] == "pass"
    assert progress().points == 2
    assert progress().next_step.startswith("Next: ch01.quadruple")


def test_a_later_failure_does_not_take_the_pass_away(course, learner):
    passed()
    progress_file.record_attempt(get("ch01.double"), "wrong")
    assert progress_file.entry("ch01.double")["state"] == "pass"
    assert progress_file.entry("ch01.double")["attempts"] == 2


def test_two_notebooks_do_not_overwrite_each_other(course, learner):
    passed()
    data = json.loads((learner / "progress.json").read_text())
    data["exercises"]["ch01.guess"] = {"state": "pass", "attempts": 1, "hints": 0, "points": 2}
    (learner / "progress.json").write_text(json.dumps(data))
    hint("ch01.double")
    stored = json.loads((learner / "progress.json").read_text())["exercises"]
    assert stored["ch01.guess"]["state"] == "pass"
    assert stored["ch01.double"]["hints"] == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"exercises": {"ch01.double": 3}}', "\x00"])
def test_a_damaged_file_is_set_aside(course, learner, text, capsys):
    learner.mkdir()
    (learner / "progress.json").write_text(text)
    assert progress().points == 0
    passed()
    assert (learner / "progress.json.bad").read_text() == text
    assert capsys.readouterr().out.count("was damaged") == 1
    assert json.loads((learner / "progress.json").read_text())["exercises"]["ch01.double"]


def test_a_folder_that_cannot_be_written_costs_one_line(course, learner, capsys):
    learner.write_text("a file where the folder should be")
    passed()
    passed()
    printed = capsys.readouterr().out
    assert printed.count("Progress is kept for this session only") == 1
    assert progress_file.entry("ch01.double")["state"] == "pass"


@pytest.mark.parametrize("variable", ["CI", "MINITF_GRADE", "PYTEST_CURRENT_TEST"])
def test_nothing_is_touched_while_something_else_runs(course, tmp_path, monkeypatch, variable):
    monkeypatch.setenv("MINITF_HOME", str(tmp_path / "home"))
    for name in ("CI", "MINITF_GRADE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "1")
    if variable != "MINITF_GRADE":
        passed()
    assert not (tmp_path / "home").exists()


def test_a_crash_while_writing_leaves_the_old_file(course, learner, monkeypatch):
    passed()
    before = (learner / "progress.json").read_text()

    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    hint("ch01.double")
    assert (learner / "progress.json").read_text() == before
    assert [path.name for path in learner.glob(".*.part")] == []


def test_a_changed_check_asks_for_a_recheck(course, learner):
    passed()
    data = json.loads((learner / "progress.json").read_text())
    data["exercises"]["ch01.double"]["check_version"] = 0
    (learner / "progress.json").write_text(json.dumps(data))
    progress_file.forget_session()
    assert "passed an older check" in repr(progress(1))
    assert progress(1).points == 2


def test_an_unknown_chapter_is_named(course):
    with pytest.raises(LookupError, match="chapter 9 has no exercises"):
        progress(9)


def test_html_and_text_say_the_same_total(course):
    table = progress(1)
    assert "0 of 4 exercises, 0 of 8 points." in repr(table)
    assert "0 of 4 exercises, 0 of 8 points." in table._repr_html_()


def test_columns_fit_the_longest_id_and_title():
    long_id = replace(get("ch00.warm_up"), id="ch11.clip_by_global_norm_of_all", title="Short")
    long_title = replace(get("ch00.warm_up"), title="Along a path multiply, over all paths add")
    lines = repr(ProgressTable(((long_id, "todo"), (long_title, "pass")))).splitlines()
    assert lines[0].startswith("ch11.clip_by_global_norm_of_all  Short  ")
    assert lines[1].startswith("ch00.warm_up                     Along a path multiply")
    assert lines[0].index(" pt  to do") == lines[1].index("add   1 pt  passed") + len("add   1")


def test_every_line_of_the_real_table_keeps_its_columns_apart():
    table = progress()
    for (exercise, _), line in zip(table.rows, repr(table).splitlines(), strict=False):
        columns = re.split(r"  +", line)
        assert columns[:2] == [exercise.id, exercise.title]
        assert columns[2] == f"{exercise.points} pt"
