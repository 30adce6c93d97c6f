"""What a chapter's source may not do, found before anything is run.

source_problems(source)      # ["00_start_here.lesson.py:12: input() would wait for ever", ...]
exercise_problems()          # ["ch02.add: needs 3 hints", ...]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from minitf.course.chapter_source import ChapterSource, SourceCell, all_sources, solution_text
from minitf.course.registry import ID_FORM, Exercise, exercises

# Names whose output nbval and nbclient store differently, or that wait for somebody.
BANNED = {
    "Output": "the Output widget's captured text leaks into the cell's output",
    "interact": "interact hides its output from the stored notebook; use a widget with a figure",
    "clear_output": "clear_output makes the stored output depend on timing",
    "input": "input() would wait for ever",
}


def source_problems(source: ChapterSource) -> list[str]:
    """Return one line per broken rule in a source file."""
    return [
        f"{source.path.name}:{cell.line}: {problem}"
        for cell in source.cells
        for problem in _cell_problems(cell, source)
    ]


def exercise_problems() -> list[str]:
    """Return one line per broken rule in the registry, and per mismatch with the sources."""
    known = exercises()
    problems = [
        f"{one.id}: {problem}" for one in known.values() for problem in _one_exercise(one, known)
    ]
    owners: dict[str, str] = {}
    for one in known.values():
        for name in one.names:
            if name in owners:
                problems.append(f"{one.id}: the name {name} belongs to {owners[name]} already")
            owners[name] = one.id
    answered = [answer for source in all_sources() for answer in source.answers()]
    problems += [f"{key}: no answer cell in chapters/" for key in known if key not in answered]
    return problems


def _cell_problems(cell: SourceCell, source: ChapterSource) -> Iterator[str]:
    known = exercises(source.number)
    for key in (cell.answer, cell.attributes.get("exercise", "")):
        if key and key not in known:
            yield f"{key!r} is not an exercise of chapter {source.number:02d}"
    for key in cell.needs:
        if key not in exercises():
            yield f"needs {key!r}, which no chapter defines"
    if cell.answer and [c.answer for c in source.cells].count(cell.answer) > 1:
        yield f"{cell.answer} has more than one answer cell"
    if cell.answer and "raises-exception" in cell.tags:
        yield "an answer cell may not be tagged raises-exception: every check would pass"
    if cell.kind == "code":
        yield from _code_problems(cell)


def _code_problems(cell: SourceCell) -> Iterator[str]:
    try:
        tree = ast.parse(solution_text(cell))
    except SyntaxError as error:
        yield f"line {error.lineno} of the cell: {error.msg}"
        return
    for node in ast.walk(tree):
        name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
        if name in BANNED:
            yield BANNED[name]
        if name in ("check",) and not cell.answer:
            yield "the build writes the check cells; do not call check() in a source"


def _one_exercise(one: Exercise, known: dict[str, Exercise]) -> Iterator[str]:
    if not ID_FORM.fullmatch(one.id):
        yield "an id looks like ch02.local_derivs"
    if not one.names:
        yield "names is empty: what does the learner define?"
    if len(one.hints) != 3 or not all(hint.strip() for hint in one.hints):
        yield f"needs exactly 3 hints, has {len(one.hints)}"
    if len(one.mutants) < 3:
        yield f"needs at least 3 mutants, has {len(one.mutants)}"
    if len({mutant.label for mutant in one.mutants}) < len(one.mutants):
        yield "two mutants have the same label"
    if not one.alternatives:
        yield "needs at least one alternative: another correct way to write it"
    if not (1 <= one.difficulty <= 5 and 1 <= one.importance <= 5):
        yield "difficulty and importance lie between 1 and 5"
    if one.points < 1 or one.minutes < 1 or not one.meaning.strip() or not one.title.strip():
        yield "points, minutes, title and meaning must be given"
    order = list(known)
    for key in one.needs:
        if key not in known or order.index(key) >= order.index(one.id):
            yield f"needs {key}, which does not come earlier"
