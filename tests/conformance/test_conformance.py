"""minitf answers as TensorFlow did: each recorded program is run and compared."""

import json
from pathlib import Path

import pytest
from replay import complaint, run

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
PROGRAMS = {p.stem: p for p in sorted(HERE.glob("programs/*/*.py"))}


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name):
    found = complaint(EXPECTED[name], run(PROGRAMS[name]))
    assert found is None, found


def test_every_program_has_an_answer():
    assert set(EXPECTED) == set(PROGRAMS)


RECORDED = {"result": {"a": ["float32", [2], [1.0, "nan"]]}}
RAISED = {"raises": "InvalidArgumentError", "accept": ["ValueError"]}


@pytest.mark.parametrize(
    "expected, got, word",
    [
        (RECORDED, {"result": {"a": ["float32", [2], [1.1, "nan"]]}}, "element 0"),
        (RECORDED, {"result": {"a": ["float32", [2], [1.0, 0.0]]}}, "element 1"),
        (RECORDED, {"result": {"a": ["float64", [2], [1.0, "nan"]]}}, "float64"),
        (RECORDED, {"result": {"a": ["float32", [1, 2], [1.0, "nan"]]}}, "[1, 2]"),
        (RECORDED, {"result": [1.0, 2.0]}, "got [1.0, 2.0]"),
        ({"result": True}, {"result": 1}, "got 1"),
        ({"result": None}, {"result": 0.0}, "got 0.0"),
        ({"result": {"d": {"x": 1}}}, {"result": {"d": {"y": 1}}}, "'y'"),
        ({"result": [1, 2]}, {"result": [1, 2, 3]}, "3]"),
        (RAISED, {"result": 1}, "did not raise"),
        (RAISED, {"raised": ["ValueError"], "ready": False, "message": "?"}, "too early"),
        (RAISED, {"raised": ["KeyError"], "ready": True, "message": "?"}, "raises Invalid"),
    ],
)
def test_the_comparison_sees_what_differs(expected, got, word):
    assert word in complaint(expected, got)


def test_the_comparison_accepts_what_is_equal():
    assert complaint(RECORDED, {"result": {"a": ["float32", [2], [1.000001, "nan"]]}}) is None
    assert complaint({"result": 2.0}, {"result": {"a": ["float32", [], [2.0]]}}) is None
    assert complaint(RAISED, {"raised": ["ValueError"], "ready": True, "message": "?"}) is None
