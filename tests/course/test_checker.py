"""`check`: passes, calm states, failures with a diagnosis."""

from dataclasses import replace

import numpy as np
import pytest

from minitf.course import check
from minitf.course.asking import ask
from minitf.course.checker import examine, fixed_seed, matching_mutant
from minitf.course.failures import AnswerError, AnswerTooSlow, CheckFailed, NotStarted
from minitf.course.registry import Mutant, Probe, UnknownExercise, get


def fails(names, exercise_id="ch01.double"):
    exercise = get(exercise_id)
    with pytest.raises(CheckFailed) as caught:
        examine(exercise, names, fixed_seed(exercise))
    assert len(caught.value.lines) <= 12
    return caught.value


def test_a_pass_prints_one_line_and_its_meaning(course, capsys):
    globals()["double"] = lambda x: x + x
    assert check("ch01.double") is None
    printed = capsys.readouterr()
    assert printed.out == "ch01.double passed (2 probes, 1 edge case), 2 points.\nThat is all.\n"
    assert printed.err == ""


def test_a_missing_name_says_run_the_cell(course):
    globals().pop("double", None)
    with pytest.raises(AnswerError, match="`double` is not defined"):
        check("ch01.double")


def test_an_unknown_id_names_the_nearest(course):
    with pytest.raises(UnknownExercise, match=r"Did you mean ch01\.double\?"):
        check("ch01.dubble")


def stub(x):
    raise NotImplementedError("ch01.double: not started yet")


def test_an_open_hole_is_calm(course):
    failure = fails({"double": stub})
    assert isinstance(failure, NotStarted)
    assert failure.lines[0] == "ch01.double not started yet"


def test_an_open_value_is_calm(course):
    globals()["guess"] = ...
    with pytest.raises(NotStarted):
        check("ch01.guess")


def test_a_hole_of_another_exercise_blocks(course):
    failure = fails({"quadruple": stub}, "ch01.quadruple")
    assert failure.headline == "ch01.quadruple blocked by ch01.double, which is still open"


def test_a_bare_not_implemented_error_is_an_error_not_a_hole(course):
    def other(x):
        raise NotImplementedError

    assert isinstance(fails({"double": other}), AnswerError)


def test_a_wrong_answer_gets_the_mutants_diagnosis(course):
    failure = fails({"double": lambda x: x**2})
    assert failure.mutant == "squares"
    assert failure.lines[1:4] == ["  probe    double(3.0)", "  expected 6", "  got      9"]
    assert "  likely   x * x is the square." in failure.lines


def test_two_flaws_get_the_diagnosis_of_the_one_met_first(course):
    """Squares for numbers, and an error for arrays: no mutant behaves so everywhere."""

    def two_flaws(x):
        if np.ndim(x):
            raise ValueError("no arrays")
        return x * x

    exercise = get("ch01.double")
    (squares,) = [m for m in exercise.mutants if m.label == "squares"]
    failure = fails({"double": two_flaws})
    assert failure.mutant == "squares"
    assert any(squares.diagnosis[:20] in line for line in failure.lines)


def looks_up(key):
    return lambda x: {}[key]


@pytest.mark.parametrize(("key", "label"), [("a", "a"), ("b", "b"), ("another", "a")])
def test_the_same_error_message_goes_before_the_same_error_type(course, key, label):
    mutants = tuple(Mutant(key, looks_up(key), f"no {key} here.") for key in "ab")
    exercise = replace(get("ch01.quadruple"), mutants=mutants)
    replies = [ask(probe, {"quadruple": looks_up(key)}) for probe in exercise.probes(None)]
    assert matching_mutant(exercise, replies).label == label


def test_where_many_answers_are_right_two_right_ones_are_alike(course):
    """Both give an even number for 3 and 0 for 5, so the mutant's diagnosis fits."""
    even = Probe("even", (3,), accept=lambda got: "" if got % 2 == 0 else "odd")
    probes = [even, Probe("ten", (5,), 10)]
    forgets_five = Mutant("forgets_five", lambda x: {3: 6}.get(x, 0), "5 is forgotten.")
    exercise = replace(get("ch01.double"), mutants=(forgets_five,))

    def matched(at_three, at_five):
        replies = [ask(probe, {"double": {3: at_three, 5: at_five}.get}) for probe in probes]
        return matching_mutant(exercise, replies)

    assert matched(8, 0) is forgets_five
    assert matched(7, 0) is None and matched(8, 1) is None


def test_a_forgotten_return_is_named(course):
    failure = fails({"double": lambda x: None})
    assert any("is the `return` missing?" in line for line in failure.lines)


