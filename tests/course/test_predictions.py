"""Predictions never raise and never give the answer away too early."""

import pytest

import minitf as tf
from minitf.course import predict


def never():
    raise AssertionError("the answer was computed before there was a prediction")


@pytest.mark.parametrize("yours", [None, ...])
def test_no_prediction_hides_the_answer(yours, capsys):
    predict("sign of db", yours=yours, answer=never, choices=("-1", "0", "+1"))
    assert "no prediction yet: sign of db (choose -1, 0 or +1)" in capsys.readouterr().out


def test_an_impossible_choice_is_not_compared(capsys):
    predict("sign", yours=7, answer=never, choices=("-1", "+1"))
    assert "7 is not one of the choices: -1 or +1" in capsys.readouterr().out


@pytest.mark.parametrize("yours", [1, 1.0, "+1", tf.constant(1.0)])
def test_right_in_any_spelling(yours, capsys):
    predict("sign", yours=yours, answer=1, choices=("-1", "+1"), why="Because.")
    assert capsys.readouterr().out == "Right: sign is 1.\nBecause.\n"


def test_wrong_says_both(capsys):
    predict("dw", yours=3, answer=lambda: 2.0)
    assert capsys.readouterr().out == "You predicted 3; it is 2.\n"


def test_tolerance_and_words(capsys):
    predict("accuracy", yours=0.9, answer=0.93, tolerance=0.05)
    predict("shape", yours="Column", answer="column")
    assert capsys.readouterr().out.count("Right") == 2


def test_nan_is_a_choice_in_quotes(capsys):
    predict("gradient", answer=never, choices=("1", "inf", "nan"))
    assert '(choose 1, "inf" or "nan")' in capsys.readouterr().out
    for yours in ("nan", float("nan")):
        predict("gradient", yours=yours, answer=lambda: float("nan"), choices=("1", "nan"))
        predict("gradient", yours=yours, answer=lambda: 1.0, choices=("1", "nan"))
    found = capsys.readouterr().out
    assert found.count("Right") == 2
    assert found.count("; it is 1.") == 2
