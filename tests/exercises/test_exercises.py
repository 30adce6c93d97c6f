"""Every exercise of the course: the hole is open, right answers pass, mutants get their diagnosis.

The tests run over whatever `minitf/course/checks/` and `chapters/` hold, so that a new chapter is
covered as soon as its files exist.
"""

import contextlib
import io

import pytest

from minitf.course import my_engine
from minitf.course.chapter_source import all_sources, answer_cell, learner_text
from minitf.course.checker import examine, fixed_seed
from minitf.course.engine import run_answer
from minitf.course.failures import CheckFailed, NotStarted
from minitf.course.registry import definitions, exercises
from minitf.course.source_lint import exercise_problems, source_problems

ALL = list(exercises().values())
MUTANTS = [(one, mutant) for one in ALL for mutant in one.mutants]
ALTERNATIVES = [(one, code) for one in ALL for code in one.alternatives]


def seeds(exercise):
    """The fixed round, and two that a grader might draw."""
    return [fixed_seed(exercise), 1, 2**31]


def test_there_are_exercises():
    assert ALL


def test_sources_and_registry_keep_the_rules():
    assert [line for source in all_sources() for line in source_problems(source)] == []
    assert exercise_problems() == []


@pytest.mark.parametrize("exercise", ALL, ids=lambda one: one.id)
def test_the_solution_passes(exercise):
    engine = vars(my_engine())
    names = {name: engine[name] for name in exercise.names}
    for seed in seeds(exercise):
        assert len(examine(exercise, names, seed)) >= 1


@pytest.mark.parametrize(("exercise", "code"), ALTERNATIVES, ids=lambda one: getattr(one, "id", ""))
def test_another_right_answer_passes(exercise, code):
    for seed in seeds(exercise):
        examine(exercise, definitions(exercise, code), seed)


@pytest.mark.parametrize(
    ("exercise", "mutant"), MUTANTS, ids=lambda one: getattr(one, "id", getattr(one, "label", ""))
)
def test_a_mutant_is_rejected_with_its_own_diagnosis(exercise, mutant):
    for seed in seeds(exercise):
        with pytest.raises(CheckFailed) as caught:
            examine(exercise, definitions(exercise, mutant.code), seed)
        assert caught.value.mutant == mutant.label
        shown = " ".join(str(caught.value).split())
        assert " ".join(mutant.diagnosis.split()) in shown, "the diagnosis does not fit the screen"


@pytest.mark.parametrize("exercise", ALL, ids=lambda one: one.id)
def test_the_hole_is_open(exercise):
    needed = {key: value for key, value in vars(my_engine()).items() if key not in exercise.names}
    names = run_answer(exercise, learner_text(answer_cell(exercise.id)[1]), needed)
    if any(value is ... for value in names.values()):
        return
    with pytest.raises(NotStarted), contextlib.redirect_stdout(io.StringIO()):
        examine(exercise, names, fixed_seed(exercise))