def test_an_unforeseen_wrong_answer_gets_no_diagnosis(course):
    failure = fails({"double": lambda x: x + 1})
    assert failure.mutant == ""
    assert "likely" not in str(failure)


def test_changing_the_input_is_named(course):
    def overwrite(x):
        x += x
        return x

    failure = fails({"double": overwrite})
    assert failure.headline.endswith("it changes its input")
    assert failure.mutant == "in_place"


def test_an_error_names_the_learners_line(course):
    def divide(x):
        return x / "2"

    failure = fails({"double": divide})
    assert "TypeError" in failure.headline
    assert any('return x / "2"' in line for line in failure.lines)


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, RecursionError])
def test_no_exception_of_an_answer_escapes(course, error):
    def leave(x):
        raise error("bye")

    assert isinstance(fails({"double": leave}), AnswerError)


def test_an_endless_loop_is_stopped(course):
    def forever(x):
        while True:
            try:
                x = x + 1
            except BaseException:
                pass

    assert isinstance(fails({"double": forever}), AnswerTooSlow)


def test_prints_are_kept_and_shown_on_failure(course, capsys):
    def chatty(x):
        print("here I am")
        return x

    failure = fails({"double": chatty})
    assert "  printed  here I am" in failure.lines
    assert capsys.readouterr().out == ""


def test_the_random_state_of_the_notebook_is_left_alone(course):
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    examine(get("ch01.double"), {"double": lambda x: 2 * x}, 7)
    assert (np.random.get_state()[1] == before).all()


FORBIDDEN = "def double(x):\n    import numpy\n    return numpy.multiply(x, 2)\n"


def test_forbidden_shortcut_in_a_notebook(course, shell):
    shell.run_cell(FORBIDDEN)
    result = shell.run_cell('check("ch01.double")')
    assert "it uses `np.multiply`" in str(result.error_in_exec)


def test_notebook_shows_the_lines_and_no_traceback(course, shell, capsys):
    shell.run_cell("def double(x):\n    return x * x")
    shell.run_cell('check("ch01.double")')
    shown = capsys.readouterr().out
    assert "likely   x * x is the square." in shown
    assert "Traceback" not in shown
    assert "checker.py" not in shown


@pytest.mark.parametrize(
    "broken",
    [
        "def double(x):\n    return x +* x",
        "1 / 0\ndef double(x):\n    return x * x",
        "def double(x):\nreturn x * x",
    ],
)
def test_an_earlier_run_of_the_cell_is_named(broken, course, shell, capsys):
    shell.run_cell("def double(x):\n    return x + x", store_history=True)
    shell.run_cell('check("ch01.double")', store_history=True)
    assert "earlier" not in capsys.readouterr().out
    shell.run_cell(broken, store_history=True)
    capsys.readouterr()
    assert shell.run_cell('check("ch01.double")', store_history=True).success
    first, second, _ = capsys.readouterr().out.splitlines()
    assert "passed" in first
    assert second.startswith("note     this is about an earlier `double`")


def test_an_earlier_wrong_run_is_named_below_the_headline(course, shell):
    shell.run_cell("def double(x):\n    return x * x", store_history=True)
    shell.run_cell("def double(x)\n    return x + x", store_history=True)
    failure = shell.run_cell('check("ch01.double")', store_history=True).error_in_exec
    assert failure.lines[0] == str(failure).splitlines()[0] == failure.headline
    assert "this is about an earlier `double`" in str(failure).splitlines()[1]


def test_a_wrapped_or_imported_answer_is_no_earlier_run(course, shell, capsys):
    shell.run_cell("def double(x):\n    return x + x", store_history=True)
    shell.run_cell("def unrelated(x)\n    pass", store_history=True)
    shell.run_cell("import functools\ndouble = functools.wraps(double)(double)", store_history=True)
    capsys.readouterr()
    shell.run_cell('check("ch01.double")', store_history=True)
    printed = capsys.readouterr().out
    assert "passed" in printed and "earlier" not in printed


def test_a_forgotten_return_and_a_forgotten_case_are_told_apart(course):
    def nothing(x):
        x + x

    def only_positive(x):
        if np.all(x > 0):
            return x + x

    assert any("is the `return` missing?" in line for line in fails({"double": nothing}).lines)
    lines = fails({"double": only_positive}).lines
    assert any("is there a case without `return`?" in line for line in lines)


def test_raise_in_place_of_return_is_named(course):
    def raises(x):
        raise x + x

    assert any("Write `return` in its place" in line for line in fails({"double": raises}).lines)
