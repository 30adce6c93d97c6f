"""Sealed answers open to what went in, and no prediction of a chapter has its answer in sight."""

import ast
import base64
import builtins

import pytest

from minitf.course import predict, sealed
from minitf.course.__main__ import main
from minitf.course.chapter_source import all_sources
from minitf.course.sealed import seal


@pytest.mark.parametrize(
    "value", ["last to first", "x² → ½", 8, -1.5, (2, 3), None, True, [6, None]]
)
def test_what_goes_in_comes_out(value):
    text = seal(repr(value))
    assert sealed(text) == value
    assert repr(value) not in text


def test_the_command_prints_what_goes_into_the_chapter(capsys):
    assert main(["seal", "'last to first'"]) == 0
    printed = capsys.readouterr().out
    assert printed == 'sealed("J2xhc3QgdG8gZmlyc3Qn")\n'
    assert eval(printed) == "last to first"


@pytest.mark.parametrize("literal", ["last to first", "", "1 +", "len([])", "[" * 300])
def test_only_literals_are_sealed(literal, capsys):
    with pytest.raises(ValueError, match="not a Python literal.*quotes of its own"):
        seal(literal)
    assert main(["seal", literal]) == 2
    assert "not a Python literal" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["last to first", "J2xh", "====", "/w==", "ü", 7, None])
def test_what_is_not_sealed_is_named(text):
    with pytest.raises(ValueError, match=r"sealed\(.*not .*minitf\.course seal"):
        sealed(text)


def test_code_is_not_run():
    text = base64.b64encode(b"print('run')").decode()
    with pytest.raises(ValueError, match="not a Python literal"):
        sealed(text)


def test_a_sealed_text_and_a_sealed_number_in_a_prediction(capsys):
    order = sealed("J2xhc3QgdG8gZmlyc3Qn")
    predict("the order", yours="Last to first", answer=order)
    predict("times", yours=7, answer=sealed("OA=="))
    assert capsys.readouterr().out == (
        "Right: the order is 'last to first'.\nYou predicted 7; it is 8.\n"
    )


def open_answers(code):
    """The predictions of a cell whose answer is made of literals alone, as their source."""
    calls = (one for one in ast.walk(ast.parse(code)) if isinstance(one, ast.Call))
    answers = (
        option.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "predict"
        for option in call.keywords
        if option.arg == "answer"
    )
    return [ast.unparse(answer) for answer in answers if is_in_the_open(answer)]


def is_in_the_open(answer):
    """Does it use no name but Python's own, as `8`, `lambda: 4 * 2` or `max(1, 10)` do?"""
    names = (one.id for one in ast.walk(answer) if isinstance(one, ast.Name))
    return all(hasattr(builtins, name) for name in names)


@pytest.mark.parametrize("answer", ["8", "'up'", "lambda: 4 * 2", "2 / max(1.0, 10.0)", "-1"])
def test_an_answer_in_the_open_is_found(answer):
    assert open_answers(f"predict('?', yours=None, answer={answer})")


@pytest.mark.parametrize("answer", ["sealed('OA==')", "lambda: slope(2.0)", "found", "a[0] + 1"])
def test_a_computed_or_sealed_answer_is_fine(answer):
    assert not open_answers(f"predict('?', yours=None, answer={answer})")


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.path.name)
def test_no_chapter_has_an_answer_in_the_open(source):
    found = [
        f"{source.path.name}, cell at line {cell.line}: answer={answer}"
        for cell in source.cells
        if cell.kind == "code"
        for answer in open_answers(cell.text)
    ]
    assert not found, "seal these, see chapters/README.md: " + "; ".join(found)


def test_the_chapters_have_predictions_at_all():
    lessons = [source for source in all_sources() if source.kind == "lesson"]
    texts = [cell.text for source in lessons for cell in source.cells if cell.kind == "code"]
    assert sum(text.count("predict(") for text in texts) > 100
