"""Finding and running the program that turns DOT text into pictures.

    resolve()                        # Engine(kind="bundled", path=".../graphviz-pure")
    render("digraph { a -> b }")     # b"<svg ..."

Three places are tried: what MINITF_DOT says ("system", "bundled" or the path of a program), the
`dot` of a Graphviz installation, and the program that the Python package `graphviz-pure` brings.
Set MINITF_DOT=bundled for pictures that are the same on every machine.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import NamedTuple

TIMEOUT_SECONDS = 20

_FIX = "Run `python3 course.py` again, or: pip install graphviz-pure"


class Engine(NamedTuple):
    """A program that draws. `kind` is "system", "bundled" or "path"."""

    kind: str
    path: str


class NoEngineError(RuntimeError):
    """There is no program to draw with, or it failed. The message says how to mend it."""


def resolve() -> Engine | None:
    """The engine to use, or None if there is none."""
    wish = os.environ.get("MINITF_DOT", "")
    if wish == "system":
        return _system()
    if wish == "bundled":
        return _bundled()
    if wish:
        path = shutil.which(wish)
        return Engine("path", path) if path else None
    return _system() or _bundled()


def render(dot_text: str, output: str = "svg", positioned: bool = False) -> bytes:
    """Runs the engine.

    Args:
        dot_text: the graph.
        output: "svg", "png" or "json".
        positioned: True if the text says where every node and edge goes (`pos` attributes).

    Raises:
        NoEngineError: no engine, or it failed or took longer than 20 seconds.
    """
    engine = resolve()
    if engine is None:
        wish = os.environ.get("MINITF_DOT")
        asked = f" MINITF_DOT={wish} asks for one that is not here." if wish else ""
        raise NoEngineError(f"No program to draw graphs with was found.{asked} {_FIX}")
    # `neato -n2` draws without moving anything
    arguments = ("-Kneato", "-n2") if positioned else ("-Kdot",)
    return _run(engine.path, (*arguments, f"-T{output}"), dot_text)


def use_bundled_for_graphviz() -> None:
    """Lets the Python package `graphviz` draw without an installed `dot`.

    Does nothing if `dot` is installed, or if either Python package is missing. The name it sets
    is not part of that package's promises, hence the look before.
    """
    try:
        from graphviz.backend import dot_command
    except ImportError:
        return
    bundled = _bundled()
    if _system() is None and bundled is not None and hasattr(dot_command, "DOT_BINARY"):
        dot_command.DOT_BINARY = Path(bundled.path)


def _system() -> Engine | None:
    path = shutil.which("dot")
    return Engine("system", path) if path else None


def _bundled() -> Engine | None:
    # A kernel started without activating its environment has no bin folder on PATH: look there.
    path = shutil.which("graphviz-pure") or shutil.which(
        "graphviz-pure", path=sysconfig.get_path("scripts")
    )
    return Engine("bundled", path) if path else None


@functools.lru_cache(maxsize=64)
def _run(program: str, arguments: tuple[str, ...], dot_text: str) -> bytes:
    try:
        done = subprocess.run(
            [program, *arguments],
            input=dot_text.encode(),
            capture_output=True,  # the warnings about letter widths are of no use to anybody
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoEngineError(
            f"{program} took longer than {TIMEOUT_SECONDS} s: the graph is too large to draw. "
            "Draw a smaller part, such as one layer or one training example."
        ) from None
    except OSError as error:
        raise NoEngineError(f"{program} could not be run ({error}). {_FIX}") from None
    if done.returncode != 0 or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        last = said[-1] if said else f"exit code {done.returncode}"
        raise NoEngineError(f"{program} could not draw this graph: {last}")
    return done.stdout
