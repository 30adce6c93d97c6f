"""The table of claims: complete for the chapters that exist, and true about their cells."""

import pytest

from minitf.course import claims as module
from minitf.course.claims import claim_problems, claims, claims_page, page_path

CATALOGUE = """
[M1]
chapter = 1
claim = "one | two"
[M2]
chapter = 1
claim = "another"
[M3]
chapter = 2
claim = "of a chapter that does not exist"
"""
LESSON = '# %% [markdown] key="words"\n# Text\n\n# %% key="shown"\nprint(1)\n'


@pytest.fixture
def course(tmp_path, monkeypatch):
    folder = tmp_path / "chapters" / "claims"
    folder.mkdir(parents=True)
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "chapters" / "01_first.lesson.py").write_text(LESSON, encoding="utf-8")
    monkeypatch.setattr(module, "course_root", lambda: tmp_path)
    monkeypatch.setattr("minitf.course.chapter_source.course_root", lambda: tmp_path)

    def write(text):
        (folder / "01_first.toml").write_text(text, encoding="utf-8")
        return claim_problems()

    return write


def row(name, cell="shown", notebook="lesson", says="no"):
    return f'[{name}]\nnotebook = "{notebook}"\ncell = "{cell}"\nsays = "{says}"\n'


def test_every_claim_of_the_chapters_that_exist_is_treated():
    assert claim_problems() == []


def test_the_page_is_in_step():
    assert page_path().read_text(encoding="utf-8") == claims_page()


def test_claims_have_one_line():
    assert all("\n" not in claim.claim + claim.says and claim.claim for claim in claims())


def test_a_complete_table(course):
    assert course(row("M1") + row("M2")) == []
    assert "| M1 | one \\| two | no | 01, lesson: `shown` |" in claims_page()
    assert "| M3 | of a chapter that does not exist |  | 02, not written yet |" in claims_page()


def test_what_is_missing_is_named(course):
    assert course(row("M1")) == ["M2 (another) belongs to chapter 01 and is not treated there"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (row("M1", cell="words"), "no code cell"),
        (row("M1", cell="nowhere"), "no code cell"),
        (row("M1", notebook="exercises"), "no exercises notebook"),
        (row("M1", says=""), "needs notebook, cell and says"),
        (row("M9"), "not in the catalogue"),
    ],
)
def test_wrong_rows_are_named(course, rows, words):
    assert any(words in problem for problem in course(rows + row("M2")))
