"""Hints, the solution and the hole to paste back."""

import pytest

from minitf.course import check, hint, progress_file, reset, solution
from minitf.course.registry import UnknownExercise, get


def test_three_stages_then_the_solution_opens(course, learner, capsys):
    solution("ch01.double")
    assert "opens after a pass or three hints" in capsys.readouterr().out
    for stage, text in enumerate(("look closely", "use arithmetic", "almost there"), start=1):
        hint("ch01.double")
        printed = capsys.readouterr().out
        assert f"hint {stage} of 3" in printed
        assert text in printed
    solution("ch01.double")
    assert "    return given_helper(x)" in capsys.readouterr().out


def test_stages_survive_a_restart(course, learner, capsys):
    hint("ch01.double")
    progress_file.forget_session()
    hint("ch01.double")
    assert "hint 2 of 3" in capsys.readouterr().out


def test_a_stage_can_be_chosen_and_must_exist(course, capsys):
    hint("ch01.double", 3)
    assert "almost there" in capsys.readouterr().out
    with pytest.raises(ValueError, match="1, 2 or 3, not 4"):
        hint("ch01.double", 4)


def test_the_solution_on_request_and_after_a_pass(course, capsys):
    solution("ch01.guess", show=True)
    assert "guess = 8" in capsys.readouterr().out
    progress_file.record_pass(get("ch01.counter"), "")
    solution("ch01.counter")
    printed = capsys.readouterr().out
    assert "self.value += 1" in printed
    assert "SOLUTION" not in printed


def test_reset_prints_the_hole_and_deletes_nothing(course, learner, capsys):
    progress_file.record_pass(get("ch01.double"), "def double(x):\n    return x + x\n")
    reset("ch01.double")
    printed = capsys.readouterr().out
    assert 'raise NotImplementedError("ch01.double: not started yet")' in printed
    assert progress_file.kept_answer("ch01.double").startswith("def double")
    assert progress_file.entry("ch01.double")["points"] == 2


@pytest.mark.parametrize("function", [hint, solution, reset])
def test_unknown_ids(course, function):
    with pytest.raises(UnknownExercise):
        function("ch01.nothing")


@pytest.mark.parametrize("ask", [hint, solution, reset, check])
def test_without_an_id_it_says_what_to_write(ask, course):
    for wrong in ((), ("",), (check,), (["ch01.double"],)):
        with pytest.raises(UnknownExercise, match='in quotes, for example "ch01.double"'):
            ask(*wrong)
