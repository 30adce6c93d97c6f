"""What all widgets have in common, on the Python side."""

import json
import math

import numpy as np
import pytest
from coin_toss import CoinToss

import minitf as tf
from minitf.viz.widgets.base import plain, snake_case


@pytest.fixture
def coin(monkeypatch):
    sent = []
    monkeypatch.setattr(CoinToss, "send", lambda self, content, buffers=None: sent.append(content))
    widget = CoinToss(0.5)
    widget.sent = sent
    return widget


def ask(widget, kind, data=None, seq=7):
    widget._on_message(widget, {"seq": seq, "kind": kind, "data": data}, [])
    return widget.sent[-1]


def test_a_request_is_answered_with_its_number(coin):
    answer = ask(coin, "toss", {"times": 3})
    assert (answer["seq"], answer["kind"]) == (7, "toss")
    assert len(answer["reply"]["share"]) == 3
    assert json.dumps(answer, allow_nan=False)


def test_an_exception_comes_back_in_words_and_is_kept(coin):
    answer = ask(coin, "toss", {"times": 501})
    assert answer["error"].startswith("ValueError: 501 tosses are too many")
    assert isinstance(coin.error, ValueError)


@pytest.mark.parametrize("kind", ["fold", "__init__", "", "a b"])
def test_an_unknown_kind_is_no_way_to_call_other_methods(coin, kind):
    assert f"CoinToss has no method answer_{kind}" in ask(coin, kind)["error"]


def test_new_data_keeps_the_rest(coin):
    coin.update(times=np.int64(4))
    assert coin._data == {"bias": 0.5, "odds": [0.5, 0.5], "times": 4}


def test_a_missing_engine_or_package_leaves_the_words(monkeypatch, coin):
    def broken(*arguments, **options):
        raise ImportError("no matplotlib")

    monkeypatch.setattr(CoinToss, "picture", broken)
    data, about = coin._repr_mimebundle_()
    assert "image/png" not in data
    assert data["text/plain"] == "A coin that shows heads with probability 0.5."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (math.inf, "inf"),
        (np.array([1.0, np.nan, -np.inf]), [1.0, "nan", "-inf"]),
        (tf.constant([[1, 2]]), [[1, 2]]),
        (tf.Variable(2.0), 2.0),
        ({"a": (1, True, None, "b")}, {"a": [1, True, None, "b"]}),
    ],
)
def test_plain(value, expected):
    assert plain(value) == expected


def test_what_json_lacks_is_named():
    with pytest.raises(TypeError, match="cannot be sent a set"):
        plain({"a": {1}})


@pytest.mark.parametrize(
    ("name", "stem"),
    [("GraphViewer", "graph_viewer"), ("NumberLine16", "number_line16"), ("X", "x")],
)
def test_names_of_files(name, stem):
    assert snake_case(name) == stem


def test_widgets_are_found_by_their_names():
    assert "GraphViewer" in dir(tf.viz)
    assert tf.viz.GraphViewer.__module__ == "minitf.viz.widgets.graph_viewer"
    with pytest.raises(AttributeError, match="Did you mean GraphViewer"):
        _ = tf.viz.GraphView
