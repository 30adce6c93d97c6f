"""The grader, in real kernels: right, wrong, hanging, dying, cheating and mangled notebooks."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from minitf.course.chapter_source import all_sources
from minitf.course.grade import NotebookResult, Result, grade_command, grade_notebook
from minitf.course.grade_kernel import GradeKernel, KernelStartError
from minitf.course.grade_report import table
from minitf.course.notebook_form import dumps, empty_notebook
from minitf.course.registry import get

RIGHT = {
    "ch01.double": "def double(x):\n    return x + x",
    "ch01.quadruple": "def quadruple(x):\n    return double(double(x))",
    "ch01.guess": "guess = 8",
    "ch01.counter": "class Counter:\n    v = 0\n    def add(self):\n        self.v += 1\n"
    "        return self.v",
}


def notebook(course, answers=None, edit=None, folder="exercises", version="learner"):
    """Write a learner's notebook: the shipped one with answers, then changed by `edit(cells)`."""
    source = next(one for one in all_sources((1,)) if one.kind == "exercises")
    made = empty_notebook(source, version)
    for cell in made["cells"]:
        key = cell["metadata"].get("minitf", {}).get("id")
        if "answer" in cell["metadata"].get("tags", []) and key in (answers or {}):
            cell["source"] = answers[key].splitlines(keepends=True)
    if edit:
        edit(made["cells"])
    path = course / folder / "01_tiny.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(dumps(made))
    return path


def states(path, cell_seconds=5, total_seconds=60):
    graded = grade_notebook(path, cell_seconds, total_seconds)
    return {one.exercise.id.partition(".")[2]: one.state for one in graded.results}, graded


def everything(state):
    return dict.fromkeys(("double", "quadruple", "guess", "counter"), state)


def test_untouched_is_all_todo(course):
    found, graded = states(notebook(course))
    assert found == everything("todo")
    assert sum(one.points for one in graded.results) == 0


def test_all_right(course):
    assert states(notebook(course, RIGHT))[0] == everything("pass")


def test_wrong_blocked_error_and_diagnosis(course):
    answers = {
        **RIGHT,
        "ch01.double": "def double(x):\n    return x * x",
        "ch01.guess": "guess = 4",
    }
    found, graded = states(notebook(course, answers))
    assert found == {"double": "wrong", "quadruple": "blocked", "guess": "wrong", "counter": "pass"}
    assert [one.mutant for one in graded.results] == ["squares", "fourth_power", "nibble", ""]


def test_an_endless_function_and_an_endless_cell(course):
    answers = {
        **RIGHT,
        "ch01.double": "def double(x):\n    while True:\n        pass",
        "ch01.guess": "guess = 8\nwhile True:\n    pass",
    }
    found, graded = states(notebook(course, answers), cell_seconds=2)
    assert found["double"] == "timeout"
    assert found["guess"] == found["counter"] == "pass"
    assert any("stopped after 2 s" in note for note in graded.notes)


def test_a_cell_that_ignores_interrupts(course):
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    found, graded = states(notebook(course, {**RIGHT, "ch01.guess": stubborn}), cell_seconds=1)
    assert set(found.values()) == {"not run"}
    assert any("the kernel was stuck" in note for note in graded.notes)


def test_the_total_limit(course):
    slow = "import time\ntime.sleep(1.5)\n"
    answers = {key: slow + text for key, text in RIGHT.items()}
    found, graded = states(notebook(course, answers), cell_seconds=5, total_seconds=2)
    assert "not run" in found.values()
    assert any("took more than 2 s" in note for note in graded.notes)


def test_a_dying_kernel_is_named(course):
    dying = "import os\nos._exit(1)"
    found, graded = states(notebook(course, {**RIGHT, "ch01.guess": dying}))
    assert found == everything("not run")
    assert "the kernel died in cell ch01-guess-answer" in graded.notes[-1]


def test_a_kernel_that_dies_in_a_check(course):
    dying = "def quadruple(x):\n    import os\n    os._exit(1)"
    found, _ = states(notebook(course, {**RIGHT, "ch01.quadruple": dying}))
    assert found["double"] == "pass"
    assert found["quadruple"] == "error"
    assert found["guess"] == "not run"


def test_memory_is_limited(course):
    greedy = "def double(x):\n    return np.ones((50_000, 50_000)) * x"
    found, graded = states(notebook(course, {**RIGHT, "ch01.double": greedy}))
    assert found["double"] == "error"
    assert "MemoryError" in graded.results[0].message
    assert found["guess"] == "pass"


def test_input_is_refused_at_once(course):
    found, graded = states(notebook(course, {**RIGHT, "ch01.guess": "guess = int(input())"}))
    assert found["guess"] == "error"
    assert any("input" in note for note in graded.notes)


def test_an_own_check_function_is_no_evidence(course):
    cheat = "def check(key):\n    print(key, 'passed (9 probes), 2 points.')\n"
    cheat += "import minitf.course.checker as c\nc.check = check"
    assert states(notebook(course, {"ch01.double": cheat}))[0]["double"] == "error"


