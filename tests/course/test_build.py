"""The build: two versions from one source, the same bytes twice, and `--check` that can fail."""

import json

import pytest

from minitf.course.build import build, check_build
from minitf.course.notebook_form import NotebookError, dumps, load, normalise
from minitf.course.resetting import reset_chapter
from minitf.course.run_notebook import CellError


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The tiny course, built once, as a dictionary of file names and texts."""
    import shutil
    from pathlib import Path

    root = tmp_path_factory.mktemp("built") / "course"
    shutil.copytree(Path(__file__).parent / "fixtures" / "course", root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINITF_COURSE_ROOT", str(root))
        build()
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*.ipynb")}


@pytest.fixture
def tiny(course, built):
    """The tiny course with its built notebooks."""
    for name, text in built.items():
        (course / name).parent.mkdir(exist_ok=True)
        (course / name).write_text(text)
    return course


def cells(path):
    return {cell["id"]: cell for cell in load(path)["cells"]}


def output(cell):
    return "".join("".join(one["text"]) for one in cell["outputs"])


def test_three_notebooks_of_the_right_kinds(tiny, built):
    assert sorted(built) == [
        "exercises/01_tiny.ipynb",
        "notebooks/01_tiny.ipynb",
        "solutions/01_tiny.ipynb",
    ]
    assert check_build() == []


def test_the_learners_copy_has_holes_and_earlier_outputs(tiny):
    mine = cells(tiny / "exercises" / "01_tiny.ipynb")
    full = cells(tiny / "solutions" / "01_tiny.ipynb")
    assert output(mine["01-before"]) == output(full["01-before"]) == "8\n"
    assert mine["ch01-double-check"]["source"] == ['check("ch01.double")']
    for key in ("ch01-double-answer", "ch01-double-check", "01-exercises-006"):
        assert mine[key]["execution_count"] is None
        assert mine[key]["outputs"] == []
    assert output(full["01-exercises-006"]) == "42\n"
    assert "ch01.double passed" in output(full["ch01-double-check"])
    assert "given_helper(x)\n" not in "".join(mine["ch01-double-answer"]["source"])


def test_counts_run_from_one_and_ids_are_unique(tiny):
    for name in ("exercises", "solutions", "notebooks"):
        stored = load(tiny / name / "01_tiny.ipynb")["cells"]
        counts = [c["execution_count"] for c in stored if c.get("execution_count")]
        assert counts == list(range(1, len(counts) + 1))
        assert len({cell["id"] for cell in stored}) == len(stored)


def test_nbformat_accepts_them(tiny):
    import nbformat

    for path in tiny.rglob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


def test_a_second_build_gives_the_same_bytes(tiny, built):
    build()
    assert {str(p.relative_to(tiny)): p.read_text() for p in tiny.rglob("*.ipynb")} == built
    assert check_build(run=True) == []


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("chapters/01_tiny.exercises.py", "given_helper(4)", "given_helper(5)", "is not what"),
        ("chapters/01_tiny.lesson.py", "tiny lesson", "small lesson", "is not what"),
        ("checks/ch01_tiny.py", "points=2", "points=3", "is not what"),
        ("solutions/01_tiny.ipynb", "print(double(21))", "print(double(22))", "is not what"),
        (
            "exercises/01_tiny.ipynb",
            '"8\\n"',
            '"9\\n"',
            "outputs differ",
        ),
        ("exercises/01_tiny.ipynb", '"execution_count": 1', '"execution_count": 9', "normal form"),
        ("notebooks/01_tiny.ipynb", "\n}", "\n} ", "normal form"),
        ("notebooks/01_tiny.ipynb", '"execution_count": 1', '"execution_count": null', "not run"),
        ("notebooks/01_tiny.ipynb", "{", "", "not a readable notebook"),
    ],
)
def test_check_sees_every_difference(tiny, file, old, new, complaint):
    change(tiny / file, old, new)
    assert any(complaint in problem for problem in check_build())


def test_check_sees_missing_and_left_over_notebooks(tiny):
    (tiny / "notebooks" / "01_tiny.ipynb").rename(tiny / "notebooks" / "09_old.ipynb")
    problems = check_build()
    assert any("notebooks/01_tiny.ipynb" in problem for problem in problems)
    assert "notebooks/09_old.ipynb has no source in chapters/" in problems


def test_running_again_sees_a_changed_output(tiny):
    for name in ("solutions", "exercises"):
        change(tiny / name / "01_tiny.ipynb", '"8\\n"', '"9\\n"')
    assert check_build() == []
    assert any("cell 01-before again" in problem for problem in check_build(run=True))


def test_a_failing_cell_is_named_and_nothing_is_written(course):
    change(course / "chapters" / "01_tiny.lesson.py", "print(round(1 / 3, 4))", "1 / 0")
    with pytest.raises(CellError, match="ZeroDivisionError"):
        build((1,))
    assert not (course / "notebooks" / "01_tiny.ipynb").exists()


def test_build_without_running_keeps_outputs_of_unchanged_cells(tiny):
    change(tiny / "chapters" / "01_tiny.exercises.py", "print(double(21))", "print(double(20))")
    build(run=False)
    full = cells(tiny / "solutions" / "01_tiny.ipynb")
    assert output(full["01-before"]) == "8\n"
    assert full["01-exercises-006"]["outputs"] == []


def notebook_with(outputs):
    cell = {
        "cell_type": "code",
        "id": "a",
        "source": "1",
        "metadata": {"tags": ["x"], "execution": {"when": 1}, "trusted": True},
        "execution_count": 17,
        "outputs": outputs,
    }
    kernel = {"kernelspec": {"name": "python3"}, "widgets": {"state": 1}}
    return {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def test_normal_form():
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "f00"}, "text/plain": "x"}
    shown = {"output_type": "display_data", "data": widget, "metadata": {}}
    warning = stream("/tmp/ipykernel_12/345.py:1: W <A object at 0x7f12345678>\n", "stderr")
    raw = notebook_with([stream("a\n"), stream("b\n"), warning, shown])
    normal = normalise(raw)
    [cell] = normal["cells"]
    assert cell["execution_count"] == 1
    assert cell["metadata"] == {"tags": ["x"]}
    assert cell["outputs"][0]["text"] == ["a\n", "b\n"]
    assert cell["outputs"][1]["text"] == ["<cell>:1: W <A object at 0x...>\n"]
    assert cell["outputs"][2]["data"] == {"text/plain": ["x"]}
    assert "widgets" not in normal["metadata"]
    assert normalise(json.loads(dumps(normal))) == normal


def test_normal_form_refuses_paths_and_floods(course):
    with pytest.raises(NotebookError, match="a path of this machine"):
        normalise(notebook_with([stream(f"{course}/x\n")]))
    with pytest.raises(NotebookError, match="an output of"):
        normalise(notebook_with([stream("x" * 200_001)]))
    many = [stream("x" * 150_000, name) for name in ("stdout", "stderr") * 4]
    with pytest.raises(NotebookError, match="the limit is"):
        dumps(normalise(notebook_with(many)))


def test_reset_gives_the_notebook_back_and_keeps_the_learners(tiny, learner):
    path = tiny / "exercises" / "01_tiny.ipynb"
    shipped = path.read_text()
    assert reset_chapter(1) == ["exercises/01_tiny.ipynb is untouched already."]
    mine = shipped.replace("raise NotImplementedError", "return x + x #")
    path.write_text(mine)
    lines = reset_chapter(1)
    assert path.read_text() == shipped
    assert "Your copy is kept as .minitf/backups/01_tiny-" in lines[0]
    [backup] = (learner / "backups").iterdir()
    assert backup.read_text() == mine


def test_reset_changes_nothing_when_the_backup_fails(tiny, learner):
    path = tiny / "exercises" / "01_tiny.ipynb"
    path.write_text("mine")
    learner.write_text("in the way")
    with pytest.raises(OSError):
        reset_chapter(1)
    assert path.read_text() == "mine"


def test_build_keeps_a_copy_of_edited_answers(tiny, learner):
    change(tiny / "exercises" / "01_tiny.ipynb", "raise NotImplementedError", "return x + x #")
    build((1,), run=False)
    [backup] = (learner / "backups").iterdir()
    assert "return x + x #" in backup.read_text()


def test_command_line(tiny, command):
    where = {"MINITF_COURSE_ROOT": str(tiny)}
    fine = command("-m", "minitf.course", "build", "--check", **where)
    assert (fine.returncode, fine.stdout) == (0, "Sources and notebooks are in step.\n")
    change(tiny / "chapters" / "01_tiny.lesson.py", "tiny", "small")
    assert command("-m", "minitf.course", "build", "--check", **where).returncode == 1
    unknown = command("-m", "minitf.course", "build", "77", **where)
    assert unknown.returncode == 2
    assert "no source for 77" in unknown.stderr


def test_a_progress_bar_is_stored_as_it_ended_without_its_timing():
    bar = [
        stream("Epoch 1/1\n\r3/9 ━━── 0s 0.9ms/step - loss: 0.5"),
        stream("\r9/9 ━━━━ 1s 12.5ms/step - loss: 0.2\n"),
    ]
    (output,) = normalise(notebook_with(bar))["cells"][0]["outputs"]
    assert "".join(output["text"]) == "Epoch 1/1\n9/9 ━━━━ - loss: 0.2\n"
