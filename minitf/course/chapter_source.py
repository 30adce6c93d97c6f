"""Read a chapter's source file: `chapters/NN_name.lesson.py` or `chapters/NN_name.exercises.py`.

    source = read_source(Path("chapters/00_start_here.lesson.py"))
    source.cells[0].kind                                       # 'markdown'
    learner_text(source.answers()["ch00.warm_up"])             # the cell with its hole

The format is py:percent, cells that begin with `# %%`; chapters/README.md describes it. A cell
with `answer="ch00.warm_up"` holds the solution between `### BEGIN SOLUTION` and
`### END SOLUTION`; the learner gets a hole there, the solutions notebook the text without markers.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from minitf.course.home import course_root

HEADER = re.compile(r"# %%(?P<markdown> \[markdown\])?(?P<rest>( .*)?)")
ATTRIBUTE = re.compile(r'\s*(\w+)=("[^"]*"|\[[^\]]*\])\s*')
REGION = re.compile(
    r"^(?P<indent>[ ]*)### BEGIN SOLUTION[ ]*\n(?P<body>.*?)^[ ]*### END SOLUTION[ ]*$",
    re.DOTALL | re.MULTILINE,
)
FILE_NAME = re.compile(r"(?P<number>\d\d)_(?P<name>[a-z0-9_]+)\.(?P<kind>lesson|exercises)\.py")
ATTRIBUTES = {"answer", "exercise", "needs", "tags", "key"}


class SourceError(ValueError):
    """A chapter's source breaks the format; the message names file, line and fix."""


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source file: 'markdown' or 'code', its text and its header's attributes."""

    kind: str
    text: str
    line: int
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """Id of the exercise whose answer this cell holds, or ""."""
        return str(self.attributes.get("answer", ""))

    @property
    def needs(self) -> tuple[str, ...]:
        """Ids of the exercises without whose answers this cell cannot run."""
        value = self.attributes.get("needs", ())
        return (value,) if isinstance(value, str) else tuple(value)

    @property
    def tags(self) -> tuple[str, ...]:
        """Notebook tags the author asked for."""
        return tuple(self.attributes.get("tags", ()))


@dataclass(frozen=True)
class ChapterSource:
    """One source file: its number, name, kind ('lesson' or 'exercises') and cells."""

    path: Path
    number: int
    name: str
    kind: str
    cells: tuple[SourceCell, ...]

    @property
    def stem(self) -> str:
        """Name of the notebook without its extension, as '02_computation_graph'."""
        return f"{self.number:02d}_{self.name}"

    def answers(self) -> dict[str, SourceCell]:
        """Return the answer cells by exercise id."""
        return {cell.answer: cell for cell in self.cells if cell.answer}


def all_sources(numbers: tuple[int, ...] = ()) -> list[ChapterSource]:
    """Read every source file of the course, or those of the given chapters, in order."""
    folder = course_root() / "chapters"
    sources = [read_source(path) for path in sorted(folder.glob("*.py"))]
    if (folder / "gallery").is_dir():
        sources.append(read_gallery(folder / "gallery"))
    return [source for source in sources if not numbers or source.number in numbers]


def answer_cell(exercise_id: str) -> tuple[ChapterSource, SourceCell]:
    """Return the source cell that holds an exercise's solution, and its file."""
    for source in all_sources((int(exercise_id[2:4]),)):
        if exercise_id in source.answers():
            return source, source.answers()[exercise_id]
    folder = course_root() / "chapters"
    raise SourceError(f"no cell in {folder.name}/ has answer={exercise_id!r}")


def read_source(path: Path) -> ChapterSource:
    """Read one source file. Raises `SourceError` naming the line that breaks the format."""
    named = FILE_NAME.fullmatch(path.name)
    if named is None:
        raise SourceError(f"{path.name}: name it NN_name.lesson.py or NN_name.exercises.py")
    cells = tuple(_cells(path.name, path.read_text(encoding="utf-8")))
    return ChapterSource(path, int(named["number"]), named["name"], named["kind"], cells)


def read_gallery(folder: Path) -> ChapterSource:
    """Join the pieces `chapters/gallery/NN_name.py`, one per widget, to chapter 99."""
    cells: list[SourceCell] = []
    for path in sorted(folder.glob("[0-9][0-9]_*.py")):
        cells += _cells(f"{folder.name}/{path.name}", path.read_text(encoding="utf-8"))
    return ChapterSource(folder, 99, folder.name, "lesson", tuple(cells))


def solution_text(cell: SourceCell) -> str:
    """Return an answer cell as the solutions show it: complete, without markers."""
    return REGION.sub(lambda match: match["body"].rstrip("\n"), cell.text)


def learner_text(cell: SourceCell) -> str:
    """Return an answer cell as the learner gets it: with a hole that says it is not started."""
    return REGION.sub(lambda match: _hole(cell.answer, match), cell.text)


def _hole(exercise_id: str, match: re.Match[str]) -> str:
    indent = match["indent"]
    if indent:
        message = f"{exercise_id}: not started yet"
        return f'{indent}raise NotImplementedError("{message}")  # replace this line'
    # Outside a function nothing may be raised, or "Run All" would stop at the answer itself.
    return "\n".join(f"{name} = ...  # your answer" for name in _names_bound(match["body"]))


def _names_bound(body: str) -> list[str]:
    names = []
    for statement in ast.parse(textwrap.dedent(body)).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign):
            names += [one.id for one in statement.targets if isinstance(one, ast.Name)]
    return names


def _cells(file: str, text: str) -> Iterator[SourceCell]:
    header: re.Match[str] | None = None
    start, lines = 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        found = HEADER.fullmatch(line.rstrip())
        if found is None and line.startswith("# %%"):
            raise SourceError(f"{file}:{number}: cannot read the cell header {line!r}")
        if found is None and header is None and line.strip():
            raise SourceError(f"{file}:{number}: text before the first '# %%' header")
        if found is None:
            lines.append(line)
            continue
        if header is not None:
            yield _cell(file, start, header, lines)
        header, start, lines = found, number, []
    if header is None:
        raise SourceError(f"{file}: no cells; a cell begins with '# %%'")
    yield _cell(file, start, header, lines)


def _cell(file: str, line: int, header: re.Match[str], lines: list[str]) -> SourceCell:
    attributes = _attributes(f"{file}:{line}", header["rest"])
    if not header["markdown"]:
        text = "\n".join(lines).strip("\n")
        cell = SourceCell("code", text, line, attributes)
        if cell.answer and not REGION.search(text + "\n"):
            raise SourceError(f"{file}:{line}: an answer cell needs the two SOLUTION markers")
        return cell
    for offset, one in enumerate(lines, start=1):
        if one.strip() and one != "#" and not one.startswith("# "):
            raise SourceError(f"{file}:{line + offset}: a markdown line begins with '# '")
    text = "\n".join(one[2:] for one in lines).strip("\n")
    return SourceCell("markdown", text, line, attributes)


def _attributes(where: str, text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    position = 0
    while position < len(text):
        match = ATTRIBUTE.match(text, position)
        if match is None:
            unread = text[position:].strip()
            raise SourceError(f"{where}: cannot read {unread!r} in the cell header")
        if match[1] not in ATTRIBUTES:
            known = ", ".join(sorted(ATTRIBUTES))
            raise SourceError(f"{where}: unknown attribute {match[1]!r}; known: {known}")
        found[match[1]] = json.loads(match[2])
        position = match.end()
    return found
