"""Notebooks as plain dictionaries, in one normal form that never changes without a reason.

    notebook = empty_notebook(source, "learner")     # cells from the source, nothing run
    text = dumps(normalise(notebook))                # what is written to disk

The normal form: cell ids from the source, run cells numbered 1..n, stream outputs merged, no
widget state, no timings, no tracebacks with paths, keys sorted, one newline at the end. Two
builds of the same source give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from minitf.course.chapter_source import ChapterSource, SourceCell, learner_text, solution_text
from minitf.course.home import course_root
from minitf.course.registry import Exercise, get

MAX_OUTPUT = 200_000
MAX_NOTEBOOK = 1_000_000
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_CELL_FILE = re.compile(r"(/tmp|/var/folders|[A-Z]:\\)[^\s:'\"]*ipykernel_\d+[/\\]\d+\.py")
_BAR_TIME = re.compile(r" \d+s \d+\.\dms/step")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")

Notebook = dict[str, Any]


class NotebookError(ValueError):
    """A notebook holds what a stored notebook may not hold."""


def empty_notebook(source: ChapterSource, version: str) -> Notebook:
    """Return the notebook of a source, unrun: version 'learner' (with holes) or 'solution'."""
    cells: list[dict[str, Any]] = []
    for index, cell in enumerate(source.cells, start=1):
        cell_id = cell.attributes.get("key") or f"{source.kind}-{index:03d}"
        cells += _notebook_cells(cell, f"{source.number:02d}-{cell_id}", version)
    about = {"chapter": source.number, "kind": source.kind, "version": version}
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "minitf": about}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def normalise(notebook: Notebook) -> Notebook:
    """Return the notebook in normal form. Raises `NotebookError` for forbidden content."""
    about = notebook["metadata"].get("minitf", {})
    kernel = notebook["metadata"]["kernelspec"]
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "minitf": about}
    cells, count = [], 0
    for cell in notebook["cells"]:
        count += cell.get("execution_count") is not None
        cells.append(_normal_cell(cell, count))
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def dumps(notebook: Notebook) -> str:
    """Return the notebook's text. Raises `NotebookError` when it is too large."""
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if len(text) > MAX_NOTEBOOK:
        raise NotebookError(f"the notebook has {len(text):,} bytes; the limit is {MAX_NOTEBOOK:,}")
    return text


