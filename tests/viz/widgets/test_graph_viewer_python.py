"""The Python side of the viewer: traits, fallback, errors. Its behaviour is in tests/browser."""

import json

import pytest
import samples

from minitf import viz
from minitf.viz.widgets.graph_viewer import GraphViewer

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def bundled(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "bundled")


def test_bundle_holds_the_live_view_a_picture_and_words():
    viewer = GraphViewer(samples.worked_example())
    data, about = viewer._repr_mimebundle_()
    assert set(data) == {WIDGET_VIEW, "image/png", "text/plain"}
    assert "w = 3" in data["text/plain"]
    assert "∂loss/∂w = 2" in data["text/plain"]
    assert about["image/png"]["alt"] == data["text/plain"]


def test_nothing_shows_an_address():
    viewer = GraphViewer(samples.reuse())
    data, _ = viewer._repr_mimebundle_()
    for text in (repr(viewer), str(viewer), data["text/plain"]):
        assert "0x" not in text


@pytest.mark.parametrize("name", ["worked_example", "array_graph", "non_finite", "unwatched"])
def test_data_is_strict_json(name):
    viewer = GraphViewer(getattr(samples, name)())
    text = json.dumps(viewer._data, allow_nan=False)
    assert json.loads(text) == json.loads(json.dumps(viewer._data))


def test_frames_are_sent_as_differences():
    viewer = GraphViewer(samples.chain(200), predict=False)
    steps = viewer._data["spec"]["steps"]
    assert all(len(step["values"]) <= 1 for step in steps)
    merged = {}
    for step in steps:
        merged |= step["adjoints"]
    assert merged == samples.chain(200).steps[-1].adjoints


def test_the_same_graph_gives_the_same_data():
    first, second = (GraphViewer(samples.array_graph()) for _ in range(2))
    assert first._data == second._data


def test_step_is_checked():
    viewer = GraphViewer(samples.worked_example(), step=-1)
    assert viewer.step == 14
    with pytest.raises(ValueError, match="this viewer has 15 steps, 0 to 14"):
        viewer.step = 15
    assert viewer.step == 14


def test_static_pictures():
    viewer = GraphViewer(samples.reuse())
    assert viewer.static().png.startswith(b"\x89PNG")
    assert "grad" not in viewer.static(0).text.splitlines()[1:2]
    assert viewer.static(-1).png != viewer.static(0).png


def test_a_closed_viewer_leaves_its_picture():
    viewer = GraphViewer(samples.reuse())
    viewer.close()
    assert viewer.static().png.startswith(b"\x89PNG")
    assert repr(viewer) == "GraphViewer(y and its gradients: 3 nodes)"


def test_without_an_engine_there_is_a_reason_and_no_traceback(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "/no/such/program")
    viewer = GraphViewer(samples.reuse())
    assert viewer._data["drawing"]["svg"] == ""
    assert "No program to draw graphs" in viewer._problem
    data, _ = viewer._repr_mimebundle_()
    assert set(data) == {WIDGET_VIEW, "text/plain"}


def test_show_takes_a_finished_spec_and_options():
    viewer = viz.show(samples.worked_example(), predict=["w"], step=3, interval=50)
    assert viewer.step == 3
    assert viewer.interval == 50
    assert [q["text"] for q in viewer._data["questions"]] == ["∂loss/∂w"]
    assert viewer.spec.title == "loss and its gradients"