def test_writing_files_touches_no_real_folder(course):
    writes = "guess = 8\nopen('01_tiny.ipynb', 'w').write('gone')"
    path = notebook(course, {**RIGHT, "ch01.guess": writes})
    before = path.read_text()
    assert states(path)[0]["guess"] == "pass"
    assert path.read_text() == before


def test_mangled_notebooks_are_graded_by_name(course):
    def mangle(cells):
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        double = next(cell for cell in code if cell["id"] == "ch01-double-answer")
        cells[:] = [
            {**double, "id": "copy-1", "source": ["def helper(x):\n", "    return x + x"]},
            {**double, "id": "copy-2", "source": ["double = helper"], "metadata": {}},
            *(one for one in code if "answer" in one["metadata"].get("tags", []) and one != double),
        ]

    assert states(notebook(course, RIGHT, mangle))[0] == everything("pass")


def test_a_name_from_a_deleted_cell_is_explained(course):
    def delete(cells):
        cells[:] = [cell for cell in cells if cell["id"] != "ch01-guess-answer"]

    found, graded = states(notebook(course, RIGHT, delete))
    assert found["guess"] == "error"
    assert "not defined after a restart" in graded.results[2].message


def test_a_learners_home_is_untouched(course, learner):
    states(notebook(course, RIGHT))
    assert not learner.exists()


def run(course, *arguments):
    from minitf.course.__main__ import main

    return main(["grade", *arguments])


def test_exit_codes_table_and_json(course, tmp_path, capsys):
    notebook(course, RIGHT)
    out = tmp_path / "result.json"
    assert run(course, "01", "--json", str(out), "--strict") == 0
    table = capsys.readouterr().out
    assert "4 of 4 exercises passed, 8 of 8 points.\nAll done." in table
    report = json.loads(out.read_text())
    assert report["schema"] == 1
    assert report["totals"] == {"checks": 4, "passed": 4, "points": 8, "max": 8}
    first = report["notebooks"][0]["checks"][0]
    assert (first["id"], first["state"], len(first["seeds"])) == ("ch01.double", "pass", 2)

    notebook(course)
    assert run(course, "01") == 1
    table = capsys.readouterr().out
    assert '0 of 8 points.\nNext: ch01.double, Double: hint("ch01.double")' in table


def test_usage_errors_are_2(course, tmp_path, capsys):
    assert run(course) == 2  # no notebook was built yet
    notebook(course)
    assert run(course, "07") == 2
    assert "nothing to grade" in capsys.readouterr().err
    assert run(course, "--path", str(tmp_path / "nowhere")) == 2
    (course / "exercises" / "01_tiny.ipynb").write_text("{")
    assert run(course) == 2
    assert "not a readable notebook" in capsys.readouterr().err
    (course / "exercises" / "01_tiny.ipynb").unlink()
    (course / "exercises" / "readme.ipynb").write_text('{"cells": [], "metadata": {}}')
    assert run(course, "--path", str(course / "exercises")) == 2
    with pytest.raises(SystemExit) as caught:
        run(course, "two")
    assert caught.value.code == 2


def test_strict_misses_what_was_not_graded(course, capsys):
    extra = course / "checks" / "ch02_more.py"
    text = (course / "checks" / "ch01_tiny.py").read_text()
    extra.write_text(text.replace("ch01.", "ch02."))
    path = notebook(course, RIGHT)
    assert grade_command((), str(path.parent)) == 0
    assert grade_command((), str(path.parent), strict=True) == 1
    assert "ch02.guess was not graded" in capsys.readouterr().out


def test_a_kernel_that_is_not_heard_is_replaced(course, monkeypatch):
    """Its port may have been taken between choosing and opening it."""
    start, attempts = GradeKernel._start_once, []

    def deaf_at_first(self, work):
        attempts.append(work)
        if len(attempts) == 1:
            raise RuntimeError("Kernel didn't respond in 30 seconds")
        start(self, work)

    monkeypatch.setattr(GradeKernel, "_start_once", deaf_at_first)
    assert states(notebook(course, RIGHT))[0] == everything("pass")
    assert len(attempts) == 2


def test_no_kernel_is_3(course, monkeypatch, capsys):
    notebook(course)

    def broken(self):
        raise KernelStartError("No such kernel named python3")

    monkeypatch.setattr(GradeKernel, "__enter__", broken)
    assert run(course, "01") == 3
    assert "the kernel would not start" in capsys.readouterr().err


def test_columns_of_the_table_stay_apart():
    long = replace(get("ch00.warm_up"), id="ch11.clip_by_global_norm_of_all")
    short = replace(get("ch00.warm_up"), title="Along a path multiply, over all paths add")
    results = [Result(long, "pass"), Result(short, "wrong", "ch00.warm_up not yet - plus")]
    _, first, second, *_ = table(
        [NotebookResult(Path("11.ipynb"), "", results, 0.0, [])]
    ).splitlines()
    assert re.split(r"  +", first.strip())[:3] == [long.id, long.title, "pass"]
    assert re.split(r"  +", second.strip())[:3] == ["ch00.warm_up", short.title, "wrong"]
    assert first.index(" pass ") == second.index(" wrong ")
