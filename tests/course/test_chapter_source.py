"""The py:percent format: what is read, what becomes a hole, and what is refused with its line."""

import pytest

from minitf.course.chapter_source import (
    SourceError,
    all_sources,
    answer_cell,
    learner_text,
    read_source,
    solution_text,
)
from minitf.course.source_lint import exercise_problems, source_problems


def source_of(course, text, name="02_more.exercises.py"):
    path = course / "chapters" / name
    path.write_text(text)
    return read_source(path)


def test_cells_and_attributes(course):
    lesson, tiny = sorted(all_sources((1,)), key=lambda source: source.kind, reverse=True)
    assert (tiny.number, tiny.name, tiny.kind) == (1, "tiny", "exercises")
    assert tiny.cells[0].text == "# 01 Tiny exercises"
    assert tiny.cells[1].tags == ("setup",)
    assert list(tiny.answers()) == ["ch01.double", "ch01.quadruple", "ch01.guess", "ch01.counter"]
    assert lesson.answers() == {}


def test_a_hole_in_a_function_raises_with_the_id(course):
    text = learner_text(answer_cell("ch01.double")[1])
    assert text == (
        'def double(x):\n    """Return 2 x."""\n'
        '    raise NotImplementedError("ch01.double: not started yet")  # replace this line'
    )


def test_a_hole_outside_a_function_is_an_ellipsis(course):
    assert learner_text(answer_cell("ch01.guess")[1]) == "guess = ...  # your answer"


def test_given_lines_stay_and_markers_go(course):
    assert "once = double(x)" in learner_text(answer_cell("ch01.quadruple")[1])
    assert "SOLUTION" not in solution_text(answer_cell("ch01.counter")[1])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("print(1)\n", ":1: text before the first"),
        ("\n", "no cells"),
        ("# %%markdown\n", ":1: cannot read the cell header"),
        ('# %% anser="ch02.x"\n', ":1: unknown attribute 'anser'"),
        ("# %% tags=setup\n", ":1: cannot read 'tags=setup'"),
        ("# %% [markdown]\n# fine\nnot fine\n", ":3: a markdown line begins with"),
        ('# %% answer="ch02.x"\ndef x(): pass\n', ":1: an answer cell needs the two SOLUTION"),
    ],
)
def test_a_broken_format_names_the_line(course, text, complaint):
    with pytest.raises(SourceError) as caught:
        source_of(course, text)
    assert complaint in str(caught.value)


def test_a_wrong_file_name_is_refused(course):
    with pytest.raises(SourceError, match="name it NN_name.lesson.py"):
        source_of(course, "# %%\n", "two.py")


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("# %%\nx = = 1\n", "line 1 of the cell"),
        ("# %%\ninput()\n", "input() would wait for ever"),
        ("# %%\nwidgets.Output()\n", "Output widget"),
        ("# %%\ncheck('ch02.x')\n", "the build writes the check cells"),
        ('# %% needs="ch09.x"\nprint(1)\n', "which no chapter defines"),
        ('# %% [markdown] exercise="ch02.x"\n# Do it.\n', "not an exercise of chapter 02"),
        (
            '# %% answer="ch01.guess" tags=["raises-exception"]\n'
            "### BEGIN SOLUTION\nguess = 1\n### END SOLUTION\n",
            "may not be tagged raises-exception",
        ),
    ],
)
def test_lint_finds_bad_cells(course, cell, complaint):
    assert any(complaint in problem for problem in source_problems(source_of(course, cell)))


def test_the_tiny_course_is_clean(course):
    assert [line for source in all_sources() for line in source_problems(source)] == []
    assert exercise_problems() == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"almost there"', '""', "exactly 3 hints"),
        (
            '        ("late", COUNTER.format(body="self.value += 1; return self.value - 1"),'
            ' "one behind."),\n',
            "",
            "at least 3 mutants",
        ),
        ("(other_double,)", "()", "at least one alternative"),
        ('needs=("ch01.double",)', 'needs=("ch01.guess",)', "does not come earlier"),
        ('("guess",)', '("double",)', "belongs to ch01.double already"),
        ("difficulty=1", "difficulty=6", "between 1 and 5"),
        ('"counter",', '"Counter",', "an id looks like"),
        ('"forgets"', '"silent"', "same label"),
    ],
)
def test_lint_finds_bad_exercises(course, old, new, complaint):
    path = course / "checks" / "ch01_tiny.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert any(complaint in problem for problem in exercise_problems())


def test_an_exercise_without_an_answer_cell_is_found(course):
    path = course / "chapters" / "01_tiny.exercises.py"
    path.write_text(path.read_text().replace('answer="ch01.guess"', 'tags=["x"]'))
    assert "ch01.guess: no answer cell in chapters/" in exercise_problems()
