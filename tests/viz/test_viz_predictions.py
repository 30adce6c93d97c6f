"""Which gradients the viewer asks for, and when."""

import pytest
import samples

from minitf.viz.predictions import questions


def test_all_leaves_by_default_in_the_order_of_their_steps():
    spec = samples.worked_example()
    asked = questions(spec)
    assert [q["text"] for q in asked] == ["∂loss/∂y_true", "∂loss/∂b", "∂loss/∂x", "∂loss/∂w"]
    assert [q["answer"] for q in asked] == [-1, 1, 3, 2]
    assert [q["step"] for q in asked] == sorted(q["step"] for q in asked)


def test_a_fan_out_is_asked_when_its_last_contribution_arrives():
    spec = samples.reuse()
    (asked,) = questions(spec)
    assert asked["answer"] == 7
    assert spec.steps[asked["step"]].addends["n0"] == ("1", "3", "3")
    assert len(spec.steps[asked["step"] - 1].addends["n0"]) < 3


def test_some_by_name_or_id():
    spec = samples.worked_example()
    assert {q["node"] for q in questions(spec, ["w", "n6"])} == {"n1", "n6"}
    assert questions(spec, False) == []


def test_arrays_are_asked_for_their_shape():
    (asked,) = questions(samples.array_graph())
    assert (asked["kind"], asked["answer"]) == ("shape", [3, 2])
    assert asked["text"] == "shape of ∂loss/∂W"


def test_unknown_names_list_the_known_ones():
    with pytest.raises(ValueError, match="no node is called 'z'.*x, w, b, y_true"):
        questions(samples.worked_example(), ["z"])
    with pytest.raises(ValueError, match="no gradient flows back to '2.0'"):
        questions(samples.unwatched(), ["2.0"])
