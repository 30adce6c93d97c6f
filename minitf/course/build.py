"""Build the notebooks from `chapters/`.

    python -m minitf.course build 00           # run and write chapter 00
    python -m minitf.course build --check      # are sources and stored notebooks in step?

A lesson becomes `notebooks/NN_name.ipynb`. An exercises file becomes `solutions/NN_name.ipynb`, run
from top to bottom, and `exercises/NN_name.ipynb`, the same with holes: cells that depend on an
answer are stored unrun. Only the solutions are run; the learner's copy takes the outputs of the
cells before its holes from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from minitf.course.chapter_source import ChapterSource, SourceError, all_sources
from minitf.course.home import backup_path, course_root, write_atomically
from minitf.course.notebook_form import (
    Notebook,
    NotebookError,
    depends_on_hole,
    dumps,
    empty_notebook,
    load,
    normalise,
    tags,
    take_outputs,
    without_outputs,
)
from minitf.course.notebook_images import same_output
from minitf.course.run_notebook import execute
from minitf.course.source_lint import source_problems


@dataclass(frozen=True)
class Target:
    """One notebook file to be built from a source: 'learner' or 'solution' version."""

    source: ChapterSource
    version: str
    path: Path


def targets(source: ChapterSource) -> list[Target]:
    """Return the notebooks of a source; the one that is run comes first."""
    name = f"{source.stem}.ipynb"
    home = course_root() / ("notebooks" if source.kind == "lesson" else "exercises") / name
    if not source.answers():
        return [Target(source, "solution", home)]
    full = course_root() / "solutions" / name
    return [Target(source, "solution", full), Target(source, "learner", home)]


def build(numbers: tuple[int, ...] = (), run: bool = True) -> list[str]:
    """Write the notebooks of the given chapters (or all) and return their names.

    Raises `SourceError`, `NotebookError` or `CellError`; nothing is written for that chapter then.
    """
    written = []
    for source in _chosen_sources(numbers):
        problems = source_problems(source)
        if problems:
            raise SourceError("\n".join(problems))
        for target, notebook in build_one(source, run):
            _keep_edited_answers(target, notebook)
            write_atomically(target.path, dumps(notebook))
            written.append(str(target.path.relative_to(course_root())))
    return written


def build_one(source: ChapterSource, run: bool) -> list[tuple[Target, Notebook]]:
    """Return the finished notebooks of one source, without writing them."""
    first, *rest = targets(source)
    first.path.parent.mkdir(parents=True, exist_ok=True)
    empty = empty_notebook(source, first.version)
    if run:
        full = normalise(execute(empty, first.path.parent))
    elif first.path.exists():
        full = normalise(take_outputs(empty, load(first.path), holes=False))
    else:
        full = normalise(empty)
    return [(first, full), *((target, with_holes(source, full)) for target in rest)]


def with_holes(source: ChapterSource, full: Notebook) -> Notebook:
    """Return the learner's notebook, given the finished solutions notebook."""
    return normalise(take_outputs(empty_notebook(source, "learner"), full, holes=True))


def check_build(numbers: tuple[int, ...] = (), run: bool = False) -> list[str]:
    """Return what is out of step between sources and notebooks; an empty list is good news.

    With `run` the notebooks are also run again and their outputs compared.
    """
    sources = _chosen_sources(numbers)
    problems = [line for source in sources for line in source_problems(source)]
    if problems:
        return problems
    for source in sources:
        problems += _stale(source)
    if not problems and run:
        for source in sources:
            problems += _changed_outputs(source)
    return problems if numbers else problems + _orphans(sources)


def _chosen_sources(numbers: tuple[int, ...]) -> list[ChapterSource]:
    sources = all_sources(numbers)
    missing = set(numbers) - {source.number for source in sources}
    if missing or not sources:
        which = ", ".join(f"{number:02d}" for number in sorted(missing)) or "any chapter"
        raise SourceError(f"chapters/ has no source for {which}")
    _one_home_for_answers(sources)
    return sources


def _one_home_for_answers(sources: list[ChapterSource]) -> None:
    seen: dict[int, str] = {}
    for source in sources:
        if source.answers() and source.number in seen:
            other = seen[source.number]
            raise SourceError(f"{source.path.name} and {other} both hold answers; keep one")
        if source.answers():
            seen[source.number] = source.path.name


def _keep_edited_answers(target: Target, fresh: Notebook) -> None:
    """Back up a learner's copy before it is overwritten, if somebody wrote answers into it."""
    if target.version != "learner" or not target.path.exists():
        return
    text = target.path.read_text(encoding="utf-8")
    try:
        edited = _answer_sources(load(target.path)) != _answer_sources(fresh)
    except NotebookError:
        edited = True
    if edited:
        write_atomically(backup_path(target.path.stem), text)


def _answer_sources(notebook: Notebook) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if "answer" in tags(cell)]


def _stale(source: ChapterSource) -> list[str]:
    """Compare the stored notebooks of one source with what the source says, without running."""
    problems = []
    stored: dict[str, Notebook] = {}
    for target in targets(source):
        name = f"{target.path.parent.name}/{target.path.name}"
        again = f"run: python -m minitf.course build {source.number:02d}"
        try:
            notebook = load(target.path)
            in_form = dumps(normalise(notebook)) == target.path.read_text(encoding="utf-8")
        except NotebookError as error:
            problems.append(f"{name}: {error}; {again}")
            continue
        stored[target.version] = notebook
        fresh = normalise(empty_notebook(source, target.version))
        if without_outputs(notebook) != without_outputs(fresh):
            problems.append(f"{name} is not what {source.path.name} says; {again}")
        elif not in_form:
            problems.append(f"{name} is not in normal form; {again}")
        problems += [f"{name}: {line}; {again}" for line in _run_states(notebook, target.version)]
    if not problems and "learner" in stored:
        if stored["learner"] != with_holes(source, stored["solution"]):
            name = f"{targets(source)[1].path.parent.name}/{source.stem}.ipynb"
            problems.append(f"{name}: outputs differ from those of the solutions; {again}")
    return problems


def _run_states(notebook: Notebook, version: str) -> list[str]:
    problems = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or not "".join(cell["source"]).strip():
            continue
        should_run = version == "solution" or not depends_on_hole(cell)
        was_run = cell["execution_count"] is not None
        if should_run != was_run:
            problems.append(f"cell {cell['id']} was {'' if was_run else 'not '}run")
    return problems


def _changed_outputs(source: ChapterSource) -> list[str]:
    problems = []
    for target, fresh in build_one(source, run=True):
        for old, new in zip(load(target.path)["cells"], fresh["cells"], strict=True):
            if not same_output(old, new):
                name = f"{target.path.parent.name}/{target.path.name}"
                problems.append(f"{name}: running cell {old['id']} again gives another output")
    return problems


def _orphans(sources: list[ChapterSource]) -> list[str]:
    expected = {target.path for source in sources for target in targets(source)}
    problems = []
    for folder in ("notebooks", "exercises", "solutions"):
        for path in sorted((course_root() / folder).glob("*.ipynb")):
            if path not in expected:
                problems.append(f"{folder}/{path.name} has no source in chapters/")
    return problems
