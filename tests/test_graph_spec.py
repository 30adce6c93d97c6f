"""The plain data of a picture: numbers as text, and JSON."""

import json
import math

import numpy as np
import pytest

from minitf.graph_spec import ArraySummary, GraphSpec, Node, number, short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-3, "-3"),
        (2.125, "2.125"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1 / 3, "0.3333"),
        (123456.0, "1.235e+5"),
        (-123456.0, "-1.2e+5"),
        (1.5e-7, "1.5e-7"),
        (-1.2345e-10, "-1.2e-10"),
        (1e300, "1e+300"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "nan"),
        (np.float32(0.1), "0.1"),
    ],
)
def test_a_number_takes_eight_characters_at_most(value, text):
    assert short(value) == text and len(text) <= 8


@pytest.mark.parametrize("exponent", range(-300, 300, 7))
def test_no_number_is_longer(exponent):
    for value in (1.0, -1.23456, 9.99999):
        assert len(short(value * 10.0**exponent)) <= 8


def test_numbers_that_json_has_not():
    assert number(np.float32(1.5)) == 1.5 and type(number(np.float32(1.5))) is float
    assert [number(x) for x in (math.inf, -math.inf, math.nan)] == ["inf", "-inf", "nan"]


def node(name, value):
    return Node("n0", "input", name, "", "", (2,), "float32", value, "(2)", None, "none")


def test_to_json_is_plain():
    cells = ((1.0, "nan"),)
    spec = GraphSpec(
        "x", "n0", (node("x", ArraySummary((2,), "float32", 1.0, 1.0, 1.0, cells)),), ()
    )
    data = spec.to_json()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["nodes"][0]["value"]["cells"] == [[1.0, "nan"]] and data["version"] == 1


def test_a_spec_cannot_be_changed():
    spec = GraphSpec("x", "n0", (node("x", 1.0),), ())
    with pytest.raises(AttributeError):
        spec.title = "y"
    assert spec.node("n0").name == "x"
    with pytest.raises(StopIteration):
        spec.node("n1")
