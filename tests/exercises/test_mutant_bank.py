"""The tests over all exercises are not blind: fed a bad exercise, each of them fails."""

import dataclasses

import pytest
import test_exercises as suite

from minitf.course.checker import examine
from minitf.course.registry import Mutant, Probe, get

WARM_UP = get("ch00.warm_up")
FIRST = WARM_UP.mutants[0]


def right(w, gradient, learning_rate):
    return w - gradient * learning_rate


def test_a_mutant_that_is_right_is_noticed():
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        suite.test_a_mutant_is_rejected_with_its_own_diagnosis(
            WARM_UP, Mutant("right", right, "none")
        )


def test_two_mutants_that_behave_alike_are_noticed():
    twin = Mutant("twin", FIRST.code, "another text")
    with pytest.raises(AssertionError):
        suite.test_a_mutant_is_rejected_with_its_own_diagnosis(
            dataclasses.replace(WARM_UP, mutants=(*WARM_UP.mutants, twin)), twin
        )


def test_a_diagnosis_too_long_for_the_screen_is_noticed():
    long = Mutant(FIRST.label, FIRST.code, "word " * 400)
    with pytest.raises(AssertionError, match="does not fit"):
        suite.test_a_mutant_is_rejected_with_its_own_diagnosis(
            dataclasses.replace(WARM_UP, mutants=(long,)), long
        )


def test_probes_too_weak_to_tell_a_mutant_are_noticed():
    def weak(rng):
        yield Probe("zero", (0.0, 0.0, 0.0), 0.0)

    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        suite.test_a_mutant_is_rejected_with_its_own_diagnosis(
            dataclasses.replace(WARM_UP, probes=weak), FIRST
        )


def test_an_alternative_that_fails_is_noticed():
    with pytest.raises(AssertionError):
        suite.test_another_right_answer_passes(WARM_UP, FIRST.code)


def test_a_hole_that_is_not_open_is_noticed(monkeypatch):
    monkeypatch.setattr(suite, "learner_text", lambda cell: "def step(*a):\n    return 1")
    with pytest.raises(AssertionError):
        suite.test_the_hole_is_open(WARM_UP)


def test_the_warm_up_passes_with_a_right_answer():
    assert len(examine(WARM_UP, {"step": right}, 1)) == 5
