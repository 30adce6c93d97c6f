"""Every widget of the gallery in JupyterLab: mouse-free, in both themes, without an error."""

import sys

import pytest
from harness import ROOT
from widget_page import WidgetPage, check_widget

sys.path.insert(0, str(ROOT / "tests" / "viz" / "widgets"))
from gallery import code_cells, pieces, widget_name  # noqa: E402

from benchmarks.widgets import ACTIONS  # noqa: E402


def test_every_widget_is_measured():
    assert {widget_name(path) for path in pieces()} == set(ACTIONS)


@pytest.mark.parametrize("path", pieces(), ids=widget_name)
def test_widget(lab, path, tmp_path):
    name = widget_name(path)
    page = lab.open(f"gallery_{name}.ipynb", code_cells(path))
    check_widget(WidgetPage(page, name), tmp_path)
    lab.check(page)
