"""Grading a class: a row per student, whatever the students handed in."""

import csv
import json

import pytest

from minitf.course.__main__ import main
from minitf.course.chapter_source import all_sources
from minitf.course.grade_kernel import GradeKernel, KernelStartError
from minitf.course.notebook_form import dumps, empty_notebook


@pytest.fixture
def submissions(course, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    return folder


def notebook(version="learner", edit=None):
    """The text of the tiny course's exercises: 'learner' is untouched, 'solution' all right."""
    source = next(one for one in all_sources((1,)) if one.kind == "exercises")
    made = empty_notebook(source, version)
    made["metadata"]["minitf"]["version"] = "learner"
    if edit:
        edit(made)
    return dumps(made)


def hand_in(folder, student, text, name="01_tiny.ipynb"):
    (folder / student).mkdir(exist_ok=True)
    (folder / student / name).write_text(text)


def rows(folder):
    with open(folder / "grades.csv", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_one_row_per_student_and_the_progress_of_the_grader_untouched(
    submissions, learner, capsys, tmp_path
):
    def dies(made):
        made["cells"].append(
            {"cell_type": "code", "metadata": {}, "source": "import os\nos._exit(1)"}
        )

    hand_in(submissions, "ada", notebook("solution"))
    hand_in(submissions, "ben", notebook())
    hand_in(submissions, "cyd", "{")
    hand_in(submissions, "dan", notebook("solution", dies))
    (submissions / "eve").mkdir()
    out = tmp_path / "class.json"
    assert main(["grade", "--class", str(submissions), "--json", str(out)]) == 1

    found = rows(submissions)
    assert {name: (row["ch01"], row["total"], row["max"]) for name, row in found.items()} == {
        "ada": ("8", "8", "8"),
        "ben": ("0", "0", "8"),
        "cyd": ("", "0", "8"),
        "dan": ("0", "0", "8"),
        "eve": ("", "0", "8"),
    }
    assert [row["not_graded"] for row in found.values()] == ["0", "0", "1", "0", "0"]
    assert "01_tiny.ipynb is not a readable notebook" in found["cyd"]["notes"]
    assert "the kernel died in cell number" in found["dan"]["notes"]
    assert "handed in nothing named NN_*.ipynb" in found["eve"]["notes"]

    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[:3] == [
        "student          ch01  total",
        "(full points)       8      8",
        "ada                 8      8",
    ]
    assert lines[4] == "cyd                 -      0"
    assert "5 of 5: eve" in shown.err
    report = json.loads(out.read_text())
    assert (report["schema"], report["max"]) == (1, {"ch01": 8})
    ada = report["students"][0]
    assert (ada["student"], ada["points"], ada["total"]) == ("ada", {"ch01": 8}, 8)
    assert [one["state"] for one in ada["notebooks"][0]["checks"]] == ["pass"] * 4
    assert report["students"][2]["points"] == {"ch01": None}
    assert not learner.exists()


def test_a_graded_class_is_0_whatever_the_points(submissions):
    hand_in(submissions, "ben", notebook())
    assert main(["grade", "--class", str(submissions), "01"]) == 0


def test_two_notebooks_of_a_chapter_the_better_answers_count(submissions):
    def loses_guess(made):
        made["cells"] = [one for one in made["cells"] if one["id"] != "ch01-guess-answer"]

    hand_in(submissions, "ada", notebook("solution", loses_guess))
    hand_in(submissions, "ada", notebook(), "01_tiny_2.ipynb")
    assert main(["grade", "--class", str(submissions)]) == 0
    ada = rows(submissions)["ada"]
    assert ada["total"] == "6"
    assert ada["notes"] == "01_tiny_2.ipynb: a second notebook; the better answers count"


def test_what_looks_wrong_is_named(submissions, capsys):
    def from_solutions(made):
        made["metadata"]["minitf"]["version"] = "solution"

    lesson = dumps(empty_notebook(all_sources((1,))[1], "solution"))
    hand_in(submissions, "ada", notebook("solution", from_solutions))
    hand_in(submissions, "ben", notebook("solution"), "homework.ipynb")
    hand_in(submissions, "cyd", lesson)
    hand_in(submissions, "dan", notebook(), "02_tiny.ipynb")
    hand_in(submissions, "eve", '{"cells": [{"cell_type": "code"}], "metadata": {}}')
    (submissions / "01_lost.ipynb").write_text(notebook())
    (submissions / ".hidden").mkdir()
    assert main(["grade", "--class", str(submissions)]) == 1
    shown = capsys.readouterr().out
    assert "ada: 01_tiny.ipynb: made from the course's solutions notebook" in shown
    assert "ben: homework.ipynb: the name does not begin like 02_; not graded" in shown
    assert "cyd: 01_tiny.ipynb: has no exercises; is it the lesson's notebook?" in shown
    assert "dan: 02_tiny.ipynb: holds chapter 01's exercises" in shown
    assert "eve: 01_tiny.ipynb is not a readable notebook" in shown
    assert "01_lost.ipynb: lies beside the students' folders" in shown
    assert list(rows(submissions)) == ["ada", "ben", "cyd", "dan", "eve"]


def test_an_unexpected_error_costs_one_notebook_only(submissions, monkeypatch):
    from minitf.course import grade_class

    real = grade_class.grade_notebook

    def fails_for_ada(path, *limits):
        if path.parent.name == "ada":
            raise OSError("a broken link in the folder")
        return real(path, *limits)

    monkeypatch.setattr(grade_class, "grade_notebook", fails_for_ada)
    hand_in(submissions, "ada", notebook("solution"))
    hand_in(submissions, "ben", notebook("solution"))
    assert main(["grade", "--class", str(submissions)]) == 1
    found = rows(submissions)
    assert (found["ada"]["total"], found["ben"]["total"]) == ("0", "8")
    assert "01_tiny.ipynb: OSError: a broken link" in found["ada"]["notes"]


def test_no_kernel_is_3_and_every_student_has_a_row(submissions, monkeypatch):
    def broken(self):
        raise KernelStartError("No such kernel named python3")

    monkeypatch.setattr(GradeKernel, "__enter__", broken)
    hand_in(submissions, "ada", notebook())
    hand_in(submissions, "ben", notebook())
    assert main(["grade", "--class", str(submissions)]) == 3
    assert "no kernel started" in rows(submissions)["ben"]["notes"]


def test_usage_errors_are_2(submissions, tmp_path, capsys):
    assert main(["grade", "--class", str(tmp_path / "nowhere")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert main(["grade", "--class", str(submissions)]) == 2
    assert "Expected: class/ada/02_name.ipynb" in capsys.readouterr().err
    (submissions / "ada").mkdir()
    assert main(["grade", "--class", str(submissions), "07"]) == 2
    assert "chapter 07 has no exercises" in capsys.readouterr().err
    assert main(["grade", "--csv", "grades.csv"]) == 2
    assert main(["grade", "--class", str(submissions), "--strict"]) == 2
    with pytest.raises(SystemExit):
        main(["grade", "--class", str(submissions), "--path", "exercises"])


def test_a_table_that_cannot_be_written_is_still_shown(submissions, tmp_path, capsys):
    (submissions / "ada").mkdir()
    (tmp_path / "file").write_text("")
    target = str(tmp_path / "file" / "grades.csv")
    assert main(["grade", "--class", str(submissions), "--csv", target]) == 2
    shown = capsys.readouterr()
    assert "ada" in shown.out and "cannot write" in shown.err
