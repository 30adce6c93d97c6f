"""What every widget of the gallery must do without a browser."""

import base64
import json
import re
import subprocess
import sys

import pytest
from gallery import FOLDER, pieces, run_piece, widget_name

import minitf as tf
from minitf.viz.static import png_size
from minitf.viz.widgets.base import HERE, CourseWidget

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) +(\w+)", re.MULTILINE)

each_piece = pytest.mark.parametrize("path", pieces(), ids=widget_name)


@pytest.fixture(autouse=True)
def bundled(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "bundled")


def test_every_widget_is_in_the_gallery():
    shown = {widget_name(path) for path in pieces()}
    written = {p.stem for p in HERE.glob("*.js") if p.with_suffix(".py").exists()}
    assert written - shown == set(), "add chapters/gallery/NN_name.py"
    assert shown - written == set(), f"{FOLDER.name} shows what is not in {HERE.name}"


@each_piece
def test_a_stored_notebook_keeps_a_picture_and_words(path):
    widget = run_piece(path)
    assert isinstance(widget, CourseWidget)
    data, about = widget._repr_mimebundle_()
    assert set(data) == {WIDGET_VIEW, "image/png", "text/plain"}
    png = base64.b64decode(data["image/png"])
    assert png.startswith(b"\x89PNG")
    assert min(png_size(png)) >= 100
    assert len(png) < 200_000
    assert len(data["text/plain"]) > 20
    assert about["image/png"]["alt"] == data["text/plain"]


@each_piece
def test_words_and_data_are_the_same_on_every_run(path):
    first, second = run_piece(path), run_piece(path)
    assert first.describe() == second.describe()
    assert "0x" not in first.describe()
    assert "0x" not in repr(first)
    assert json.dumps(first._data, allow_nan=False) == json.dumps(second._data, allow_nan=False)


@each_piece
def test_the_browser_gets_one_module_without_repeated_names(path):
    widget = run_piece(path)
    module = str(widget._esm)
    names = DECLARED.findall(module)
    assert sorted({n for n in names if names.count(n) > 1}) == []
    assert module.count("export default") == 1
    assert "http://" not in module.replace("http://www.w3.org/", "") and "https://" not in module


@each_piece
def test_it_is_found_by_its_name_and_loads_few_others(path):
    name = widget_name(path)
    class_name = next(n for n in dir(tf.viz) if n.lower() == name.replace("_", ""))
    program = (
        f"import sys, minitf; minitf.viz.{class_name}; "
        "print(*[m for m in sys.modules if m.startswith('minitf.viz.widgets.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    written = {p.stem for p in HERE.glob("*.js") if p.with_suffix(".py").exists()}
    loaded = {m.rsplit(".", 1)[1] for m in done.stdout.split()} & written
    assert name in loaded
    assert len(loaded) <= 2, "a widget may build on one other"