def load(path: Path) -> Notebook:
    """Read a notebook file. Raises `NotebookError` when it is not one."""
    try:
        notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["metadata"].get("minitf", {}).get("chapter")
        for cell in notebook["cells"]:
            cell["cell_type"], cell["metadata"].get("tags"), "".join(cell["source"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotebookError(f"{path.name} is not a readable notebook: {error}") from None
    return notebook


def tags(cell: dict[str, Any]) -> list[str]:
    """Return a notebook cell's tags."""
    return list(cell["metadata"].get("tags", []))


def depends_on_hole(cell: dict[str, Any]) -> bool:
    """Tell whether a cell is an answer, a check, or needs an answer to run."""
    return any(tag in ("answer", "check") or tag.startswith("needs-") for tag in tags(cell))


def without_outputs(notebook: Notebook) -> Notebook:
    """Return the notebook as if it had never been run."""
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def take_outputs(target: Notebook, run: Notebook, *, holes: bool) -> Notebook:
    """Return `target` with the outputs of the cells of `run` that have the same id.

    With `holes`, cells that depend on an answer stay unrun: what a learner's copy looks like.
    Otherwise outputs are taken where the cell's source is unchanged.
    """
    by_id = {cell["id"]: cell for cell in run["cells"] if cell["cell_type"] == "code"}
    cells = []
    for cell in target["cells"]:
        other = by_id.get(cell["id"])
        stays = holes and depends_on_hole(cell)
        if other is None or stays or other["source"] != cell["source"]:
            cells.append(cell)
            continue
        taken = {"outputs": other["outputs"], "execution_count": other["execution_count"]}
        cells.append({**cell, **taken})
    return {**target, "cells": cells}


def badge(exercise: Exercise) -> str:
    """Return the heading that stands above an exercise's text."""
    return (
        f"### {exercise.title}\n\n"
        f"`{exercise.id}` · difficulty {exercise.difficulty} of 5 · "
        f"importance {exercise.importance} of 5 · {exercise.minutes} min · "
        f"{exercise.points} {'point' if exercise.points == 1 else 'points'}"
    )


def _notebook_cells(cell: SourceCell, cell_id: str, version: str) -> Iterator[dict[str, Any]]:
    if cell.kind == "markdown":
        task = cell.attributes.get("exercise")
        text = f"{badge(get(task))}\n\n{cell.text}" if task else cell.text
        yield _cell("markdown", cell_id, text, list(cell.tags))
    elif cell.answer:
        stem = cell.answer.replace(".", "-")
        text = solution_text(cell) if version == "solution" else learner_text(cell)
        about = {"minitf": {"id": cell.answer}, "deletable": False}
        yield _cell("code", f"{stem}-answer", text, ["answer", *cell.tags], about)
        about = {"minitf": {"id": cell.answer}, "deletable": False, "editable": False}
        yield _cell("code", f"{stem}-check", f'check("{cell.answer}")', ["check"], about)
    else:
        needs = [f"needs-{one}" for one in cell.needs]
        yield _cell("code", cell_id, cell.text, [*needs, *cell.tags])


def _cell(
    kind: str, cell_id: str, text: str, cell_tags: list[str], about: dict[str, Any] | None = None
) -> dict[str, Any]:
    metadata = {**(about or {}), **({"tags": cell_tags} if cell_tags else {})}
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": cell_id,
        "metadata": metadata,
        "source": _lines(text),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _normal_cell(cell: dict[str, Any], count: int) -> dict[str, Any]:
    kept = {"tags", "minitf", "deletable", "editable"}
    metadata = {key: value for key, value in cell["metadata"].items() if key in kept}
    normal = {**cell, "metadata": metadata, "source": _lines(cell["source"])}
    if cell["cell_type"] == "code":
        run = cell.get("execution_count") is not None
        normal["execution_count"] = count if run else None
        normal["outputs"] = list(_normal_outputs(cell, count))
        for output in normal["outputs"]:
            if output["output_type"] == "stream":  # whole only now: a bar comes in many pieces
                output["text"] = _lines(_printed("".join(output["text"])))
    return normal


def _normal_outputs(cell: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    previous: dict[str, Any] | None = None
    for raw in cell["outputs"]:
        output = _normal_output(raw, count)
        size = len(json.dumps(output))
        if size > MAX_OUTPUT:
            raise NotebookError(
                f"cell {cell['id']}: an output of {size:,} bytes, over {MAX_OUTPUT:,}"
            )
        _forbid_paths(cell["id"], json.dumps(output))
        if previous is None:
            previous = output
        elif "name" in output and output["name"] == previous.get("name"):
            previous["text"] += output["text"]
        else:
            yield previous
            previous = output
    if previous is not None:
        yield previous


def _normal_output(raw: dict[str, Any], count: int) -> dict[str, Any]:
    kind = raw["output_type"]
    if kind == "stream":
        return {"output_type": kind, "name": raw["name"], "text": [_cleaned(raw["text"])]}
    if kind == "error":
        line = f"{raw['ename']}: {raw['evalue']}"
        return {**raw, "traceback": _lines(_cleaned(line)), "evalue": _cleaned(raw["evalue"])}
    data = {
        mime: _lines(_cleaned(value)) if mime.startswith("text/") else value
        for mime, value in raw["data"].items()
        if mime != WIDGET_VIEW
    }
    output = {"output_type": kind, "data": data, "metadata": raw.get("metadata", {})}
    return output | ({"execution_count": count} if kind == "execute_result" else {})


def _cleaned(text: str | list[str]) -> str:
    """Replace what differs from run to run: files of cells and addresses of objects."""
    joined = text if isinstance(text, str) else "".join(text)
    return _ADDRESS.sub("0x...", _CELL_FILE.sub("<cell>", joined))


def _printed(text: str) -> str:
    """What a progress bar leaves on the screen: each line's last version, without its timing."""
    lines = [_BAR_TIME.sub("", line.rpartition("\r")[2]) for line in text.split("\n")]
    return "\n".join(lines)


def _forbid_paths(cell_id: str, text: str) -> None:
    for folder in (course_root(), Path.home()):
        # A home of "/" (some containers) would be found in every text.
        if len(folder.parts) > 1 and f"{folder}/" in text:
            raise NotebookError(f"cell {cell_id}: an output shows a path of this machine, {folder}")


def _lines(text: str | list[str]) -> list[str]:
    joined = text if isinstance(text, str) else "".join(text)
    return joined.splitlines(keepends=True)
