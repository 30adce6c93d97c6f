"""TapeView's data: the rows of real tapes, their memory, and the numbers of the way back."""

import numpy as np
import pytest

import minitf as tf
from minitf.viz.tape_rows import table_of
from minitf.viz.widgets.tape_view import TapeView


def line(x, w, y_true):
    error = y_true - x * w
    return tf.abs(error)


def cube(x):
    return x * x * x


def frames(view, take=0):
    return view._data["takes"][take]["frames"]


def tape(view, t=0, take=0):
    return view._data["takes"][take]["tapes"][t]


def test_rows_fill_in_order_and_are_read_in_reverse():
    view = TapeView(line, 2.0, tf.Variable(3.0), 4.0)
    assert [r["output"] for r in tape(view)["rows"]] == ["w", "mul", "error", "y"]
    forward = [f for f in frames(view) if f["phase"] == "forward"]
    assert [f["shown"] for f in forward] == [[1], [2], [3], [4]]
    back = [f["now"][0] for f in frames(view) if f["phase"] == "reverse"]
    assert back == [3, 2, 1, 0]


def test_the_numbers_are_those_of_the_tape():
    w = tf.Variable(3.0)
    view = TapeView(line, 2.0, w, 4.0)
    x = tf.constant(2.0)
    with tf.GradientTape() as fresh:
        fresh.watch(x)
        loss = line(x, w, 4.0)
    by_x, by_w = fresh.gradient(loss, [x, w])
    last = {}
    for f in frames(view):
        last.update(f["arrived"])
    assert float(last["x"]) == float(by_x) == 3.0
    assert float(last["w"]) == float(by_w) == 2.0
    texts = [p["text"] for f in frames(view) for p in f["parts"]]
    assert "1 × (-1) = -1" in texts  # the kink: error is -2


def test_two_uses_add_up():
    view = TapeView(lambda x: x * x, 3.0)
    parts = [p for f in frames(view) for p in f["parts"]]
    assert [p["terms"] for p in parts] == [["3"], ["3", "3"]]
    assert parts[-1]["total"] == "6"


def test_memory_is_that_of_the_arrays_the_rows_hold():
    x = tf.constant(np.ones((10, 10), np.float32))
    with tf.GradientTape() as t:
        t.watch(x)
        y = tf.exp(x)
        z = tf.reshape(y, [100])  # a view: no memory of its own
        loss = tf.reduce_sum(z)
    rows = table_of(t._records, _namer())
    assert [r.total for r in rows] == [800, 800, 804]
    view = TapeView(t, loss)
    assert frames(view)[-1]["memory"] == [0]  # not persistent: gradient() lets go
    assert max(f["memory"][0] for f in frames(view)) == 804
    assert t.gradient(loss, x) is not None  # looking has changed nothing


def test_a_persistent_tape_keeps_its_rows():
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as t:
        y = x * x
    view = TapeView(t, y)
    assert frames(view)[-1]["memory"] == [8]
    assert "persistent" in frames(view)[-1]["sentence"]


def test_the_outer_tape_records_the_inner_gradient_only_inside():
    view = TapeView(cube, 2.0, order=2)
    inside, outside = view._takes
    assert len(inside.reels[0].rows) == len(outside.reels[1].rows) == 2
    assert len(inside.reels[1].rows) > 2
    grows = [f.shown[1] for f in inside.frames if f.tape == 0 and f.phase == "reverse"]
    assert grows == sorted(grows) and grows[0] > 2
    assert grows[-1] == len(inside.reels[1].rows)
    assert float(inside.reels[1].gradients["x"]) == 12.0
    assert outside.reels[1].gradients == {"x": None}
    assert "None" in outside.frames[-1].sentence
    answers = [take["questions"][0]["answer"] for take in view._data["takes"]]
    assert answers == ["it writes down that computation", "it stays as it is"]


def test_every_step_of_the_inner_pass_is_matched_to_the_rows_it_wrote():
    def f(x):
        return tf.sin(x) * x

    inside = TapeView(f, 2.0, order=2)._takes[0]
    written = [name for step in inside.reels[0].steps for name in step.wrote]
    assert written == [row.op for row in inside.reels[1].rows[2:]]
    assert all(step.wrote for step in inside.reels[0].steps)


def test_lines_of_code_and_tapes_of_their_own():
    view = TapeView("a = x * w\nloss = a * a", x=2.0, w=tf.Variable(3.0))
    assert tape(view)["target"] == "loss"
    lit = {f["line"] for f in frames(view) if f["phase"] == "forward"}
    shown = view._data["takes"][0]["lines"]
    assert {shown[i]["text"].strip() for i in lit} == {"a = x * w", "loss = a * a"}
    own = """
    with tf.GradientTape() as t:
        y = w * w
    g = t.gradient(y, w)
    """
    view = TapeView(own, w=tf.Variable(3.0))
    assert tape(view)["title"] == "Tape"
    assert view._takes[0].reels[0].gradients["w"] == 6.0


def test_an_array_is_shown_by_its_numbers_or_its_shape():
    view = TapeView(lambda x: tf.reduce_sum(x * x), np.array([1.0, 2.0], np.float32))
    assert tape(view)["rows"][0]["value"] == "[1, 4]"
    question = view._data["takes"][0]["questions"][-1]
    assert (question["kind"], question["answer"]) == ("shape", [2])
    big = TapeView(lambda x: tf.reduce_sum(x * x), np.ones((5, 5), np.float32))
    assert tape(big)["rows"][0]["value"] == "(5, 5)"


def test_rows_that_lead_nowhere_are_skipped():
    def f(x):
        tf.exp(x)
        return x * x

    view = TapeView(f, 2.0)
    assert "Row 1 is skipped" in frames(view)[-1]["sentence"]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((3,), TypeError, "a function, lines of code or a tape"),
        ((cube, tf.constant(2)), ValueError, "recorded nothing"),
        (("y = x * x",), NameError, "x"),
        (("2 * 3",), ValueError, "give the result a name"),
        ((cube, 2.0, 3.0), TypeError, "too many"),
        ((tf.GradientTape(),), TypeError, "TapeView(tape, target)"),
    ],
)
def test_wrong_arguments_are_explained(arguments, error, words):
    with pytest.raises(error) as caught:
        TapeView(*arguments)
    assert words in str(caught.value)


def test_a_used_tape_has_nothing_to_show():
    x = tf.Variable(2.0)
    with tf.GradientTape() as t:
        y = x * x
    t.gradient(y, x)
    with pytest.raises(RuntimeError, match="let its records go"):
        TapeView(t, y)


def test_a_long_tape_is_refused():
    def f(x):
        for _ in range(400):
            x = x * 1.0
        return x

    with pytest.raises(ValueError, match="400 rows"):
        TapeView(f, 2.0)


def _namer():
    from minitf.graph_names import Namer

    return Namer({})
