"""The README says what is there: its map of the course, its example, its commands."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

import minitf as tf
from minitf.course.chapter_source import all_sources
from minitf.course.registry import exercises

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
ROW = re.compile(r"^\| \[(.+)\]\(notebooks/(\w+)\.ipynb\)( \*)? \| .+ \| (\d*) ?\|$", re.MULTILINE)
WORDS = {"Fifteen": "15"}


def stated_minutes(first_cell):
    """`**75 minutes**` of a lesson's first cell; "" for the gallery, which states none."""
    found = re.search(r"\*\*(\d+) minutes\*\*|(Fifteen) minutes", first_cell)
    return (found[1] or WORDS[found[2]]) if found else ""


def lessons():
    """Title, file and minutes of every lesson in chapters/, as its first cell states them."""
    rows = []
    for source in all_sources():
        if source.kind == "lesson":
            first = source.cells[0].text
            title = first.splitlines()[0].removeprefix("# ")
            stem = source.stem
            if source.number == 99:
                title = f"99 {title}"
            rows.append((title, stem, stated_minutes(first)))
    return rows


def table():
    return [(title, stem, minutes) for title, stem, _, minutes in ROW.findall(README)]


def test_the_map_lists_exactly_the_lessons_with_their_minutes():
    assert len(lessons()) >= 9
    assert table() == lessons(), "README.md, the map: a row per lesson, title and minutes as there"


def test_only_the_gallery_states_no_minutes():
    assert [stem for _, stem, minutes in lessons() if not minutes] == ["99_gallery"]


def test_the_hours_are_the_sum_of_the_minutes():
    minutes = {stem: int(number) for _, stem, number in table() if number}
    fast = [stem for _, stem, star, _ in ROW.findall(README) if star]
    text = " ".join(README.split())
    assert f"fast path: {hours(minutes[one] for one in fast)} hours" in text
    assert f"All chapters together take {hours(minutes.values())} hours" in text


def hours(minutes):
    """Hours, to the half hour."""
    return f"{round(sum(minutes) / 30) / 2:g}"


def test_the_example_runs_and_its_comment_is_true():
    block = re.search(r"```python\n(import minitf.*?)```", README, re.DOTALL)[1]
    names = {}
    exec(compile(block.replace("tape.gradient", "found = tape.gradient"), "README", "exec"), names)
    stated = re.search(r"# (-?\d+) and (-?\d+):", block)
    assert [float(one) for one in names["found"]] == [float(stated[1]), float(stated[2])]


def test_the_digits_load_as_shown():
    block = re.search(r"```python\n(\(x_train.*?)```", README, re.DOTALL)[1]
    names = {"tf": tf}
    exec(compile(block, "README", "exec"), names)
    assert len(names["x_train"]) == len(names["y_train"])


@pytest.mark.parametrize("line", re.findall(r"^python3 course\.py (.*)$", README, re.MULTILINE))
def test_every_command_shown_is_understood(line):
    from minitf.course.__main__ import _parser

    words = re.split(r"\s{3,}", line.strip())[0].split()
    if words and words[0] not in ("test", "data"):  # these two are course.py's own
        _parser().parse_args(words)


def test_chapters_named_in_commands_have_exercises():
    numbers = {int(number) for number in re.findall(r"course\.py (?:grade|reset) (\d\d)", README)}
    assert numbers and numbers <= {one.chapter for one in exercises().values()}


def test_the_reading_order_of_the_framework_counts_right():
    """minitf/README.md: files that exist, their lines of code, and a core that stays small."""
    page = (ROOT / "minitf" / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.+`) \| .* \| (\d+) \|$", page, re.MULTILINE)
    assert len(rows) == 8
    for names, stated in rows:
        files = [ROOT / "minitf" / name for name in re.findall(r"`(.+?)`", names)]
        assert sum(map(lines_of_code, files)) == pytest.approx(int(stated), abs=12), names
    total = int(re.search(r"^\| together \| \| (\d+) \|$", page, re.MULTILINE)[1])
    assert total == sum(int(stated) for _, stated in rows)
    assert total <= 1500, "the core is read in one sitting: move what is not needed there"
    for name in re.findall(r"`([\w/]+(?:\.py|/))`", page):
        assert (ROOT / "minitf" / name).exists() or (ROOT / name).exists(), name


def lines_of_code(path):
    """Lines that hold code: no docstring, no comment, not empty."""
    text = path.read_text("utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None
        for line in range(node.body[0].lineno, node.body[0].end_lineno + 1)
    }
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in layout and token.type != tokenize.ENDMARKER
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - docstrings)
