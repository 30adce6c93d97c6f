"""Every chapter in JupyterLab: as it is stored, and run from top to bottom, seen in both themes."""

import json

import pytest
from harness import READY, ROOT

# A lesson with holes is tested solved: the untouched one stops at its first check, as it should.
CHAPTERS = sorted(
    path
    for path in [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "solutions").glob("*.ipynb")]
    if path.parent.name == "solutions"
    or not (ROOT / "solutions" / path.name).exists()
    or (ROOT / "exercises" / path.name).exists()
)
LESSONS = [path for path in CHAPTERS if path.parent.name == "notebooks"]  # nbval has the others


def copy_of(path, lab, name):
    """A copy in the server's folder, with one more cell that says when all have run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": "the-end",
            "source": f"print({READY!r})",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
    )
    (lab.folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    return notebook


def test_chapters_are_found():
    names = {path.name for path in CHAPTERS}
    assert {"00_start_here.ipynb", "02_computation_graph.ipynb"} <= names


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_stored_outputs_can_be_read_without_running(lab, path):
    name = f"stored_{path.parent.name}_{path.name}"
    notebook = copy_of(path, lab, name)
    pictures = sum(
        "image/png" in output.get("data", {})
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    )
    page = lab.show(name)
    for cell in range(len(notebook["cells"])):  # cells out of sight are drawn when scrolled to
        page.evaluate("i => jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", cell)
    page.wait_for_function(
        "n => document.querySelectorAll('.jp-OutputArea img').length >= n", arg=pictures
    )
    lab.check(page)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_chapters_run_from_top_to_bottom(lab, path):
    name = f"run_{path.parent.name}_{path.name}"
    copy_of(path, lab, name)
    page = lab.open_file(name, READY)
    viewers = page.locator(".mtf-graph-viewer")
    for k in range(viewers.count()):
        assert viewers.nth(k).get_attribute("data-phase") == "start"
    lab.check(page)
    lab.set_theme(page, "JupyterLab Dark")
    lab.check(page)
