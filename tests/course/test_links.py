"""Links to other notebooks and files lead somewhere."""

import re

import pytest

from minitf.course.chapter_source import all_sources
from minitf.course.home import course_root

CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PAGES = ["README.md", "CONTRIBUTING.md", "benchmarks/README.md", "chapters/README.md",
         "minitf/ERRORS.md", "minitf/DIFFERENCES.md", "minitf/viz/widgets/README.md"]  # fmt: skip


@pytest.mark.parametrize("source", all_sources(), ids=lambda s: f"{s.stem}.{s.kind}")
def test_links_of_a_chapter(source):
    folder = course_root() / ("notebooks" if source.kind == "lesson" else "exercises")
    words = "\n".join(cell.text for cell in source.cells if cell.kind == "markdown")
    dead = [link for link in LINK.findall(CODE.sub("", words)) if not (folder / link).exists()]
    assert dead == []


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page(page):
    path = course_root() / page
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    dead = [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    assert dead == []
