"""Chapter 05: the words the check of explain_none expects are those of tape.explain."""

import pytest

from minitf.course.checks.watching.explain_none import HARDER, WORDS, long_chain
from minitf.course.checks.watching.real_tape import PATIENTS, cause_on_a_real_tape, program


@pytest.mark.parametrize("label", PATIENTS)
def test_patients(label):
    assert cause_on_a_real_tape(*PATIENTS[label]) == WORDS[label]


@pytest.mark.parametrize("label", HARDER)
def test_harder_patients(label):
    records, target, source, word = HARDER[label]
    assert cause_on_a_real_tape(records, target, source) == word


@pytest.mark.parametrize("word", ["numpy", "not_differentiable", "integer", "connected"])
def test_long_chains(word):
    assert cause_on_a_real_tape(long_chain(word), "y", "w") == word


def test_an_unknown_operation_is_refused():
    with pytest.raises(ValueError, match="'Tan' cannot be run here"):
        cause_on_a_real_tape(program([], [("y", "Tan", (), "float32")]), "y", "y")
