"""The pieces of the gallery, for the tests that every widget must pass.

pieces()                    # paths of chapters/gallery/NN_name.py
code_cells(path)            # the texts of its code cells
run_piece(path)             # the widget that its last line shows
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "chapters" / "gallery"


def pieces() -> list[Path]:
    return [path for path in sorted(FOLDER.glob("[0-9][0-9]_*.py")) if code_cells(path)]


def code_cells(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    blocks = ("\n" + text).split("\n# %%")[1:]
    return [b.split("\n", 1)[1].strip("\n") for b in blocks if not b.startswith(" [markdown]")]


def run_piece(path: Path) -> Any:
    """Runs the code cells as a notebook would and returns the value of the last line."""
    tree = ast.parse("\n".join(code_cells(path)))
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), f"{path.name} must end with the widget"
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(tree, path.name, "exec"), names)
    return eval(compile(ast.Expression(last.value), path.name, "eval"), names)


def widget_name(path: Path) -> str:
    """ "10_graph_viewer.py" -> "graph_viewer"."""
    return path.stem[3:]
