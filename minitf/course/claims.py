"""Where the course treats which claim: misconceptions, errata, conventions, popular articles.

    python -m minitf.course claims           # writes chapters/CLAIMS.md
    python -m minitf.course claims --check   # is every claim of the chapters that exist treated?

chapters/claims/catalogue.toml lists all claims with their chapters; chapters/claims/NN_name.toml
says for one chapter which cell treats a claim, and what is true:

    [M34]
    notebook = "lesson"          # or "exercises"
    cell = "best_eps"            # the `key` of a code cell, or the id of an exercise
    says = "Below about 1e-3 rounding takes over in float32."
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minitf.course.chapter_source import ChapterSource, all_sources
from minitf.course.home import course_root

KINDS = {
    "M": "Misconceptions and stumbling blocks",
    "E": "Errata: claims that are judged",
    "C": "Conventions at kinks and elsewhere",
    "A": "Claims of five popular articles",
}
_ABOUT = """# What people believe, and where the course looks at it

Written by `python -m minitf.course claims` from `chapters/claims/`. Each row is treated by a cell
you can run. Facts about TensorFlow were recorded on version 2.21.
"""


@dataclass(frozen=True)
class Claim:
    """One claim of the catalogue, and where it is treated (empty texts: not yet)."""

    id: str
    chapter: int
    claim: str
    notebook: str = ""
    cell: str = ""
    says: str = ""


def claims() -> list[Claim]:
    """All claims in the order of the catalogue."""
    treated: dict[str, dict[str, Any]] = {}
    for path in _files():
        for name, row in _read(path).items():
            treated[name] = row | {"chapter": int(path.name[:2])}
    return [
        Claim(**({"id": name} | row | treated.get(name, {})))
        for name, row in _read(_folder() / "catalogue.toml").items()
    ]


def claim_problems() -> list[str]:
    """What is missing or wrong for the chapters that exist, one sentence each."""
    sources = {(s.number, s.kind): s for s in all_sources() if s.number < 99}
    catalogue = _read(_folder() / "catalogue.toml")
    problems = []
    for path in _files():
        for name, row in _read(path).items():
            problems += _row_problems(f"{path.name}: {name}", name, row, catalogue, sources, path)
    chapters = {number for number, _ in sources}
    problems += [
        f"{claim.id} ({claim.claim}) belongs to chapter {claim.chapter:02} and is not treated there"
        for claim in claims()
        if claim.chapter in chapters and not claim.cell
    ]
    return problems


def claims_page() -> str:
    """The text of chapters/CLAIMS.md."""
    every = claims()
    parts = [_ABOUT]
    for letter, title in KINDS.items():
        parts.append(
            f"\n## {title}\n\n| | claim | what is true | where |\n| --- | --- | --- | --- |"
        )
        for claim in every:
            if claim.id.startswith(letter):
                where = (
                    f"{claim.chapter:02}, {claim.notebook}: `{claim.cell}`" if claim.cell else ""
                )
                where = where or f"{claim.chapter:02}, not written yet"
                row = [_in_table(text) for text in (claim.id, claim.claim, claim.says, where)]
                parts.append(f"| {' | '.join(row)} |")
    return "\n".join(parts) + "\n"


def page_path() -> Path:
    """Where the page stands."""
    return _folder().parent / "CLAIMS.md"


def _row_problems(
    where: str, name: str, row: dict[str, Any], catalogue: dict, sources: dict, path: Path
) -> list[str]:
    if name not in catalogue:
        return [f"{where} is not in the catalogue"]
    if set(row) != {"notebook", "cell", "says"} or not all(row.values()):
        return [f"{where} needs notebook, cell and says"]
    source = sources.get((int(path.name[:2]), row["notebook"]))
    if source is None:
        return [f"{where}: there is no {row['notebook']} notebook of this chapter"]
    if row["cell"] not in _code_cells(source):
        return [f"{where}: no code cell with key or exercise {row['cell']!r} in {source.path.name}"]
    return []


def _code_cells(source: ChapterSource) -> set[str]:
    keys = {str(cell.attributes.get("key", "")) for cell in source.cells if cell.kind == "code"}
    return (keys - {""}) | set(source.answers())


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


def _folder() -> Path:
    return course_root() / "chapters" / "claims"


def _files() -> list[Path]:
    return sorted(path for path in _folder().glob("*.toml") if path.name[:2].isdigit())


def _read(path: Path) -> dict[str, dict[str, Any]]:
    with path.open("rb") as file:
        return tomllib.load(file)
