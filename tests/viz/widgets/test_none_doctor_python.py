"""NoneDoctor's data: for every cause the right diagnosis, link and line, from real tapes."""

import pytest

import minitf as tf
from minitf.explain import _MESSAGES
from minitf.viz.none_cases import CASES
from minitf.viz.widgets.none_doctor import SHORT, NoneDoctor

# cause: the severed links, and the line where the way breaks
EXPECTED = {
    "not_watched": ({("x", "y")}, 3),
    "watched_late": ({("x", "y")}, 3),
    "integer_source": ({("x", "cast")}, 4),
    "integer": ({("x", "whole")}, 3),
    "numpy": ({("w", "NumPy")}, 3),
    "stop_gradient": ({("mul", "fixed")}, 3),
    "not_differentiable": ({("mul", "near")}, 3),
    "assign": ({("mul", "store")}, 4),
    "replaced": ({("w", "y")}, 4),
    "outside": ({("square", "y")}, 4),
    "not_trainable": ({("v", "y")}, 3),
    "not_accessed": ({("w", "y")}, 3),
    "not_used_variable": ({("w", "wx")}, 2),
    "not_used": ({("x[0]", "y")}, 4),
    "no_path": ({("b", "y")}, 5),
    "constant_target": ({("x", "y")}, 5),
    "rule_answered_none": ({("mul", "y")}, 9),
    "connected": (set(), 5),
}


def case_of(doctor, k=0):
    return doctor._data["cases"][k]


def links(case, ids):
    names = {n["id"]: n["name"] for n in case["spec"]["nodes"]}
    return {(names[e["src"]], names[e["dst"]]) for e in case["spec"]["edges"] if e["id"] in ids}


def test_every_cause_of_explain_has_a_case_and_a_short_name():
    assert set(SHORT) == set(_MESSAGES)
    assert set(CASES) == set(_MESSAGES) - {"forgotten"}  # a tape used before: below
    assert len(set(SHORT.values())) == len(SHORT)


@pytest.mark.parametrize("cause", CASES)
def test_the_diagnosis_and_the_severed_link(cause):
    case = case_of(NoneDoctor(CASES[cause]))
    assert case["cause"] == cause
    assert (links(case, case["cut"]), case["line"]) == EXPECTED[cause]
    assert case["short"] in case["choices"]
    assert len(set(case["choices"])) == 4
    assert case["answer"] == ("2" if cause == "connected" else "None")


def test_what_the_tape_did_not_record_is_drawn_too():
    case = case_of(NoneDoctor(CASES["integer"]))
    assert links(case, case["unrecorded"]) == {
        ("x", "whole"),
        ("whole", "cast"),
        ("cast", "y"),
        ("2", "y"),
    }


def test_gradients_flow_back_up_to_the_cut():
    code = """
    w, v = tf.Variable(3.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.round(w) * v
    g = tape.gradient(y, [v, w])
    """
    case = case_of(NoneDoctor(code))
    assert case["ask"] == "tape.gradient(y, w)"  # the first source without a gradient
    flowing = {e["id"] for e in case["spec"]["edges"] if e["active"]}
    assert links(case, flowing) == {("v", "y")}
    by_name = {n["name"]: n for n in case["spec"]["nodes"]}
    assert by_name["v"]["adjoint"] == 3.0
    assert by_name["w"]["adjoint"] is None


def test_of_a_list_of_weights_the_first_without_a_gradient_is_named():
    used, unused = tf.Variable(3.0, name="used"), tf.Variable(2.0, name="unused")
    code = """
    with tf.GradientTape() as tape:
        y = weights[0] * 2.0
    g = tape.gradient(y, weights)
    """
    case = case_of(NoneDoctor(code, weights=[used, unused]))
    assert case["ask"] == "tape.gradient(y, unused)"
    assert case["cause"] == "not_used_variable"


def test_a_tape_of_the_learner():
    x = tf.Variable(2.6)
    with tf.GradientTape() as tape:
        y = tf.round(x * 2.0) * x
        z = tf.stop_gradient(y) + 1.0
    case = case_of(NoneDoctor(tape, z, x))
    assert case["ask"] == "tape.gradient(z, x)"
    assert case["cause"] == "stop_gradient"
    assert links(case, case["cut"]) == {("mul", "5"), ("y", "z")}  # both ways from x end
    assert tape.gradient(y, x) is not None  # looking has changed nothing


def test_a_used_tape_has_forgotten():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is not None
    case = case_of(NoneDoctor(tape, y, x))
    assert case["cause"] == "forgotten"
    assert links(case, case["cut"]) == {("x", "y")}


def test_values_can_be_given_and_the_ward_holds_all_cases():
    case = case_of(
        NoneDoctor(
            "with tf.GradientTape() as t:\n    y = v * v\nt.gradient(y, v)", v=tf.constant(2.0)
        )
    )
    assert case["cause"] == "not_watched"
    assert [c["cause"] for c in NoneDoctor()._data["cases"]] == list(CASES)


def test_a_drawing_is_made_on_request():
    doctor = NoneDoctor()
    svg = doctor.answer_drawing({"case": 3})["svg"]
    assert svg.startswith("<svg") and "whole" in svg


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((3,), TypeError, "lines of code"),
        (("y = 2.0",), ValueError, "no gradient"),
        ((tf.GradientTape(), 3.0, 2.0), TypeError, "tensors or variables"),
        (("x = = 3",), SyntaxError, "invalid syntax"),
    ],
)
def test_wrong_arguments_are_explained(arguments, error, words):
    with pytest.raises(error, match=words):
        NoneDoctor(*arguments)
