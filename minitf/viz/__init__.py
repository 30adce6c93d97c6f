"""Pictures of graphs, and the course's widgets.

tf.viz.show(tape, loss)                 # the viewer
tf.viz.show(tape, loss).static(-1)      # one frame as a PNG
tf.viz.to_dot(spec, step=-1)            # the same frame as DOT text
tf.viz.GraphViewer(spec)                # any widget by its name; only its own files are loaded
"""

import importlib
from pathlib import Path
from typing import Any

from minitf.unknown_names import unknown_name
from minitf.viz.dot import to_dot
from minitf.viz.engine import use_bundled_for_graphviz
from minitf.viz.show import show
from minitf.viz.static import StaticPicture, key_moments, static_picture

__all__ = ["StaticPicture", "key_moments", "show", "static_picture", "to_dot"]

# Notebooks that use the package `graphviz` directly then work without an installed `dot`.
use_bundled_for_graphviz()


def __getattr__(name: str) -> Any:
    module = _widget_modules().get(name)
    if module is None:
        raise unknown_name("minitf.viz", name, __dir__())
    return getattr(importlib.import_module(f"minitf.viz.widgets.{module}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_widget_modules()})


def _widget_modules() -> dict[str, str]:
    """Class name -> module: a widget is a Python file with a JavaScript file beside it."""
    folder = Path(__file__).parent / "widgets"
    found = sorted(path.stem for path in folder.glob("*.js") if path.with_suffix(".py").exists())
    return {"".join(word.capitalize() for word in stem.split("_")): stem for stem in found}
